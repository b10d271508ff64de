"""What each person sets for themselves, and the limits that hold for everybody, to be read."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from geo.record.models import BrakeLimit, DisclosureThreshold
from moderation.staff import actions, members


class SettingsForm(forms.Form):
    shortcuts = forms.BooleanField(label=gettext_lazy("Single keys act on the desk's pages"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    account = members.of(request).account
    form = SettingsForm(
        request.POST if request.method == "POST" else None, initial={"shortcuts": account.shortcuts}
    )
    if form.is_valid():
        actions.keep_shortcuts(account=account, on=form.cleaned_data["shortcuts"])
        messages.success(request, _("Kept."))
        return redirect("staff:settings")
    context = {
        "form": form,
        "ties": members.of(request).ties.select_related("school", "region"),
        "limits": BrakeLimit.objects.order_by("level"),
        "thresholds": DisclosureThreshold.objects.order_by("level"),
    }
    return render(request, "staff/settings.html", context)
