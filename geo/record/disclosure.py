"""What may be said about a school that is too small to be named, and about a few of them (SAFEGUARDS C2; ADR 6, 10).

The rule of places is `record_place` in `sql/place.sql`; here it is asked, and here is what an attacker could conclude
from its answers, for the tests and for whoever explains it. The rule of sums is here: `controlled`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection

from geo.directory.models import School


class Place(NamedTuple):
    """`region` is None for a named school, and where no region is large enough; `room` is about one more record."""

    names_school: bool
    region: str | None
    room: bool


def place(school: School) -> Place:
    """Where a record about this school may be shown now, and whether one more may be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT names_school, region_id, room FROM record_place(%s)", [school.pk])
        return Place(*cursor.fetchone())


def small(school: School) -> bool:
    return not place(school).names_school


def pools() -> dict[str | None, set[str]]:
    """The small schools that readers who know the rule must think of, by the region shown (None: no region)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, p.region_id FROM directory_school s, record_place(s.id) p"
            " WHERE s.status = 'operating' AND s.left_register_on IS NULL AND NOT p.names_school"
        )
        found: dict[str | None, set[str]] = {}
        for school, region in cursor.fetchall():
            found.setdefault(region, set()).add(school)
    return found


# --- sums ----------------------------------------------------------------------------------------------

STEP = 5  # as many as could be meant by a place (`record_least_candidates`)


def step(count: int) -> int:
    """What is said of a count: the multiple of `STEP` that it has reached."""
    return count - count % STEP


def covered(total: int, cells: Collection[int]) -> int:
    """What is said of a total beside its cells: never so much that it forces one of them above what it says itself.

    Each of n cells may be up to `STEP` - 1 more than it says; a total says at most what n - 1 of them could hold.
    """
    return min(step(total), step(_most(map(step, cells), len(cells))))


def controlled(*tables: Mapping[Any, int]) -> list[dict[Any, int]]:
    """What may be seen of tables that count the same records in different ways, or some of them.

    Counts are given in whole steps, so two days differ by whole steps too, and what is not a step is no number. The
    sum of one table is a lower bound for each of the others: where it would force a cell of one of them above what
    that cell says, the largest cells of the first say a step less. A table's own sum is what its cells say together
    and no count of its own, so nothing is left to subtract.
    """
    said = [{key: step(count) for key, count in table.items()} for table in tables]
    most = min((_most(cells.values(), len(cells)) for cells in said if cells), default=0)
    for cells in said:
        while sum(cells.values()) > most:
            cells[max(cells, key=lambda key: cells[key])] -= STEP
    return said


def _most(said: Iterable[int], cells: int) -> int:
    """The largest sum that lets each of these cells be no more than it says, the others being as large as can be."""
    return sum(said) + (STEP - 1) * (cells - 1)
