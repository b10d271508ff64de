"""Small schools stay hidden from a reader who knows the rule, the register and every snapshot (SAFEGUARDS C2)."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.directory.models import School
from geo.record import disclosure
from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import Refused, call
from moderation.review.models import Case
from tests import casework, disclosed
from tests.disclosed import release, small_schools
from tests.published import folder, withdraw

pytestmark = pytest.mark.django_db
__all__ = ["folder"]


def test_district_with_enough() -> None:
    school, *_ = small_schools("11110", 5)
    assert disclosure.place(school) == (False, "11110", True)


def test_province_counts_only_districts_that_are_not_enough() -> None:
    lonely, *_ = small_schools("11110", 1)
    small_schools("11140", 9)
    small_schools("26110", 4)
    assert disclosure.place(lonely) == (False, None, True), "shown as the province it could only be this one"
    small_schools("11170", 4)
    assert disclosure.place(lonely) == (False, "11", True)


def test_nowhere_to_hide() -> None:
    lonely, *_ = small_schools("11110", 4)
    small_schools("11140", 9)
    assert disclosure.place(lonely) == (False, None, False)
    one = casework.member()
    case = casework.case(lonely)
    casework.add_evidence(case, by=one)
    with pytest.raises(Refused) as caught:
        casework.propose(case, by=one)
    assert caught.value.code == "no_room"


def test_schools_on_the_map_are_no_cover() -> None:
    schools = small_schools("11110", 7)
    for school in schools[:3]:
        casework.published(at=school)
    assert not disclosure.place(schools[3]).room
    with pytest.raises(Refused):
        casework.published(at=schools[3])


def test_a_race_for_the_last_room_is_lost_by_the_second() -> None:
    first, second, *_ = small_schools("11110", 5)
    one, two = casework.member(), casework.member()
    drafts = [casework.drafted(by=one, at=school) for school in (first, second)]
    for draft in drafts:
        casework.decide(draft, by=one)
    casework.decide(drafts[0], by=two)
    with pytest.raises(Refused), transaction.atomic():
        casework.decide(drafts[1], by=two)
    assert ImpactRecord.objects.count() == 1


@pytest.mark.parametrize("pupils", [0, 99, None])
def test_thresholds_small(pupils: int | None) -> None:
    assert disclosure.small(casework.school(pupils=pupils))


@pytest.mark.parametrize(("pupils", "level"), [(100, "middle"), (5000, "high"), (None, "university")])
def test_thresholds_large(pupils: int | None, level: str) -> None:
    assert not disclosure.small(casework.school(pupils=pupils, level=level))


def test_growing_does_not_unmask() -> None:
    school, *_ = small_schools("11110", 5)
    public_id = casework.published(at=school)
    School.objects.filter(pk=school.pk).update(pupils=500, version=2)
    case = casework.case(School.objects.get(pk=school.pk))
    Case.objects.filter(pk=case.pk).update(record=public_id)
    one, two = casework.member(), casework.member()
    casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one, kind="correct", reason="checked")
    assert (draft.names_school, draft.region_id, draft.sources) == (False, "11110", [])
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    record = ImpactRecord.objects.get(pk=public_id)
    assert (record.school_id, record.region_id) == (None, "11110")


def test_a_batch_says_one_instant_and_no_order() -> None:
    for school in small_schools("11110", 9)[:4]:
        casework.published(at=school)
    released = release()
    assert released == 4
    records = ImpactRecord.objects.order_by("public_id")
    assert len({record.published_at for record in records}) == 1
    assert [entry.record for entry in LogEntry.objects.all()] == [record.pk for record in records]
    assert release() == 0


def test_a_place_that_holds_fewer_since_the_draft_is_drafted_anew() -> None:
    school, *others = small_schools("11110", 9)
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one, at=school)
    casework.decide(draft, by=one)
    School.objects.filter(pk__in=[each.pk for each in others[:5]]).update(pupils=400)
    with pytest.raises(Refused) as caught:
        casework.decide(draft, by=two)
    assert caught.value.code == "school_changed"


def test_no_batch_is_released_before_its_time() -> None:
    with pytest.raises(Refused) as caught:
        call("record_release", dt.datetime.now(dt.UTC) + dt.timedelta(days=40))
    assert caught.value.code == "release_in_the_future"


def test_what_is_withdrawn_before_its_batch_was_never_public() -> None:
    school, *_ = small_schools("11110", 5)
    record = casework.published(at=school)
    withdraw(record, school)
    assert release() == 0
    assert not LogEntry.objects.exists() and not ImpactRecord.objects.tombstones().exists()
    assert ImpactRecord.objects.get(pk=record).status == "withdrawn"
    casework.published(at=school)
    assert release() == 1


@settings(
    max_examples=3,  # 300 in `make bench`
    deadline=None,
    phases=[Phase.generate],  # a sequence of days takes a second: what fails is short enough as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    counts=disclosed.COUNTS,
    large=st.integers(0, 7),
    steps=st.lists(disclosed.STEP_OF_A_DAY, min_size=4, max_size=9),
)
def test_no_public_address_of_any_day_tells_a_hidden_school(
    folder: Path, public_client: Any, counts: list[int], large: int, steps: list[tuple[Any, ...]]
) -> None:
    """Every address in sequence, read by somebody who knows the register of each day and the rule."""
    with transaction.atomic():
        disclosed.attack(public_client, counts, large, steps)
        transaction.set_rollback(True)
