"""The set-based half of an import: rows stream into a temporary table, functions compare and take over.

The functions are in `sql/take_over.sql`, which the registrar's desk shares. Nothing here grows with the file on our
side of the connection; everything runs in the caller's transaction, so a fault leaves the directory as it was.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from geo.directory.models import School
from geo.directory.report import Finding, Kind

BATCH = 1000  # findings fetched at a time


class Staged(NamedTuple):
    """One row on its way in, a `directory_staged`. With a `reason` it is refused and only line and id matter.

    None in name_en, phone, fax and homepage means that this register does not tell: what another
    register told is kept. Dates are ISO text, "" is written as NULL.
    """

    line: int
    id: str
    reason: str | None = None
    doubt: str | None = None
    name: str = ""
    name_en: str | None = None
    level: str = ""
    founding: str = ""
    status: str = ""
    branch: str = ""
    established_on: str | None = None
    address_road: str = ""
    address_lot: str = ""
    office: str = ""
    district_office: str = ""
    region_id: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    register_date: str | None = None
    phone: str | None = None
    fax: str | None = None
    homepage: str | None = None
    name_key: str = ""
    initials: str = ""
    name_en_key: str = ""
    grams: list[str] | None = None


def create() -> None:
    """Make the temporary table; it goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_stage()")


def load(rows: Iterable[Staged]) -> None:
    """Stream rows in."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY staged ({', '.join(Staged._fields)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def check() -> None:
    """Refuse every row whose id the file has twice, naming all its lines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_check_staged()")


def departures(register: School.Register) -> tuple[int, int]:
    """How many schools of a register the staged file no longer names, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gone, known FROM directory_departures(%s)", [register])
        gone, known = cursor.fetchone()
    return gone, known


def findings(register: School.Register) -> Iterator[Finding]:
    """What taking the staged rows over will change, streamed; call it before `take_over`."""
    # A cursor on the server keeps the result there, however long it is.
    with connection.connection.cursor(name="findings") as cursor:
        cursor.itersize = BATCH
        cursor.execute(_FINDINGS, {"register": register})
        for kind, line, subject, detail in cursor:
            yield Finding(Kind[kind.upper()], line, subject, detail or "")


_FINDINGS = """
    SELECT kind, line, CASE WHEN kind IN ('renamed', 'refused') THEN school ELSE concat(school, ' ', name) END AS subject,
           CASE kind WHEN 'renamed' THEN concat(changes -> 'name' ->> 0, ' → ', changes -> 'name' ->> 1)
                     WHEN 'moved' THEN concat(metres, ' m')
                     WHEN 'district' THEN concat(changes -> 'region_id' ->> 0, ' → ', changes -> 'region_id' ->> 1)
                     WHEN 'details' THEN (SELECT string_agg(k, ', ' ORDER BY k)
                                             FROM jsonb_object_keys(changes - 'register_date') k)
                     WHEN 'returned' THEN note WHEN 'doubtful' THEN note WHEN 'refused' THEN note END
      FROM directory_differences(%(register)s, false) d CROSS JOIN unnest(d.kinds) AS kind
     ORDER BY line, subject
"""


def take_over(register: School.Register) -> None:
    """Add and renew the accepted rows; flag what left the register, never delete (SAFEGUARDS B1)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_take_over(%s)", [register])
