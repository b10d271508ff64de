"""How often one network may send, counted in Redis under a key that nobody keeps (SAFEGUARDS C4, F3).

An address becomes a network (an IPv4 address, or the first 64 bits of an IPv6 one), and that a keyed hash.
The key is random, lives in Redis alone, which writes nothing to disk, and expires at midnight in Seoul; so
yesterday's hashes mean nothing.

A school that receives very many reports is refused none: each next one costs the sender more work (`level`).
"""

import contextlib
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

from moderation.intake.proofs import LEVELS


class LimitReached(Exception):
    """This network has used its budget; it may come back in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("limit reached")
        self.seconds = seconds


class LimitsAway(Exception):
    """Nothing can be counted now, so nothing is taken."""


EXHAUSTED = 3  # level of the work by which a network that has used up its budget can still report
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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
        if address in _NAT64:
            return str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
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
    return _hashed(network(request))


def _hashed(sender: str) -> bytes:
    try:
        return hmac.digest(_todays_key(), sender.encode(), "sha256")[:16]
    except (RedisError, OSError) as error:
        raise LimitsAway from error


def spend(request: HttpRequest, *, budget: str, subject: str = "") -> bytes:
    """Counts one attempt of the network (and subject) against a budget of `INTAKE_LIMITS`; returns its hash.

    Raises:
        LimitReached: the budget is used up.
        LimitsAway: Redis does not answer.
    """
    return _spend(request, budget, hashed_network(request), subject)


def spend_partner(request: HttpRequest, *, partner: int) -> bytes:
    """The same for a partner organisation, from wherever it sends; all of its reports of a day have one origin."""
    return _spend(request, "partner", _hashed(f"partner {partner}"), "")


def _spend(request: HttpRequest, budget: str, hashed: bytes, subject: str) -> bytes:
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


def level(request: HttpRequest, *, school: str) -> int:
    """What a report about this school costs now, from 0: doubles with the school's load, and with no budget left.

    Without Redis it is 0: the page is shown, and the report itself is refused until Redis is back.
    """
    try:
        load = sum(cache.get_many([_load_key(school, hours) for hours in (0, 1)]).values())
        used = get_usage(
            request,
            group="intake.network",
            key=lambda *_: f"{hashed_network(request).hex()}:",
            rate=settings.INTAKE_LIMITS["network"],
            increment=False,
        )
    except (RedisError, OSError, LimitsAway):
        return 0
    by_load: int = (load // settings.INTAKE_FLOOD).bit_length()
    by_budget = EXHAUSTED if used and used["count"] >= used["limit"] else 0
    return min(max(by_load, by_budget), LEVELS[-1])


def note(*, school: str) -> None:
    """Counts one report that was taken; losing the count loses nothing else."""
    with contextlib.suppress(RedisError, OSError, ValueError):
        cache.add(_load_key(school, 0), 0, timeout=2 * 60 * 60)
        cache.incr(_load_key(school, 0))


def _load_key(school: str, hours_ago: int) -> str:
    moment = timezone.now() - timedelta(hours=hours_ago)
    return f"intake:load:{school}:{moment:%Y%m%d%H}"
