"""What the public may know of how the desk does: one row a month, in steps of five (SAFEGUARDS D4)."""

import datetime as dt
import math
import statistics

from django.db.models import Q
from django.utils import timezone

from geo.record.disclosure import step
from geo.record.models import DeskMonth
from moderation.review.models import Case


def note_months(*, now: dt.datetime) -> int:
    """Writes down each month that is over at `now` and not told yet; returns how many. The worker calls it."""
    first = Case.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    told = DeskMonth.objects.order_by("-month").values_list("month", flat=True).first()
    if first is None:
        return 0
    month = _after(told) if told else timezone.localdate(first).replace(day=1)
    made = []
    while _beginning(_after(month)) <= now:
        made.append(_month(month))
        month = _after(month)
    return len(DeskMonth.objects.bulk_create(made, ignore_conflicts=True))


def _month(month: dt.date) -> DeskMonth:
    """Days are whole and counted up; of fewer than five cases none are told (the database refuses them too)."""
    start, end = _beginning(month), _beginning(_after(month))
    decided = Case.objects.filter(decided_at__gte=start, decided_at__lt=end)
    days = sorted(
        math.ceil((at - opened).total_seconds() / 86400)
        for opened, at in decided.values_list("opened_at", "decided_at")
        if at
    )
    overdue = Case.objects.filter(Q(decided_at=None) | Q(decided_at__gte=end), due_at__lt=end).count()
    enough = bool(step(len(days)))
    return DeskMonth(
        month=month,
        decided=step(len(days)),
        overdue=step(overdue),
        median_days=statistics.median_high(days) if enough else None,
        slow_days=days[math.ceil(len(days) * 0.9) - 1] if enough else None,
    )


def _after(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _beginning(month: dt.date) -> dt.datetime:
    """Midnight in Korea."""
    return timezone.make_aware(dt.datetime.combine(month, dt.time()))
