"""Which school of the directory another register's row means, when the two share no id.

Name and place decide, in SQL, for the whole file at once. A pair counts only if each is the other's
single best: a tie is reported as ambiguous and never resolved by guessing (SAFEGUARDS B2).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from geo.directory.models import School, SchoolIdentifier
from geo.directory.report import Finding, Kind
from geo.directory.staging import BATCH, Staged

ROUNDS = 3  # a line whose best school went to a better line may still have a second one


class Place(NamedTuple):
    """What a row says beside the school's own fields."""

    province: str = ""  # code
    districts: tuple[str, ...] = ()  # codes; several where the address leaves it open
    quarter: str = ""  # 동, which can decide between several districts
    creates: bool = False  # a kind of school that no other register holds
    skipped: str | None = None  # why the row is left aside although nothing is wrong with it
    pupils: int | None = None


_EXTRA = (
    "province text, districts text[], quarter text, creates boolean, skipped text, pupils integer, "
    "school_id text, verdict text"
)
_COPIED = (*Staged._fields, *Place._fields)
# Exact name, then district, then address, then level: each outweighs all that follow.
_SCORE = """
    8 * (t.name = c.name)::int + 4 * (t.region_id = ANY(c.districts))::int
    + 2 * (c.address_road <> '' AND t.address_road = c.address_road)::int + (t.level = c.level)::int
"""


def create() -> None:
    """Make the temporary table; it goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.claimed, pg_temp.candidate")
        cursor.execute(f"CREATE TEMP TABLE claimed (LIKE directory_staged, {_EXTRA}) ON COMMIT DROP")


def load(rows: Iterable[tuple[Staged, Place]]) -> None:
    """Stream rows in; refuse every row whose id the file has twice."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY claimed ({', '.join(_COPIED)}) FROM STDIN") as copy:
            for staged, place in rows:
                copy.write_row((*staged, place.province, list(place.districts), *place[2:]))
        cursor.execute("ANALYZE claimed")
        cursor.execute(
            """
            WITH twice AS (
                SELECT id, string_agg(line::text, ', ' ORDER BY line) AS lines
                FROM claimed WHERE id <> '' AND skipped IS NULL GROUP BY id HAVING count(*) > 1
            )
            UPDATE claimed c SET reason = concat('the id ', t.id, ' is on lines ', t.lines)
            FROM twice t WHERE c.id = t.id AND c.skipped IS NULL
            """
        )


def match(system: SchoolIdentifier.System, *, among: list[School.Register]) -> None:
    """Find each row's school among these registers and keep the pairs in the cross-walk."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claimed c SET school_id = i.school_id, verdict = 'matched'
            FROM directory_schoolidentifier i JOIN directory_school t ON t.id = i.school_id
            WHERE i.system = %s AND i.value = c.id AND c.reason IS NULL AND c.skipped IS NULL
              AND t.name_key = c.name_key AND t.left_register_on IS NULL AND t.register = ANY(%s)
            """,
            [system, among],
        )
        cursor.execute(_CANDIDATES, {"among": among})
        for _round in range(ROUNDS):
            cursor.execute(_MATCH)
            if not cursor.rowcount:
                break
            cursor.execute(_STRIKE_OUT)
        cursor.execute(_VERDICT)
        cursor.execute(
            """
            DELETE FROM directory_schoolidentifier i USING claimed c
            WHERE i.system = %(system)s AND c.school_id IS NOT NULL
              AND (i.school_id = c.school_id) <> (i.value = c.id)
            """,
            {"system": system},
        )
        cursor.execute(
            """
            INSERT INTO directory_schoolidentifier (school_id, system, value)
            SELECT school_id, %s, id FROM claimed WHERE school_id IS NOT NULL
            ON CONFLICT DO NOTHING
            """,
            [system],
        )


_CANDIDATES = f"""
    CREATE TEMP TABLE candidate ON COMMIT DROP AS
    SELECT c.line, t.id, {_SCORE} AS score
    FROM claimed c
    JOIN directory_school t ON t.name_key = c.name_key
    JOIN directory_region r ON r.code = t.region_id
    WHERE c.reason IS NULL AND c.skipped IS NULL AND c.school_id IS NULL
      AND t.register = ANY(%(among)s) AND t.left_register_on IS NULL
      AND coalesce(r.parent_id, r.code) = c.province
      AND (t.region_id = ANY(c.districts) OR c.districts = '{{}}' OR t.region_id = c.province
           OR (c.address_road <> '' AND t.address_road = c.address_road))
      AND (t.level = c.level OR (c.address_road <> '' AND t.address_road = c.address_road))
      AND t.id NOT IN (SELECT taken.school_id FROM claimed taken WHERE taken.school_id IS NOT NULL)
"""
_MATCH = """
    WITH ranked AS (
        SELECT line, id,
               rank() OVER (PARTITION BY line ORDER BY score DESC) AS of_line,
               rank() OVER (PARTITION BY id ORDER BY score DESC) AS of_school,
               count(*) OVER (PARTITION BY line, score) AS line_ties,
               count(*) OVER (PARTITION BY id, score) AS school_ties
        FROM candidate
    )
    UPDATE claimed c SET school_id = ranked.id, verdict = 'matched'
    FROM ranked
    WHERE ranked.line = c.line AND of_line = 1 AND of_school = 1 AND line_ties = 1 AND school_ties = 1
"""
_STRIKE_OUT = """
    DELETE FROM candidate
    WHERE line IN (SELECT line FROM claimed WHERE verdict = 'matched')
       OR id IN (SELECT school_id FROM claimed WHERE verdict = 'matched')
"""
_VERDICT = """
    UPDATE claimed c SET verdict = CASE WHEN tied.ids IS NULL THEN 'unmatched' ELSE 'ambiguous' END,
                         doubt = tied.ids
    FROM claimed self
    LEFT JOIN (SELECT line, string_agg(id, ', ' ORDER BY id) AS ids FROM candidate GROUP BY line) tied
      ON tied.line = self.line
    WHERE self.line = c.line AND c.verdict IS NULL AND c.reason IS NULL AND c.skipped IS NULL
"""


def findings() -> Iterator[Finding]:
    """What became of every row, streamed; rows that made a school are told by its own import."""
    with connection.connection.cursor(name="claims") as cursor:
        cursor.itersize = BATCH
        cursor.execute(
            f"""
            SELECT CASE WHEN reason IS NOT NULL THEN '{Kind.REFUSED}'
                        WHEN skipped IS NOT NULL THEN '{Kind.SKIPPED}'
                        ELSE verdict END,
                   line, trim(concat(id, ' ', name)),
                   CASE WHEN verdict = 'ambiguous' THEN concat('could be ', doubt)
                        WHEN verdict = 'unmatched' THEN concat('no such school in ', coalesce(
                            nullif(address_road, ''),
                            (SELECT string_agg(name_ko, ', ') FROM directory_region
                             WHERE code = ANY(districts)),
                            (SELECT name_ko FROM directory_region WHERE code = province)))
                        ELSE coalesce(reason, skipped, '') END
            FROM claimed WHERE NOT (creates AND verdict = 'made') OR reason IS NOT NULL OR skipped IS NOT NULL
            ORDER BY line
            """
        )
        for kind, line, subject, detail in cursor:
            yield Finding(Kind(kind), line, subject, detail)
