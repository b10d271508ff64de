"""What the pages of the staff site read; each page asks a fixed number of questions."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast
from django.http import Http404

from moderation.audit.models import AuditEvent
from moderation.review.models import Case, CaseSubmission, Decided, Evidence, Member, Proposal, Tie


def visible(by: Member) -> "QuerySet[Case]":
    """Cases without those that a tie of this person takes away (SAFEGUARDS B6)."""
    ties = list(Tie.objects.filter(member=by).values_list("school", "region"))
    regions = [region for _school, region in ties if region]
    return (
        Case.objects.exclude(school__in=[school for school, _region in ties if school])
        .exclude(school__region__in=regions)
        .exclude(school__region__parent__in=regions)
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


def of_subject(subject: str, subject_id: str) -> "QuerySet[AuditEvent]":
    """Events of anything that is no case, newest first."""
    return AuditEvent.objects.filter(subject=subject, subject_id=subject_id).order_by("-id")


def audit(
    *,
    action: str = "",
    subject_id: str = "",
    member: int | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    before: int | None = None,
) -> "QuerySet[AuditEvent]":
    """Audit events, newest first; `since` and `until` are days in Korean time, both included."""
    wanted: dict[str, Any] = {
        "action": action,
        "subject_id": subject_id,
        "member": member,
        "at__date__gte": since,
        "at__date__lte": until,
        "pk__lt": before,
    }
    return AuditEvent.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by(
        "-id"
    )
