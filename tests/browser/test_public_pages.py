"""The public pages in a real browser: rules of accessibility, no JavaScript, keyboard, narrow screens, nothing foreign.

The `page` fixture fails a test that saw a script error, blocked content or a foreign address.
"""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

TEXTS = ("", "records/", "records/?grade=A", "regions/11/", "changes/", "help/", "report/", "nothing/")
ABOUT = ("about/", "about/method/", "about/coverage/", "about/accused/", "about/safeguards/")
SEARCHES = ("schools/", "schools/?q=보기", "schools/?q=갸갸갸갸")


@pytest.fixture(scope="module", autouse=True)
def prepared(running_site: Any) -> None:
    """A site that just started builds its first generation; until then pages ask for patience."""
    deadline = time.monotonic() + 120
    while True:
        try:
            urlopen(f"{running_site.public_url}/readyz").close()
            return
        except HTTPError:
            assert time.monotonic() < deadline, "the first generation is not built"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def known(prepared: None, running_site: Any) -> dict[str, str]:
    """Addresses (without their language) of one school with a record and of one record."""
    with urlopen(f"{running_site.public_url}/api/v1/records.geojson") as answer:
        features = json.load(answer)["features"]
    named = next(each["properties"] for each in features if each["properties"]["school_id"])
    return {
        "school": f"schools/{named['school_id']}/",
        "record": f"records/{named['public_id']}/",
        "name": named["school_ko"],
    }


@pytest.fixture
def without_scripts(browser: Any) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    yield context.new_page()
    context.close()


def open_map(page: Any, address: str) -> None:
    """Waits until the marks are drawn."""
    page.goto(address)
    page.locator(".folium-map .leaflet-marker-icon").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_accessibility_rules_find_nothing(
    page: Any, running_site: Any, known: Any, language: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    axe = Axe()
    for path in (*TEXTS, *ABOUT, *SEARCHES, known["school"], known["record"]):
        page.goto(f"{running_site.public_url}/{language}/{path}")
        if path == "":
            page.locator(".folium-map .leaflet-marker-icon").first.wait_for()
        found = axe.run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 390, 3840])
def test_no_page_is_wider_than_its_screen(page: Any, running_site: Any, known: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for language in ("ko", "en"):
        for path in (*TEXTS, *ABOUT, *SEARCHES, known["school"], known["record"]):
            page.goto(f"{running_site.public_url}/{language}/{path}")
            wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wider) <= 0, path


def test_everything_can_be_done_without_scripts(without_scripts: Any, running_site: Any, known: Any) -> None:
    page = without_scripts
    page.goto(f"{running_site.public_url}/ko/")
    assert "목록에도 같은 내용이 있습니다" in page.locator(".map-instead").inner_text()
    assert page.locator("[data-list] li").count() > 10
    page.get_by_label("학교 이름, 지역, 초성(ㄱㅅㅊ)").fill(known["name"])
    page.get_by_role("button", name="학교 찾기").click()
    page.locator(f'main a[href="/ko/{known["school"]}"]').click()
    assert page.get_by_role("heading", level=1).inner_text() == known["name"]
    assert "확인된 기록" in page.locator("main").inner_text()
    page.goto(f"{running_site.public_url}/ko/records/")
    page.get_by_label("근거").select_option("A")
    page.get_by_role("button", name="골라 보기").click()
    assert "grade=A" in page.url
    assert set(re.findall("근거 ([A-D])", page.locator(".rows").inner_text())) == {"A"}


def test_a_school_is_found_by_keyboard_alone(page: Any, running_site: Any, known: Any) -> None:
    page.goto(f"{running_site.public_url}/ko/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(known["name"])
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.count() == 1
    assert page.locator("#q").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ko/schools/X9"))


def test_marks_are_opened_by_keyboard(page: Any, running_site: Any, known: Any) -> None:
    page.goto(f"{running_site.public_url}/ko/")
    page.wait_for_function("document.querySelector('.folium-map .mark[role=button]')")
    mark = page.locator(".folium-map .mark").first
    assert mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a.name")
    link.wait_for()
    assert re.match("/ko/(schools|records)/", str(link.get_attribute("href")))
    assert "evidence" not in page.locator(".leaflet-popup").inner_text()


def test_a_filtered_view_has_an_address(page: Any, running_site: Any) -> None:
    open_map(page, f"{running_site.public_url}/en/")
    everything = page.locator("[data-map-said]").inner_text()
    page.locator("[data-sieve] summary").click()
    page.get_by_label("Evidence").select_option("A")
    assert page.url.endswith("/en/?grade=A")
    fewer = page.locator("[data-map-said]").inner_text()
    assert fewer != everything
    open_map(page, page.url)
    assert page.locator("[data-map-said]").inner_text() == fewer
    assert page.get_by_label("Evidence").input_value() == "A"


def test_near_me_tells_nobody_where(browser: Any, running_site: Any) -> None:
    context = browser.new_context(
        geolocation={"latitude": 37.5012, "longitude": 127.0396}, permissions=["geolocation"], locale="ko-KR"
    )
    page = context.new_page()
    open_map(page, f"{running_site.public_url}/ko/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="내 주변").click()
    page.get_by_role("heading", name="가까운 순서").wait_for()
    away = [float(each) for each in re.findall(r"([\d.]+)km", page.locator("[data-list]").inner_text())]
    assert len(away) >= 5 and away == sorted(away)
    assert asked == [] and "37.5" not in page.url
    context.close()


def test_disputed_and_small_differ_by_shape(page: Any, running_site: Any) -> None:
    """Without colours the marks still differ (WCAG 1.4.1)."""
    page.goto(f"{running_site.public_url}/ko/")
    shapes = {
        kind: page.locator(f".legend .shape.{kind}").evaluate(
            "node => { const s = getComputedStyle(node); return [s.borderStyle, s.borderRadius, s.rotate].join() }"
        )
        for kind in ("confirmed", "disputed", "area")
    }
    assert len(set(shapes.values())) == 3


def test_the_other_language_is_the_same_page(page: Any, running_site: Any, known: Any) -> None:
    page.goto(f"{running_site.public_url}/ko/{known['school']}")
    page.get_by_role("link", name="English").click()
    assert page.url == f"{running_site.public_url}/en/{known['school']}"
    assert page.locator("html").get_attribute("lang") == "en"


def test_twenty_thousand_records_are_drawn_and_filtered(page: Any, running_site: Any) -> None:
    features = [
        {
            "type": "Feature",
            "id": str(number),
            "geometry": {"type": "Point", "coordinates": [126.5 + number % 141 / 60, 34.6 + number // 141 / 42]},
            "properties": {
                "public_id": str(number), "school_id": f"X9{number}", "school_ko": "보기", "school_en": "Example",
                "level": "high", "district": None, "province": "41", "grade": "ABCD"[number % 4],
                "status": "confirmed", "month": f"2026-{number % 8 + 1:02}", "sources": [], "replies": [],
            },
        }
        for number in range(20_000)
    ]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": features})
    page.route(
        "**/api/v1/records.geojson",
        lambda route: route.fulfill(body=body, content_type="application/geo+json"),
    )
    open_map(page, f"{running_site.public_url}/en/")
    page.get_by_text("20000 records", exact=True).wait_for()
    assert page.locator(".folium-map .region .number").all_inner_texts() == ["20000"]
    page.locator("[data-sieve] summary").click()
    page.get_by_label("Evidence").select_option("B")
    page.get_by_text("5000 records", exact=True).wait_for()
    assert page.locator(".folium-map .leaflet-marker-icon").count() < 500
