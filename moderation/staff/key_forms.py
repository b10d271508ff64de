"""Forms of the security key: an answer counts only if the key gave it on our very own origin.

WebAuthn binds a key to a host name. The library behind allauth asks no more than that, and so believes an answer that a
page on another port of the host, or on a host below it, had the key give. The browser writes down on which origin the
key was asked, and the key signs it: it has to be the desk's.
"""

import base64
import binascii
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth_forms
from django.conf import settings


def asked_here(credential: Any) -> bool:
    """Whether the key was asked on the staff site itself and in no frame; any malformed answer was not."""
    try:
        coded = credential["response"]["clientDataJSON"]
        said = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
        return said["origin"] == settings.STAFF_ORIGIN and not said.get("crossOrigin")
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        return False


class AddKeyForm(allauth_forms.AddWebAuthnForm):
    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        if not asked_here(credential):
            raise get_adapter().validation_error("incorrect_code")
        return credential


class _OurOrigin:
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        if not asked_here(self.cleaned_data["credential"]):
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()  # type: ignore[misc]


class AuthenticateKeyForm(_OurOrigin, allauth_forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(_OurOrigin, allauth_forms.ReauthenticateWebAuthnForm):
    pass
