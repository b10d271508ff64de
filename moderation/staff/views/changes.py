"""Changes of the team: one senior asks, another confirms; a newcomer's key comes in two halves, one to each."""

import base64

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.record.refusals import Refused
from moderation.review import team
from moderation.review.models import TeamChange
from moderation.review.vocabulary import Role
from moderation.staff import members, refusals
from moderation.staff.safeguard_forms import InviteForm, PassphraseForm, WhoForm


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    return _page(request)


@sensitive_post_parameters("passphrase")
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Answers with the first half of the newcomer's key, shown this once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, invite_form=form, status=422)
    try:
        code = team.ask_to_invite(by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, invite_form=form, problem=problem)
    return render(request, "staff/half.html", {"name": form.cleaned_data["name"], "code": code})


@sensitive_post_parameters("passphrase")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    form = _who_form(request, "leave", request.POST)
    if not form.is_valid():
        return _page(request, leave_form=form, status=422)
    try:
        team.ask_to_leave(by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, leave_form=form, problem=problem)
    messages.success(request, _("Asked for. Another senior has to confirm it."))
    return redirect("staff:changes")


@sensitive_post_parameters("passphrase")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """For somebody who lost the passphrase or the second factor; answers with the first half of new keys."""
    form = _who_form(request, "renew", request.POST)
    if not form.is_valid():
        return _page(request, renew_form=form, status=422)
    try:
        code = team.ask_to_renew(by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, renew_form=form, problem=problem)
    name = members.names()[form.cleaned_data["member"]]
    return render(request, "staff/half.html", {"name": name, "code": code})


@sensitive_post_parameters("passphrase")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever joins or gets new keys, answers with the second half, shown this once."""
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    try:
        token = team.confirm_change(change=pk, by=members.of(request), **form.cleaned_data)
    except Refused as problem:
        return _page(request, problem=problem)
    if token is None:
        messages.success(request, _("Confirmed. Approvals of who left count no more."))
        return redirect("staff:changes")
    text = base64.urlsafe_b64encode(token).rstrip(b"=").decode("ascii")
    link = settings.STAFF_ORIGIN + reverse("staff:enrol", args=[text])
    name = members.names()[TeamChange.objects.values_list("member", flat=True).get(pk=pk)]
    return render(request, "staff/half.html", {"name": name, "link": link})


def _who_form(request: HttpRequest, kind: str, data: object = None) -> WhoForm:
    others = members.members().filter(active=True).exclude(pk=members.of(request).pk)
    people = [(pk, str(name)) for pk, name in others.values_list("pk", "account__name")]
    return WhoForm(data, people=people, auto_id=f"id_{kind}_%s")


def _page(
    request: HttpRequest, *, problem: Refused | None = None, status: int = 200, **typed: Form
) -> HttpResponse:
    if members.of(request).role != Role.SENIOR:
        raise Refused("wrong_role")
    said = refusals.said(problem) if problem else None
    waiting = TeamChange.objects.defer("code_hash").filter(confirmed_at=None, ends_at__gt=timezone.now())
    context = {
        "waiting": [(change, PassphraseForm(auto_id=f"id_{change.pk}_%s")) for change in waiting],
        "names": members.names(),
        "member": members.of(request),
        "invite_form": InviteForm(auto_id="id_invite_%s"),
        "leave_form": _who_form(request, "leave"),
        "renew_form": _who_form(request, "renew"),
        "said": said,
        **typed,
    }
    return render(request, "staff/changes.html", context, status=said.status if said else status)
