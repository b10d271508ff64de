"""Sums that are public: an attacker subtracts all of them, from each other and from those of other days (SAFEGUARDS C2)."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.directory.models import School
from geo.record import disclosure
from geo.record.disclosure import STEP
from geo.record.figures import Figures, figures
from geo.record.snapshot.data import PublicRecord, PublicSchool, PublicSet, RegionInfo

AT = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
REGIONS = {
    code: RegionInfo(code, "district" if parent else "province", parent, code, code)
    for code, parent in {
        "11": None, "11110": "11", "11140": "11", "11170": "11", "26": None, "26110": "26", "36": None,
    }.items()
}  # fmt: skip
LEVELS = School.Level.values


def school(number: int, level: str, place: str | None) -> PublicSchool:
    region = REGIONS.get(place or "")
    district = region.code if region and region.level == "district" else None
    province = (region.parent if district else region.code) if region else None
    return PublicSchool(
        f"X9{number:05d}",
        "보기",
        "",
        level,
        "public",
        "main",
        "operating",
        "",
        district,
        province,
        None,
        None,
        False,
    )


def record(number: int, *, month: int, grade: str, level: str | None, place: str | None) -> PublicRecord:
    """Of a named school where there is a level, else of a small one that `place` stands for."""
    return PublicRecord(
        public_id=str(UUID(int=number)),
        status="confirmed",
        version=1,
        month=dt.date(2025, month, 1),
        grade=grade,
        sources=(),
        published_at=AT,
        changed_at=AT,
        school=school(number, level, place) if level else None,
        region=None if level else place,
        salt="",
        replies=(),
        digest=b"",
    )


def public(records: Iterable[PublicRecord]) -> PublicSet:
    return PublicSet(b"", 0, AT, tuple(records), (), (), REGIONS, {})


places = st.sampled_from([*REGIONS, None])
batches = st.tuples(  # records that are alike; many at once, since a few reach no step
    st.integers(1, 6),
    st.fixed_dictionaries(
        {
            "month": st.sampled_from([3, 4, 5, 6, 7]),
            "grade": st.sampled_from("ABCD"),
            "level": st.sampled_from([*LEVELS, None]),
            "place": places,
        }
    ),
)
days = st.lists(
    st.one_of(batches, st.integers(1, 9)), min_size=1, max_size=14
)  # a number: so many are withdrawn


def history(steps: list[object]) -> Iterable[PublicSet]:
    """The public set after each day."""
    shown: list[PublicRecord] = []
    numbers = itertools.count(1)
    for day in steps:
        if isinstance(day, int):
            del shown[: min(day, len(shown))]
        else:
            count, kind = day
            shown += [record(next(numbers), **kind) for _ in range(count)]
        yield public(shown)


def tables(said: Figures) -> list[Mapping[object, int]]:
    """Those that count all records; the levels count a part of them."""
    provinces = {code: n for code, n in said.regions.items() if REGIONS[code].level == "province"}
    districts = {code: n for code, n in said.regions.items() if REGIONS[code].level == "district"}
    return [said.months, said.grades, provinces, districts, said.levels]


@settings(max_examples=150, deadline=None)
@given(days)
def test_no_difference_of_any_two_numbers_of_any_two_days_is_a_few(steps: list[object]) -> None:
    seen = [figures(public) for public in history(steps)]
    numbers = {
        (table, key): {dict(tables(said)[table]).get(key, 0) for said in seen}
        for table in range(5)
        for said in seen
        for key in tables(said)[table]
    }
    everything = sorted(
        set().union(*numbers.values(), *([sum(table.values()) for table in tables(said)] for said in seen))
    )
    for one, other in itertools.combinations(everything, 2):
        assert other - one >= STEP
    assert all(number == 0 or number >= STEP for number in everything)


@settings(max_examples=150, deadline=None)
@given(days)
def test_what_is_said_is_true(steps: list[object]) -> None:
    for public in history(steps):
        said = figures(public)
        assert all(
            n <= sum(record.month == month for record in public.records) for month, n in said.months.items()
        )
        assert all(
            n <= sum(record.grade == grade for record in public.records) for grade, n in said.grades.items()
        )
        for code, n in said.regions.items():
            assert n <= sum(record.lies_in(code, REGIONS) for record in public.records)


@settings(max_examples=150, deadline=None)
@given(days)
def test_no_sum_forces_a_number_above_what_is_said_of_it(steps: list[object]) -> None:
    """The attack by complement: what is left when all others are as large as they can be has to be nothing."""
    for public in history(steps):
        said = figures(public)
        least = max(sum(table.values()) for table in tables(said))  # so many records there are, at least
        for table in tables(said)[:2]:
            assert_nothing_forced(table, least)
        for code, region in REGIONS.items():
            if region.level == "province":
                cells = {
                    each.code: said.regions[each.code] for each in REGIONS.values() if each.parent == code
                }
                itself = sum(
                    record.lies_in(code, REGIONS) and not _in_district(record) for record in public.records
                )  # as if it were known
                assert_nothing_forced({**cells, code: disclosure.step(itself)}, said.regions[code])


def _in_district(record: PublicRecord) -> bool:
    place = record.school.district if record.school else record.region
    return place in REGIONS and REGIONS[place].level == "district"


def assert_nothing_forced(table: Mapping[object, int], least: int) -> None:
    for cell, number in table.items():
        others = sum(n + STEP - 1 for key, n in table.items() if key != cell)
        assert least - others <= number, (cell, table, least)


def test_the_attack_by_complement_would_have_worked() -> None:
    """Four in each of five months, all of one grade: a plain rounding says 20, and so exactly four a month."""
    together = public(record(n, month=1 + n % 5, grade="A", level="high", place="11110") for n in range(20))
    said = figures(together)
    assert set(said.months.values()) == {0}
    assert sum(said.grades.values()) <= 16
    assert disclosure.covered(20, [4] * 5) == 15


@settings(max_examples=100, deadline=None)
@given(days)
def test_a_small_school_is_counted_by_its_own_line_alone(steps: list[object]) -> None:
    """No level, and no district for what is shown as a province: as if only the named schools were there."""
    *_, last = history(steps)
    said, named = figures(last), [each.school for each in last.records if each.school]
    levels = Counter(school.level for school in named)
    assert all(number <= levels[level] for level, number in said.levels.items())
    shown = Counter(each.region for each in last.records) + Counter(school.district for school in named)
    for code, region in REGIONS.items():
        assert region.level == "province" or said.regions[code] <= shown[code]
