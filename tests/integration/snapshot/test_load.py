"""What the public set holds, and what it never does."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from geo.record.models import ImpactRecord, Publisher
from geo.record.publishing import release
from geo.record.snapshot import data
from geo.record.snapshot.load import fetch, load
from tests import casework
from tests.published import hide, public, soon, withdraw

pytestmark = pytest.mark.django_db


def test_is_one_query_for_one_record_and_for_three(django_assert_num_queries: Any) -> None:
    casework.published()
    with django_assert_num_queries(1):
        assert len(load(soon()).records) == 1
    casework.published()
    casework.published()
    with django_assert_num_queries(1):
        assert len(load(soon()).records) == 3


def test_a_record_is_what_two_people_approved() -> None:
    school = casework.school(name="보기금성중학교")
    casework.published(at=school)
    (record,) = public().records
    row = ImpactRecord.objects.get()
    assert record.public_id == str(row.public_id)
    assert (record.status, record.grade, record.month) == ("confirmed", "A", casework.MONTH)
    assert record.school and (record.school.name, record.school.district, record.school.province) == (
        "보기금성중학교",
        "11680",
        "11",
    )
    assert (record.school.lon, record.school.lat) == (round(school.point.x, 6), round(school.point.y, 6))
    assert record.region is None
    (source,) = record.sources
    assert source.link == f"https://{source.publisher}.example.org/20260801"


def test_a_hide_is_over_when_it_ends() -> None:
    record = casework.published()
    moment = soon()
    hide(record, starts=moment, ends=moment + dt.timedelta(hours=72))
    assert [len(load(at).records) for at in (moment, moment + dt.timedelta(hours=72))] == [0, 1]
    hidden = load(moment)
    assert record not in {UUID(each.public_id) for each in hidden.records}
    assert [change.now for change in hidden.changes] == [None]
    assert hidden.schools == {}


def test_a_lapsed_record_is_not_public() -> None:
    casework.published()
    row = ImpactRecord.objects.get()
    due = dt.datetime.combine(row.review_due, dt.time(), dt.UTC)
    assert [len(load(due + dt.timedelta(days=days)).records) for days in (0, 1)] == [1, 0]


def test_a_small_school_waits_for_its_month_and_is_never_named() -> None:
    small = [casework.school(pupils=20) for _ in range(5)]
    casework.published(at=small[0])
    assert (public().records, public().changes) == ((), ())
    assert small[0].id.encode() not in fetch(soon())

    ImpactRecord.objects.update(changed_at=dt.datetime(2026, 8, 15, tzinfo=dt.UTC))
    assert release(now=dt.datetime.now(dt.UTC)) == 1
    (record,) = public().records
    assert (record.school, record.region, record.district) == (None, "11680", None)
    assert small[0].id.encode() not in fetch(soon())
    assert set(public().by_region) == {"11680", "11"}


def test_a_withdrawal_leaves_a_stable_id_and_a_reason_alone() -> None:
    school = casework.school()
    record = casework.published(at=school)
    withdraw(record, school)
    found = public()
    assert found.records == () and found.schools == {}
    (left,) = found.tombstones
    assert (left.public_id, left.reason) == (str(record), "wrong_school")
    assert school.id.encode() not in fetch(soon())


def test_the_next_set_is_the_same_with_and_without_the_memory_of_the_last() -> None:
    casework.published()
    public()
    casework.published()
    warm = public()
    data._last = data._Memory(b"", {}, {}, {})
    assert public() == warm


def test_a_region_that_is_renamed_is_read_again() -> None:
    casework.published()
    public()
    place = casework.region()
    place.name_ko = "보기새구"
    place.save()
    assert public().regions["11680"].name_ko == "보기새구"


def test_a_new_publisher_changes_no_record_and_a_renamed_one_those_that_cite_it() -> None:
    casework.published()
    first = public()
    casework.publisher()
    assert (public().records[0].digest, public().names) == (first.records[0].digest, first.names)
    Publisher.objects.filter(code=first.records[0].sources[0].publisher).update(name_ko="보기새청")
    (record,) = public().records
    assert record.sources[0].name_ko == "보기새청"
    assert record.digest != first.records[0].digest
