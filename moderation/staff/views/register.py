"""The registrar's desk: what waits for a second person, and one change of a curated table."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.refusals import Refused
from moderation.register import actions, permissions, querysets
from moderation.register.models import Change
from moderation.staff import changed, members, refusals
from moderation.staff.register_forms import ConfirmForm
from moderation.staff.safeguard_forms import PassphraseForm


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    permissions.check_desk(by=members.of(request))
    context = {
        "waiting": querysets.waiting(),
        "files": querysets.open_files(),
        "names": members.names(),
    }
    return render(request, "staff/register/desk.html", context)


@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@sensitive_post_parameters("passphrase")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, confirm_form=form)
    try:
        actions.confirm(
            change=pk,
            shown=bytes.fromhex(form.cleaned_data["shown"]),
            by=members.of(request),
            passphrase=form.cleaned_data["passphrase"],
        )
    except Refused as problem:
        return _page(request, pk, problem=problem)
    messages.success(request, _("Confirmed. It is so from now on."))
    return redirect("staff:register_change", pk)


@sensitive_post_parameters("passphrase")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    form = PassphraseForm(request.POST, auto_id="id_drop_%s")
    if not form.is_valid():
        return _page(request, pk, drop_form=form)
    try:
        actions.drop(change=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pk, problem=problem)
    messages.success(request, _("Put aside. Nothing was changed."))
    return redirect("staff:register")


def _page(
    request: HttpRequest,
    pk: int,
    *,
    confirm_form: ConfirmForm | None = None,
    drop_form: PassphraseForm | None = None,
    problem: Refused | None = None,
) -> HttpResponse:
    by = members.of(request)
    permissions.check_desk(by=by)
    asked = get_object_or_404(Change, pk=pk)
    said = refusals.said(problem) if problem else None
    context = {
        "change": asked,
        "fields": changed.fields(asked),
        "school": changed.school(asked),
        "touched": changed.touched(asked, by=by),
        "hash": bytes(asked.hash).hex(),
        "own": asked.asked_by_id == by.pk,
        "confirm_form": confirm_form or ConfirmForm(initial={"shown": bytes(asked.hash).hex()}),
        "drop_form": drop_form or PassphraseForm(auto_id="id_drop_%s"),
        "names": members.names(),
        "said": said,
    }
    status = said.status if said else 422 if confirm_form or drop_form else 200
    return render(request, "staff/register/change.html", context, status=status)
