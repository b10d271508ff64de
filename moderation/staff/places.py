"""What the desk's map shows, as GeoJSON (RFC 7946; EPSG:4326, lon, lat): schools, cases and public records.

Only what this person may work on; the file is made for one page and kept by no cache.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.directory.matching import look_alikes
from geo.directory.models import School
from geo.record.models import ImpactRecord
from geo.record.vocabulary import Status
from moderation.review.models import Case, Member
from moderation.review.vocabulary import CaseState
from moderation.staff.querysets import visible

AROUND = 15  # kilometres around a school in which other cases are shown
LATELY = dt.timedelta(days=365)
MOST_AROUND, MOST = 100, 2000  # cases near one school, and on the whole map; the newest come first


class Place(NamedTuple):
    """One mark: a point with what stands beside it; `kind` gives its shape."""

    kind: str  # this, alike, case, record
    school: School
    note: str
    address: str


def around(case: Case, by: Member) -> list[Place]:
    """This school, those that are taken for it, and recent cases near it."""
    found = [Place("this", case.school, "", reverse("staff:school", args=[case.school_id]))]
    found += [
        Place("alike", other, _("similar name"), reverse("staff:school", args=[other.pk]))
        for other in look_alikes(case.school)
    ]
    return found + [_case(near) for near in near(case, by)]


def near(case: Case, by: Member) -> list[Case]:
    """Cases of other schools within `AROUND` that were opened within a year, newest first."""
    middle: Point | None = case.school.point
    if middle is None:
        return []
    recent = visible(by).filter(opened_at__gt=timezone.now() - LATELY).exclude(school=case.school_id)
    close = recent.filter(
        school__point__dwithin=(middle, _degrees()), school__point__distance_lte=(middle, D(km=AROUND))
    )
    return list(close.select_related("school__region__parent").order_by("-opened_at")[:MOST_AROUND])


def everything(by: Member) -> list[Place]:
    """Public records that name a school, and the newest open cases."""
    records = ImpactRecord.objects.filter(~Q(status=Status.WITHDRAWN), school__isnull=False)
    shown = [
        Place(
            "record",
            record.school,
            str(record.get_status_display()),
            reverse("staff:record", args=[record.pk]),
        )
        for record in records.select_related("school").defer("school__grams")
        if record.school
    ]
    cases = visible(by).filter(decided_at=None).select_related("school").order_by("-opened_at")[:MOST]
    return shown + [_case(case) for case in cases]


def geojson(places: list[Place]) -> dict[str, Any]:
    """A FeatureCollection; a school without a point is left out."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [place.school.point.x, place.school.point.y]},
                "properties": {
                    "kind": place.kind,
                    "name": _name(place.school),
                    "note": place.note,
                    "href": place.address,
                },
            }
            for place in places
            if place.school.point
        ],
    }


def _case(case: Case) -> Place:
    note = f"{case.month:%Y-%m} · {CaseState(case.state).label}"
    return Place("case", case.school, note, reverse("staff:case", args=[case.pk]))


def _name(school: School) -> str:
    return school.name_en if get_language() == "en" and school.name_en else school.name


def _degrees() -> float:
    """Enough degrees for `AROUND` kilometres in Korea, where one of longitude is at least 86 km; uses the index."""
    return AROUND / 86
