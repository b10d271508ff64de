"""Small schools stay hidden from a reader who knows the rule, the register and every snapshot (SAFEGUARDS C2)."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.directory.models import School
from geo.record import disclosure
from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import Refused, call
from geo.record.snapshot import load
from moderation.review.models import Case
from tests import casework

pytestmark = pytest.mark.django_db
LEAST = 5
LAYOUT = {"11110": "11", "11140": "11", "11170": "11", "26110": "26", "26140": "26"}  # district → province


def small_schools(district: str, count: int) -> list[School]:
    casework.region(district, parent=LAYOUT.get(district, "11"))
    return [casework.school(pupils=50, district=district) for _ in range(count)]


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
    released = _release()
    assert released == 4
    records = ImpactRecord.objects.order_by("public_id")
    assert len({record.published_at for record in records}) == 1
    assert [entry.record for entry in LogEntry.objects.all()] == [record.pk for record in records]
    assert _release() == 0


def _release() -> int:
    """The batch of the next month: everything decided so far is moved into the month before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_impactrecord SET changed_at = changed_at - interval '40 days' WHERE published_at IS NULL"
        )
    return int(call("record_release", dt.datetime.now(dt.UTC)))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 40)),
        st.tuples(st.just("resize"), st.integers(0, 40), st.sampled_from([20, 300, None])),
        st.tuples(st.just("close"), st.integers(0, 40)),
        st.tuples(st.just("month")),
    ),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(counts=st.lists(st.integers(0, 7), min_size=5, max_size=5), large=st.integers(0, 3), steps=steps)
def test_no_history_tells_a_hidden_school(counts: list[int], large: int, steps: list[tuple]) -> None:
    """Every snapshot in sequence, read by somebody who knows the register of each day and the rule."""
    with transaction.atomic():
        attacked(counts, large, steps)
        transaction.set_rollback(True)


def attacked(counts: list[int], large: int, steps: list[tuple]) -> None:
    schools = [
        school
        for district, count in zip(LAYOUT, counts, strict=True)
        for school in small_schools(district, count)
    ]
    schools += [casework.school(pupils=400, district="11110") for _ in range(large)]
    if not schools:
        return
    hidden: set[str] = set()  # what only the moderators know
    meant: dict[str, set[str]] = {}  # record → schools that could be meant, as a reader works it out
    for kind, *rest in steps:
        school = schools[rest[0] % len(schools)] if rest else None
        if kind == "publish" and school is not None:
            hidden |= publish(school, meant)
        elif kind == "resize":
            School.objects.filter(pk=school.pk).update(pupils=rest[1])
        elif kind == "close":
            School.objects.filter(pk=school.pk).update(status="closed")
        else:
            _release()
        read(load.fetch(dt.datetime.now(dt.UTC)), hidden, meant)


def publish(school: School, meant: dict[str, set[str]]) -> set[str]:
    """Tries to publish; returns the school if it is now on the map without its name."""
    before = disclosure.pools()
    try:
        with transaction.atomic():
            public_id = casework.published(at=School.objects.get(pk=school.pk))
    except (Refused, Exception) as refused:
        assert isinstance(refused, Refused) or "one_record_per_school" in str(refused), refused
        return set()
    record = ImpactRecord.objects.get(pk=public_id)
    if record.school_id:
        return set()
    meant[str(public_id)] = before[record.region_id]
    return {school.pk}


def read(public: bytes, hidden: set[str], meant: dict[str, set[str]]) -> None:
    lines = [json.loads(line) for line in public.splitlines() if line.strip()]
    named = {text for line in lines for text in _texts(line)}
    assert not named & hidden - _named_otherwise(), "a hidden school's id is in the public files"
    shown = [record for record in meant if record in named]
    regions = Counter(ImpactRecord.objects.filter(pk__in=shown).values_list("region_id", flat=True))
    for public_id in shown:
        region = ImpactRecord.objects.get(pk=public_id).region_id
        # At worst the reader knows every other record's school.
        assert len(meant[public_id]) - (regions[region] - 1) >= LEAST


def _named_otherwise() -> set[str]:
    """Schools that are on the map by name too, since they were large at another time."""
    return set(ImpactRecord.objects.filter(school__isnull=False).values_list("school_id", flat=True))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
