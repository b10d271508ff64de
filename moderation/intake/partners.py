"""Keys of organisations that hand reports in by program. A key opens the inbox and nothing else; it publishes nothing.

Held as a SHA-256: a key has 256 random bits, so there is nothing to guess and no salt to need.
"""

import hashlib
import secrets

from django.db import connection

from moderation.intake.models import Partner

PREFIX = "sim_"  # so that a key that was posted somewhere by mistake is recognised


class NameTaken(Exception):
    """There is a partner of this name, or there was one."""


def make(*, name: str) -> str:
    """A new partner; returns its key, which exists nowhere else.

    Raises:
        NameTaken: keys are not made anew under an old name, so that each can be told apart.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    if Partner.objects.filter(name=name).exists():
        raise NameTaken
    Partner.objects.create(name=name, key_hash=_hash(key))
    return key


def revoke(*, name: str) -> bool:
    """Whether there was a working key to end."""
    return Partner.objects.filter(name=name, active=True).update(active=False) == 1


def whose(key: str) -> int | None:
    """The partner of a key that works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.intake_partner_of(%s)", [_hash(key)])
        row = cursor.fetchone()
    return row[0] if row else None


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
