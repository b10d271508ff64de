"""From an address to the region that it names (boundaries are drawn too coarsely to ask a point).

The first words decide: province, then city and district. A point is asked only where a name covers
parts of several districts, and then only to choose between these.
"""

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from django.contrib.gis.geos import Point

from geo.directory import region_names
from geo.directory.models import Region, RegionName

_UNITS = ("시", "군", "구")


class Place(NamedTuple):
    """Where an address lies: one district, or the several that its words leave open."""

    province: str  # code, "" when even that is unknown
    districts: tuple[str, ...]  # codes


NOWHERE = Place("", ())


class Gazetteer:
    """All region names in memory (some 2,000), for files of any length."""

    def __init__(self) -> None:
        self._provinces: dict[str, tuple[str, ...]] = {}
        self._districts: dict[tuple[str, str], tuple[str, ...]] = {}
        provinces: dict[str, list[str]] = defaultdict(list)
        districts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name, code, level, parent in RegionName.objects.order_by("region_id").values_list(
            "name", "region_id", "region__level", "region__parent_id"
        ):
            if level == Region.Level.PROVINCE:
                provinces[name].append(code)
                continue
            districts[parent or "", name].append(code)
            if former := region_names.FORMER_PROVINCE_OF_DISTRICT.get(code):
                districts[former, name].append(code)
        self._provinces = {name: tuple(codes) for name, codes in provinces.items()}
        self._districts = {key: tuple(codes) for key, codes in districts.items()}
        self._place = lru_cache(maxsize=4096)(self._read)
        # Read now: while a file streams into the database its connection can answer nothing else.
        shared = {code for codes in self._districts.values() if len(codes) > 1 for code in codes}
        self._boundaries = {
            code: boundary.prepared
            for code, boundary in Region.objects.filter(code__in=shared).values_list("code", "boundary")
            if boundary is not None
        }

    def __bool__(self) -> bool:
        return bool(self._districts)

    def place(self, address: str) -> Place:
        """The place that an address's first words name."""
        return self._place(" ".join(address.split()[:3]))

    def district(self, address: str, longitude: float | None, latitude: float | None) -> str:
        """The code of the one district of an address, or "" when it stays open.

        Args:
            longitude, latitude: degrees, EPSG:4326; asked only to choose between several districts.
        """
        place = self.place(address)
        if len(place.districts) == 1:
            return place.districts[0]
        if len(place.districts) < 2 or longitude is None or latitude is None:
            return ""
        return next(iter(self.containing(place.districts, longitude, latitude)), "")

    def containing(self, codes: tuple[str, ...], longitude: float, latitude: float) -> list[str]:
        """Which of these regions hold a point (degrees, EPSG:4326)."""
        point = Point(longitude, latitude, srid=4326)
        return [code for code in codes if code in self._boundaries and self._boundaries[code].covers(point)]

    def _read(self, head: str) -> Place:
        words = head.split()
        if not words:
            return NOWHERE
        provinces = self._provinces.get(words[0], ())
        for province in provinces:
            if province == region_names.SEJONG:  # a province without districts: it is its own
                return Place(province, self._districts.get((province, "세종시"), ()))
        for candidate in _district_words(words[1:]):
            found = [
                (province, code)
                for province in provinces
                for code in self._districts.get((province, candidate), ())
            ]
            if found:
                return Place(found[0][0], tuple(code for _, code in found))
        return Place(provinces[0], ()) if len(provinces) == 1 else NOWHERE


def _district_words(words: list[str]) -> list[str]:
    """What may be a district's name at the start of the rest of an address, the longest first."""
    if not words or not words[0].endswith(_UNITS):
        return []
    two = [" ".join(words[:2])] if len(words) > 1 and words[1].endswith("구") else []
    return [*two, words[0]]
