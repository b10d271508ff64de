"""What the import commands share: options, progress, report, and the exit codes of INTERFACES.md."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm  # type: ignore[import-untyped]

from geo.directory.faults import FileFault
from geo.directory.files import Pulse
from geo.directory.importing import Options
from geo.directory.report import Kind, Report

FAULT = 2  # exit code: one sentence on stderr, nothing changed


class ImportCommand(BaseCommand):
    """A command that reads one official file; subclasses name the importer."""

    importer: Callable[[Path, Options], Report]
    departures = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report only, change nothing")
        parser.add_argument("--strict", action="store_true", help="a refused row aborts, nothing is changed")
        if self.departures:
            parser.add_argument(
                "--accept-departures",
                action="store_true",
                help="accept a file that a large share of the schools is missing from",
            )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with progress(path) as pulse, sentences():
            report = type(self).importer(
                path,
                Options(
                    dry_run=options["dry_run"],
                    strict=options["strict"],
                    accept_departures=options.get("accept_departures", False),
                    pulse=pulse,
                ),
            )
        for line in report.lines():
            self.stdout.write(line)
        if options["strict"] and (refused := report.counts[Kind.REFUSED]):
            raise CommandError(
                f"{refused} rows were refused and --strict was given: nothing was changed", returncode=FAULT
            )
        if options["dry_run"]:
            self.stdout.write("a rehearsal: nothing was changed")


@contextmanager
def sentences() -> Iterator[None]:
    """A fault of the file becomes exit code 2 and its sentence on stderr."""
    try:
        yield
    except FileFault as fault:
        raise CommandError(f"{fault}; nothing was changed", returncode=FAULT) from fault


@contextmanager
def progress(path: Path) -> Iterator[Pulse]:
    """A bar of the bytes read, on stderr, where a person watches."""
    if not sys.stderr.isatty() or not path.is_file():
        yield Pulse()
        return
    with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, desc=path.name, file=sys.stderr) as bar:
        yield bar
