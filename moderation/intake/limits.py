"""How often one network may send, counted in Redis under a key that nobody keeps (SAFEGUARDS C4, F3).

An address becomes a network (an IPv4 address, or the first 64 bits of an IPv6 one), and that a keyed hash.
The key is random, lives in Redis alone, which writes nothing to disk, and expires at midnight in Seoul; so
yesterday's hashes mean nothing.
"""

import hmac
import ipaddress
import secrets
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError


class LimitReached(Exception):
    """This network has used its budget; it may come back in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("limit reached")
        self.seconds = seconds


class LimitsAway(Exception):
    """Nothing can be counted now, so nothing is taken."""


def network(request: HttpRequest) -> str:
    """The network that a request came from: an IPv4 address or an IPv6 /64.

    A forwarded address is believed only as far as our own proxies wrote it: with `TRUSTED_PROXIES` = n, the
    n-th entry of X-Forwarded-For from the right. What stands further left is the sender's own claim.
    """
    claimed = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES > 0:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES and chain[-settings.TRUSTED_PROXIES]:
            claimed = chain[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(claimed.strip("[]"))
    except ValueError:
        return "unknown"  # one shared bucket: an address that we cannot read earns no budget of its own
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:  # ::ffff:a.b.c.d, or all of IPv4 would share one /64
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _todays_key() -> bytes:
    now = timezone.localtime()
    name = f"intake:network-key:{now:%Y%m%d}"
    key = cache.get(name)
    if key is None:
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
        cache.add(name, secrets.token_bytes(32), timeout=max(1, int((midnight - now).total_seconds())))
        key = cache.get(name)
    if not isinstance(key, bytes):
        raise LimitsAway
    return key


def hashed_network(request: HttpRequest) -> bytes:
    """16 bytes that stand for the request's network until midnight in Seoul.

    Raises:
        LimitsAway: Redis does not answer.
    """
    try:
        return hmac.digest(_todays_key(), network(request).encode(), "sha256")[:16]
    except (RedisError, OSError) as error:
        raise LimitsAway from error


def spend(request: HttpRequest, *, budget: str, subject: str = "") -> bytes:
    """Counts one attempt of the network (and subject) against a budget of `INTAKE_LIMITS`; returns its hash.

    Raises:
        LimitReached: the budget is used up.
        LimitsAway: Redis does not answer.
    """
    hashed = hashed_network(request)
    value = f"{hashed.hex()}:{subject}"
    try:
        usage = get_usage(
            request,
            group=f"intake.{budget}",
            key=lambda *_: value,
            rate=settings.INTAKE_LIMITS[budget],
            increment=True,
        )
    except (RedisError, OSError) as error:
        raise LimitsAway from error
    if usage is None or usage["time_left"] < 0:  # django-ratelimit says so when its counter was lost
        raise LimitsAway
    if usage["should_limit"]:
        raise LimitReached(max(1, usage["time_left"]))
    return hashed
