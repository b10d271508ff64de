"""`backup`: one consistent backup of the database, sealed; those older than 30 days go."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapsite import backups


class Command(BaseCommand):
    help = "Writes one sealed backup into a folder and removes those older than 30 days."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **_: Any) -> None:
        try:
            made = backups.make(folder, now=dt.datetime.now(dt.UTC))
        except backups.BackupFault as fault:
            raise CommandError(str(fault), returncode=2) from fault
        self.stdout.write(f"{made} ({made.stat().st_size} bytes)")
