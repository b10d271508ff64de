"""The API's addresses as a client meets them, errors included (RFC 9457)."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from geo.record.models import ImpactRecord
from tests import casework
from tests.published import build

PROBLEM = "application/problem+json"
TYPES = "urn:school-impact-map:problem:"


@pytest.fixture
def api(public_client: Client, db: None, folder: Path, only_data: None) -> Client:
    """Three records: two months, two districts, two levels."""
    casework.published(at=casework.school(level="middle"))
    casework.published(at=casework.school(level="high"))
    other = casework.published(at=casework.school(level="high", district="11650"))
    ImpactRecord.objects.filter(pk=other).update(month=dt.date(2026, 5, 1))
    build()
    return public_client


@pytest.mark.parametrize(
    ("query", "count", "month"),
    [
        ("level=high", 2, "2026-08"),
        ("level=high&month=2026-05", 2, "2026-05"),
        ("region=11650", 1, "2026-05"),
        ("region=11", 3, "2026-08"),
        ("region=11680&level=high", 1, "2026-08"),
        ("month_from=2026-06", 2, "2026-08"),
        ("month_to=2026-06", 1, "2026-05"),
        ("grade=B", 0, None),
        ("status=disputed", 0, None),
    ],
)
def test_filters(api: Client, query: str, count: int, month: str | None) -> None:
    answer = api.get(f"/api/v1/records/?{query}").json()
    assert (answer["count"], answer["month"]) == (count, month)
    features = api.get(f"/api/v1/records/?{query}&format=geojson").json()["features"]
    if "month=" not in query:
        assert len(features) == count
    assert all(record["month"] == month for record in answer["results"])


def test_months_lead_from_one_to_the_next(api: Client) -> None:
    first = api.get("/api/v1/records/").json()
    assert (first["month"], len(first["results"]), first["previous"]) == ("2026-08", 2, None)
    second = api.get(first["next"]).json()
    assert (second["month"], len(second["results"]), second["next"]) == ("2026-05", 1, None)
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_a_record_is_the_same_in_its_file_its_list_and_its_school(api: Client) -> None:
    record = api.get("/api/v1/records/").json()["results"][0]
    assert api.get(f"/api/v1/records/{record['public_id']}/").json() == record
    school = api.get(f"/api/v1/schools/{record['school']['id']}/").json()
    assert school == {**record["school"], "records": [record]}


def test_a_school_without_a_record_has_the_same_shape(api: Client) -> None:
    plain = casework.school()
    with_record = api.get("/api/v1/records/").json()["results"][0]["school"]["id"]
    answers = [api.get(f"/api/v1/schools/{code}/").json() for code in (plain.pk, with_record)]
    assert set(answers[0]) == set(answers[1])
    assert answers[0]["records"] == []


def test_changes_since(api: Client) -> None:
    everything = api.get("/api/v1/changes/").json()
    assert [change["index"] for change in everything["results"]] == [0, 1, 2]
    later = api.get("/api/v1/changes/?since=1").json()
    assert later["results"] == everything["results"][2:]
    assert api.get("/api/v1/changes/?since=2").json()["results"] == []


@pytest.mark.parametrize(
    ("address", "status", "code", "field"),
    [
        ("records/?grade=E", 400, "invalid-parameter", "grade"),
        ("records/?level=abc", 400, "invalid-parameter", "level"),
        ("records/?region=99999", 400, "invalid-parameter", "region"),
        ("records/?month=2026-13", 400, "invalid-parameter", "month"),
        ("records/?month_from=2026-09&month_to=2026-08", 400, "invalid-parameter", "month_from"),
        ("records/?garde=A", 400, "invalid-parameter", "garde"),
        ("records/?format=xml", 406, "not-acceptable", None),
        ("records/00000000-0000-4000-8000-000000000000/", 404, "not-found", None),
        ("records/not-a-record/", 404, "not-found", None),
        ("records-1.geojson", 410, "superseded", None),
        ("records-999999.geojson", 404, "not-found", None),
        ("changes/?since=x", 400, "invalid-parameter", "since"),
        ("changes/?since=-2", 400, "invalid-parameter", "since"),
        ("schools/X9NOBODY/", 404, "not-found", None),
        ("schools/?near=200,1", 400, "invalid-parameter", "near"),
        ("schools/?near=nan,nan", 400, "invalid-parameter", "near"),
        ("schools/?radius=50", 400, "invalid-parameter", "radius"),
        ("schools/?near=37,127&radius=0", 400, "invalid-parameter", "radius"),
        ("schools/?q=" + "a" * 101, 400, "invalid-parameter", "q"),
        ("schools/?region=99999", 400, "invalid-parameter", "region"),
        ("nothing/", 404, "not-found", None),
        ("", 404, "not-found", None),
    ],
)
def test_errors_are_problems_in_the_readers_language(
    api: Client, address: str, status: int, code: str, field: str | None
) -> None:
    sentences = set()
    for language in ("ko", "en"):
        answer = api.get(f"/api/v1/{address}", headers={"Accept-Language": language})
        problem = json.loads(answer.content)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
        assert (problem["type"], problem["status"]) == (TYPES + code, status)
        assert problem.get("field") == field
        assert problem["detail"].endswith((".", "。", "요", "다"))
        assert answer.headers["Cache-Control"] == "no-store"
        sentences.add(problem["title"])
    assert len(sentences) >= 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_everything_is_read_only(api: Client, method: str) -> None:
    for address in ("records/", "records.geojson", "schools/", "changes/"):
        answer = getattr(api, method)(f"/api/v1/{address}")
        assert answer.status_code == 405 or address == "records.geojson"
        assert answer.headers["Content-Type"] == PROBLEM


def test_what_somebody_typed_is_in_no_cache(api: Client) -> None:
    answer = api.get("/api/v1/schools/?q=보기")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_search_finds_by_place(api: Client) -> None:
    school = casework.school()
    near: Any = api.get(f"/api/v1/schools/?near={school.point.y},{school.point.x}&radius=50").json()
    assert [each["id"] for each in near["results"]] == [school.pk]


def test_before_the_first_generation_the_api_says_so(public_client: Client, db: None, folder: Path) -> None:
    for address in ("records/?grade=A", "changes/?since=1"):
        answer = public_client.get(f"/api/v1/{address}")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
    assert public_client.get("/readyz").json()["snapshot"] is False


def test_health_without_and_with_everything(api: Client) -> None:
    assert api.get("/healthz").status_code == 200
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
