"""What each page shows: its template, its values and what its bytes depend on.

Nothing is rendered here; `pages` renders for the snapshot, and a request for the same thing renders the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings

from geo.directory.models import School
from geo.record.disclosure import step
from geo.record.figures import Figures, figures
from geo.record.snapshot.data import Change, PublicRecord, PublicSchool, PublicSet
from geo.record.vocabulary import Grade, PauseKind, PauseReason, Reason, Reply, Status
from geo.site import boundaries, shown
from geo.site import map as school_map

FIRST = 40  # records on the first screen without JavaScript; the list by month has all
LISTED = 100  # records on the page of a month or a region; the filtered list goes on from there
REFRESH = 600  # seconds after which an embedded map asks again, so that it follows withdrawals
CHANGES = 100  # changes on one page, counted from the log's beginning: a full page does not change when one is added


class Content(NamedTuple):
    """A template, its values and the part of the public set that they come from."""

    template: str
    values: dict[str, Any]


class Whole:
    """The public set with the views of it that several pages share, computed once a build."""

    def __init__(self, public: PublicSet) -> None:
        self.public = public

    @cached_property
    def record_keys(self) -> Mapping[str, bytes]:
        """What the page of each record depends on: the record, if it can be seen, and what happened to it."""
        happened = {record: repr([each.index for each in found]) for record, found in self.history.items()}
        known = {each.public_id: each.digest for each in self.public.records}
        known |= {each.public_id: each.digest for each in self.public.tombstones}
        keys = {
            public_id: b"%s%s" % (digest, happened.get(public_id, "").encode())
            for public_id, digest in known.items()
        }
        return keys | {public_id: happened[public_id].encode() for public_id in self.aside}

    @cached_property
    def school_keys(self) -> Mapping[str, bytes]:
        """What the page of each named school depends on: its records, their history, and what became of it."""
        keys = self.record_keys
        return {
            code: b"".join(keys[record.public_id] for record in known)
            + repr(self.public.successions.get(code)).encode()
            for code, known in self.public.by_school.items()
        }

    @cached_property
    def history(self) -> Mapping[str, list[Change]]:
        """Changes of each record, oldest first."""
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.public.changes:
            found[change.record].append(change)
        return found

    @cached_property
    def in_region(self) -> Mapping[str, list[Change]]:
        """Changes of the records that each region shows now, oldest first; a province with all of its districts."""
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.public.changes:
            for code in self.public.places(change.now) if change.now else ():
                found[code].append(change)
        return found

    @cached_property
    def departures(self) -> Sequence[Change]:
        """The newest change of each record that is not shown now, oldest first."""
        gone = [changes[-1] for changes in self.history.values() if changes[-1].now is None]
        return sorted(gone, key=lambda change: change.index)

    @cached_property
    def figures(self) -> Figures:
        return figures(self.public)

    @cached_property
    def latest(self) -> tuple[PublicRecord, ...]:
        """The first of the newest months, whatever month that is."""
        found: list[PublicRecord] = []
        for records in self.public.by_month.values():
            found.extend(records[: FIRST - len(found)])
            if len(found) >= FIRST:
                break
        return tuple(found)

    @cached_property
    def aside(self) -> tuple[str, ...]:
        """Records with a history that are neither visible nor withdrawn: hidden, or due for a new check."""
        gone = {tombstone.public_id for tombstone in self.public.tombstones}
        return tuple(
            sorted(
                record for record in self.history if record not in self.public.by_id and record not in gone
            )
        )


def home(whole: Whole) -> Content:
    public = whole.public
    return Content(
        "site/home.html",
        {
            **map_parts(whole),
            "pauses": pauses(public),
            "provinces": provinces(public),
            "months": months(public.by_month),
        },
    )


def pauses(public: PublicSet) -> list[dict[str, Any]]:
    """What is switched off, in the reader's language (SAFEGUARDS F2)."""
    return [
        {
            "kind": PauseKind(paused.kind).label,
            "place": shown.region_name(public.regions[paused.region]) if paused.region else "",
            "reason": PauseReason(paused.reason).label,
            "until": shown.instant(paused.until),
        }
        for paused in public.pauses
    ]


def embed(whole: Whole) -> Content:
    """The map and its newest rows for other sites, without the filters."""
    return Content("site/embed.html", {**map_parts(whole), "refresh": REFRESH})


def map_parts(whole: Whole) -> dict[str, Any]:
    """What the map and the list beside it need, on whichever page they stand."""
    public = whole.public
    document = map_document()
    return {
        "map": document,
        "map_script": f"/map/{document.name}",
        "attribution": settings.TILE_ATTRIBUTION if settings.TILE_URL else "",
        "rows": shown.rows(whole.latest, public.regions),
        "least": step(len(public.records)),
        "newest": shown.event(public.changes[-1], public.regions) if public.changes else None,
        **choices(public),
    }


def map_document() -> school_map.Document:
    return school_map.document(records="/api/v1/records.geojson", boundaries=boundaries.ADDRESS)


def records(whole: Whole, month: dt.date | None) -> Content:
    """The list of one month, or of the newest one where `month` is None."""
    public = whole.public
    shown_month = month or next(iter(public.by_month), None)
    return Content(
        "site/records.html",
        {
            "month": shown.month(shown_month) if shown_month else "",
            **_first_of(
                public, public.by_month.get(shown_month, ()) if shown_month else (), month_query(shown_month)
            ),
            "months": months(public.by_month, shown_month),
            "orders": orders(),
            "pauses": pauses(public),
            **choices(public),
        },
    )


def region(whole: Whole, code: str) -> Content:
    public = whole.public
    place = public.regions[code]
    inside = sorted(
        (other for other in public.regions.values() if other.parent == code),
        key=lambda other: shown.region_name(other),
    )
    return Content(
        "site/region.html",
        {
            "code": code,
            "name": shown.where(code, public.regions),
            "short": shown.region_name(place),
            "parent": _link(public, place.parent) if place.parent in public.regions else None,
            **_first_of(public, public.by_region.get(code, ()), f"region={code}"),
            "districts": [_link(public, other.code) for other in inside],
            "is_district": place.level == "district",
        },
    )


def school(whole: Whole, place: PublicSchool | School) -> Content:
    """One school, with its records or without; the row of the directory needs its region loaded."""
    public = whole.public
    known = public.by_school.get(place.id, ())
    facts = shown.facts(place)
    return Content(
        "site/school.html",
        {
            "facts": facts,
            "became": shown.became(public.successions.get(place.id)),
            "where": shown.where(facts.district or facts.province, public.regions),
            "crumbs": [
                _link(public, code) for code in (facts.province, facts.district) if code in public.regions
            ],
            "records": [_details(whole, record) for record in known],
        },
    )


def record(whole: Whole, public_id: str) -> Content:
    """One record: visible, withdrawn, or out of sight for now. The last two say nothing of its place."""
    public = whole.public
    events = [shown.event(change, public.regions) for change in reversed(whole.history.get(public_id, ()))]
    visible = public.by_id.get(public_id)
    values: dict[str, Any] = {"public_id": public_id, "events": events, "state": shown.ASIDE}
    if visible:
        values |= {"state": shown.VISIBLE, "record": _details(whole, visible)}
    gone = (
        next((stone for stone in public.tombstones if stone.public_id == public_id), None)
        if not visible
        else None
    )
    if gone:
        values |= {
            "state": shown.GONE,
            "reason": Reason(gone.reason).label,
            "when": shown.instant(gone.changed_at),
        }
    return Content("site/record.html", values)


def changes(whole: Whole, number: int | None) -> Content:
    """The newest changes, or the page of that number: entries `number * CHANGES` and on of the log."""
    public = whole.public
    found = changes_on(public, number)
    last = (len(public.changes) - 1) // CHANGES
    older = last if number is None else number - 1
    return Content(
        "site/changes.html",
        {
            "events": [shown.event(change, public.regions) for change in reversed(found)],
            "first": found[0].index + 1 if found and number is not None else None,
            "last": found[-1].index + 1 if found and number is not None else None,
            "older": older if public.changes and older >= 0 else None,
            "newer": number + 1 if number is not None and number < last else None,
        },
    )


def changes_on(public: PublicSet, number: int | None) -> tuple[Change, ...]:
    if number is None:
        return public.changes[-CHANGES:]
    return public.changes[number * CHANGES : (number + 1) * CHANGES]


def choices(public: PublicSet) -> dict[str, Any]:
    """What the filters offer."""
    return {
        "grades": Grade.choices,
        "statuses": [(status.value, status.label) for status in (Status.CONFIRMED, Status.DISPUTED)],
        "levels": [(code, shown.level(code)) for code in shown.LEVELS],
        "replies": Reply.choices,
        "regions": provinces(public),
    }


def orders() -> list[tuple[str, str]]:
    """How the list can be sorted; on the map there is nothing to sort."""
    return [(code, label()) for code, label in shown.ORDERS.items()]


def provinces(public: PublicSet) -> list[dict[str, str]]:
    return [_link(public, region.code) for region in public.regions.values() if region.level == "province"]


def months(found: Iterable[dt.date], current: dt.date | None = None) -> list[dict[str, Any]]:
    return [
        {"code": f"{value:%Y-%m}", "label": shown.month(value), "current": value == current}
        for value in sorted(found, reverse=True)
    ]


def month_query(month: dt.date | None) -> str:
    return f"month_from={month:%Y-%m}&month_to={month:%Y-%m}" if month else ""


def _first_of(public: PublicSet, records: Sequence[PublicRecord], query: str) -> dict[str, Any]:
    """The rows of a page, and the query of the filtered list that has the others."""
    return {
        "rows": shown.rows(records[:LISTED], public.regions),
        "rest": query if len(records) > LISTED else "",
    }


def _link(public: PublicSet, code: str | None) -> dict[str, str]:
    region = public.regions[str(code)]
    return {"code": region.code, "name": shown.region_name(region), "href": shown.region_path(region.code)}


def _details(whole: Whole, record: PublicRecord) -> dict[str, Any]:
    regions = whole.public.regions
    return {
        "row": shown.row(record, regions),
        "path": shown.record_path(record.public_id),
        "public_id": record.public_id,
        "names_school": record.school is not None,
        "disputed": record.status == Status.DISPUTED,
        "published": shown.instant(record.published_at),
        "sources": [
            {
                "name": source.name_en if shown.language() == "en" and source.name_en else source.name_ko,
                "kind": shown.publisher_kind(source.kind),
                "link": source.link,
            }
            for source in record.sources
        ],
        "events": [
            shown.event(change, regions) for change in reversed(whole.history.get(record.public_id, ()))
        ],
    }
