"""The list's filters: read from a query, answered from the loaded generation without a database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geo.record.snapshot.data import PublicRecord, newest_first
from geo.record.snapshot.filters import Filters
from geo.record.vocabulary import Grade, Status
from geo.site import contexts, shown
from geo.site.shown import Regions

PAGE = 200  # records on one page of a filtered list
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
REGION = re.compile(r"\d{2,10}", re.ASCII)
STATUSES = {Status.CONFIRMED.value, Status.DISPUTED.value}
KNOWN: Mapping[str, Callable[[str], object]] = {
    "region": REGION.fullmatch,
    "level": lambda code: code in shown.LEVELS,
    "grade": lambda code: code in Grade.values,
    "status": lambda code: code in STATUSES,
    "month_from": MONTH.fullmatch,
    "month_to": MONTH.fullmatch,
    "order": lambda code: code in shown.ORDERS,
}


@dataclass(frozen=True)
class Chosen:
    """Codes alone: whatever else was in the query is left out, so it can be shown back to anybody."""

    codes: Mapping[str, str]
    page: int

    @property
    def given(self) -> bool:
        return bool(self.codes)


def read(query: Mapping[str, str]) -> Chosen:
    """The filters of a query string; a value that is no code of ours is as if it were not there."""
    codes = {name: query.get(name, "") for name, fits in KNOWN.items() if fits(query.get(name, ""))}
    page = query.get("page", "1")
    return Chosen(
        codes, max(1, min(int(page), 10_000)) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    )


def listed(whole: contexts.Whole, chosen: Chosen) -> contexts.Content:
    """One page of the records that fit, in the order that was asked for."""
    public = whole.public
    asked = Filters(
        region=chosen.codes.get("region"),
        level=chosen.codes.get("level"),
        grade=chosen.codes.get("grade"),
        status=chosen.codes.get("status"),
        month_from=_month(chosen.codes.get("month_from")),
        month_to=_month(chosen.codes.get("month_to")),
    )
    found = ordered(asked.take(public), chosen.codes.get("order"), public.regions)
    start = (chosen.page - 1) * PAGE
    more = {**chosen.codes, "page": chosen.page + 1} if len(found) > start + PAGE else {}
    return contexts.Content(
        "site/records.html",
        {
            "filtered": True,
            "chosen": chosen.codes,
            "rows": shown.rows(found[start : start + PAGE], public.regions),
            "total": len(found),
            "months": contexts.months(public.by_month),
            "orders": contexts.orders(),
            "more": urlencode(more),
            **contexts.choices(public),
        },
    )


def _month(code: str | None) -> dt.date | None:
    return dt.date.fromisoformat(f"{code}-01") if code else None


def ordered(records: Sequence[PublicRecord], order: str | None, regions: Regions) -> tuple[PublicRecord, ...]:
    """In one of `shown.ORDERS`; what is equal in it is newest first."""
    found = newest_first(list(records))
    keys: Mapping[str, Callable[[PublicRecord], Any]] = {
        "oldest": lambda record: record.month,
        "name": lambda record: (record.school is None, shown.place_name(record, regions).text.casefold()),
        "place": lambda record: _widest_first(record, regions),
        "grade": lambda record: record.grade,
    }
    return tuple(sorted(found, key=keys[order])) if order else found


def _widest_first(record: PublicRecord, regions: Regions) -> tuple[bool, list[str]]:
    """The names of the place that the record's row tells; a row without one comes last."""
    school = record.school
    names = shown.region_names(school.district or school.province if school else record.region, regions)
    return not names, names
