"""OGC API – Features: the abstract tests of Part 1 (Core, GeoJSON, OpenAPI 3.0), and the same records as the snapshot."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from openapi_spec_validator import validate

from geo.directory.models import School
from tests import casework
from tests.published import build, public, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder", "only_data")]


@pytest.fixture
def ogc(public_client: Any) -> Any:
    def get(address: str, status: int = 200, **query: Any) -> Any:
        """`address` is below /ogc/, or one of the absolute links of an answer."""
        found = urlsplit(address.removeprefix(settings.PUBLIC_ORIGIN))
        path = found.path if found.path.startswith("/") else f"/ogc/{found.path}"
        answer = public_client.get(path, {**dict(parse_qsl(found.query)), **query})
        assert answer.status_code == status, answer.content.decode()
        assert answer.headers["Access-Control-Allow-Origin"] == "*" and not answer.cookies
        answer.said = json.loads(answer.content)
        return answer

    return get


@pytest.fixture
def schools() -> list[School]:
    """Five named schools along one parallel, in two months, of which the last one's record is withdrawn."""
    made = [casework.school() for _ in range(5)]
    for number, school in enumerate(made):
        school.point.x, school.point.y = 127 + number / 10, 37.5
        school.save()
        casework.published(at=school)
    gone = casework.school()
    withdraw(casework.published(at=gone), gone)
    build()
    return made


def links(said: Any) -> dict[str, Any]:
    return {link["rel"]: link for link in said["links"]}


def test_the_way_from_the_landing_page_to_every_feature(ogc: Any, schools: list[School]) -> None:
    landing = links(ogc("").said)
    assert set(landing) >= {"self", "service-desc", "service-doc", "conformance", "data"}
    described = ogc(landing["service-desc"]["href"])
    assert described.headers["Content-Type"] == landing["service-desc"]["type"]
    conforms = ogc(landing["conformance"]["href"]).said["conformsTo"]
    assert {address.rpartition("/")[2] for address in conforms} == {"core", "geojson", "oas30"}
    found = {each["id"]: each for each in ogc(landing["data"]["href"]).said["collections"]}
    for name, each in found.items():
        assert ogc(f"collections/{name}").said == each
    assert found["records"]["extent"]["spatial"]["bbox"] == [[127.0, 37.5, 127.4, 37.5]]
    assert found["records"]["extent"]["temporal"]["interval"] == [
        ["2026-08-01T00:00:00Z", "2026-08-31T23:59:59Z"]
    ]
    items = ogc(links(found["records"])["items"]["href"])
    assert items.headers["Content-Type"] == "application/geo+json"
    shown = {record.public_id: record for record in public().records}
    assert {feature["id"] for feature in items.said["features"]} == set(shown)
    for feature in items.said["features"]:
        one = ogc(f"collections/records/items/{feature['id']}").said
        assert {key: one[key] for key in feature} == feature
        assert feature["geometry"]["coordinates"] == [shown[feature["id"]].school.lon, 37.5]


def test_pages_are_walked_by_their_links_and_no_feature_is_met_twice(ogc: Any, schools: list[School]) -> None:
    address, met = "collections/records/items?limit=2&bbox=126,37,128,38", []
    while address:
        said = ogc(address).said
        assert said["numberMatched"] == 5 and said["numberReturned"] == len(said["features"]) <= 2
        met += [feature["id"] for feature in said["features"]]
        address = links(said).get("next", {}).get("href", "")
    assert met == sorted(met) and len(set(met)) == 5


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"bbox": "127.05,37,127.25,38"}, 2),
        ({"bbox": "127.05,37,-100,127.25,38,100"}, 2),
        ({"bbox": "127.35,37,-170,38"}, 1),  # across the date line
        ({"bbox": "0,0,1,1"}, 0),
        ({"datetime": "2026-08-31"}, 5),
        ({"datetime": "2026-08-31T15:00:01Z"}, 0),  # which is September in Korea
        ({"datetime": "../2026-07-31"}, 0),
        ({"datetime": "2026-08-31/.."}, 5),
        ({"datetime": "/2026-08-01T00:00:00+09:00"}, 5),
        ({"datetime": "2026-01-01/2026-12-31", "limit": "1"}, 5),
        ({"limit": "10001"}, 5),  # more than the most is no error
    ],
)
def test_filters(ogc: Any, schools: list[School], query: dict[str, str], count: int) -> None:
    assert ogc("collections/records/items", **query).said["numberMatched"] == count


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "x"}, {"bbox": "1,2,3"}, {"bbox": "1,2,3,nan"}, {"bbox": "1,3,2,2"}, {"bbox": ""},
        {"datetime": "../.."}, {"datetime": "2026-13-01"}, {"datetime": "2026-02-01/2026-01-01"}, {"datetime": ""},
        {"datetime": "1/2/3"}, {"schol": "X9"}, {"after": "x" * 37},
    ],
)  # fmt: skip
def test_what_is_no_parameter_is_said_in_the_readers_language(
    ogc: Any, schools: Any, query: dict[str, str]
) -> None:
    said = ogc("collections/records/items", 400, **query, lang="ko").said
    assert said["field"] == next(iter(query)) and said["type"].endswith(":invalid-parameter")
    assert any("가" <= letter <= "힣" for letter in said["detail"])
    assert ogc("conformance", 400, x="1").said["field"] == "x"


def test_what_was_withdrawn_is_a_collection_of_its_own(ogc: Any, schools: Any) -> None:
    (left,) = ogc("collections/withdrawn/items").said["features"]
    assert left["geometry"] is None and left["properties"]["reason"] == "wrong_school"
    ogc(f"collections/records/items/{left['id']}", 404)
    ogc(f"collections/withdrawn/items/{left['id']}")
    ogc("collections/schools/items", 404)
    assert not ogc("collections/withdrawn/items", bbox="-180,-90,180,90").said["features"], "no place, no box"


def test_nothing_asks_the_database(ogc: Any, schools: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        for address in (
            "",
            "conformance",
            "collections",
            "collections/records",
            "collections/records/items",
            "api",
        ):
            ogc(address)


def test_the_description_is_openapi_3_0_and_names_every_address(ogc: Any) -> None:
    described = ogc("api").said
    assert described["openapi"].startswith("3.0")
    validate(described)
    assert len(described["paths"]) == 6
    asked = described["paths"]["/collections/{collection}/items"]["get"]["parameters"]
    assert {each["name"] for each in asked} == {"collection", "limit", "bbox", "datetime", "after", "lang"}
