"""Where publication has stopped by itself, what seniors have switched off, and how both end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.models import Brake, BrakeLimit, Pause
from geo.record.refusals import Refused
from moderation.review import actions, permissions
from moderation.staff import members, refusals
from moderation.staff.safeguard_forms import PassphraseForm, PauseForm, ReleaseForm


@require_safe
def brakes(request: HttpRequest) -> HttpResponse:
    return _page(request)


@sensitive_post_parameters("passphrase")
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, typed=(pk, form), status=422)
    try:
        actions.release_brake(brake=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, typed=(pk, form), problem=problem)
    messages.success(request, _("Released. Who gave no verdict yet can give it now."))
    return redirect("staff:brakes")


@sensitive_post_parameters("passphrase")
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, pause_form=form, status=422)
    try:
        actions.pause(by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pause_form=form, problem=problem)
    messages.success(request, _("Paused. Readers see that it is so, and why, as codes."))
    return redirect("staff:brakes")


@sensitive_post_parameters("passphrase")
@require_POST
def end_pause(request: HttpRequest, pk: int) -> HttpResponse:
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    try:
        actions.end_pause(pause=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, problem=problem)
    messages.success(request, _("The pause is over."))
    return redirect("staff:brakes")


def _page(
    request: HttpRequest,
    *,
    typed: tuple[int, ReleaseForm] | None = None,
    pause_form: PauseForm | None = None,
    problem: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    permissions.check_casework(by=members.of(request))
    said = refusals.said(problem) if problem else None
    running = Brake.objects.filter(ended_at=None).select_related("region__parent")
    context = {
        "brakes": [
            (brake, typed[1] if typed and typed[0] == brake.pk else ReleaseForm(auto_id=f"id_{brake.pk}_%s"))
            for brake in running
        ],
        "pauses": [
            (pause, PassphraseForm(auto_id=f"id_pause_{pause.pk}_%s"))
            for pause in Pause.objects.filter(ends_at__gt=timezone.now()).select_related("region__parent")
        ],
        "pause_form": pause_form or PauseForm(auto_id="id_pause_%s"),
        "limits": BrakeLimit.objects.order_by("level"),
        "said": said,
    }
    return render(request, "staff/brakes.html", context, status=said.status if said else status)
