"""`partner_keys`: makes, lists and revokes the keys of organisations that report by program."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.intake import partners
from moderation.intake.models import Partner

FAULT = 2  # exit code: one sentence on stderr, nothing changed


class Command(BaseCommand):
    help = "Makes, lists and revokes keys of organisations that report by program."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="list the organisations")
        verbs.add_parser("make", help="make a key and print it, once").add_argument("name")
        verbs.add_parser("revoke", help="end a key for good").add_argument("name")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        getattr(self, f"_{verb}")(" ".join(options.get("name", "").split()))

    def _list(self, _name: str) -> None:
        for partner in Partner.objects.all():
            self.stdout.write(
                f"{partner.name}  {'active' if partner.active else 'revoked'}  {partner.made_at:%Y-%m-%d}"
            )

    def _make(self, name: str) -> None:
        if not 1 <= len(name) <= 80:
            raise CommandError("a name has 1 to 80 characters", returncode=FAULT)
        try:
            self.stdout.write(partners.make(name=name))
        except partners.NameTaken:
            raise CommandError(f"{name} has or had a key; choose another name", returncode=FAULT) from None

    def _revoke(self, name: str) -> None:
        if not partners.revoke(name=name):
            raise CommandError(f"{name} has no working key", returncode=FAULT)
