"""Finding a school: by name, half a name, initials of syllables, English, place, official id.

The same words in any order find the same schools; a school is always found by its own name. Every
statement is bound by an index (geo.directory.lookups), so two million schools cost what twelve
thousand do.
"""

from collections.abc import Iterable, Iterator
from math import asin, cos, radians, sin, sqrt

from django.db import transaction
from rapidfuzz import fuzz, process

from geo.directory import hangul, keys, lookups, query
from geo.directory.models import School
from geo.directory.query import Reading

MOST = 200  # results of one search
EARTH_M = 6_371_008.8  # mean radius, metres (IUGG)
SIMILAR = 60  # rapidfuzz ratio from which a name is worth suggesting
PREFIX, INFIX, LISTED = 1, 2, 3  # how well a school fits; 0 is exact


def by_id(text: str) -> School | None:
    """The school of this official id, with `region` and `region.parent` loaded but no boundaries; None for anything else."""
    if not text.replace("-", "").isalnum():  # no official id is otherwise, and PostgreSQL refuses NUL
        return None
    schools = School.objects.select_related("region__parent")
    return schools.defer("grams", "region__boundary", "region__parent__boundary").filter(pk=text).first()


@transaction.atomic
def find(
    *,
    text: str = "",
    region: str | None = None,
    level: str | None = None,
    near: tuple[float, float] | None = None,
    radius_m: int | None = None,
    limit: int = 20,
) -> list[School]:
    """The schools that fit best, the best first, with `region` and `region.parent` loaded.

    Args:
        text: whatever was typed; longer than 100 characters is cut, nothing readable finds nothing.
        region: code of a province or district.
        level: code of School.Level.
        near: (latitude, longitude) in degrees, EPSG:4326; orders by distance.
        radius_m: metres around `near`.
    """
    limit = max(1, min(limit, MOST))
    lookups.settle_planner()
    within = query.codes_within(region) if region else None
    if (official := query.official_id(text)) and (found := lookups.by_official_id(official)):
        return _load(found)
    readings = query.readings(text, within=within, level=level)
    spoken = [reading for reading in readings if reading.words]
    if near is not None:
        if query.words(text) and not spoken and not readings:
            return []
        return _near(near, radius_m, spoken, Reading((), within, level), limit)
    ranks = _ranked(readings, limit)
    places = {id_: place for place, id_ in enumerate(ranks)}
    return sorted(
        _load(ranks), key=lambda school: _order(school, ranks[school.pk], places[school.pk], spoken)
    )[:limit]


@transaction.atomic
def nearest_names(*, text: str, limit: int = 5) -> list[School]:
    """Schools whose names are like a text that found none, the most alike first: 김성초 → 금성초."""
    typed = query.words(text)
    key = keys.typed_key("".join(typed))
    if not key:
        return []
    lookups.settle_planner()
    first = hangul.initials(key)
    grams = keys.syllable_grams(key) | keys.initials_grams(first) | keys.english_grams(keys.english_key(text))
    ids = dict.fromkeys(
        [*lookups.by_prefix(Reading((first,)), MOST), *lookups.sharing_grams(sorted(grams), MOST)]
    )
    names = dict(School.objects.filter(pk__in=ids).values_list("pk", "name_key"))
    alike = process.extract(key, names, scorer=fuzz.ratio, limit=limit, score_cutoff=SIMILAR)
    order = {pk: place for place, (_name, _score, pk) in enumerate(alike)}
    return sorted(_load(order), key=lambda school: order[school.pk])


def _ranked(readings: Iterable[Reading], limit: int) -> dict[str, int]:
    """Ids with how well they fit, asking the next reading and tier only while there is room."""
    ranks: dict[str, int] = {}
    for reading in readings:
        for rank, ids in _tiers(reading, limit):
            for id_ in ids:
                ranks.setdefault(id_, rank)
            if len(ranks) >= limit:
                return ranks
    return ranks


def _tiers(reading: Reading, limit: int) -> Iterator[tuple[int, list[str]]]:
    if not reading.words:
        yield LISTED, lookups.by_region(reading, limit)
    elif reading.key:
        yield PREFIX, lookups.by_prefix(reading, limit)
        yield INFIX, lookups.by_grams(reading, limit)


def _order(school: School, rank: int, place: int, readings: list[Reading]) -> tuple[object, ...]:
    """Exact names first, what is gone last; equal names are told apart by region.

    Initials keep the place that their lookup gave them: commonest names first.
    """
    gone = school.left_register_on is not None or school.status == School.Status.CLOSED
    if any(reading.has_initials for reading in readings):
        return (gone, rank, place)
    exact = any(
        school.name_key in reading.exact or reading.english == school.name_en_key != ""
        for reading in readings
    )
    return (gone, 0 if exact else rank, school.name_key, school.region_id or "", school.pk)


def _near(
    near: tuple[float, float], radius_m: int | None, spoken: list[Reading], anything: Reading, limit: int
) -> list[School]:
    latitude, longitude = near
    if spoken:
        schools = _load(_ranked(spoken, MOST))
    else:
        schools = _load(lookups.nearest(longitude, latitude, anything, limit))
    reached = [
        (metres, school)
        for school in schools
        if school.point is not None
        and (metres := distance_m(latitude, longitude, school.point.y, school.point.x))
        <= (radius_m or EARTH_M * 4)
    ]
    return [school for _metres, school in sorted(reached, key=lambda pair: (pair[0], pair[1].pk))][:limit]


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Metres along the sphere between two points in degrees."""
    half_lat, half_lon = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def _load(ids: Iterable[str]) -> list[School]:
    """Schools with their regions, without the heavy boundaries."""
    return list(
        School.objects.filter(pk__in=list(ids))
        .select_related("region__parent")
        .defer("grams", "region__boundary", "region__parent__boundary")
    )
