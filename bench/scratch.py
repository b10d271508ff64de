"""Databases and files of this run alone: cloned from the template, migrated, dropped at the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from fixtures import boundaries, generate
from geo.directory.models import Region
from geo.directory.regions import DEFAULT_VALID_FROM, import_regions

KOREA, TENTH, WORLD = 12_011, 200_000, 2_000_000  # rows: the real register, a tenth of the world, the world
_OWN = settings.DATABASES["default"]["NAME"]
_made: list[str] = []


@dataclass(frozen=True, slots=True)
class Measured:
    """A database that an import in a process of its own filled, with that process's peak memory."""

    database: str
    peak_mb: float


def create(label: str) -> str:
    """A migrated database with regions and no school; its name."""
    name = f"bench_{label}_{os.getpid()}"
    _outside(f'CREATE DATABASE "{name}" TEMPLATE {settings.DATABASES["default"]["TEST"]["TEMPLATE"]}')
    _made.append(name)
    with using(name):
        call_command("migrate", "directory", verbosity=0)
        provinces, districts = _boundaries()
        for path, level in ((provinces, Region.Level.PROVINCE), (districts, Region.Level.DISTRICT)):
            import_regions(path, level=level, valid_from=DEFAULT_VALID_FROM, dry_run=False)
    return name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Django's connection to one of these databases."""
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = _OWN


def close() -> None:
    """Drop what this run made. Plainly: `WITH (FORCE)` refuses while autovacuum works there."""
    while _made:
        _outside(f'DROP DATABASE IF EXISTS "{_made.pop()}"')


@cache
def school_file(rows: int) -> Path:
    """The official file where a setting points to it and it has that many rows, else a generated one."""
    if settings.REAL_DATA and rows == KOREA:
        found = sorted(Path(settings.REAL_DATA).glob("schools/standard_school_locations_*.csv"))
        if found:
            return found[-1]
    return generated(rows)


@cache
def generated(rows: int) -> Path:
    """A standard file of invented schools."""
    folder = settings.VAR / "bench" / str(rows)
    path = folder / generate.SCHOOLS
    if not path.exists():
        half = folder / "half"
        generate.write(half, _boundaries()[1], count=rows, only=[generate.SCHOOLS])
        (half / generate.SCHOOLS).replace(path)
    return path


@cache
def imported(rows: int) -> Measured:
    """A database with that many invented schools, imported by the command in its own process."""
    name = create(str(rows))
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _IMPORT, str(generated(rows))],
        env=os.environ | {"MAPSITE_DB_NAME": name},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    with using(name), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_school")
    return Measured(name, int(run.stdout) / 1024)


# The kernel's own mark of this program's memory: what `wait` reports would count its parent's, too.
_IMPORT = """
import os, pathlib, re, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapsite.settings")
import django
from django.core.management import call_command
django.setup()
call_command("import_schools", sys.argv[1], stdout=open(os.devnull, "w"))
print(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])
"""


@cache
def _boundaries() -> tuple[Path, Path]:
    return boundaries.write(settings.NODE_MODULES, settings.VAR / "regions")


def _outside(statement: str) -> None:
    with using("postgres"), connection.cursor() as cursor:
        cursor.execute(statement)
