import time
from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

FAULT = 2  # exit code: one sentence on stderr, nothing changed
PERIOD = 30  # seconds that a code is valid for (RFC 6238)
ENOUGH = 10  # seconds that somebody needs to read and type it


class Command(BaseCommand):
    help = "Print the next unused second-factor code of a demo account."
    requires_system_checks: list[str] = []  # a code is valid for seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="for example demo-reviewer1")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("codes are printed in the demo only", returncode=FAULT)
        email = name.lower() if "@" in name else f"{name.lower()}@example.org"
        app = Authenticator.objects.filter(user__email=email, type=Authenticator.Type.TOTP).first()
        if app is None or not email.startswith("demo-"):
            raise CommandError(f"there is no demo account {name}; see demo_accounts", returncode=FAULT)
        try:
            self.stdout.write(next_unused(app))
        except RedisError:
            raise CommandError("Redis is away; start the demo first (make demo)", returncode=FAULT) from None


def next_unused(app: Authenticator) -> str:
    """Waits for the next period if this one's code was used or ends at once."""
    secret = decrypt(app.data["secret"])
    while True:
        code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
        left = PERIOD - time.time() % PERIOD
        if left > ENOUGH and not cache.get(TOTP(app)._get_used_cache_key(code)):
            return code
        time.sleep(left + 0.05)
