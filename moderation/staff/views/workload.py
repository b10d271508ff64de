"""How much there is to do and how it goes; decisions that were drawn for a second look; where to turn."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation.intake.vocabulary import VerdictReason
from moderation.review import looks, permissions
from moderation.review.models import Proposal
from moderation.staff import members, workload


class LookForm(forms.Form):
    reason = forms.ChoiceField(choices=VerdictReason)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_casework(by=by)
    found = workload.lately()
    people = [
        (name, found.verdicts.get(pk, 0), found.readings.get(pk, 0))
        for pk, name in members.names().items()
        if found.verdicts.get(pk) or found.readings.get(pk)
    ]
    context = {
        "work": found,
        "people": people,
        "to_look_at": workload.to_look_at(by),
        "reasons": VerdictReason.choices,
        "one_in": looks.ONE_IN,
    }
    return render(request, "staff/workload.html", context)


@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = LookForm(request.POST)
    draft = get_object_or_404(Proposal, pk=pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        agrees = reason == VerdictReason.SUFFICIENT
        looks.give(
            proposal=draft, agrees=agrees, reason=reason, by=members.of(request), today=timezone.localdate()
        )
        messages.success(request, _("Noted. If you disagree, open a case about the record."))
    return redirect("staff:workload")
