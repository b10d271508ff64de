"""The curated list of publishers; each change of it is asked for here and confirmed by somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from geo.record.models import Publisher
from geo.record.refusals import Refused
from moderation.register import actions, permissions, querysets
from moderation.register.vocabulary import ChangeKind
from moderation.staff import changed, members, refusals
from moderation.staff.register_forms import PublisherForm


@require_safe
def publishers(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_desk(by=by)
    context = {"publishers": querysets.publishers(), "may_ask": permissions.ask_allowed(by=by)}
    return render(request, "staff/register/publishers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _ask(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def publisher(request: HttpRequest, pk: str) -> HttpResponse:
    permissions.check_desk(by=members.of(request))
    return _ask(request, get_object_or_404(querysets.publishers(), pk=pk))


@sensitive_post_parameters("passphrase")
def _ask(request: HttpRequest, found: Publisher | None) -> HttpResponse:
    """The form for a new publisher, or one publisher with its history and the form that changes it."""
    form = PublisherForm(request.POST if request.method == "POST" else None, publisher=found)
    if not form.is_valid():
        return _page(request, found, form, status=422 if form.is_bound else 200)
    try:
        made = actions.ask_publisher(
            code=found.pk if found else form.cleaned_data["code"],
            wanted=form.wanted(),
            by=members.of(request),
            passphrase=form.cleaned_data["passphrase"],
        )
    except Refused as problem:
        return _page(request, found, form, problem=problem)
    messages.success(request, _("Asked for. Another person has to confirm it."))
    return redirect("staff:register_change", made)


def _page(
    request: HttpRequest,
    found: Publisher | None,
    form: PublisherForm,
    *,
    problem: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    by = members.of(request)
    permissions.check_desk(by=by)
    said = refusals.said(problem) if problem else None
    history = querysets.history(kind=ChangeKind.PUBLISHER, subject=found.pk) if found else []
    context = {
        "publisher": found,
        "form": form,
        "said": said,
        "waiting": querysets.waiting().filter(kind=ChangeKind.PUBLISHER, subject=found.pk) if found else [],
        "history": [(change, changed.fields(change)) for change in history],
        "names": members.names(),
        "may_ask": permissions.ask_allowed(by=by),
    }
    return render(request, "staff/register/publisher.html", context, status=said.status if said else status)
