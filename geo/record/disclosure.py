"""What may be said about a school that is too small to be named (SAFEGUARDS C2; ADR 6).

The rule is `record_place` in `sql/place.sql`; here it is asked, and here is what an attacker could conclude from its
answers, for the tests and for whoever explains it.
"""

from typing import NamedTuple

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
