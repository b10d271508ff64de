"""What the team has on its desk and how it does, for the team alone; nobody is ranked."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils import timezone

from moderation.audit.models import AuditEvent
from moderation.review import looks
from moderation.review.models import Case, Member, SecondLook
from moderation.review.vocabulary import CaseKind, CaseState
from moderation.staff.querysets import visible

LATELY = dt.timedelta(days=30)
JOINT = [CaseState.PUBLISHED, CaseState.REJECTED, CaseState.INFORMATION, CaseState.DISAGREED]


class Workload(NamedTuple):
    verdicts: dict[int, int]  # by member, in the last 30 days
    readings: dict[int, int]  # of sealed texts, likewise: the hard part of the work
    days: float | None  # mean, from the opening of a case to its decision
    joint: int  # second verdicts
    disagreed: int
    overdue: list[tuple[str, int, int]]  # kind, open, overdue
    looked: int
    looked_agreed: int


def lately() -> Workload:
    since = timezone.now() - LATELY
    events = AuditEvent.objects.filter(at__gt=since)
    passed = ExpressionWrapper(F("decided_at") - F("opened_at"), output_field=DurationField())
    mean = Case.objects.filter(decided_at__gt=since).aggregate(days=Avg(passed))["days"]
    moved = events.filter(action="moved").aggregate(
        joint=Count("pk", filter=Q(detail__state__in=JOINT)),
        disagreed=Count("pk", filter=Q(detail__state=CaseState.DISAGREED)),
    )
    kinds = Case.objects.filter(decided_at=None).values_list("kind")
    found = kinds.annotate(Count("pk"), late=Count("pk", filter=Q(due_at__lt=Now())))
    seen = SecondLook.objects.aggregate(all=Count("pk"), agreed=Count("pk", filter=Q(agrees=True)))
    return Workload(
        verdicts=_by_member(events.filter(action="decided")),
        readings=_by_member(events.filter(action="revealed")),
        days=mean / dt.timedelta(days=1) if mean is not None else None,
        joint=moved["joint"],
        disagreed=moved["disagreed"],
        overdue=[(str(CaseKind(kind).label), count, late) for kind, count, late in found.order_by("kind")],
        looked=seen["all"],
        looked_agreed=seen["agreed"],
    )


def _by_member(events: Any) -> dict[int, int]:
    return dict(events.exclude(member=None).order_by().values_list("member").annotate(Count("pk")))


def to_look_at(by: Member) -> list[Any]:
    """Decisions of last month that were drawn, wait for a second look, and are not this person's own."""
    drafts = looks.drawn(looks.month_before(timezone.localdate()))
    names = [str(draft.pk) for draft in drafts]
    decided = AuditEvent.objects.filter(action="decided", subject="proposal", subject_id__in=names)
    mine = set(decided.filter(member=by.pk).values_list("subject_id", flat=True))
    done = set(SecondLook.objects.filter(proposal__in=drafts).values_list("proposal", flat=True))
    allowed = set(visible(by).filter(pk__in=[draft.case_id for draft in drafts]).values_list("pk", flat=True))
    return [
        draft
        for draft in drafts
        if draft.pk not in done and str(draft.pk) not in mine and draft.case_id in allowed
    ]
