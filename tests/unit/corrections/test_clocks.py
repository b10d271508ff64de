"""Clocks count Korean working days (SAFEGUARDS D4)."""

import datetime as dt

import pytest

from moderation.corrections.inbox.clocks import SEOUL, Clock, after, due


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),  # Monday
        ("2026-11-20 18:30", 1, "2026-11-23 18:30"),  # Friday evening: Monday evening
        ("2026-11-21 09:00", 1, "2026-11-24 00:00"),  # Saturday counts from Monday's beginning
        ("2026-09-23 12:00", 1, "2026-09-28 12:00"),  # the day before Chuseok, then a week-end
        ("2026-10-02 12:00", 3, "2026-10-08 12:00"),  # the foundation day's substitute on Monday
        ("2026-12-24 12:00", 7, "2027-01-06 12:00"),  # Christmas, two week-ends and New Year
    ],
)
def test_free_days_do_not_count(start: str, days: int, end: str) -> None:
    assert after(at(start), days) == at(end)


def test_each_clock_begins_with_its_step_and_the_last_one_at_once() -> None:
    received = at("2026-11-23 10:00")
    moments = dict.fromkeys(("acknowledged_at", "proved_at", "objection_until", "decided_at"))
    first = due({"received_at": received, **moments})
    assert [each.clock for each in first] == [Clock.ACKNOWLEDGE, Clock.HARD_STOP]
    assert first[-1].at - received == dt.timedelta(days=30)
    late = due({"received_at": received, **moments, "acknowledged_at": at("2026-11-25 10:00")})
    assert late[0].overdue(at("2026-11-25 11:00"))
    assert not late[1].overdue(at("2026-11-30 10:00"))
    assert late[1].overdue(at("2026-11-30 10:01"))
