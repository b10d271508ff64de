from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FAULT = 2  # exit code: one sentence on stderr, nothing changed


class Command(BaseCommand):
    help = "Print the demo accounts with their passwords and approval passphrases."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("accounts are printed in the demo only", returncode=FAULT)
        try:
            text = (settings.VAR / "demo-accounts.txt").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CommandError(
                "there are no demo accounts yet; make them with load_demo", returncode=FAULT
            ) from None
        self.stdout.write(text.rstrip())
