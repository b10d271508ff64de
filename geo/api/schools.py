"""Schools out of the directory, for the API."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from geo.api import shapes
from geo.api.problems import Problem
from geo.directory import search as directory
from geo.directory.models import Region, School
from geo.record import snapshot
from geo.record.snapshot.data import PublicSchool, RegionInfo

LIMIT = 20  # schools of one answer


def search(
    *,
    q: str = "",
    region: str | None = None,
    level: str | None = None,
    near: tuple[float, float] | None = None,
    radius: int | None = None,
) -> shapes.Json:
    """Schools that match, best first; schools of the nearest names where none does.

    `near` is latitude and longitude in degrees (EPSG:4326), `radius` in metres.

    Raises:
        Problem: there is no region with this code.
    """
    if region is not None and not Region.objects.filter(pk=region).exists():
        raise Problem("invalid-parameter", region=no_such_region())
    found = directory.find(text=q, region=region, level=level, near=near, radius_m=radius, limit=LIMIT)
    suggestions = [] if found or not q.strip() else directory.nearest_names(text=q)
    return {
        "results": [shape(school) for school in found],
        "suggestions": [shape(school) for school in suggestions],
    }


def one(school_id: str) -> shapes.Json:
    """A school without public records: one that has some is a snapshot file.

    Raises:
        Http404: the official register has no such school.
        NoSnapshot: nobody can say yet whether it has records.
    """
    snapshot.current()
    school = directory.by_id(school_id)
    if school is None:
        raise Http404
    return {**shape(school), "records": []}


def shape(school: School) -> shapes.Json:
    place = school.region
    regions: dict[str, RegionInfo] = {}
    for region in filter(None, (place, place.parent if place else None)):
        regions[region.code] = RegionInfo(
            region.code, region.level, region.parent_id, region.name_ko, region.name_en
        )
    return shapes.school(public_school(school, place), regions)


def public_school(school: School, place: Region | None) -> PublicSchool:
    """The same values that the snapshot takes from the directory (`geo.record.snapshot.load`)."""
    district = place.code if place and place.level == "district" else None
    province: Any = (place.parent_id if district else place.code) if place else None
    return PublicSchool(
        id=school.id,
        name=school.name,
        name_en=school.name_en,
        level=school.level,
        founding=school.founding,
        branch=school.branch,
        status=school.status,
        address=school.address_road or school.address_lot,
        district=district,
        province=province,
        lon=round(school.point.x, 6) if school.point else None,
        lat=round(school.point.y, 6) if school.point else None,
        left_register=school.left_register_on is not None,
    )


def no_such_region() -> str:
    return _("There is no region with this code.")
