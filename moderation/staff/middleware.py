"""The door of the staff site, and the sentences with which it refuses."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from moderation.staff import members, refusals, second_factor

# Where somebody without a second factor may be: on the way in and out, and where machines ask after health.
OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "staff:enrol",
        "set_language",
        "healthz",
        "readyz",
        "metrics",
    }
)
# Where somebody with a password and no second factor at all may be, and nowhere else.
ENROLMENT = frozenset({"staff:second_factor", "mfa_activate_totp", "mfa_add_webauthn"})

# Where a factor is asked for again, and where factors are only listed; every other page about them needs a fresh one.
ASKING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index", "mfa_list_webauthn"})

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """No page without a second factor that was passed in this session, by an active member.

    And no decision without one that was passed a few minutes ago (`STAFF_STEP_UP`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)  # casework stays in nobody's cache
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN:
            return None
        if not request.user.is_authenticated:
            return self._ask_to_sign_in(request)
        if second_factor.worn_out(request):
            logout(request)
            return self._ask_to_sign_in(request)
        held = second_factor.authenticators(request.user)
        if not second_factor.enrolled(held):
            return None if name in ENROLMENT else redirect("staff:second_factor")
        if not second_factor.passed(request, held):
            logout(request)
            return self._ask_to_sign_in(request)
        request.member = members.members().filter(account=request.user, active=True).first()  # type: ignore[attr-defined]
        if request.member is None:  # type: ignore[attr-defined]
            return refusals.page(request, refusals.NO_MEMBER, status=403)
        # Where the second factor is asked for again, if that has to be before a decision.
        asked = "" if second_factor.fresh(request, held) else reverse(second_factor.challenge(held))
        request.challenge = asked  # type: ignore[attr-defined]
        if asked and needs_fresh(request, name):
            return self._ask_for_the_factor(request)
        return None

    @staticmethod
    def _ask_for_the_factor(request: HttpRequest) -> HttpResponse:
        """A page leads to the challenge and back; a form is refused, since what was typed must not be kept meanwhile."""
        asked: str = request.challenge  # type: ignore[attr-defined]
        if request.method in {"GET", "HEAD"}:
            return redirect(f"{asked}?{urlencode({'next': request.get_full_path()})}")
        return refusals.page(request, refusals.NOT_FRESH, status=403, next_step=asked)

    @staticmethod
    def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        return refusals.page(request, refusals.SIGNED_OUT, status=403)


def needs_fresh(request: HttpRequest, name: str) -> bool:
    """Whatever carries an approval passphrase, and whatever changes or shows a factor or the password."""
    if name.startswith("mfa_") or name == "account_change_password":
        return name not in ASKING
    # a file whose sender is not fresh was refused before its passphrase was read (moderation.staff.uploads)
    return "passphrase" in request.POST or (name == "staff:files" and request.method == "POST")


class SentenceMiddleware:
    """Every refusal of an action is one clear sentence with the right status, never a traceback."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        said = refusals.said(problem)
        return refusals.page(request, said.sentence, status=said.status) if said else None
