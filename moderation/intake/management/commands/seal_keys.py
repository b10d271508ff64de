"""`seal_keys`: makes, lists, rotates and destroys the keys that seal private texts (SAFEGUARDS A5)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.intake import sealing


class Command(BaseCommand):
    help = "Makes, lists, rotates and destroys sealing keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, does in (
            ("make", "make the first pair of a purpose; changes nothing when there is one"),
            ("list", "list the keys of a purpose"),
            ("rotate", "make a new pair; the old private half stays beside it"),
            ("destroy", "remove a rotated private half: texts under it are unreadable for good"),
        ):
            one = verbs.add_parser(verb, help=does)
            if verb == "destroy":
                one.add_argument("key_id")
                one.add_argument("--yes", action="store_true", help="say that you mean it")
            one.add_argument("--purpose", default="casework", help="default: casework")

    def handle(self, *args: Any, verb: str, purpose: str, **options: Any) -> None:
        try:
            getattr(self, f"_{verb}")(purpose, options)
        except sealing.SealError as error:
            raise CommandError(str(error), returncode=2) from error

    def _make(self, purpose: str, _options: dict[str, Any]) -> None:
        self.stdout.write(f"{purpose}: current key {sealing.make(purpose)}")

    def _rotate(self, purpose: str, _options: dict[str, Any]) -> None:
        self.stdout.write(f"{purpose}: current key {sealing.rotate(purpose)}")

    def _list(self, purpose: str, _options: dict[str, Any]) -> None:
        for key in sealing.keys(purpose):
            age = "current" if key.current else "rotated"
            place = "private half here" if key.private_here else "private half not here"
            self.stdout.write(f"{key.id}  {age}  {place}")

    def _destroy(self, purpose: str, options: dict[str, Any]) -> None:
        key_id = options["key_id"]
        if not options["yes"]:
            raise CommandError(f"Texts under {key_id} would be unreadable for good; add --yes.", returncode=2)
        sealing.destroy(purpose, key_id)
        self.stdout.write(f"{purpose}: key {key_id} destroyed")
