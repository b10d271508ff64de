"""A school's requests: the list, one of them, and the steps that the team takes (SAFEGUARDS D)."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.models import ImpactRecord
from geo.record.refusals import Refused, call
from moderation.corrections import actions, permissions, querysets
from moderation.corrections.inbox.vocabulary import State
from moderation.intake.sealing import SealError
from moderation.review.permissions import check_casework
from moderation.staff import members, refusals
from moderation.staff import querysets as desk
from moderation.staff.correction_forms import ConfirmForm, JudgeForm, NotifyForm, PartForm, StepForm

PAGE = 100  # requests on the list; the urgent and the oldest come first


class Step(NamedTuple):
    """One button: in which states it is shown, what is typed, what it does, and what is said then."""

    states: frozenset[str]
    label: str | Promise
    hint: str | Promise
    form: type[Form]
    action: Callable[..., Any]
    done: str | Promise = ""


STEPS: dict[str, Step] = {
    "acknowledge": Step(
        frozenset({State.RECEIVED}),
        _("Acknowledge it"),
        _("The school sees that somebody has read it; the time for identity runs from now."),
        StepForm,
        actions.acknowledge,
        _("Acknowledged."),
    ),
    "call": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Make a code for a call"),
        _("Call the register's number below, no other one. Ask for the office, then read the code out."),
        StepForm,
        actions.call_back,
    ),
    "mail": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Send a code by mail"),
        _("Goes out only to an address at a host that belongs to this school alone."),
        StepForm,
        actions.ask_mail,
        _("The worker sends it within a minute, or says below that it may not."),
    ),
    "confirm": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Confirm a proof"),
        _("A code that was typed, or a document that the education office confirmed to you. Two kinds are needed."),
        ConfirmForm,
        actions.confirm,
        _("Confirmed."),
    ),
    "notify": Step(
        frozenset({State.PROVED}),
        _("The notice has gone out"),
        _("Print the sheet, send it, then say so here. The school has a working day to object."),
        NotifyForm,
        actions.notify,
        _("Noted. Nobody judges before the time to object is over."),
    ),
    "object": Step(
        frozenset({State.PROVED, State.NOTIFIED}),
        _("The school objected"),
        _("It was not the school who asked: the request ends and nothing changes."),
        StepForm,
        actions.object_to,
        _("Ended."),
    ),
    "judge": Step(
        frozenset({State.NOTIFIED, State.APPEALED}),
        _("Judge it"),
        _("Two people judge; nobody can read the first judgement. Substantiated: the record is marked or hidden, and a"
          " case opens in which two people decide. An answer in fixed words goes out as it is."),
        JudgeForm,
        actions.judge,
        _("Your judgement is given."),
    ),
}  # fmt: skip


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    check_casework(by=by)
    now = timezone.now()
    rows = [(each, querysets.overdue(each, now)) for each in querysets.waiting(by=by)[:PAGE]]
    return render(request, "staff/corrections.html", {"rows": rows, "now": now})


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
    chosen = STEPS.get(name)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _page(request, pk, typed={name: form}, status=422)
    try:
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
    by = members.of(request)
    record = ImpactRecord.objects.filter(pk=found.record).first() if found.record else None
    context = {
        "correction": found,
        "school": found.school,
        "own_host": call("corrections_own_host", found.school_id),
        "record": record,
        "proofs": list(querysets.proofs(found)),
        "due": [
            (clock, clock.done is None and clock.overdue(timezone.now())) for clock in querysets.due(found)
        ],
        "steps": [
            (name, each, (typed or {}).get(name) or each.form(auto_id=f"id_{name}_%s"))
            for name, each in STEPS.items()
            if found.state in each.states
        ],
        "took_part": found.state == State.APPEALED and call("corrections_took_part", by.pk, found.pk),
        "history": desk.of_subject("correction", str(found.pk))[:50],
        "names": members.names(),
        "said": said,
        **more,
    }
    return render(request, "staff/correction.html", context, status=said.status if said else status)
