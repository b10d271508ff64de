"""Every school is found: by its own name, its initials, its place, in any order of the words."""

import random
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.directory import matching
from geo.directory.models import School
from geo.directory.search import find, nearest_names

pytestmark = pytest.mark.usefixtures("regions")
PLACES = {
    "11680": ("서울특별시 강남구", "37.55", "127.05"),
    "11110": ("서울특별시 종로구", "37.65", "126.95"),
    "36110": ("세종특별자치시", "36.55", "127.35"),
    "41590": ("경기도 화성시", "37.15", "126.85"),
    "51110": ("강원특별자치도 춘천시", "37.85", "127.75"),
    "28140": ("인천광역시 동구", "37.45", "126.65"),
}
STEMS = ("금성", "대구옥산", "옥산", "한빛", "새롬", "가락", "금산", "서울", "중앙", "은하수")
KINDS = {
    "초등학교": "초등학교",
    "중학교": "중학교",
    "여자중학교": "중학교",
    "고등학교": "고등학교",
    "여자고등학교": "고등학교",
}


@pytest.fixture
def directory(write, told):
    """Ten stems of five kinds, each in two districts; and one name in all six."""
    rows, number = [], 0
    chance = random.Random(4)
    for stem in STEMS:
        for kind, level in KINDS.items():
            for region in (
                sorted(PLACES) if (stem, kind) == ("금성", "초등학교") else chance.sample(sorted(PLACES), 2)
            ):
                number += 1
                address, lat, lon = PLACES[region]
                rows.append(
                    {
                        "학교ID": f"X9{number:08}",
                        "학교명": f"보기{stem}{kind}" if stem in {"한빛", "새롬"} else f"{stem}{kind}",
                        "학교급구분": level,
                        "소재지도로명주소": f"{address} 보기로 {number}",
                        "위도": str(float(lat) + number / 10_000),
                        "경도": lon,
                    }
                )
    told("import_schools", write("schools", *rows))


def names(text, **more):
    return [school.name for school in find(text=text, **more)]


def test_every_school_is_found_by_its_name_initials_id_and_place(directory):
    for school in School.objects.select_related("region__parent"):
        where = f"{school.region.parent.name_ko} {school.region.name_ko}"
        for text in (
            school.name,
            school.name_key,
            school.name.replace("학교", " 학교"),
            school.initials,
            school.pk.lower(),
            f"{where} {school.name}",
            f"{school.name_key} {school.region.name_ko}",
            f"{school.initials} {school.region.name_ko}",
        ):
            found = [other.pk for other in find(text=text, limit=60)]
            assert school.pk in found, text


def test_the_school_itself_comes_before_those_that_contain_its_name(directory):
    assert names("옥산초")[:2] == ["옥산초등학교"] * 2
    assert set(names("옥산초")) == {"옥산초등학교", "대구옥산초등학교"}


def test_namesakes_are_all_shown_and_told_apart_by_region(directory):
    found = [school for school in find(text="금성초") if school.name == "금성초등학교"]
    assert len(found) == len(PLACES)
    assert len({school.region_id for school in found}) == len(PLACES)


@pytest.mark.parametrize("text", ["ㄱㅅㅊ", "\u1100\u1109\u110e", "금ㅅㅊ", "금성ㅊ", " ㄱㅅㅊ "])
def test_initials_alone_or_half_typed_show_the_commonest_name_first(directory, text):
    assert names(text)[: len(PLACES)] == ["금성초등학교"] * len(PLACES)


@pytest.mark.parametrize(
    "words", [*list(permutations(("강남구", "서울", "가락", "초등학교"))), ("가락초", "강남")]
)
def test_the_order_of_words_is_free(directory, words):
    expected = {school.pk for school in School.objects.filter(region_id="11680", name="가락초등학교")}
    assert {school.pk for school in find(text=" ".join(words)) if school.name == "가락초등학교"} >= expected
    assert [school.pk for school in find(text=" ".join(words))] == [
        school.pk for school in find(text=" ".join(sorted(words)))
    ]


@pytest.mark.parametrize(
    "text",
    ["춘천시 금성초", "금성초 춘천", "강원도 금성초", "강원 춘천 금성초", "춘천금성초", "gangwon 금성초"],
)
def test_old_new_short_and_glued_regions_narrow(directory, text):
    assert next((school.name, school.region_id) for school in find(text=text)) == ("금성초등학교", "51110")


def test_level_words_filter_and_short_forms_work(directory):
    assert set(names("금성 중학교")) == {"금성중학교", "금성여자중학교"}
    assert set(names("금성여고")) == {"금성여자고등학교"}
    assert names("서울 고")[0].startswith("서울") and "서울고등학교" in names("서울 고")
    assert all("중학교" in name for name in names("금성", level="middle"))


def test_region_and_level_filters_without_words(directory):
    found = find(text="", region="11", level="elementary", limit=100)
    assert found and {school.region.parent_id for school in found} == {"11"}
    assert {school.level for school in found} == {"elementary"}
    assert {school.region_id for school in find(text="강남구", region="11", limit=100)} == {"11680"}


def test_near_a_point(directory):
    found = find(text="금성초", near=(37.85, 127.75))
    assert found[0].region_id == "51110"
    assert {school.region_id for school in find(text="", near=(37.85, 127.75), radius_m=5000)} == {"51110"}
    assert find(text="", near=(33.3, 126.5), radius_m=1000) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x1b", "%", "_", "'", "\\", "()[]*", "\u202e", "😀", "a" * 1000]
)
def test_nothing_readable_finds_nothing(directory, text):
    assert find(text=text) == []
    assert find(text=text, near=(37.5, 127.0), radius_m=1) == []
    assert nearest_names(text=text) == []


def test_more_than_a_hundred_characters_are_cut(directory):
    assert names("금성초" + " " * 97 + "무" * 500)[0] == "금성초등학교"


@given(text=st.text(max_size=120))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(directory, text):
    assert len(find(text=text, limit=7)) <= 7
    assert len(nearest_names(text=text, limit=3)) <= 3


def test_a_name_nobody_has_suggests_the_nearest(directory):
    assert nearest_names(text="김성초등학교")[0].name in {"금성초등학교", "금산초등학교"}
    assert nearest_names(text="은하주초")[0].name == "은하수초등학교"


def test_closed_and_departed_schools_come_last(directory):
    gone = School.objects.filter(name="금성초등학교").order_by("pk")[0]
    School.objects.filter(pk=gone.pk).update(status="closed")
    assert [school.pk for school in find(text="금성초") if school.name == "금성초등학교"][-1] == gone.pk


def test_results_carry_their_region_without_a_query_each(directory, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        for school in find(text="금성초"):
            assert school.region.name_ko and school.region.parent.name_ko


def test_english_names_are_found(write, told):
    told("import_schools", write("schools", {}))
    told("import_contacts", write("contacts", {}))
    for text in ("Bogi Geumseong", "geumseong", "GEUMSEONG elementary", "Geumseong Bogi", "bogi geum"):
        assert names(text) == ["보기금성초등학교"], text


def test_look_alikes_are_namesakes_anywhere_and_similar_names_in_the_province(directory):
    school = School.objects.get(name="금성초등학교", region_id="11680")
    alike = matching.look_alikes(school)
    assert [other.name for other in alike[:5]] == ["금성초등학교"] * 5
    assert school not in alike
    for other in alike[5:]:
        assert matching.province(other) == "11"


def test_schools_told_apart_once_are_remembered(directory):
    one, other = School.objects.filter(name="금성초등학교").order_by("pk")[:2]
    matching.tell_apart(one=other, other=one)
    matching.tell_apart(one=one, other=other)
    assert matching.told_apart(one) == {other.pk} and matching.told_apart(other) == {one.pk}
    with pytest.raises(ValueError, match="itself"):
        matching.tell_apart(one=one, other=one)
