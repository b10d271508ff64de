"""The page of figures: what the map's records add up to, how the desk does, and what the state has published.

Sums come from `geo.record.figures`, so each is "at least" and a few are never told. What is counted exactly is entries
of the public log: they say what the moderators did, and anybody can count them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from geo.record.disclosure import STEP
from geo.record.snapshot.data import DeskMonth
from geo.record.vocabulary import Action, DeskWork, Grade
from geo.site import official, shown
from geo.site.contexts import Content, Whole

DESK_MONTHS = 12  # the newest that are shown
TOLD = (Action.CORRECTED, Action.WITHDRAWN, Action.HIDDEN, Action.RESTORED)


class Count(NamedTuple):
    """One row of a table, and one bar."""

    label: str
    number: int  # at least; 0 for fewer than a step
    href: str = ""
    code: str = ""  # of a grade: what stands beside its bar


def depends(whole: Whole) -> object:
    """Everything that the page shows, as values."""
    said = whole.figures
    months = [(month, said.months.get(month, 0)) for month in _span(said.months)]
    provinces = [(code, said.regions[code]) for code in _provinces(whole)]
    return months, said.grades, said.levels, provinces, _done(whole), whole.public.desk


def content(whole: Whole) -> Content:
    said, regions = whole.figures, whole.public.regions
    return Content(
        "site/figures.html",
        {
            "step": STEP,
            "months": [Count(shown.month(month), said.months.get(month, 0)) for month in _span(said.months)],
            "grades": [Count(str(grade.label), said.grades[grade], code=grade.value) for grade in Grade],
            "levels": [Count(shown.level(level), number) for level, number in said.levels.items()],
            "provinces": [
                Count(shown.region_name(regions[code]), said.regions[code], shown.region_path(code))
                for code in _provinces(whole)
            ],
            "done": [Count(str(action.label), number) for action, number in _done(whole).items()],
            "cases": _desk(whole, DeskWork.CASES),
            "requests": _desk(whole, DeskWork.REQUESTS),
            "facts": official.FACTS,
            "charged": official.TEENAGERS_CHARGED,
            "police": official.POLICE,
            "reported": official.REPORTED,
        },
    )


def _provinces(whole: Whole) -> list[str]:
    return [code for code, region in whole.public.regions.items() if region.level == "province"]


def _done(whole: Whole) -> dict[Action, int]:
    counted = Counter(change.action for change in whole.public.changes)
    return {action: counted[action] for action in TOLD}


def _desk(whole: Whole, work: DeskWork) -> list[tuple[str, DeskMonth]]:
    """The newest months first."""
    found = [month for month in whole.public.desk if month.work == work]
    return [(shown.month(month.month), month) for month in reversed(found[-DESK_MONTHS:])]


def _span(months: Mapping[dt.date, int]) -> Iterator[dt.date]:
    """Every month from the first to the last that reaches a step: which others have a record is not told here."""
    reached = sorted(month for month, number in months.items() if number)
    month = reached[0] if reached else dt.date.max
    while reached and month <= reached[-1]:
        yield month
        month = (month + dt.timedelta(days=31)).replace(day=1)
