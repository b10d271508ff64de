import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import fixtures
from fixtures import boundaries, generate
from geo.directory.commands import FAULT, sentences
from geo.directory.contacts import import_contacts
from geo.directory.enrolment import import_enrolment
from geo.directory.importing import Options
from geo.directory.models import Import, Region, School
from geo.directory.regions import DEFAULT_VALID_FROM, import_regions
from geo.directory.report import Report, already_imported
from geo.directory.standard import import_schools
from geo.directory.universities import import_universities

INVENTED = "X9"  # how every invented id begins


class Command(BaseCommand):
    help = "Make the invented schools of the demo and import them through the real importers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1200, help="how many schools (default: 1200)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if School.objects.exclude(pk__startswith=INVENTED).exists():
            raise CommandError(
                "the directory holds real schools; invented ones are never mixed in", returncode=FAULT
            )
        try:
            provinces, districts = boundaries.write(settings.NODE_MODULES, settings.VAR / "regions")
        except FileNotFoundError as error:
            raise CommandError(
                f"{boundaries.PACKAGE} is not installed: run npm ci", returncode=FAULT
            ) from error
        files = made(settings.VAR / "fixtures", districts, options["count"])
        with sentences():
            for kind, path, level in (
                (Import.Kind.PROVINCES, provinces, Region.Level.PROVINCE),
                (Import.Kind.DISTRICTS, districts, Region.Level.DISTRICT),
            ):
                if not already_imported(kind, path):
                    self._tell(
                        path, import_regions(path, level=level, valid_from=DEFAULT_VALID_FROM, dry_run=False)
                    )
            for kind, name, importer in (
                (Import.Kind.SCHOOLS, generate.SCHOOLS, import_schools),
                (Import.Kind.CONTACTS, generate.CONTACTS, import_contacts),
                (Import.Kind.ENROLMENT, generate.ENROLMENT, import_enrolment),
                (Import.Kind.UNIVERSITIES, generate.UNIVERSITIES, import_universities),
            ):
                if not already_imported(kind, files[name]):
                    self._tell(files[name], importer(files[name], Options(accept_departures=True)))

    def _tell(self, path: Path, report: Report) -> None:
        *_, total = report.lines()
        self.stdout.write(f"{path.name}: {total}")


def made(folder: Path, districts: Path, count: int) -> dict[str, Path]:
    """The generated files, made again only when the generator, the districts or the count changed."""
    code = sorted(Path(fixtures.__file__).parent.glob("*.py"))
    stamp = hashlib.sha256(b"".join(file.read_bytes() for file in [*code, districts]))
    stamp.update(str(count).encode())
    paths = {name: folder / name for name in generate.FILES}
    note = folder / "made-from"
    if (
        note.exists()
        and note.read_text() == stamp.hexdigest()
        and all(path.exists() for path in paths.values())
    ):
        return paths
    paths = generate.write(folder, districts, count=count)
    note.write_text(stamp.hexdigest())
    return paths
