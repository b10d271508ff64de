"""Points for schools whose register has none (special schools), asked of a geocoder by address.

The only module that imports geopy. An answer counts when it lies in the school's own district and is
one place: several places are `ambiguous`, none is `unknown`; nothing is guessed. Every address is asked
once, at most one a second (Nominatim's usage policy), and its answer kept.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from geo.directory.faults import FileFault
from geo.directory.models import GeocodeAnswer, Import, School
from geo.directory.report import Finding, Kind, Report
from geo.directory.search import distance_m

PAUSE_S = 1.0  # seconds between two questions; the public service asks for it
TIMEOUT_S = 10  # seconds for one answer
RETRIES = 2
RETRY_WAIT_S = 5.0
ONE_PLACE_M = 300  # metres within which several answers are the same place: a campus
ASK_AGAIN = dt.timedelta(days=90)  # for what was not found
MOST_ANSWERS = 5
Ask = Callable[[str], list[tuple[float, float]]]


class Answer(NamedTuple):
    """One address's outcome; a point only when it is one place."""

    located: School.Located
    point: Point | None
    reason: str = ""


def geocode_schools(
    *, limit: int | None = None, pause_s: float = PAUSE_S, retry_wait_s: float = RETRY_WAIT_S
) -> Report:
    """Ask for every operating school without a point; each answer is kept at once.

    Raises:
        FileFault: geocoding is switched off, or the service does not answer (what was found is kept).
    """
    ask = geocoder(pause_s=pause_s, retry_wait_s=retry_wait_s)
    report = Report()
    try:
        for school in _without_point(limit):
            _settle(school, answer(school, ask), report)
    except GeopyError as error:
        raise FileFault(
            f"the geocoder does not answer ({type(error).__name__}); what it answered before is kept"
        ) from error
    finally:
        if report.counts[Kind.MATCHED]:
            Import.objects.create(
                kind=Import.Kind.GEOCODING, finished_at=timezone.now(), counts=dict(report.counts)
            )
    return report


def geocoder(*, pause_s: float, retry_wait_s: float) -> Ask:
    """A function from an address to the places found, (longitude, latitude) in degrees, EPSG:4326.

    Raises:
        FileFault: the setting names no geocoder.
    """
    if not settings.GEOCODER:
        raise FileFault("geocoding is switched off (MAPSITE_GEOCODER is empty)")
    if settings.GEOCODER != "nominatim":
        raise FileFault(f"“{settings.GEOCODER}” is no geocoder that is known; nominatim is")
    where = urlsplit(
        settings.GEOCODER_DOMAIN if "//" in settings.GEOCODER_DOMAIN else f"//{settings.GEOCODER_DOMAIN}"
    )
    service = Nominatim(
        user_agent=f"verified-school-impact-map ({settings.PUBLIC_ORIGIN})",
        domain=where.netloc or "nominatim.openstreetmap.org",
        scheme=where.scheme or "https",
        timeout=TIMEOUT_S,
    )
    limited = RateLimiter(
        service.geocode,
        min_delay_seconds=pause_s,
        max_retries=RETRIES,
        error_wait_seconds=max(pause_s, retry_wait_s),
        swallow_exceptions=False,
    )

    def ask(address: str) -> list[tuple[float, float]]:
        places = limited(address, exactly_one=False, limit=MOST_ANSWERS, country_codes="kr") or []
        return [(place.longitude, place.latitude) for place in places]

    return ask


def answer(school: School, ask: Ask) -> Answer:
    """The kept answer for a school's address, or a new one; both only as far as its district agrees.

    Raises:
        GeopyError: the service failed after its retries.
    """
    address = school.address_road or school.address_lot
    if not address:
        return Answer(School.Located.UNKNOWN, None, "there is no address")
    kept = GeocodeAnswer.objects.filter(address=address).first()
    if kept and (kept.located == School.Located.GEOCODED or kept.asked_at > timezone.now() - ASK_AGAIN):
        found = Answer(School.Located(kept.located), kept.point, "asked before")
    else:
        found = _judged(ask(address), school)
        GeocodeAnswer.objects.update_or_create(
            address=address,
            defaults={"asked_at": timezone.now(), "located": found.located, "point": found.point},
        )
    if found.point is not None and not _inside(school, found.point):
        return Answer(School.Located.UNKNOWN, None, "the answer lies outside the school's district")
    return found


def _judged(places: list[tuple[float, float]], school: School) -> Answer:
    points = [Point(*place, srid=4326) for place in places]
    inside = [point for point in points if _inside(school, point)]
    if not inside:
        reason = "every answer lies outside the school's district" if points else "the address was not found"
        return Answer(School.Located.UNKNOWN, None, reason)
    first = inside[0]
    if any(distance_m(first.y, first.x, other.y, other.x) > ONE_PLACE_M for other in inside[1:]):
        return Answer(School.Located.AMBIGUOUS, None, f"{len(inside)} different places")
    return Answer(School.Located.GEOCODED, first)


def _inside(school: School, point: Point) -> bool:
    boundary = school.region.boundary if school.region else None
    return boundary is not None and bool(boundary.covers(point))


@transaction.atomic
def _settle(school: School, found: Answer, report: Report) -> None:
    School.objects.filter(pk=school.pk, point=None).update(point=found.point, located=found.located)
    kind = {
        School.Located.GEOCODED: Kind.MATCHED,
        School.Located.AMBIGUOUS: Kind.AMBIGUOUS,
    }.get(found.located, Kind.UNMATCHED)
    report.add(Finding(kind, None, f"{school.pk} {school.name}", found.reason))


def _without_point(limit: int | None) -> Iterator[School]:
    wanted = (
        School.objects.filter(point=None, left_register_on=None)
        .exclude(status=School.Status.CLOSED)
        .select_related("region")
        .order_by("pk")
    )
    yield from wanted[:limit] if limit is not None else wanted
