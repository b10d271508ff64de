"""The door of the staff site, and the sentences with which it refuses."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    }
)
# Where somebody with a password and no second factor at all may be, and nowhere else.
ENROLMENT = frozenset({"staff:second_factor", "mfa_activate_totp", "mfa_add_webauthn"})

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """No page without a second factor that was passed in this session, by an active member."""

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
        held = second_factor.authenticators(request.user)
        if not second_factor.enrolled(held):
            return None if name in ENROLMENT else redirect("staff:second_factor")
        if not second_factor.passed(request, held):
            logout(request)
            return self._ask_to_sign_in(request)
        request.member = members.members().filter(account=request.user, active=True).first()  # type: ignore[attr-defined]
        if request.member is None:  # type: ignore[attr-defined]
            return refusals.page(request, refusals.NO_MEMBER, status=403)
        return None

    @staticmethod
    def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        return refusals.page(request, refusals.SIGNED_OUT, status=403)


class SentenceMiddleware:
    """Every refusal of an action is one clear sentence with the right status, never a traceback."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        said = refusals.said(problem)
        return refusals.page(request, said.sentence, status=said.status) if said else None
