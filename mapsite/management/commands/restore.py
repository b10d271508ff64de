"""`restore`: a backup back into an empty database; it says done when rows and log are what was saved."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mapsite import backups


class Command(BaseCommand):
    help = (
        "Restores the newest backup of a folder, or the named one, into MAPSITE_DB_NAME, which must be empty."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--file", default="", help="the name of one backup in it; default: the newest")
        parser.add_argument(
            "--erasures",
            type=Path,
            default=settings.ERASURES,
            help="the journal of what was erased since, which is erased again; default: MAPSITE_ERASURES",
        )

    def handle(self, *, folder: Path, file: str, erasures: Path, **_: Any) -> None:
        try:
            path, head, again = backups.restore(
                folder, name=file, erasures=erasures, now=dt.datetime.now(dt.UTC)
            )
        except backups.BackupFault as fault:
            raise CommandError(str(fault), returncode=2) from fault
        except backups.NotTheSame as fault:
            raise CommandError(str(fault), returncode=1) from fault
        rows = sum(head["rows"].values())
        self.stdout.write(
            f"done: {path.name}, {rows} rows in {len(head['rows'])} tables,"
            f" log of {head['log']['size']} entries with the root {head['log']['root'][:16]}…"
        )
        self.stdout.write(
            f"There is no {erasures}: what people withdrew or had erased since the backup is back."
            if again is None
            else f"{again} withdrawals and erasures of the journal hold here."
        )
