"""The list's filters: read from a query, answered from the loaded generation without a database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.record.snapshot.data import newest_first
from geo.record.snapshot.filters import Filters
from geo.record.vocabulary import Grade, Status
from geo.site import contexts, shown

PAGE = 200  # records on one page of a filtered list
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
REGION = re.compile(r"\d{2,10}", re.ASCII)


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
    known = {
        "region": REGION.fullmatch,
        "level": shown.LEVELS.__contains__,
        "grade": Grade.values.__contains__,
        "status": {Status.CONFIRMED.value, Status.DISPUTED.value}.__contains__,
        "month_from": MONTH.fullmatch,
        "month_to": MONTH.fullmatch,
    }
    codes = {name: query.get(name, "") for name, fits in known.items() if fits(query.get(name, ""))}
    page = query.get("page", "1")
    return Chosen(codes, max(1, min(int(page), 10_000)) if page.isascii() and page.isdigit() and len(page) < 6 else 1)


def listed(whole: contexts.Whole, chosen: Chosen) -> contexts.Content:
    """One page of the records that fit, newest month first."""
    public = whole.public
    codes = dict(chosen.codes)
    months = {name: _month(codes.pop(name)) for name in ("month_from", "month_to") if name in codes}
    found = newest_first(list(Filters(**codes, **months).take(public)))
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
            "more": urlencode(more),
            **contexts.choices(public),
        },
    )


def _month(code: str) -> dt.date:
    return dt.date.fromisoformat(f"{code}-01")
