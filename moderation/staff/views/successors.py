"""Schools that closed or left the register, what that means for their records, and which school they became."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from geo.directory.matching import look_alikes
from geo.directory.models import School, Succession
from geo.record.refusals import Refused
from moderation.register import actions, permissions, querysets
from moderation.register.vocabulary import ChangeKind
from moderation.staff import changed, members, refusals
from moderation.staff.register_forms import SuccessorForm
from moderation.staff.safeguard_forms import PassphraseForm

PAGE = 50  # schools on one page


@require_safe
def closures(request: HttpRequest) -> HttpResponse:
    permissions.check_desk(by=members.of(request))
    page = Paginator(querysets.closures(), PAGE).get_page(request.GET.get("page"))
    became = School.objects.in_bulk({school.became for school in page if school.became})  # type: ignore[attr-defined]
    context = {"page": page, "rows": [(school, became.get(school.became)) for school in page]}  # type: ignore[attr-defined]
    return render(request, "staff/register/closures.html", context)


@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
def school(request: HttpRequest, pk: str) -> HttpResponse:
    """One school, its successor, and the two forms: the one says what it became, the other takes that back."""
    by = members.of(request)
    permissions.check_desk(by=by)
    found = get_object_or_404(School.objects.select_related("region__parent"), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    removes = "remove" in request.POST
    form = PassphraseForm(request.POST, auto_id="id_remove_%s") if removes else SuccessorForm(request.POST)
    typed: dict[str, Any] = {"remove_form" if removes else "form": form}
    if not form.is_valid():
        return _page(request, found, status=422, **typed)
    wanted = form.wanted() if isinstance(form, SuccessorForm) else None
    passphrase = form.cleaned_data["passphrase"]
    try:
        made = actions.ask_successor(school=pk, wanted=wanted, by=by, passphrase=passphrase)
    except Refused as problem:
        return _page(request, found, problem=problem, **typed)
    messages.success(request, _("Asked for. Another person has to confirm it."))
    return redirect("staff:register_change", made)


def _page(
    request: HttpRequest, found: School, *, problem: Refused | None = None, status: int = 200, **forms: Form
) -> HttpResponse:
    by = members.of(request)
    said = refusals.said(problem) if problem else None
    gone = found.status == School.Status.CLOSED or found.left_register_on is not None
    history = querysets.history(kind=ChangeKind.SUCCESSOR, subject=found.pk)
    context = {
        "school": found,
        "gone": gone,
        "succession": Succession.objects.select_related("successor__region__parent")
        .filter(school=found)
        .first(),
        "behind": querysets.behind(found.pk, by=by),
        "waiting": querysets.waiting().filter(kind=ChangeKind.SUCCESSOR, subject=found.pk),
        "history": [(change, changed.fields(change)) for change in history],
        "look_alikes": look_alikes(found),
        "names": members.names(),
        "may_ask": permissions.ask_allowed(by=by),
        "said": said,
        "form": SuccessorForm(),
        "remove_form": PassphraseForm(auto_id="id_remove_%s"),
        **forms,
    }
    return render(request, "staff/register/school.html", context, status=said.status if said else status)
