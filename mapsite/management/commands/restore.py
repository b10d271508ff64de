"""`restore`: a backup back into an empty database; it says done when rows and log are what was saved."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

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

    def handle(self, *, folder: Path, file: str, **_: Any) -> None:
        try:
            path, head = backups.restore(folder, name=file, now=dt.datetime.now(dt.UTC))
        except backups.BackupFault as fault:
            raise CommandError(str(fault), returncode=2) from fault
        except backups.NotTheSame as fault:
            raise CommandError(str(fault), returncode=1) from fault
        rows = sum(head["rows"].values())
        self.stdout.write(
            f"done: {path.name}, {rows} rows in {len(head['rows'])} tables,"
            f" log of {head['log']['size']} entries with the root {head['log']['root'][:16]}…"
        )
