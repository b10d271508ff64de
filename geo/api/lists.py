"""Filtered and paged lists out of the loaded snapshot; no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.api import shapes
from geo.record.snapshot.data import PublicRecord, PublicSet

CHANGES = 500  # entries of one page


@dataclass(frozen=True)
class Filters:
    """Which records a reader asks for; a field that is None asks for nothing."""

    region: str | None = None
    level: str | None = None
    grade: str | None = None
    status: str | None = None
    month_from: dt.date | None = None
    month_to: dt.date | None = None
    month: dt.date | None = None  # the page asked for: lists are paged by month

    def take(self, public: PublicSet) -> tuple[PublicRecord, ...]:
        """The records that match, by public id."""
        found = public.records if self.region is None else public.by_region.get(self.region, ())
        kept = tuple(record for record in found if self._matches(record))
        return kept if self.region is None else tuple(sorted(kept, key=lambda record: record.public_id))

    def _matches(self, record: PublicRecord) -> bool:
        return (
            (self.level is None or (record.school is not None and record.school.level == self.level))
            and (self.grade is None or record.grade == self.grade)
            and (self.status is None or record.status == self.status)
            and (self.month_from is None or record.month >= self.month_from)
            and (self.month_to is None or record.month <= self.month_to)
        )

    def query(self, month: dt.date) -> str:
        """The query string of another month's page."""
        named = {"region": self.region, "level": self.level, "grade": self.grade, "status": self.status}
        bounds = {"month_from": self.month_from, "month_to": self.month_to, "month": month}
        given = {name: value for name, value in named.items() if value}
        return urlencode({**given, **{name: f"{value:%Y-%m}" for name, value in bounds.items() if value}})


def records_page(public: PublicSet, filters: Filters = Filters()) -> shapes.Json:
    """One month of the matching records, the newest where none is asked for, and where to read on."""
    matching = filters.take(public)
    months = sorted({record.month for record in matching}, reverse=True)
    month = filters.month or (months[0] if months else None)
    older = next((each for each in months if month and each < month), None)
    newer = next((each for each in reversed(months) if month and each > month), None)
    return {
        "generation": public.generation,
        "as_of": shapes.instant(public.at) if public.at else None,
        "count": len(matching),
        "month": f"{month:%Y-%m}" if month else None,
        "next": f"/api/v1/records/?{filters.query(older)}" if older else None,
        "previous": f"/api/v1/records/?{filters.query(newer)}" if newer else None,
        "results": [shapes.record(record, public.regions) for record in matching if record.month == month],
    }


def changes_page(public: PublicSet, since: int = -1) -> shapes.Json:
    """The entries after index `since`, oldest first; followers ask again with the last index that they saw."""
    found = public.changes[since + 1 : since + 1 + CHANGES]
    more = since + 1 + CHANGES < len(public.changes)
    return {
        "generation": public.generation,
        "last": len(public.changes) - 1,
        "next": f"/api/v1/changes/?since={found[-1].index}" if more else None,
        "results": [shapes.change(change, public.regions) for change in found],
    }
