"""The set-based half of an import: rows stream into a temporary table, SQL compares and takes over.

Nothing here grows with the file on our side of the connection; everything runs in the caller's
transaction, so a fault leaves the directory as it was.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from geo.directory.models import School
from geo.directory.report import Finding, Kind

FAR_M = 1000  # metres from which a school counts as moved
BATCH = 1000  # findings fetched at a time


class Staged(NamedTuple):
    """One row on its way in. With a `reason` it is refused and only line and id matter.

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


_TYPES = {
    "line": "integer",
    "established_on": "date",
    "longitude": "double precision",
    "latitude": "double precision",
    "register_date": "date",
    "grams": "text[]",
}
_POINT = "ST_SetSRID(ST_MakePoint(s.longitude, s.latitude), 4326)"
# What the register decides alone; the rest is merged below.
_TAKEN = [
    "name",
    "level",
    "founding",
    "status",
    "branch",
    "established_on",
    "address_road",
    "address_lot",
    "office",
    "district_office",
    "region_id",
    "register_date",
    "name_key",
    "initials",
]
_TOLD = ("name_en", "phone", "fax", "homepage")
_BOUND = ("name", "region_id", "address_road", "address_lot", "status", "level")
_ENGLISH_KEPT = "ARRAY(SELECT g FROM unnest(t.grams) g WHERE g LIKE '=%%')"


def create() -> None:
    """Make the temporary table; it goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged")  # of an import in the same outer transaction
        cursor.execute(f"CREATE TEMP TABLE staged ({columns_sql()}) ON COMMIT DROP")


def columns_sql() -> str:
    """The columns of a staged row with their types."""
    return ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in Staged._fields)


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
        cursor.execute("CREATE INDEX ON staged (id)")
        cursor.execute("ANALYZE staged")
        cursor.execute(
            """
            WITH twice AS (
                SELECT id, string_agg(line::text, ', ' ORDER BY line) AS lines,
                       count(DISTINCT name) > 1 AS differ
                FROM staged WHERE id <> '' GROUP BY id HAVING count(*) > 1
            )
            UPDATE staged s SET reason = concat('the id ', t.id, ' is on lines ', t.lines,
                CASE WHEN t.differ THEN ' for different schools' ELSE '' END)
            FROM twice t WHERE s.id = t.id
            """
        )


def departures(register: School.Register) -> tuple[int, int]:
    """How many schools of a register the staged file no longer names, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = t.id)), count(*)
            FROM directory_school t WHERE t.register = %s AND t.left_register_on IS NULL
            """,
            [register],
        )
        gone, all_ = cursor.fetchone()
    return gone, all_


def findings(register: School.Register) -> Iterator[Finding]:
    """What taking the staged rows over will change, streamed; call it before `take_over`."""
    # A cursor on the server keeps the result there, however long it is.
    with connection.connection.cursor(name="findings") as cursor:
        cursor.itersize = BATCH
        cursor.execute(_FINDINGS, {"register": register, "far": FAR_M})
        for kind, line, subject, detail in cursor:
            yield Finding(Kind(kind), line, subject, detail or "")


_FINDINGS = f"""
    WITH pair AS (
        SELECT s.*, {_POINT} AS new_point, t.id IS NULL AS is_new, t.name AS old_name, t.status AS old_status,
               t.point AS old_point, t.left_register_on AS gone_since
        FROM staged s LEFT JOIN directory_school t ON t.id = s.id WHERE s.reason IS NULL
    ), told AS (
        SELECT '{Kind.ADDED}' AS kind, line, concat(id, ' ', name) AS subject, '' AS detail
        FROM pair WHERE is_new
        UNION ALL
        SELECT '{Kind.RENAMED}', line, id, concat(old_name, ' → ', name)
        FROM pair WHERE NOT is_new AND old_name <> name
        UNION ALL
        SELECT '{Kind.MOVED}', line, concat(id, ' ', name),
               concat(round(ST_DistanceSphere(old_point, new_point))::bigint, ' m')
        FROM pair WHERE ST_DistanceSphere(old_point, new_point) > %(far)s
        UNION ALL
        SELECT '{Kind.CLOSED}', line, concat(id, ' ', name), ''
        FROM pair WHERE status = 'closed' AND (is_new OR old_status <> 'closed')
        UNION ALL
        SELECT '{Kind.RETURNED}', line, concat(id, ' ', name), concat('had left on ', gone_since)
        FROM pair WHERE gone_since IS NOT NULL
        UNION ALL
        SELECT '{Kind.DOUBTFUL}', line, concat(id, ' ', name), doubt FROM pair WHERE doubt IS NOT NULL
        UNION ALL
        SELECT '{Kind.LEFT}', NULL, concat(t.id, ' ', t.name), ''
        FROM directory_school t
        WHERE t.register = %(register)s AND t.left_register_on IS NULL
          AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = t.id)
        UNION ALL
        SELECT '{Kind.REFUSED}', line, id, reason FROM staged WHERE reason IS NOT NULL
    )
    SELECT * FROM told ORDER BY line, subject
"""


def take_over(register: School.Register) -> None:
    """Add and renew the accepted rows; flag what left the register, never delete (SAFEGUARDS B1).

    A row that nothing changes is not written. `version` grows with what the two-person rule is bound
    to (`_BOUND`) and with leaving and returning.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, {"register": register})
        cursor.execute(_INSERT, {"register": register})
        cursor.execute(
            """
            UPDATE directory_school t
            SET left_register_on = (SELECT coalesce(max(register_date), current_date) FROM staged),
                version = version + 1
            WHERE t.register = %s AND t.left_register_on IS NULL
              AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = t.id)
            """,
            [register],
        )


_SAME = " AND ".join(f"t.{name} IS NOT DISTINCT FROM s.{name}" for name in _TAKEN)
_SAME_TOLD = " AND ".join(f"t.{name} = coalesce(s.{name}, t.{name})" for name in _TOLD)
_UPDATE = f"""
    UPDATE directory_school t SET
        {", ".join(f"{name} = s.{name}" for name in _TAKEN)},
        {", ".join(f"{name} = coalesce(s.{name}, t.{name})" for name in _TOLD)},
        name_en_key = CASE WHEN s.name_en IS NULL THEN t.name_en_key ELSE s.name_en_key END,
        grams = CASE WHEN s.name_en IS NULL THEN s.grams || {_ENGLISH_KEPT} ELSE s.grams END,
        point = coalesce({_POINT}, t.point),
        located = CASE WHEN s.longitude IS NULL THEN t.located ELSE 'register' END,
        register = %(register)s,
        left_register_on = NULL,
        version = t.version + CASE WHEN t.left_register_on IS NOT NULL
            OR ROW({", ".join(f"t.{name}" for name in _BOUND)})
            IS DISTINCT FROM ROW({", ".join(f"s.{name}" for name in _BOUND)}) THEN 1 ELSE 0 END
    FROM staged s
    WHERE t.id = s.id AND s.reason IS NULL AND NOT (
        {_SAME} AND {_SAME_TOLD} AND t.left_register_on IS NULL AND t.register = %(register)s
        AND t.point IS NOT DISTINCT FROM coalesce({_POINT}, t.point)
    )
"""
_INSERT = f"""
    INSERT INTO directory_school ({", ".join([*_TAKEN, *_TOLD])}, id, register, name_en_key, grams, point,
                                  located, version)
    SELECT {", ".join(f"s.{name}" for name in _TAKEN)},
           {", ".join(f"coalesce(s.{name}, '')" for name in _TOLD)},
           s.id, %(register)s, s.name_en_key, s.grams, {_POINT},
           CASE WHEN s.longitude IS NULL THEN 'unknown' ELSE 'register' END, 1
    FROM staged s
    WHERE s.reason IS NULL AND NOT EXISTS (SELECT 1 FROM directory_school t WHERE t.id = s.id)
"""
