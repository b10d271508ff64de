"""Subscribers' addresses: opened here and nowhere else."""

import base64
import hmac
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.conf import settings

from moderation.alerts.actions import PURPOSE
from moderation.alerts.models import Subscription
from moderation.intake import sealing


class Opened(NamedTuple):
    token: str
    address: str


@cache
def _key() -> bytes:
    return base64.b64decode((settings.SECRETS / "alerts-index.key").read_text(encoding="ascii"))


def blind(way: str, address: str) -> bytes:
    """32 bytes that are the same for the same mailbox, and say nothing without the worker's key."""
    return hmac.digest(_key(), f"{way} {address.casefold()}".encode(), "sha256")


def seal(opened: Opened) -> bytes:
    return sealing.seal("\n".join(opened), purpose=PURPOSE)


def opener() -> Callable[[Subscription], Opened]:
    """What opens subscriptions: keep it for a batch and no longer, since it keeps the key.

    Raises:
        SealError: this process may not.
    """
    open_one = sealing.opener(PURPOSE)

    def unseal(subscription: Subscription) -> Opened:
        token, _line, address = open_one(bytes(subscription.sealed)).partition("\n")
        return Opened(token, address)

    return unseal


def unseal(subscription: Subscription) -> Opened:
    """The token and the address of one subscription.

    Raises:
        SealError: this process does not hold the key.
    """
    return opener()(subscription)
