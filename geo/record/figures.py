"""How many records there are, by month, level, grade and place: every public number that is a sum.

A function of the public set and of nothing else, so a small school can only be counted by what its own line in the
list says: its month, its grade and the region that stands for it. The level is that of named schools alone, and a
district's number never holds a record that is shown as its province (SAFEGUARDS C2). `disclosure.controlled` says
what of the sums may be seen.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from geo.directory.models import School
from geo.record.disclosure import controlled, covered
from geo.record.snapshot.data import PublicRecord, PublicSet
from geo.record.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class Figures:
    """Each number says "at least"; 0 says that fewer than `disclosure.STEP` are there, or none."""

    months: Mapping[dt.date, int]  # by the first day of the month of the incident
    levels: Mapping[str, int]  # of named schools
    grades: Mapping[str, int]
    regions: Mapping[str, int]  # by code; a province with its districts


def figures(public: PublicSet) -> Figures:
    """What may be said about the records that can be seen now."""
    months = Counter(record.month for record in public.records)
    grades = Counter(record.grade for record in public.records)
    levels = Counter(record.school.level for record in public.records if record.school)
    places = Counter(map(_place, public.records))
    provinces = {}
    for code, districts in _inside(public).items():
        cells = [places[code], *(places[district] for district in districts)]
        provinces[code] = covered(sum(cells), cells)
    by_month, by_level, by_grade, by_district, by_province = controlled(
        months,
        {level: levels[level] for level in School.Level.values},
        {grade: grades[grade] for grade in Grade.values},
        {code: places[code] for code, region in public.regions.items() if region.level == "district"},
        {**provinces, "": places[""]},
    )
    by_province.pop("")
    return Figures(by_month, by_level, by_grade, {**by_district, **by_province})


def _place(record: PublicRecord) -> str:
    """The narrowest place that a record's own line names; "" for none."""
    if record.school:
        return record.school.district or record.school.province or ""
    return record.region or ""


def _inside(public: PublicSet) -> dict[str, list[str]]:
    """The districts of each province."""
    found: dict[str, list[str]] = {
        code: [] for code, region in public.regions.items() if region.level == "province"
    }
    for code, region in public.regions.items():
        if region.parent in found:
            found[region.parent].append(code)
    return found
