"""What allauth asks us: nobody signs up, secrets are encrypted at rest, the last factor stays."""

from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from moderation.staff import second_factor


@cache
def _key() -> Fernet:
    return Fernet((settings.SECRETS / "mfa.key").read_bytes().strip())


class ClosedAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Accounts are made by `create_staff` and by two seniors, never by their owner."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """`SecondFactorMiddleware` asks for a fresh second factor first, where allauth would take the password.

        allauth would also keep a form that has to wait in the session, and so in the database.
        """
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("staff:home")


class SealedMFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return _key().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _key().decrypt(encrypted_text.encode("ascii")).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """One factor always stays, so that nobody falls back to a password alone."""
        held = second_factor.authenticators(authenticator.user)
        held.pop(authenticator.pk, None)
        return second_factor.enrolled(held)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
