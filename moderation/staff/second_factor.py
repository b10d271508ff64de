"""Has this session passed a second factor? allauth has no setting for "required", so the rule is here.

Enrolled is not passed: a session that was opened with a password alone stays shut when somebody enrols a
second factor elsewhere, and a session ends when the authenticator that opened it is removed.
Passed is not fresh: a decision asks for a challenge answered a few minutes ago, so that a desk left open decides nothing.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from moderation.staff.models import Account

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes stand in for one of these


def authenticators(account: Account) -> dict[int, str]:
    """Ids and types of what this account can answer a challenge with."""
    return dict(Authenticator.objects.filter(user=account).values_list("pk", "type"))


def enrolled(held: dict[int, str]) -> bool:
    return any(kind in FACTORS for kind in held.values())


def passed(request: HttpRequest, held: dict[int, str]) -> bool:
    """This very session answered a challenge with something that the account still holds."""
    return enrolled(held) and bool(_answered(request, held))


def fresh(request: HttpRequest, held: dict[int, str]) -> bool:
    """The newest of those answers is young enough to decide on (`STAFF_STEP_UP`)."""
    return (
        enrolled(held) and max(_answered(request, held), default=0.0) > time.time() - settings.STAFF_STEP_UP
    )


def worn_out(request: HttpRequest) -> bool:
    """The session was opened so long ago that it ends, however busy it is (`STAFF_SESSION_LONGEST`)."""
    records = get_authentication_records(request, request.user)
    return (
        min((record["at"] for record in records), default=0.0) < time.time() - settings.STAFF_SESSION_LONGEST
    )


def challenge(held: dict[int, str]) -> str:
    """The name of the page on which a factor that this account holds is asked for again."""
    return "mfa_reauthenticate" if Authenticator.Type.TOTP in held.values() else "mfa_reauthenticate_webauthn"


def _answered(request: HttpRequest, held: dict[int, str]) -> list[float]:
    """When this very session answered challenges with something that the account still holds (seconds since 1970)."""
    records = get_authentication_records(request, request.user)
    return [record["at"] for record in records if record.get("method") == "mfa" and record.get("id") in held]


def note_enrolment(request: HttpRequest, kind: str) -> None:
    """The person has just proved that they hold the newest authenticator of this kind: the session passes.

    The session key changes, as at every step up of rights.
    """
    newest = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    # "reauthenticated": the recovery codes come next, and the proof is a second old.
    record_authentication(request, request.user, "mfa", id=newest.pk, type=newest.type, reauthenticated=True)
    request.session.cycle_key()
