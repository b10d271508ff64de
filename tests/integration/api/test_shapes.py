"""The fast shapes are those that the serializers define, for every kind of record."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest

from geo.api import files, lists, serializers, shapes, tables
from geo.record.models import ImpactRecord
from geo.record.publishing import release
from tests import casework
from tests.published import public, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Any:
    """A named school with and one without a point, a district, a province in its place, and a tombstone."""
    casework.published(at=casework.school(name="보기가중학교"))
    nowhere = casework.school(name="보기나중학교")
    nowhere.point = None
    nowhere.region = casework.region().parent
    nowhere.save()
    casework.published(at=nowhere)
    small = [casework.school(pupils=20) for _ in range(5)]
    casework.published(at=small[0])
    ImpactRecord.objects.filter(school=None).update(changed_at=dt.datetime(2026, 8, 15, tzinfo=dt.UTC))
    assert release(now=dt.datetime.now(dt.UTC)) == 1
    gone = casework.school()
    withdraw(casework.published(at=gone), gone)
    made = public()
    assert (len(made.records), len(made.tombstones)) == (3, 1)
    return made


def test_records_and_tombstones(found: Any) -> None:
    for record in found.records:
        fast = shapes.record(record, found.regions)
        assert fast == serializers.RecordSerializer(slow(record, found)).data
    for tomb in found.tombstones:
        assert shapes.tombstone(tomb) == serializers.TombstoneSerializer(with_status(tomb)).data


def test_lists_schools_and_changes(found: Any) -> None:
    page = lists.records_page(found)
    assert set(page) == set(serializers.RecordListSerializer().fields)
    changes = lists.changes_page(found)
    assert set(changes) == set(serializers.ChangeListSerializer().fields)
    for change in changes["results"]:
        assert set(change) == set(serializers.ChangeSerializer().fields)
    school = next(iter(found.schools.values()))
    answer = files.school_answer(shapes.school(school, found.regions), found)
    assert set(answer) == set(serializers.SchoolWithRecordsSerializer().fields)


def test_geojson_is_what_rfc_7946_asks_for(found: Any) -> None:
    data = json.loads(files.geojson(found))
    assert data["type"] == "FeatureCollection"
    assert [feature["id"] for feature in data["features"]] == sorted(each.public_id for each in found.records)
    for feature, record in zip(data["features"], found.records, strict=True):
        assert feature["type"] == "Feature"
        assert set(feature) == {"type", "id", "geometry", "properties"}
        if record.school and record.school.lon is not None:
            lon, lat = feature["geometry"]["coordinates"]
            assert 124 < lon < 132 and 33 < lat < 39
        else:
            assert feature["geometry"] is None
    assert data["withdrawn"] == [shapes.tombstone(tomb) for tomb in found.tombstones]


def test_a_small_school_is_in_no_file(found: Any) -> None:
    hidden = [record for record in found.records if record.school is None]
    assert len(hidden) == 1
    feature = shapes.feature(hidden[0], found.regions)
    assert [feature["properties"][name] for name in ("school_id", "school_ko", "school_en", "level")] == [
        None
    ] * 4
    assert feature["properties"]["district"] == "11680"
    assert shapes.record(hidden[0], found.regions)["school"] is None


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(found: Any) -> None:
    text = tables.csv_file(found.records, found)
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row["public_id"] for row in rows] == [
        *(record.public_id for record in found.records),
        *(tomb.public_id for tomb in found.tombstones),
    ]
    assert {name for name, value in rows[-1].items() if value} == {"public_id", "status", "reason"}


@pytest.mark.parametrize("start", tables.FORMULA)
def test_a_name_that_looks_like_a_formula_stays_text(start: str) -> None:
    assert str(tables.safe(f"{start}HYPERLINK()")).startswith("'")
    assert tables.safe(-1.5) == -1.5


def slow(record: Any, found: Any) -> dict[str, Any]:
    """The record as the serializer's input, region codes resolved by hand."""

    def region(code: str | None) -> Any:
        return found.regions[code] if code else None

    school = record.school
    place = region(record.region)
    district = school.district if school else place.code
    province = school.province if school else place.parent
    return {
        **{
            name: getattr(record, name)
            for name in ("public_id", "status", "version", "grade", "month", "sources", "replies")
        },
        "published_at": record.published_at,
        "changed_at": record.changed_at,
        "district": region(district),
        "province": region(province),
        "school": school
        and {
            **{
                name: getattr(school, name)
                for name in ("id", "name", "name_en", "level", "founding", "branch")
            },
            **{name: getattr(school, name) for name in ("status", "address", "left_register")},
            "district": region(school.district),
            "province": region(school.province),
            "point": None if school.lon is None else {"lat": school.lat, "lon": school.lon},
        },
    }


def with_status(tomb: Any) -> dict[str, Any]:
    names = ("public_id", "version", "reason", "changed_at")
    return {"status": "withdrawn", **{name: getattr(tomb, name) for name in names}}
