"""How long each step of a request may take (SAFEGUARDS D4), counted in Korean working days and shown to both sides.

To acknowledge it 24 hours; for the school to prove who it is 3 working days from then, for two people to judge and
decide 7 from the end of the time to object; and 30 days from its arrival for everything. Hours of a day on which nobody
works do not count, so what comes in on a Friday evening is acknowledged by Monday evening.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import holidays
from django.db import models
from django.utils.translation import gettext_lazy as _

SEOUL = ZoneInfo("Asia/Seoul")
DAY = dt.timedelta(days=1)
HARD_STOP = 30 * DAY
_HOLIDAYS = holidays.country_holidays("KR")  # computes each year when it is first asked about


class Clock(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Read and answered")
    IDENTITY = "identity", _("Two proofs of the school")
    DECISION = "decision", _("Decided by two people")
    HARD_STOP = "hard_stop", _("The end, whatever happens")


class Due(NamedTuple):
    """One clock. `done` is None while it runs."""

    clock: Clock
    at: dt.datetime
    done: dt.datetime | None

    def overdue(self, now: dt.datetime) -> bool:
        return (self.done or now) > self.at


def works(day: dt.date) -> bool:
    """Whether offices and schools in Korea work on this day."""
    return day.weekday() < 5 and day not in _HOLIDAYS


def after(start: dt.datetime, days: int) -> dt.datetime:
    """The same time of day, `days` working days later; a start on a free day counts from the next working day's
    beginning."""
    moment = start.astimezone(SEOUL)
    if not works(moment.date()):
        moment = dt.datetime.combine(moment.date(), dt.time(), SEOUL)
        while not works(moment.date()):
            moment += DAY
    for _day in range(days):
        moment += DAY
        while not works(moment.date()):
            moment += DAY
    return moment


def due(times: Mapping[str, Any]) -> list[Due]:
    """The clocks of a request that have begun, from the moments of its handling (a name of a column → instant or None)."""
    received = times["received_at"]
    acknowledged, proved = times["acknowledged_at"], times["proved_at"]
    objection, decided = times["objection_until"], times["decided_at"]
    found = [Due(Clock.ACKNOWLEDGE, after(received, 1), acknowledged)]
    if acknowledged:
        found.append(Due(Clock.IDENTITY, after(acknowledged, 3), proved))
    if objection:
        found.append(Due(Clock.DECISION, after(objection, 7), decided))
    return [*found, Due(Clock.HARD_STOP, received + HARD_STOP, decided)]
