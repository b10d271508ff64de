"""What the pages of the staff site read; each page asks a fixed number of questions."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import Http404

from moderation.audit.models import AuditEvent
from moderation.review.models import Case, CaseSubmission, Decided, Evidence, Member, Proposal, Tie
from moderation.review.transitions import CLOSED
from moderation.review.vocabulary import CaseState, Role

PAGE = 100  # cases on one page of the queue


class Queue(NamedTuple):
    """One page of the queue: rows, the cursor of the next page, and how many cases each view holds."""

    cases: Sequence[Case]
    after: UUID | None
    counts: dict[str, int]


def views(by: Member) -> dict[str, Q]:
    """The named views of the queue as conditions, in the order in which they are shown."""
    working = ~Q(state__in=CLOSED)
    return {
        "second": Q(state=CaseState.SECOND, i_decided=False),
        "mine": working & Q(claimed_by=by),
        "unclaimed": Q(state__in=[CaseState.OPEN, CaseState.DRAFTED, CaseState.INFORMATION], claimed_by=None),
        "disagreed": Q(state=CaseState.DISAGREED) if by.role == Role.SENIOR else Q(pk=None),
        "open": working,
        "closed": ~working,
    }


def queue(*, by: Member, view: str, after: UUID | None) -> Queue:
    """Cases without those that a tie takes away (SAFEGUARDS B6), oldest first."""
    cases = visible(by)
    conditions = views(by)
    counts = cases.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    chosen = cases.filter(conditions[view])
    if after and (last := Case.objects.filter(pk=after).values_list("opened_at", "pk").first()):
        chosen = chosen.filter(Q(opened_at__gt=last[0]) | Q(opened_at=last[0], pk__gt=last[1]))
    rows = list(
        chosen.select_related("school__region__parent")
        .annotate(
            reports=Count("gathered", distinct=True),
            groups=Count("gathered__group", distinct=True),
            best=Min("evidence__grade"),
            claimed_name=F("claimed_by__account__name"),
        )
        .order_by("opened_at", "pk")[: PAGE + 1]
    )
    return Queue(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None, counts)


def visible(by: Member) -> "QuerySet[Case]":
    ties = Tie.objects.filter(member=by)
    regions = ties.filter(region__isnull=False).values("region")
    newest = Proposal.objects.filter(case=OuterRef("pk")).order_by("-created_at").values("pk")[:1]
    mine = AuditEvent.objects.filter(
        action="decided", subject="proposal", member=by.pk, subject_id=Cast(OuterRef("newest"), CharField())
    )
    return (
        Case.objects.exclude(school__in=ties.filter(school__isnull=False).values("school"))
        .exclude(school__region__in=regions)
        .exclude(school__region__parent__in=regions)
        .annotate(newest=Subquery(newest))
        .annotate(i_decided=Exists(mine))
    )


def case(pk: UUID) -> Case:
    found = (
        Case.objects.select_related("school__region__parent")
        .annotate(claimed_name=F("claimed_by__account__name"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def submissions(of: Case) -> "QuerySet[CaseSubmission]":
    return CaseSubmission.objects.filter(case=of).select_related("submission").order_by("group", "pk")


def evidence(of: Case) -> "QuerySet[Evidence]":
    return (
        Evidence.objects.filter(case=of)
        .select_related("publisher")
        .annotate(added_name=F("added_by__account__name"))
    )


def newest_draft(of: Case) -> Proposal | None:
    return (
        Proposal.objects.filter(case=of)
        .select_related("school__region__parent", "region__parent")
        .annotate(proposed_name=F("proposed_by__account__name"))
        .order_by("-created_at")
        .first()
    )


def i_decided(draft: Proposal, by: Member) -> bool:
    """Verdicts themselves are readable by nobody; the audit says that one was given, and by whom."""
    return AuditEvent.objects.filter(
        action="decided", subject="proposal", subject_id=str(draft.pk), member=by.pk
    ).exists()


def verdicts(draft: Proposal) -> "QuerySet[Decided]":
    """Both verdicts, or none: the database shows them once two exist."""
    return Decided.objects.filter(proposal=draft).annotate(name=F("member__account__name"))


def history(of: Case) -> "QuerySet[AuditEvent]":
    """Events of the case and of its drafts, newest first."""
    drafts = Proposal.objects.filter(case=of).annotate(text=Cast("pk", CharField())).values("text")
    return AuditEvent.objects.filter(
        Q(subject="case", subject_id=str(of.pk)) | Q(subject="proposal", subject_id__in=drafts)
    )


def audit(
    *, action: str = "", subject_id: str = "", member: int | None = None, before: int | None = None
) -> Any:
    """Audit events, newest first."""
    events = AuditEvent.objects.order_by("-id")
    if action:
        events = events.filter(action=action)
    if subject_id:
        events = events.filter(subject_id=subject_id)
    if member:
        events = events.filter(member=member)
    if before:
        events = events.filter(pk__lt=before)
    return events
