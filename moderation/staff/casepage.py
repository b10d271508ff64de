"""Everything that the page of one case shows, whoever asks for it and with whatever was typed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from geo.directory.matching import look_alikes, told_apart
from geo.record.refusals import call
from moderation.intake.vocabulary import QuestionCode
from moderation.review import permissions, safeguards
from moderation.review.models import Case, Member, Proposal
from moderation.review.transitions import CLOSED
from moderation.review.vocabulary import CaseState
from moderation.staff import grouped, members, places, previews, querysets, refusals
from moderation.staff.correction_forms import NoticeForm
from moderation.staff.forms import ClaimForm, DraftForm, EvidenceForm, JoinForm, SplitForm, VerdictForm
from moderation.staff.views import map as desk_map

DECIDABLE = frozenset({CaseState.DRAFTED, CaseState.SECOND, CaseState.DISAGREED})


def show(
    request: HttpRequest,
    pk: UUID,
    *,
    problem: Exception | None = None,
    status: int = 200,
    revealed: dict[UUID, dict[str, str]] | None = None,
    typed: Mapping[str, Form] | None = None,
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
        "groups": _groups(request, case, revealed or {}),
        "questions": QuestionCode.choices,
        "independent": call("review_independent", case.pk),
        "evidence": querysets.evidence(case),
        "look_alikes": look_alikes(case.school),
        "told_apart": told_apart(case.school),
        "nearby": places.near(case, by),
        "map": desk_map.document(),
        "history": querysets.history(case)[:50],
        "can_change": permissions.change_allowed(by=by, case=case),
        **_decision(case, draft, by),
        **forms(case, draft),
        **_given_back(case, typed or {}),
    }
    return render(request, "staff/case.html", context, status=said.status if said else status)


def forms(case: Case, draft: Proposal | None) -> dict[str, Form]:
    """The page's forms, empty but for what the case itself says."""
    revision = {"revision": case.revision}
    return {
        "claim_form": ClaimForm(initial=revision),
        "notice_form": NoticeForm(auto_id="id_notice_%s"),
        "split_form": SplitForm(initial=revision),
        "join_form": JoinForm(initial=revision),
        "evidence_form": EvidenceForm(initial=revision),
        "draft_form": draft_form(case, initial={**revision, "month": f"{case.month:%Y-%m}"}),
        "verdict_form": verdict_form(
            draft, initial={"proposal": draft.pk, "shown": bytes(draft.hash).hex()} if draft else None
        ),
    }


def _given_back(case: Case, typed: Mapping[str, Form]) -> Mapping[str, Form]:
    """Bound forms as they were typed, for the case as the page shows it now: it can be sent again once it is read."""
    for form in typed.values():
        if "revision" in form.fields:
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["revision"] = case.revision  # type: ignore[index]
    return typed


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


def _groups(request: HttpRequest, case: Case, revealed: dict[UUID, dict[str, str]]) -> "Page[grouped.Group]":
    """One page of the case's groups; a flood fills one group and not the page."""
    groups: Any = grouped.Groups(case, also=revealed)
    pages: Paginator[grouped.Group] = Paginator(groups, grouped.PAGE)
    page = pages.get_page(request.GET.get("groups"))
    for group in page.object_list:
        for row in group.rows:
            row.texts = revealed.get(row.submission_id, {})
    return page


def _changes(request: HttpRequest, case: Case) -> list[Any]:
    """What happened to the case since the page was made from which somebody acted."""
    since = parse_datetime(request.POST.get("as_of", "")) if request.POST.get("as_of") else None
    return list(querysets.history(case).filter(at__gt=since)) if since else []
