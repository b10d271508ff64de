"""Paged lists out of the loaded snapshot; no database."""

from __future__ import annotations

from geo.api import shapes
from geo.record.snapshot.data import PublicSet
from geo.record.snapshot.filters import Filters

CHANGES = 500  # entries of one page


EVERYTHING = Filters()


def records_page(public: PublicSet, filters: Filters = EVERYTHING) -> shapes.Json:
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
