"""Everything that the page of one case shows, whoever asks for it and with whatever was typed."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from geo.directory.matching import look_alikes
from moderation.review import permissions, safeguards
from moderation.review.models import Case, Member, Proposal
from moderation.review.transitions import CLOSED
from moderation.review.vocabulary import CaseState
from moderation.staff import members, previews, querysets, refusals
from moderation.staff.forms import ClaimForm, DraftForm, EvidenceForm, VerdictForm

DECIDABLE = frozenset({CaseState.DRAFTED, CaseState.SECOND, CaseState.DISAGREED})


def show(
    request: HttpRequest,
    pk: UUID,
    *,
    problem: Exception | None = None,
    status: int = 200,
    revealed: dict[UUID, dict[str, str]] | None = None,
    **typed: Form,
) -> HttpResponse:
    """The page; `typed` holds bound forms by name, given back with what was in them.

    Raises:
        Refused: the reader has no casework role, or a tie to the school.
    """
    by = members.of(request)
    case = querysets.case(pk)
    permissions.check_case(by=by, case=case)
    draft = querysets.newest_draft(case)
    said = refusals.said(problem) if problem else None
    context = {
        "case": case,
        "member": by,
        "said": said,
        "changes": _changes(request, case) if said and said.status == 409 else [],
        "as_of": timezone.now().isoformat(),
        "names": members.names(),
        "gathered": [
            _with_texts(row, (revealed or {}).get(row.submission_id)) for row in querysets.submissions(case)
        ],
        "evidence": querysets.evidence(case),
        "look_alikes": look_alikes(case.school),
        "history": querysets.history(case)[:50],
        "can_change": permissions.change_allowed(by=by, case=case),
        **_decision(case, draft, by),
        **forms(case, draft),
        **typed,
    }
    return render(request, "staff/case.html", context, status=said.status if said else status)


def forms(case: Case, draft: Proposal | None) -> dict[str, Form]:
    """The page's forms, empty but for what the case itself says."""
    revision = {"revision": case.revision}
    return {
        "claim_form": ClaimForm(initial=revision),
        "evidence_form": EvidenceForm(initial=revision),
        "draft_form": draft_form(case, initial={**revision, "month": f"{case.month:%Y-%m}"}),
        "verdict_form": verdict_form(
            draft, initial={"proposal": draft.pk, "shown": bytes(draft.hash).hex()} if draft else None
        ),
    }


def draft_form(case: Case, data: Any = None, **kwargs: Any) -> DraftForm:
    return DraftForm(data, has_record=case.record is not None, **kwargs)


def verdict_form(draft: Proposal | None, data: Any = None, **kwargs: Any) -> VerdictForm:
    linked = draft is not None and any(article for _publisher, article in draft.sources)
    return VerdictForm(data, linked=linked, **kwargs)


def _decision(case: Case, draft: Proposal | None, by: Member) -> dict[str, Any]:
    """The right-hand column: the draft, its safeguards, and what this person may still say about it."""
    if draft is None:
        return {"draft": None}
    decided = querysets.i_decided(draft, by)
    return {
        "draft": draft,
        "preview": previews.of(draft),
        "findings": safeguards.findings(case=case, draft=draft, by=by) if case.state not in CLOSED else [],
        "i_decided": decided,
        "verdicts": list(querysets.verdicts(draft)),
        "can_decide": case.state in DECIDABLE and not decided,
    }


def _with_texts(row: Any, texts: dict[str, str] | None) -> Any:
    row.texts = texts or {}
    return row


def _changes(request: HttpRequest, case: Case) -> list[Any]:
    """What happened to the case since the page was made from which somebody acted."""
    since = parse_datetime(request.POST.get("as_of", "")) if request.POST.get("as_of") else None
    return list(querysets.history(case).filter(at__gt=since)) if since else []
