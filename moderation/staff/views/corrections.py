"""A school's requests: the list, one of them, and the steps that the team takes (SAFEGUARDS D)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.models import ImpactRecord
from geo.record.refusals import Refused, call
from moderation.corrections import actions, permissions, querysets
from moderation.corrections.inbox.vocabulary import State
from moderation.intake.sealing import SealError
from moderation.review.permissions import check_casework
from moderation.staff import correction_steps, members, refusals
from moderation.staff import querysets as desk
from moderation.staff.correction_forms import PartForm

PAGE = 100  # requests on the list; the urgent and the oldest come first


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    check_casework(by=by)
    rows = [(each, querysets.next_due(each)) for each in querysets.waiting(by=by)[:PAGE]]
    return render(request, "staff/corrections.html", {"rows": rows, "now": timezone.now()})


@require_safe
def correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@require_safe
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A sheet for the school's fax, or for a letter through the education office."""
    found = _get(request, pk)
    return render(
        request,
        "staff/correction_notice.html",
        {"correction": found, "school": found.school, "now": timezone.now()},
    )


@sensitive_post_parameters("passphrase")
@require_POST
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """One step of the table above; a refusal gives the page back with its sentence."""
    chosen = correction_steps.STEPS.get(name)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _page(request, pk, typed={name: form}, status=422)
    try:
        with actions.unchanged_since(correction=pk, seen=_seen(request)):
            came = chosen.action(correction=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pk, problem=problem, typed={name: form})
    if name == "call":
        return _page(request, pk, code=came)
    messages.success(request, str(chosen.done))
    return redirect("staff:correction", pk=pk)


@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows one sealed text on this one page; the reading is an audit event."""
    form = PartForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422)
    part = form.cleaned_data["part"]
    try:
        text = actions.reveal(correction=_get(request, pk), part=part, by=members.of(request))
    except SealError as problem:
        return _page(request, pk, problem=problem)
    return _page(request, pk, revealed={part: text})


def _seen(request: HttpRequest) -> int:
    """The last event of the history on the page from which somebody acts; 0 where it showed none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else 0


def _get(request: HttpRequest, pk: UUID) -> Any:
    found = querysets.handled().filter(pk=pk).first()
    if found is None:
        raise Http404
    permissions.check_correction(by=members.of(request), correction=found)
    return found


def _page(
    request: HttpRequest,
    pk: UUID,
    *,
    problem: Exception | None = None,
    typed: dict[str, Form] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    found = _get(request, pk)
    said = refusals.said(problem) if problem else None
    history = desk.of_subject("correction", str(found.pk))[:50]
    context = {
        "correction": found,
        "school": found.school,
        "own_host": call("corrections_own_host", found.school_id),
        "record": ImpactRecord.objects.filter(pk=found.record).first() if found.record else None,
        "proofs": list(querysets.proofs(found)),
        "due": querysets.due(found),
        "steps": correction_steps.shown(found, typed or {}),
        "took_part": found.state == State.APPEALED
        and call("corrections_took_part", members.of(request).pk, found.pk),
        "seen": history[0].pk if history else 0,
        "changes": [each for each in history if each.pk > _seen(request)]
        if said and said.status == 409
        else [],
        "history": history,
        "names": members.names(),
        "now": timezone.now(),
        "said": said,
        **more,
    }
    return render(request, "staff/correction.html", context, status=said.status if said else status)
