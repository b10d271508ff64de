"""What the public may know of how the desk does: one row a month and kind of work, in steps of five (SAFEGUARDS D4)."""

import datetime as dt
import math
import statistics
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from geo.record.disclosure import step
from geo.record.models import DeskMonth
from geo.record.vocabulary import DeskWork
from moderation.review.models import Case


class Done(NamedTuple):
    """What was done from one instant up to another."""

    decided: Iterable[tuple[dt.datetime, dt.datetime]]  # when each began, and when it was decided
    overdue: int  # at the end


def note_months(*, now: dt.datetime) -> int:
    """Tells of the cases of each month that is over; returns how many months. The worker calls it."""
    first = Case.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    return tell(DeskWork.CASES, since=first, done=_cases, now=now)


def tell(
    work: DeskWork,
    *,
    since: dt.datetime | None,
    done: Callable[[dt.datetime, dt.datetime], Done],
    now: dt.datetime,
) -> int:
    """Writes down each month since `since` that is over at `now` and not told yet; returns how many."""
    told = DeskMonth.objects.filter(work=work).order_by("-month").values_list("month", flat=True).first()
    if since is None:
        return 0
    month = _after(told) if told else timezone.localdate(since).replace(day=1)
    made = []
    while _beginning(_after(month)) <= now:
        made.append(_row(work, month, done(_beginning(month), _beginning(_after(month)))))
        month = _after(month)
    return len(DeskMonth.objects.bulk_create(made, ignore_conflicts=True))


def _row(work: DeskWork, month: dt.date, done: Done) -> DeskMonth:
    """Days are whole and counted up; of fewer than five decisions none are told (the database refuses them too)."""
    days = sorted(math.ceil((at - began).total_seconds() / 86400) for began, at in done.decided)
    enough = bool(step(len(days)))
    return DeskMonth(
        work=work,
        month=month,
        decided=step(len(days)),
        overdue=step(done.overdue),
        median_days=statistics.median_high(days) if enough else None,
        slow_days=days[math.ceil(len(days) * 0.9) - 1] if enough else None,
    )


def _cases(start: dt.datetime, end: dt.datetime) -> Done:
    decided = Case.objects.filter(decided_at__gte=start, decided_at__lt=end)
    overdue = Case.objects.filter(Q(decided_at=None) | Q(decided_at__gte=end), due_at__lt=end)
    return Done(
        [(opened, at) for opened, at in decided.values_list("opened_at", "decided_at") if at],
        overdue.count(),
    )


def _after(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _beginning(month: dt.date) -> dt.datetime:
    """Midnight in Korea."""
    return timezone.make_aware(dt.datetime.combine(month, dt.time()))
