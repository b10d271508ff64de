"""Has this session passed a second factor? allauth has no setting for "required", so the rule is here.

Enrolled is not passed: a session that was opened with a password alone stays shut when somebody enrols a
second factor elsewhere, and a session ends when the authenticator that opened it is removed.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
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
    if not enrolled(held):
        return False
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" and record.get("id") in held for record in records)


def note_enrolment(request: HttpRequest, kind: str) -> None:
    """The person has just proved that they hold the newest authenticator of this kind: the session passes.

    The session key changes, as at every step up of rights.
    """
    newest = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    record_authentication(request, request.user, "mfa", id=newest.pk, type=newest.type)
    request.session.cycle_key()
