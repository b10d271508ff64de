"""Which records a reader asks for, answered from the loaded snapshot without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.record.snapshot.data import PublicRecord, PublicSet


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
