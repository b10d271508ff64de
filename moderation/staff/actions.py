"""Accounts and their way in."""

import base64
import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from geo.record.refusals import Refused, call
from moderation.staff.models import Account, EnrolmentLink

LINK_LIFE = dt.timedelta(days=3)
TOKEN_BYTES = 32


def token_hash(token: bytes) -> bytes:
    """SHA-256; the token has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token).digest()


def make_link(*, account: Account) -> str:
    """A one-time enrolment token as URL-safe text; only its hash is kept."""
    token = secrets.token_bytes(TOKEN_BYTES)
    EnrolmentLink.objects.create(
        account=account, token_hash=token_hash(token), expires_at=timezone.now() + LINK_LIFE
    )
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


def open_link(token: bytes) -> EnrolmentLink:
    """The unused, unexpired link of this token.

    Raises:
        Refused: there is none ("link_spent").
    """
    link = EnrolmentLink.objects.select_related("account").filter(token_hash=token_hash(token)).first()
    if link is None or link.used_at or link.expires_at < timezone.now():
        raise Refused("link_spent")
    return link


@transaction.atomic
def enrol(*, token: bytes, password: str, passphrase: str, code: str = "") -> Account:
    """Sets both secrets at once, or neither; the database keeps the passphrase out of everybody's sight.

    `code` is what the first of the two inviting seniors handed over; the first members have none.

    Raises:
        Refused: the link is spent or too old, the code is another one, or the account is enrolled already.
    """
    account = open_link(token).account
    call("review_enrol", token, passphrase, code)
    account.set_password(password)
    account.save(update_fields=["password"])
    return account


def keep_shortcuts(*, account: Account, on: bool) -> None:
    """Whether single keys act on this person's pages (WCAG 2.1.4: they can be switched off)."""
    account.shortcuts = on
    account.save(update_fields=["shortcuts"])
