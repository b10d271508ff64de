"""The API's part of a generation: the data files, and one small file for each record and each named school."""

import json
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from typing import Any

from geo.api import shapes, tables
from geo.api.lists import changes_page, records_page
from geo.api.parts import Parts
from geo.api.regions import regions_list
from geo.record import checkpoints
from geo.record.snapshot import Page, Pages
from geo.record.snapshot.data import PublicRecord, PublicSet

JSON = "application/json"
GEOJSON = "application/geo+json"
ROOT = "api/v1/"
features = Parts()


def pages(public: PublicSet) -> Iterator[Page | Pages]:
    """Registered with the snapshot (geo.api.apps)."""
    whole = public.digest
    together = [*(record.digest for record in public.records), *(tomb.digest for tomb in public.tombstones)]
    visible = blake2b(b"".join(together), digest_size=16).digest()
    collection = Once(partial(geojson, public))
    yield Page(f"{ROOT}records.geojson", GEOJSON, whole, collection)
    yield Page(f"{ROOT}records-{public.generation}.geojson", GEOJSON, whole, collection)
    yield Page(
        f"{ROOT}records.csv",
        "text/csv; charset=utf-8",
        visible,
        partial(tables.csv_file, public.records, public),
    )
    yield Page(f"{ROOT}records/index.json", JSON, whole, lambda: dump(records_page(public)))
    yield Page(f"{ROOT}changes/index.json", JSON, whole, lambda: dump(changes_page(public)))
    yield Page(f"{ROOT}regions/index.json", JSON, whole, lambda: dump(regions_list(public)))
    verifier = f"{checkpoints.verifier()}\n".encode()
    size = b"%d %s" % (len(public.changes), verifier)
    yield Page(f"{ROOT}log/checkpoint", "text/plain", size, lambda: checkpoints.signed(public).encode())
    yield Page(f"{ROOT}log/key", "text/plain", verifier, lambda: verifier)
    records = {record.public_id: record.digest for record in public.records}
    left = {tomb.public_id: tomb.digest for tomb in public.tombstones}
    schools = {
        school: b"".join(record.digest for record in found) for school, found in public.by_school.items()
    }
    yield Pages(f"{ROOT}records", JSON, records, partial(one_record, public))
    yield Pages(f"{ROOT}records", JSON, left, partial(one_tombstone, public))
    yield Pages(f"{ROOT}schools", JSON, schools, partial(one_school, public))


class Once:
    """A rendering that two names share."""

    def __init__(self, render: Any) -> None:
        self.render = render
        self.made: bytes | None = None

    def __call__(self) -> bytes:
        if self.made is None:
            self.made = self.render()
        return self.made


def geojson(public: PublicSet) -> bytes:
    """All current records as one FeatureCollection (RFC 7946), with what was withdrawn as a foreign member."""
    return collection(public.records, public)


def collection(records: tuple[PublicRecord, ...], public: PublicSet) -> bytes:
    """Records as GeoJSON text, put together of the features' texts."""
    head = {
        "type": "FeatureCollection",
        "generation": public.generation,
        "as_of": shapes.instant(public.at) if public.at else None,
        "withdrawn": [shapes.tombstone(tomb) for tomb in public.tombstones],
    }
    texts = features.texts(records, public, lambda record: dump(shapes.feature(record, public.regions)))
    return dump(head)[:-1] + b',"features":[' + b",".join(texts) + b"]}"


def one_record(public: PublicSet, public_id: str) -> bytes:
    return dump(shapes.record(public.by_id[public_id], public.regions))


def one_tombstone(public: PublicSet, public_id: str) -> bytes:
    return dump(shapes.tombstone(public.left_by_id[public_id]))


def one_school(public: PublicSet, school: str) -> bytes:
    return dump(school_answer(shapes.school(public.schools[school], public.regions), public))


def school_answer(school: shapes.Json, public: PublicSet) -> shapes.Json:
    """A school and its public records; the same shape whether it has any or not."""
    records = public.by_school.get(school["id"], ())
    return {**school, "records": [shapes.record(record, public.regions) for record in records]}


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
