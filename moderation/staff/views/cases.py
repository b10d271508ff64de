"""One case: its page and the five things that a person does there, one view each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.refusals import Refused
from moderation.intake.sealing import SealError
from moderation.review import actions, look_alikes
from moderation.review.models import Proposal
from moderation.review.transitions import NotAllowed
from moderation.review.vocabulary import CaseState
from moderation.staff import casepage, members, querysets
from moderation.staff.forms import ClaimForm, EvidenceForm, RevealForm

DONE = {
    CaseState.SECOND: _("Your verdict is given. Another person decides next."),
    CaseState.PUBLISHED: _("Two people approved. The record is public."),
    CaseState.REJECTED: _("Decided: nothing is published."),
    CaseState.INFORMATION: _("Decided: more information is needed."),
    CaseState.DISAGREED: _("The two verdicts differ. A senior decides next."),
}


@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    return casepage.show(request, pk)


@require_POST
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    return act(
        request,
        pk,
        "claim_form",
        ClaimForm(request.POST),
        lambda data: actions.claim(case=pk, by=members.of(request), revision=data["revision"]),
    )


@require_POST
def apart(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remembers that a look-alike is another school (SAFEGUARDS B2)."""
    look_alikes.tell_apart(
        case=querysets.case(pk), other=request.POST.get("other", ""), by=members.of(request)
    )
    return redirect("staff:case", pk=pk)


@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows one sealed text on this one page; it is kept nowhere and the reading is an audit event."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        return casepage.show(request, pk, status=422)
    subject = querysets.case(pk)
    row = querysets.submissions(subject).filter(submission=form.cleaned_data["submission"]).first()
    if row is None:
        raise Refused("unknown_case")
    part = form.cleaned_data["part"]
    text = actions.reveal(submission=row.submission, case=subject, by=members.of(request), part=part)
    return casepage.show(request, pk, revealed={row.submission_id: {part: text}})


@require_POST
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = EvidenceForm(request.POST)
    return act(
        request,
        pk,
        "evidence_form",
        form,
        lambda data: actions.add_evidence(case=pk, by=members.of(request), **data),
        done=_("The evidence is added. The draft has to be prepared anew."),
    )


@sensitive_post_parameters("passphrase")
@require_POST
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = casepage.draft_form(querysets.case(pk), request.POST)
    return act(
        request,
        pk,
        "draft_form",
        form,
        lambda data: actions.propose(case=pk, by=members.of(request), **data),
        done=_("The draft is ready. Read it as the public would, then decide."),
    )


@sensitive_post_parameters("passphrase")
@require_POST
def verdict(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = casepage.verdict_form(querysets.newest_draft(querysets.case(pk)), request.POST)
    return act(request, pk, "verdict_form", form, lambda data: _decide(request, pk, data))


def _decide(request: HttpRequest, pk: UUID, data: dict[str, Any]) -> Any:
    if not Proposal.objects.filter(pk=data["proposal"], case=pk).exists():
        raise Refused("unknown_proposal")
    data.pop("opened", None)
    shown = bytes.fromhex(data.pop("shown"))
    decided = actions.decide(by=members.of(request), shown=shown, **data)
    messages.success(request, str(DONE[CaseState(decided.state)]))
    return decided


def act(
    request: HttpRequest,
    pk: UUID,
    name: str,
    form: Form,
    action: Callable[[dict[str, Any]], object],
    *,
    done: str | Promise = "",
) -> HttpResponse:
    """One action; a refusal gives the page back with its sentence and everything that was typed."""
    if not form.is_valid():
        return casepage.show(request, pk, status=422, typed={name: form})
    try:
        action(dict(form.cleaned_data))
    except (Refused, NotAllowed, actions.Stale, SealError) as problem:
        return casepage.show(request, pk, problem=problem, typed={name: form})
    if done:
        messages.success(request, str(done))
    return redirect("staff:case", pk=pk)
