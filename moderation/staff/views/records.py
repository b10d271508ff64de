"""A public record as the desk sees it: hide it at once, or open the case in which two others decide."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import Refused
from moderation.review import actions, permissions
from moderation.review.models import Case, Hide
from moderation.staff import members, refusals
from moderation.staff.safeguard_forms import HideForm, PassphraseForm


@require_safe
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@sensitive_post_parameters("passphrase")
@require_POST
def hide(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = HideForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, hide_form=form, status=422)
    try:
        until = actions.hide(record=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pk, hide_form=form, problem=problem)
    moment = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
    messages.success(
        request, _("Hidden until %(until)s. Two others decide what follows.") % {"until": moment}
    )
    return redirect("staff:record", pk=pk)


@sensitive_post_parameters("passphrase")
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, reopen_form=form, status=422)
    try:
        case = actions.reopen(record=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pk, reopen_form=form, problem=problem)
    return redirect("staff:case", pk=case.pk)


def _page(
    request: HttpRequest, pk: UUID, *, problem: Refused | None = None, status: int = 200, **typed: Form
) -> HttpResponse:
    by = members.of(request)
    cases = Case.objects.filter(record=pk).select_related("school__region__parent").order_by("opened_at")
    found = ImpactRecord.objects.filter(pk=pk).first()
    first = cases.first()
    if found is None or first is None:
        raise Http404
    permissions.check_case(by=by, case=first)
    said = refusals.said(problem) if problem else None
    now = timezone.now()
    context = {
        "record": found,
        "school": first.school,
        "cases": cases,
        "visible": ImpactRecord.objects.visible(at=now).filter(pk=pk).exists(),
        "hides": Hide.objects.filter(record=pk).select_related("hide").order_by("hide__starts_at"),
        "entries": LogEntry.objects.filter(record=pk),
        "names": members.names(),
        "now": now,
        "said": said,
        "hide_form": HideForm(),
        "reopen_form": PassphraseForm(auto_id="id_reopen_%s"),
        **typed,
    }
    return render(request, "staff/record.html", context, status=said.status if said else status)
