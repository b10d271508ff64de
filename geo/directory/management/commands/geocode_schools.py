from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from geo.directory.commands import sentences
from geo.directory.geocoding import geocode_schools


class Command(BaseCommand):
    help = "Ask the geocoder for the points that the registers lack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="ask for this many schools at most")

    def handle(self, *_args: Any, **options: Any) -> None:
        with sentences():
            report = geocode_schools(limit=options["limit"])
        for line in report.lines():
            self.stdout.write(line)
