"""What readers may see, as plain values: no database, no clock, no language.

A `PublicSet` is made from one text of JSON lines (`fetch` in `load.py` lets PostgreSQL write it; every generation
keeps it as `public.jsonl`), so the worker that builds pages and the public process that answers filters read the
same bytes through the same function, `parse`.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from geo.record import log

KINDS = (  # first value of a line
    b"directory",
    b"region",
    b"publisher",
    b"succession",
    b"record",
    b"tombstone",
    b"change",
    b"brake",
    b"desk",
    b"pause",
)


@dataclass(frozen=True, slots=True)
class RegionInfo:
    code: str
    level: str  # province or district
    parent: str | None  # code of a district's province
    name_ko: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Source:
    publisher: str  # code
    kind: str  # record.vocabulary.PublisherKind
    name_ko: str
    name_en: str
    article: str  # number at the publisher, "" where none is linkable
    link: str  # absolute address, "" where this publisher is never linked


@dataclass(frozen=True, slots=True)
class PublicSchool:
    id: str
    name: str
    name_en: str  # "" where the register has none
    level: str
    founding: str
    branch: str
    status: str
    address: str
    district: str | None  # region codes; None where the address names no district
    province: str | None
    lon: float | None  # degrees, EPSG:4326
    lat: float | None
    left_register: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of a school that closed or left the register; its records stay with it."""

    school: str  # official id
    successor: str
    name: str  # of the successor
    name_en: str
    how: str  # directory.models.Succession.How


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One visible record. `school` is None for a small school: then `region` is its place, or nothing is."""

    public_id: str  # UUID, lower case
    status: str  # confirmed or disputed
    version: int
    month: dt.date  # its first day
    grade: str
    sources: tuple[Source, ...]
    published_at: dt.datetime
    changed_at: dt.datetime
    school: PublicSchool | None
    region: str | None
    salt: str  # hexadecimal; opens the log's commitment
    replies: tuple[str, ...]  # record.vocabulary.Reply: the school's own answer (SAFEGUARDS D6)
    digest: bytes = field(repr=False)  # of everything above, school and publishers included: for keys

    @property
    def district(self) -> str | None:
        return self.school.district if self.school else None

    def lies_in(self, code: str, regions: Mapping[str, RegionInfo]) -> bool:
        """Whether the place shown is this region or a part of it."""
        if self.school:
            return code in (self.school.district, self.school.province)
        if self.region is None:
            return False
        return code in (self.region, regions[self.region].parent)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What a withdrawn record leaves: no place, no month, no grade (SAFEGUARDS D7)."""

    public_id: str
    version: int
    reason: str
    changed_at: dt.datetime
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the public log, and the record as it is visible now (None: withdrawn, hidden or lapsed)."""

    index: int
    at: dt.datetime
    action: str
    reason: str
    record: str
    version: int
    commitment: str  # hexadecimal SHA-256
    leaf_hash: bytes
    now: PublicRecord | None


@dataclass(frozen=True, slots=True)
class DeskMonth:
    """How the moderators did in a month that is over; counts are in steps of five (`geo.record.disclosure`)."""

    work: str  # record.vocabulary.DeskWork
    month: dt.date  # its first day, in Korean time
    decided: int
    overdue: int
    median_days: int | None
    slow_days: int | None


@dataclass(frozen=True, slots=True)
class Paused:
    """A part of the site that is switched off (SAFEGUARDS F2)."""

    kind: str  # record.vocabulary.PauseKind
    region: str | None  # None: everywhere
    reason: str
    until: dt.datetime


@dataclass(frozen=True)
class PublicSet:
    """Everything that a generation is made from."""

    digest: bytes  # of the text that it was parsed from
    directory: int  # id of the newest import, 0 for none
    at: (
        dt.datetime | None
    )  # instant of the newest change: never the clock, so the same inputs give the same bytes
    records: tuple[PublicRecord, ...]  # by public id, which is random: the order says nothing
    tombstones: tuple[Tombstone, ...]
    changes: tuple[Change, ...]  # by index, from 0
    regions: Mapping[str, RegionInfo]
    schools: Mapping[str, PublicSchool]  # those that a record names
    brakes: tuple[
        str, ...
    ] = ()  # codes of regions in which publication has stopped, each once (SAFEGUARDS B8)
    desk: tuple[DeskMonth, ...] = ()  # by work and month
    pauses: tuple[Paused, ...] = ()
    successions: Mapping[str, Succession] = field(default_factory=dict)  # by the school that is no more
    generation: int = 0  # filled in by the build; only pages that change with every generation may show it
    names: bytes = field(default=b"", repr=False)  # digest of the regions, with their names

    @cached_property
    def log(self) -> log.Tree:
        """The public log's tree over all changes."""
        return log.Tree([change.leaf_hash for change in self.changes])

    @cached_property
    def by_id(self) -> Mapping[str, PublicRecord]:
        return {record.public_id: record for record in self.records}

    @cached_property
    def left_by_id(self) -> Mapping[str, Tombstone]:
        return {tombstone.public_id: tombstone for tombstone in self.tombstones}

    @cached_property
    def by_school(self) -> Mapping[str, tuple[PublicRecord, ...]]:
        """Records of each named school, newest month first."""
        found: dict[str, list[PublicRecord]] = {}
        for record in self.records:
            if record.school:
                found.setdefault(record.school.id, []).append(record)
        return {school: newest_first(records) for school, records in found.items()}

    @cached_property
    def by_month(self) -> Mapping[dt.date, tuple[PublicRecord, ...]]:
        """Records of each month, newest month first; inside a month by public id."""
        found: dict[dt.date, list[PublicRecord]] = {}
        for record in self.records:
            found.setdefault(record.month, []).append(record)
        return {month: tuple(found[month]) for month in sorted(found, reverse=True)}

    @cached_property
    def by_region(self) -> Mapping[str, tuple[PublicRecord, ...]]:
        """Records shown in each region, a province with all of its districts; newest month first."""
        found: dict[str, list[PublicRecord]] = {}
        for record in self.records:
            for code in self.places(record):
                found.setdefault(code, []).append(record)
        return {code: newest_first(records) for code, records in found.items()}

    def places(self, record: PublicRecord) -> list[str]:
        """Codes of the regions that show this record: a district and its province, one of them, or none."""
        if record.school:
            codes = (record.school.district, record.school.province)
        else:
            codes = (record.region, self.regions[record.region].parent if record.region else None)
        return [code for code in codes if code]


def newest_first(records: list[PublicRecord]) -> tuple[PublicRecord, ...]:
    """By month, newest first; inside a month by public id, which says nothing."""
    if len(records) == 1:
        return (records[0],)
    return tuple(sorted(records, key=lambda record: (-record.month.toordinal(), record.public_id)))


class _Memory(NamedTuple):
    """What the last set was made of, by line: the next one differs from it in a few."""

    names: bytes
    publishers: dict[str, tuple[str, ...]]
    records: dict[bytes, PublicRecord]
    changes: dict[bytes, Change]


_last = _Memory(b"", {}, {}, {})


@contextmanager
def without_collections() -> Iterator[None]:
    """Python's cycle collector walks the whole set again and again while it grows, for half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@without_collections()
def parse(text: bytes, generation: int = 0) -> PublicSet:
    """The values in a `public.jsonl`; lines that the last set had too are not read again."""
    global _last
    lines: dict[bytes, list[bytes]] = {kind: [] for kind in KINDS}
    for line in text.split(b"\n"):
        lines[line[2 : line.index(b'"', 2)]].append(line)
    names = _digest(b"\n".join(lines[b"region"]))
    regions = {row[1]: RegionInfo(*row[1:]) for row in map(json.loads, lines[b"region"])}
    publishers = {row[1]: tuple(row[1:]) for row in map(json.loads, lines[b"publisher"])}
    # A new publisher is in no old record; one that changed may be in any.
    kept = _last.names == names and _last.publishers.items() <= publishers.items()
    last = _last if kept else _Memory(names, publishers, {}, {})

    records = {
        line: last.records.get(line) or _record(line, regions, publishers) for line in lines[b"record"]
    }
    by_id = {record.public_id: record for record in records.values()}
    changes = {line: _change(line, last.changes.get(line), by_id) for line in lines[b"change"]}
    entries = tuple(changes.values())
    _last = _Memory(names, publishers, records, changes)
    return PublicSet(
        digest=_digest(text),
        directory=json.loads(lines[b"directory"][0])[1],
        at=entries[-1].at if entries else None,
        records=tuple(records.values()),
        tombstones=tuple(_tombstone(line) for line in lines[b"tombstone"]),
        changes=entries,
        regions=regions,
        schools={record.school.id: record.school for record in records.values() if record.school},
        brakes=tuple(json.loads(line)[1] for line in lines[b"brake"]),
        desk=tuple(_desk_month(line) for line in lines[b"desk"]),
        pauses=tuple(_paused(line) for line in lines[b"pause"]),
        successions={row[1]: Succession(*row[1:]) for row in map(json.loads, lines[b"succession"])},
        generation=generation,
        names=names,
    )


def instant(seconds: int) -> dt.datetime:
    """UTC, from whole seconds since 1970."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


def _record(
    line: bytes, regions: Mapping[str, RegionInfo], publishers: Mapping[str, tuple[str, ...]]
) -> PublicRecord:
    _, public_id, status, version, month, grade, published, changed, region, salt, cited, school, replies = (
        json.loads(line)
    )
    cites = [publishers[code] for code, _article in cited or ()]
    return PublicRecord(
        public_id=public_id,
        status=status,
        version=version,
        month=dt.date.fromisoformat(month),
        grade=grade,
        sources=tuple(_source(publishers[code], article) for code, article in cited or ()),
        published_at=instant(published),
        changed_at=instant(changed),
        school=_school(school, regions) if school else None,
        region=region,
        salt=salt,
        replies=tuple(replies or ()),
        digest=_digest(line + repr(cites).encode()),
    )


def _school(row: list[Any], regions: Mapping[str, RegionInfo]) -> PublicSchool:
    code, name, name_en, level, founding, branch, status, address, region, lon, lat, left = row
    place = regions.get(region)
    district = region if place and place.level == "district" else None
    province = (place.parent if district else place.code) if place else None
    return PublicSchool(
        code, name, name_en, level, founding, branch, status, address, district, province, lon, lat, left
    )


def _source(publisher: tuple[str, ...], article: str) -> Source:
    code, kind, name_ko, name_en, url = publisher
    link = url.replace("{article}", article) if url and article else ""
    return Source(code, kind, name_ko, name_en, article, link)


def _desk_month(line: bytes) -> DeskMonth:
    _, work, month, *numbers = json.loads(line)
    return DeskMonth(work, dt.date.fromisoformat(month), *numbers)


def _paused(line: bytes) -> Paused:
    _, kind, region, reason, until = json.loads(line)
    return Paused(kind, region, reason, instant(until))


def _tombstone(line: bytes) -> Tombstone:
    _, public_id, version, reason, at = json.loads(line)
    return Tombstone(public_id, version, reason, instant(at), _digest(line))


def _change(line: bytes, last: Change | None, by_id: Mapping[str, PublicRecord]) -> Change:
    """The entry of this line; what the last set said of it stays while its record does."""
    if last is not None:
        now = by_id.get(last.record)
        return last if last.now is now else replace(last, now=now)
    _, index, at, action, reason, record, version, commitment = json.loads(line)
    entry = {
        "index": index,
        "at": f"{instant(at):%Y-%m-%dT%H:%M:%SZ}",
        "action": action,
        "reason": reason,
        "record": record,
        "version": version,
        "commitment": commitment,
    }
    leaf = log.leaf_hash(log.leaf(entry))
    return Change(**{**entry, "at": instant(at)}, leaf_hash=leaf, now=by_id.get(record))
