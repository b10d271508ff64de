"""Requests under the privacy act: the list with its clock, and one of them, from the search to the second person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.refusals import Refused
from moderation.erasure import actions, querysets
from moderation.erasure.inbox import clocks
from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.vocabulary import State
from moderation.erasure.querysets import Holding
from moderation.intake.sealing import SealError
from moderation.review.permissions import check_casework
from moderation.staff import members, refusals
from moderation.staff import querysets as desk
from moderation.staff.erasure_forms import ConfirmForm, ProposeForm, SearchForm, StepForm, parts

PAGE = 100  # requests on the list; the oldest, which are due next, come first


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    check_casework(by=members.of(request))
    rows = [(each, clocks.due(each.received_at)) for each in querysets.waiting()[:PAGE]]
    return render(request, "staff/erasures.html", {"rows": rows, "now": timezone.now()})


@require_safe
def request_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _get(request, pk))


@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows what was written, on this one page; the reading is an audit event."""
    asked = _get(request, pk)
    try:
        text = actions.reveal(request=asked, by=members.of(request))
    except SealError as problem:
        return _page(request, asked, problem=problem)
    return _page(request, asked, revealed=text)


@sensitive_post_parameters("q")
@require_POST
def search(request: HttpRequest, pk: UUID) -> HttpResponse:
    """By POST, so that a receipt's words stand in no address."""
    asked = _get(request, pk)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, search_form=form, status=422)
    found = actions.search(request=asked, text=form.cleaned_data["q"], by=members.of(request))
    return _page(request, asked, search_form=form, found=found, searched=True)


@sensitive_post_parameters("passphrase")
@require_POST
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    asked = _get(request, pk)
    form = ProposeForm(request.POST)
    found = querysets.of_items(_items(request.POST.getlist("items")), by=members.of(request))
    if not form.is_valid():
        return _page(request, asked, propose_form=form, found=found, status=422)
    try:
        actions.propose(request=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, asked, propose_form=form, found=found, problem=problem)
    messages.success(request, _("Proposed. A second person has to confirm it; one of you is a senior."))
    return redirect("staff:erasure", pk=pk)


@sensitive_post_parameters("passphrase")
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    asked = _get(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, confirm_form=form, status=422)
    shown = bytes.fromhex(form.cleaned_data["shown"])
    try:
        actions.confirm(
            request=pk, shown=shown, by=members.of(request), passphrase=form.cleaned_data["passphrase"]
        )
    except Refused as problem:
        return _page(request, asked, problem=problem)
    messages.success(request, _("Decided by two people. Whoever asked sees it with their words."))
    return redirect("staff:erasure", pk=pk)


@sensitive_post_parameters("passphrase")
@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    asked = _get(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, back_form=form, status=422)
    try:
        actions.send_back(request=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, asked, back_form=form, problem=problem)
    messages.success(request, _("Sent back; nothing was erased."))
    return redirect("staff:erasure", pk=pk)


def _get(request: HttpRequest, pk: UUID) -> Any:
    check_casework(by=members.of(request))
    found = querysets.handled().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _items(chosen: list[str]) -> list[tuple[str, UUID]]:
    return [(part, UUID(target)) for part, target in parts(chosen)]


def _page(
    request: HttpRequest,
    asked: Request,
    *,
    problem: Exception | None = None,
    found: list[Holding] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    by = members.of(request)
    said = refusals.said(problem) if problem else None
    handling = getattr(asked, "handling", None)
    commitment = bytes(handling.commitment or b"").hex() if handling else ""
    open_ = asked.state == State.RECEIVED  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "handling": handling,
        "due": clocks.due(asked.received_at),
        "late": clocks.due(asked.received_at) < timezone.now() and not (handling and handling.decided_at),
        "holdings": _once([*querysets.named(asked, by=by), *(found or [])]) if open_ else [],
        "picked": request.POST.getlist("items"),
        "items": querysets.chosen(asked, by=by),
        "commitment": commitment,
        "search_form": SearchForm(),
        "propose_form": ProposeForm(auto_id="id_propose_%s"),
        "confirm_form": ConfirmForm(initial={"shown": commitment}, auto_id="id_confirm_%s"),
        "back_form": StepForm(auto_id="id_back_%s"),
        "history": desk.of_subject("erasure", str(asked.pk))[:50],
        "names": members.names(),
        "said": said,
        **more,
    }
    return render(request, "staff/erasure.html", context, status=said.status if said else status)


def _once(holdings: list[Holding]) -> list[Holding]:
    """Each thing once; what the request itself names stays marked as that."""
    kept: dict[UUID, Holding] = {}
    for holding in holdings:
        kept.setdefault(holding.thing.pk, holding)
    return list(kept.values())
