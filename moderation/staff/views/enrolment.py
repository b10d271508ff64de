"""A new member's way in: one link, two secrets, then a second factor."""

import base64
import binascii

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from geo.record.refusals import Refused
from moderation.staff import actions
from moderation.staff.forms import EnrolForm


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    link = actions.open_link(_bytes(token))
    form = EnrolForm(request.POST or None)
    if not form.is_valid():
        return render(
            request,
            "staff/enrol.html",
            {"form": form, "account": link.account},
            status=422 if form.is_bound else 200,
        )
    data = form.cleaned_data
    actions.enrol(
        token=_bytes(token), password=data["password"], passphrase=data["passphrase"], code=data["code"]
    )
    messages.success(request, _("Both are set. Sign in with the password; the second factor comes next."))
    return redirect("account_login")


def _bytes(token: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise Refused("link_spent") from None
