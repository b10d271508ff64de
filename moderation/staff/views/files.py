"""Official files at the registrar's desk: what one would change, what of it is taken over, and who applied it."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.directory.faults import FileFault
from geo.directory.models import Import
from geo.record.refusals import Refused
from moderation.register import actions, permissions, querysets
from moderation.register.models import OfficialFile
from moderation.register.vocabulary import Choice
from moderation.staff import differences, members, refusals
from moderation.staff.register_forms import ChoiceForm, ConfirmForm, DifferenceFilter, FileForm
from moderation.staff.safeguard_forms import PassphraseForm

PAGE = 50  # differences on one page
LATELY = 20  # files and imports that are listed


@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """What was imported, and the form that opens a file; `OfficialFileMiddleware` lets it through to here."""
    by = members.of(request)
    permissions.check_desk(by=by)
    posted = request.method == "POST"
    if posted:
        permissions.check_ask(by=by)
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    said = None
    if form.is_valid():
        data = form.cleaned_data
        path = Path(data["file"].temporary_file_path())
        try:
            made = actions.open_file(kind=data["kind"], path=path, by=by, passphrase=data["passphrase"])
            return redirect("staff:file", made)
        except FileFault as fault:
            form.add_error("file", str(fault).replace(path.name, "CSV"))
        except Refused as problem:
            said = refusals.said(problem)
    context = {
        "form": form,
        "said": said,
        "open": querysets.open_files(),
        "over": querysets.past_files()[:LATELY],
        "imports": Import.objects.order_by("-id")[:LATELY],
        "names": members.names(),
        "may_ask": permissions.ask_allowed(by=by),
    }
    status = said.status if said else 422 if posted else 200
    return render(request, "staff/register/files.html", context, status=status)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepts, keeps or takes back; the way back leads to the same view of the list."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422)
    data, by = form.cleaned_data, members.of(request)
    choice = None if data["choice"] == "undo" else Choice(data["choice"])
    if data["kind"] and choice:
        done = actions.choose_all(file=pk, kind=data["kind"], choice=choice, by=by)
        messages.success(request, ngettext("%(count)d chosen.", "%(count)d chosen.", done) % {"count": done})
    else:
        actions.choose(file=pk, differences=[data["difference"]], choice=choice, by=by)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(
        reverse("staff:file", args=[pk])
    )
    return redirect(back if safe else reverse("staff:file", args=[pk]))


@sensitive_post_parameters("passphrase")
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422, apply_form=form)
    try:
        applied = actions.apply_file(
            file=pk,
            shown=bytes.fromhex(form.cleaned_data["shown"]),
            by=members.of(request),
            passphrase=form.cleaned_data["passphrase"],
        )
    except Refused as problem:
        return _page(request, pk, problem=problem)
    if applied:
        messages.success(request, _("Applied. Readers see it within the minute."))
    else:
        messages.success(
            request, _("Applied by the first of two: another person has to apply exactly this as well.")
        )
    return redirect("staff:file", pk)


@sensitive_post_parameters("passphrase")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    form = PassphraseForm(request.POST, auto_id="id_drop_%s")
    if not form.is_valid():
        return _page(request, pk, status=422, drop_form=form)
    try:
        actions.drop_file(file=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, pk, problem=problem)
    messages.success(request, _("Dropped. The directory is as it was."))
    return redirect("staff:files")


def _page(
    request: HttpRequest, pk: int, *, problem: Refused | None = None, status: int = 200, **forms: Form
) -> HttpResponse:
    by = members.of(request)
    permissions.check_desk(by=by)
    opened = get_object_or_404(OfficialFile, pk=pk)
    said = refusals.said(problem) if problem else None
    touched = querysets.touched(pk, by=by) if opened.open else {}
    asked = DifferenceFilter(request.GET)
    chosen: dict[str, Any] = asked.cleaned_data if asked.is_valid() else {}
    rows = querysets.differences(
        pk,
        kind=chosen.get("kind", ""),
        choice=chosen.get("choice", ""),
        schools=list(touched) if chosen.get("touched") else None,
    )
    page = Paginator(rows, PAGE).get_page(chosen.get("page") or 1)
    shown = querysets.shown(pk)
    counts = querysets.counts(pk)
    context = {
        "file": opened,
        "page": page,
        "rows": differences.rows(
            list(page), touched, tied=querysets.tied((row.school for row in page), by=by)
        ),
        "kinds": differences.kinds(counts),
        "undecided": querysets.undecided(pk),
        "touched": len(touched),
        "chosen": chosen,
        "said": said,
        "names": members.names(),
        "may_ask": permissions.ask_allowed(by=by) and opened.open,
        # who sees a file that waits for its second person may be that person
        "seconds": bool(opened.asked_hash) and bytes(opened.asked_hash or b"") == shown,
        "own": opened.asked_by_id == by.pk,
        "apply_form": ConfirmForm(initial={"shown": shown.hex()}),
        "drop_form": PassphraseForm(auto_id="id_drop_%s"),
        **forms,
    }
    return render(request, "staff/register/file.html", context, status=said.status if said else status)
