import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from geo.directory.commands import sentences
from geo.directory.models import Region
from geo.directory.regions import DEFAULT_VALID_FROM, import_regions


class Command(BaseCommand):
    help = "Add or renew boundaries from a GeoJSON file: provinces first, then districts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", choices=Region.Level.values, required=True)
        parser.add_argument(
            "--valid-from",
            type=dt.date.fromisoformat,
            default=DEFAULT_VALID_FROM,
            help="day from which new regions are valid (YYYY-MM-DD)",
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        with sentences():
            report = import_regions(
                options["file"],
                level=Region.Level(options["level"]),
                valid_from=options["valid_from"],
                dry_run=options["dry_run"],
            )
        for line in report.lines():
            self.stdout.write(line)
