"""What somebody can subscribe to: a school of the register, a region, or everything."""

from __future__ import annotations

from typing import NamedTuple

from geo.directory import search
from geo.directory.models import Region, School


class Place(NamedTuple):
    """At most one of both; neither means everything."""

    school: School | None = None
    region: Region | None = None


EVERYTHING = Place()


def of_school(school_id: str) -> Place | None:
    """The place of this official id, or None; a closed school keeps its page and its records."""
    school = search.by_id(school_id)
    return Place(school=school) if school else None


def of_region(code: str) -> Place | None:
    if not code.isalnum():
        return None
    region = (
        Region.objects.select_related("parent").defer("boundary", "parent__boundary").filter(pk=code).first()
    )
    return Place(region=region) if region else None


def provinces() -> list[tuple[Region, list[Region]]]:
    """Every region that is valid today, districts under their province."""
    today = Region.objects.defer("boundary").filter(valid_until=None).order_by("code")
    found: dict[str, tuple[Region, list[Region]]] = {
        region.pk: (region, []) for region in today if region.level == Region.Level.PROVINCE
    }
    for region in today:
        if region.parent_id in found:
            found[region.parent_id][1].append(region)
    return list(found.values())
