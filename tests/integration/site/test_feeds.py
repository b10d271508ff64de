"""Feeds of everything, of a region and of a school: what leaves the map leaves them, and none tells of a small school."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from geo.record.models import ImpactRecord
from geo.record.publishing import release
from tests import casework
from tests.published import hide, public, soon, withdraw

pytestmark = pytest.mark.django_db
Rendered = Callable[[], dict[str, str]]
SPACES = {
    "": "http://www.w3.org/2005/Atom",
    "georss": "http://www.georss.org/georss",
    "at": "http://purl.org/atompub/tombstones/1.0",
}


def titles(feed: str) -> list[str]:
    return [
        entry.findtext("title", namespaces=SPACES) for entry in ET.fromstring(feed).findall("entry", SPACES)
    ]


def ids(feed: str) -> list[str]:
    return [entry.findtext("id", namespaces=SPACES) for entry in ET.fromstring(feed).findall("entry", SPACES)]


def deleted(feed: str) -> list[str]:
    return [entry.attrib["ref"] for entry in ET.fromstring(feed).findall("at:deleted-entry", SPACES)]


def feeds(rendered: Rendered) -> dict[str, str]:
    return {path: text for path, text in rendered().items() if path.endswith(".atom")}


def test_a_region_has_its_own_and_its_province_all(rendered: Rendered) -> None:
    casework.published(at=casework.school(name="보기가중학교"))
    casework.published(at=casework.school(name="보기나중학교", district="11650"))
    found = feeds(rendered)
    assert titles(found["ko/feeds/regions/11680.atom"]) == ["공개 · 보기가중학교"]
    assert titles(found["ko/feeds/regions/11.atom"]) == ["공개 · 보기나중학교", "공개 · 보기가중학교"]
    assert titles(found["en/feeds/regions/11650.atom"]) == ["Published · 보기나중학교"]
    entry = ET.fromstring(found["ko/feeds/regions/11680.atom"]).find("entry", SPACES)
    lat, lon = entry.findtext("georss:point", namespaces=SPACES).split()
    assert (int(float(lat)), int(float(lon))) == (37, 127), "GeoRSS: latitude first"


def test_what_is_withdrawn_is_deleted_from_every_feed_without_its_place(rendered: Rendered) -> None:
    gone, stays = casework.school(name="보기가중학교"), casework.school(name="보기나중학교", district="11650")
    record = casework.published(at=gone)
    casework.published(at=stays)
    before = feeds(rendered)["ko/feeds/regions/11680.atom"]
    withdraw(record, gone)
    for path, feed in feeds(rendered).items():
        assert ids(before)[0] in deleted(feed), path
        assert ids(before)[0] not in ids(feed), path
        assert "보기가중학교" not in feed and gone.pk not in feed
        assert ids(feed)[0] not in deleted(feed), "the withdrawal itself stands"
    assert titles(feeds(rendered)["ko/feeds/regions/11680.atom"]) == ["철회됨 · 지금은 보이지 않는 기록"]


def test_a_hidden_record_leaves_and_comes_back(rendered: Rendered) -> None:
    record = casework.published(at=casework.school(name="보기가중학교"))
    hide(record, starts=soon() - dt.timedelta(minutes=1), ends=soon() + dt.timedelta(hours=1))
    assert not any("보기가중학교" in feed for feed in feeds(rendered).values())


def test_a_small_school_is_in_the_feed_of_its_region_alone(
    rendered: Rendered, public_client: Any, built: Any
) -> None:
    small = [casework.school(pupils=20, name="보기작은초등학교") for _ in range(5)]
    casework.region("11650")
    casework.published(at=small[0])
    ImpactRecord.objects.update(changed_at=soon() - dt.timedelta(days=90))
    assert release(now=dt.datetime.now(dt.UTC)) == 1
    found = feeds(rendered)
    assert titles(found["ko/feeds/regions/11680.atom"]) == ["공개 · 보기도 보기구의 작은 학교"]
    assert titles(found["ko/feeds/regions/11650.atom"]) == []
    assert not any(
        "보기작은" in feed or small[0].pk in feed or "georss:point" in feed for feed in found.values()
    )
    built()
    with_record, without = (public_client.get(f"/ko/feeds/schools/{school.pk}.atom") for school in small[:2])
    assert with_record.content.decode().replace(small[0].pk, small[1].pk) == without.content.decode()
    assert with_record.headers.items() == without.headers.items()


def test_the_feed_of_a_school(public_client: Any, built: Any) -> None:
    one, other = casework.school(name="보기가중학교"), casework.school(name="보기나중학교")
    record = casework.published(at=one)
    casework.published(at=other)
    built()
    answer = public_client.get(f"/ko/feeds/schools/{one.pk}.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.headers["Cache-Control"].startswith("public") and not answer.cookies
    assert titles(answer.content.decode()) == ["공개 · 보기가중학교"]
    kept = ids(answer.content.decode())
    withdraw(record, one)
    built()
    after = public_client.get(f"/ko/feeds/schools/{one.pk}.atom").content.decode()
    assert deleted(after) == kept and titles(after) == ["철회됨 · 지금은 보이지 않는 기록"]
    assert public_client.get("/ko/feeds/schools/X9NONE.atom").status_code == 404
    assert f"/ko/feeds/schools/{one.pk}.atom" in public_client.get(f"/ko/schools/{one.pk}/").content.decode()


def test_the_interface_counts_regions_in_steps(public_client: Any, folder: Any) -> None:
    from geo.api.regions import regions_list

    for number in range(6):
        casework.published(at=casework.school(district="11650" if number else "11680"))
    said = {region["code"]: region for region in regions_list(public())["results"]}
    assert {code: said[code]["at_least"] for code in ("11", "11650", "11680")} == {
        "11": 5,
        "11650": 5,
        "11680": 0,
    }
    assert said["11680"]["province"] == "11" and said["11"]["province"] is None
