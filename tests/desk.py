"""Signs members in to the staff site as they do it: password, then a code of their own app."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from moderation.review.models import Member
from moderation.staff.adapters import SealedMFAAdapter

PASSWORD = "a desk for careful people"
PERIOD = 30  # seconds that a code is valid for


def give_password(member: Member) -> None:
    member.account.set_password(PASSWORD)
    member.account.save()


def give_app(member: Member) -> Authenticator:
    """An authenticator app and its recovery codes, as enrolment leaves them."""
    made = TOTP.activate(member.account, generate_totp_secret()).instance
    RecoveryCodes.activate(member.account)
    return made


def code(app: Authenticator) -> str:
    """The code that the app shows now."""
    secret = SealedMFAAdapter().decrypt(app.data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def fresh_code(app: Authenticator) -> str:
    """A code with some seconds of life left."""
    if PERIOD - time.time() % PERIOD < 3:
        time.sleep(3)
    return code(app)


def type_password(client: Any, member: Member) -> Any:
    return client.post("/accounts/login/", {"login": member.account.email, "password": PASSWORD})


def seat(client: Any, member: Member) -> Any:
    """The session that `sign_in` ends with, without the cost of hashing; `test_doors` shows that they agree."""
    app = give_app(member)
    client.force_login(member.account)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "at": time.time(), "id": app.pk, "type": app.type}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(member.account.pk)
    session.save()
    return client


def sign_in(client: Any, member: Member) -> Any:
    """Both steps; the client that comes back is signed in."""
    give_password(member)
    app = give_app(member)
    type_password(client, member)
    answer = client.post("/accounts/factor/check/", {"code": fresh_code(app)})
    assert answer.status_code == 302, answer.content.decode()
    return client
