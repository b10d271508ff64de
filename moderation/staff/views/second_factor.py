"""Setting up and keeping a second factor; allauth's views, with what they leave open."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from moderation.staff import adapters
from moderation.staff.models import Account
from moderation.staff.second_factor import authenticators, enrolled, note_enrolment


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The one page that somebody without a second factor sees: an app, or a key."""
    if enrolled(authenticators(cast(Account, request.user))):
        return redirect("mfa_index")
    return render(request, "staff/second_factor.html")


class ActivateTOTP(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        """The code that proved the app works is spent, as any other code is."""
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        app.wrap().validate_code(form.cleaned_data["code"])
        note_enrolment(self.request, Authenticator.Type.TOTP)
        return response


class AddKey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        note_enrolment(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemoveKey(RemoveWebAuthnView):
    def get_object(self, queryset: Any = None) -> Authenticator:
        """allauth asks the adapter for apps and not for keys; the last factor stays either way."""
        key: Authenticator = super().get_object(queryset)
        if not adapters.SealedMFAAdapter().can_delete_authenticator(key):
            raise PermissionDenied
        return key
