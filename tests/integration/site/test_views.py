"""Pages that no file holds: searches, filtered lists, schools without a record, errors."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from geo.directory import keys
from geo.directory.models import Region, School
from geo.record.models import ImpactRecord
from geo.site import shown
from tests import casework

pytestmark = pytest.mark.django_db
Built = Callable[[], int]
PLACED = {"다람": "26110", "가람": "11680", "나람": "26110"}


def named(name: str, district: str = "11680", **fields: Any) -> School:
    """A school that the search knows, with the keys that the importers write."""
    school = casework.school(name=name, district=district)
    for field, value in {**asdict(keys.of(name)), **fields}.items():
        setattr(school, field, value)
    school.save()
    return school


def test_schools_of_one_name_are_told_apart_before_anything_is_said(public_client: Any, built: Built) -> None:
    one = named("보기금성중학교", address_road="보기도 보기구 하나로 1")
    two = named("보기금성중학교", "26110", address_road="보기도 보기구 둘로 2")
    casework.published(at=one)
    built()
    page = public_client.get("/ko/schools/", {"q": "보기금성중학교"}).content.decode()
    assert page.index(one.pk) and page.index(two.pk)
    assert "하나로 1" in page and "둘로 2" in page
    assert "이름이 같은 학교가 여럿" in page
    assert "확인됨" not in page and "확인된 기록 없음" not in page


def test_a_school_alone_says_what_is_confirmed(public_client: Any, built: Built) -> None:
    casework.published(at=named("보기은하중학교"))
    named("보기바람중학교")
    built()
    assert "확인됨" in public_client.get("/ko/schools/", {"q": "보기은하"}).content.decode()
    assert "확인된 기록 없음" in public_client.get("/ko/schools/", {"q": "보기바람"}).content.decode()


def test_the_list_is_sorted_by_its_address(public_client: Any, built: Built) -> None:
    """Each order reads only what the rows say; a small school, which has no name, comes after all names."""
    small, *_others = [casework.school(pupils=20, district="26110", name="가나다초등학교") for _ in range(8)]
    Region.objects.filter(pk="26110").update(name_ko="보가구")  # before 보기구
    schools = [named(f"보기{name}중학교", place) for name, place in PLACED.items()]
    for number, grade in enumerate("CAB"):
        record = casework.published(at=schools[number])
        ImpactRecord.objects.filter(pk=record).update(grade=grade, month=dt.date(2026, 5 + number, 1))
    ImpactRecord.objects.filter(pk=casework.published(at=small)).update(
        published_at=timezone.now(), grade="D", month=dt.date(2026, 4, 1)
    )
    built()
    said = {}
    for order in ("", *shown.ORDERS, "nonsense"):
        page = public_client.get(f"/ko/records/?month_from=2026-01&order={order}").content.decode()
        said[order] = "".join(re.findall("(다람|가람|나람|작은) ?[중학]", page))
        assert small.name not in page
    assert said == {
        "": "나람가람다람작은",
        "nonsense": "나람가람다람작은",
        "oldest": "작은다람가람나람",
        "name": "가람나람다람작은",
        "place": "나람다람작은가람",
        "grade": "가람나람다람작은",
    }
    page = public_client.get("/ko/records/?order=oldest").content.decode()
    assert page.index("보기다람") < page.index("보기나람"), "an order alone is a view as well"
    assert 'value="oldest" selected' in page and 'href="/en/records/?order=oldest"' in page


def test_what_was_typed_is_escaped_and_kept_by_no_cache(public_client: Any, built: Built) -> None:
    built()
    answer = public_client.get("/ko/schools/", {"q": '<script>alert("1")</script>'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")


def test_a_school_that_does_not_exist_is_said_not_to(public_client: Any, built: Built) -> None:
    near = named("보기은하중학교")
    built()
    page = public_client.get("/ko/schools/", {"q": "보기은히중학교"}).content.decode()
    assert "공식 명부에 없는 학교입니다" in page
    assert near.pk in page
    english = public_client.get("/en/schools/", {"q": "qqqqqq"}).content.decode()
    assert "No such school in the official register" in english


@pytest.mark.parametrize("text", ["", "   ", "\x00", "가" * 101, "%' OR 1=1 --", "\u202e\u200b", "ㄱ"])
def test_odd_searches_are_answered(public_client: Any, built: Built, text: str) -> None:
    built()
    assert public_client.get("/ko/schools/", {"q": text}).status_code == 200


def test_a_school_without_a_record_says_what_that_means(public_client: Any, built: Built) -> None:
    school = casework.school()
    built()
    answer = public_client.get(f"/ko/schools/{school.pk}/")
    assert "확인된 기록 없음" in answer.content.decode()
    assert "아무 일도 없었다는 증명은 아닙니다" in answer.content.decode()
    assert answer.headers["Cache-Control"].startswith("public")
    assert not answer.cookies


def test_a_small_school_with_a_record_looks_like_one_without(public_client: Any, built: Built) -> None:
    schools = [casework.school(pupils=20, name="보기작은초등학교") for _ in range(5)]
    casework.published(at=schools[0])
    built()
    with_record, without = (
        public_client.get(f"/ko/schools/{school.pk}/").content.decode() for school in schools[:2]
    )
    assert with_record.replace(schools[0].pk, schools[1].pk) == without


def test_filters_ask_no_database(public_client: Any, built: Built, django_assert_num_queries: Any) -> None:
    school = casework.school(level="high")
    casework.published(at=school)
    casework.published(at=casework.school(level="middle"))
    built()
    with django_assert_num_queries(0):
        page = public_client.get(
            "/ko/records/", {"level": "high", "grade": "A", "month_from": "2026-08"}
        ).content.decode()
    assert "조건에 맞는 기록 1건" in page and school.pk in page
    with django_assert_num_queries(0):
        assert (
            "조건에 맞는 확인된 기록이 없습니다" in public_client.get("/ko/records/?grade=B").content.decode()
        )


@pytest.mark.parametrize(
    "query",
    [
        "region=<b>",
        "level=nothing",
        "grade=E",
        "month_from=2026-13",
        "page=-1",
        "page=９",
        "status=withdrawn",
        "x=1",
    ],
)
def test_what_is_no_filter_is_as_if_it_were_not_there(public_client: Any, built: Built, query: str) -> None:
    casework.published()
    built()
    assert public_client.get(f"/ko/records/?{query}").content == public_client.get("/ko/records/").content


def test_a_shared_view_of_the_map_is_the_map(public_client: Any, built: Built) -> None:
    built()
    assert public_client.get("/ko/?level=high").content == public_client.get("/ko/").content


def test_before_the_first_generation_pages_ask_for_patience(public_client: Any, folder: Any) -> None:
    school = casework.school()
    for path in ("/ko/", "/ko/records/", "/ko/records/?grade=A", f"/ko/schools/{school.pk}/"):
        answer = public_client.get(path)
        assert answer.status_code == 503 and answer.headers["Retry-After"]
        assert "지도를 준비하고 있습니다" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["nothing/", "schools/X9NONE/", "regions/99/", f"records/{UUID(int=0)}/", "records/months/1999-01/"],
)
def test_what_is_not_there_is_said_in_both_languages(public_client: Any, built: Built, path: str) -> None:
    built()
    for language, sentence in (("ko", "없는 페이지입니다"), ("en", "There is no such page")):
        answer = public_client.get(f"/{language}/{path}")
        assert answer.status_code == 404
        assert sentence in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]


def test_pages_are_only_read(public_client: Any, built: Built) -> None:
    built()
    for path in ("/ko/", "/ko/schools/", "/ko/records/"):
        assert public_client.post(path).status_code == 405
