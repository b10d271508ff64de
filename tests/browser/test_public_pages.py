"""The public pages in a real browser: rules of accessibility, narrow and wide screens, the map, nothing foreign.

The `page` fixture fails a test that saw a script error, blocked content or a foreign address.
"""

import json
import re
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

TEXTS = ("", "records/", "records/?grade=A", "regions/11/", "changes/", "help/", "report/", "nothing/")
IN_THE_DARK = "axe.run({ runOnly: ['color-contrast'] })"  # no other rule depends on the scheme
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
        "id": named["school_id"],
        "school": f"schools/{named['school_id']}/",
        "record": f"records/{named['public_id']}/",
        "name": named["school_ko"],
    }


def open_map(page: Any, address: str) -> None:
    """Waits until the marks are drawn."""
    page.goto(address)
    page.locator(".folium-map .leaflet-marker-icon").first.wait_for()


def findings(page: Any) -> list[tuple[str, str]]:
    """What axe finds in the light scheme, and what it finds of colours in the dark one."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour is caught half way
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(IN_THE_DARK)["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_where_no_link_leads(
    page: Any, running_site: Any, known: Any, language: str
) -> None:
    """Searches, a filtered list, what is not there, and forms that come back; the walk has every other page."""
    site = f"{running_site.public_url}/{language}"
    for path in (
        *SEARCHES,
        "records/?grade=A&order=name",
        "nothing/",
        "alerts/?q=보기금성",
        "corrections/?q=갸갸",
    ):
        page.goto(f"{site}/{path}")
        assert findings(page) == [], path
    for path in ("alerts/all/", f"corrections/{known['id']}/", f"report/{known['id']}/"):
        page.goto(f"{site}/{path}")
        page.locator("form[method=post]").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
        page.locator(".error").first.wait_for()
        assert findings(page) == [], path
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 390, 3840])
def test_no_page_is_wider_than_its_screen(page: Any, running_site: Any, known: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for language in ("ko", "en"):
        for path in (*TEXTS, *ABOUT, *SEARCHES, known["school"], known["record"]):
            page.goto(f"{running_site.public_url}/{language}/{path}")
            wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wider) <= 0, path


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
