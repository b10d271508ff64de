"""Every public page there is, found by the site map and by the links on each page, in a real browser.

The `page` fixture fails a test that saw a script error, blocked content or a foreign address; here the pages are not
listed by hand, so that a new one is walked as soon as somebody links to it.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests import stack
from tests.browser.test_public_pages import findings, open_map, prepared

__all__ = ["prepared"]
FEW = 2  # of each kind of which there are hundreds
MANY = re.compile(
    r"/(regions|schools|records|records/months|changes/pages|report|alerts/school|alerts/region|corrections)/[^/]+/$"
)
NO_PAGES = re.compile(r"/(?:api|feeds|static|\.well-known)/|\.(?:atom|csv|json|py|svg|txt)$")
PAGE_WEIGHT = 150 * 1024  # bytes over the line, without fonts and the map's data (issue: Look)
DATA = ("/api/v1/records.geojson", "/map/boundaries.geojson", "/static/fonts/")

# Text in the other language alone that is not marked as such; names of languages and codes apart.
STRANGE = """() => {
  const language = document.documentElement.lang;
  const strange = language === "en" ? /^[^A-Za-z]*[가-힣][^A-Za-z]*$/ : /^[^가-힣]*[A-Za-z]{3,}[^가-힣]*$/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (around.closest("script, noscript, template, style, code, pre, textarea, svg, canvas, a[rel~=external]")) continue;
    const text = walker.currentNode.data.trim();
    if (around.closest("[lang]").lang === language && strange.test(text)) found.push(text);
  }
  return found;
}"""


DRAWN = {"": [".folium-map[data-drawn]"], "embed/": [".folium-map[data-drawn]"], "figures/": [".plot canvas"]}


def walked(page: Any, site: stack.Site, language: str) -> Iterator[str]:
    """Opens every page that is linked from another or stands in the site map, a few of each numerous kind."""
    with urlopen(f"{site.public_url}/sitemap-pages.xml") as answer:
        listed = [str(each.text) for each in ET.fromstring(answer.read()).iterfind(".//{*}loc")]
    waiting = [urlsplit(address).path for address in listed]
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        kind = MANY.sub(r"/\1/*/", path)
        if path in seen or not path.startswith(f"/{language}/") or NO_PAGES.search(path):
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kind != path and kinds[kind] > FEW:
            continue
        answer = page.goto(site.public_url + path)
        assert answer.status == 200, path
        yield path
        links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(site.public_url)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_keeps_to_its_language_and_to_itself(page: Any, running_site: Any, language: str) -> None:
    """No cookie, nothing stored, nothing blocked or foreign, no text in the other language alone, one card for all, and
    no finding of axe in either scheme."""
    paths = []
    for path in walked(page, running_site, language):
        paths.append(path)
        for drawn in DRAWN.get(path.removeprefix(f"/{language}/"), ()):
            page.locator(drawn).first.wait_for()
        assert findings(page) == [], path
        assert page.evaluate(STRANGE) == [], path
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""], (
            path
        )
        assert page.locator("main h1").count() == 1, path
        if not path.endswith("/embed/") or "/about/" in path:
            cards = page.eval_on_selector_all(
                "meta[property^='og:']", "all => all.map(each => each.content).join()"
            )
            assert f"/static/card-{language}." in str(cards) and "보기" not in str(cards), path
    assert page.context.cookies() == []
    assert {
        f"/{language}/{each}"
        for each in ("", "figures/", "help/", "embed/", "about/embed/", "records/", "report/")
    } <= set(paths)
    kinds = {MANY.sub(r"/\1/*/", path) for path in paths}
    many = (
        "regions",
        "schools",
        "records",
        "records/months",
        "report",
        "alerts/school",
        "alerts/region",
        "corrections",
    )
    assert {f"/{language}/{each}/*/" for each in many} <= kinds


def test_a_site_without_records_says_so_to_everybody(make_site: stack.MakeSite, browser: Any) -> None:
    site = make_site(demo=False)
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    for path in ("/ko/", "/ko/records/", "/en/changes/", "/ko/embed/", "/en/figures/", "/ko/schools/?q=보기"):
        page.goto(site.public_url + path)
        assert findings(page) == [], path
        if path in {"/ko/", "/ko/records/"}:
            assert "확인된 기록이 없습니다" in page.locator("main").inner_text()
    context.close()


def test_the_first_page_is_light(page: Any, running_site: Any) -> None:
    weights: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda request: weights.update({urlsplit(request.url).path: request.sizes()["responseBodySize"]}),
    )
    page.goto(f"{running_site.public_url}/ko/", wait_until="networkidle")
    light = {path: size for path, size in weights.items() if not path.startswith(DATA)}
    assert len(light) > 8 and len(weights) >= len(light) + 2
    assert sum(light.values()) < PAGE_WEIGHT, light


def test_from_afar_regions_and_from_close_by_schools_by_keyboard(page: Any, running_site: Any) -> None:
    """Counted are rows of the list alone, and every step is taken without a pointer."""
    open_map(page, f"{running_site.public_url}/ko/")
    with urlopen(f"{running_site.public_url}/api/v1/records.geojson") as answer:
        said = [feature["properties"] for feature in json.load(answer)["features"]]
    seoul = [each for each in said if each["province"] == "11"]
    circle = page.locator(".folium-map .region[aria-label^='서울특별시']")
    assert circle.get_attribute("aria-label") == f"서울특별시: 기록 {len(seoul)}건, 확대하기"
    circles = page.locator(".folium-map .region .number").all_inner_texts()
    alone = page.locator(".folium-map .mark").count()
    assert sum(map(int, circles)) + alone == len([each for each in said if each["province"]])
    boxes = [each.bounding_box() for each in page.locator(".folium-map .region").all()]
    for one, other in ((a, b) for a in boxes for b in boxes if a is not b):
        away = abs(one["x"] - other["x"]) ** 2 + abs(one["y"] - other["y"]) ** 2
        assert away > (one["width"] / 2 + other["width"] / 2 - 2) ** 2
    for _ in range(4):
        if not page.locator(".folium-map .region").count():
            break
        page.locator(".folium-map .region").first.press("Enter")
        page.wait_for_timeout(400)  # Leaflet's own animation
        assert page.evaluate("document.activeElement.classList.contains('folium-map')")
    assert page.locator(".folium-map .region").count() == 0
    assert page.locator(".folium-map .mark").count() > 0


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """Another site with one page: `elsewhere(html)` is its address."""
    shown: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown[0].encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield lambda html: shown.append(html) or f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_another_site_can_frame_the_map_and_nothing_else(
    browser: Any, running_site: Any, elsewhere: Callable[[str], str]
) -> None:
    """127.0.0.1 inside localhost: another origin. What is withdrawn leaves the frame by itself."""
    context = browser.new_context(locale="ko-KR")
    context.clock.install()
    page = context.new_page()
    inside = "".join(
        f'<iframe src="{running_site.public_url}/ko/{path}" height=620></iframe>' for path in ("embed/", "")
    )
    page.goto(elsewhere(inside))
    frame = page.frame_locator("iframe").first
    frame.locator(".leaflet-marker-icon").first.wait_for()
    assert "확인" in frame.locator("[data-map-checked]").inner_text()
    assert page.frame_locator("iframe").nth(1).locator("form.find").count() == 0
    nothing = json.dumps({"type": "FeatureCollection", "features": []})
    context.route(
        "**/records.geojson", lambda route: route.fulfill(body=nothing, content_type="application/geo+json")
    )
    context.clock.fast_forward(601_000)
    frame.get_by_text("기록 0건").wait_for()
    assert frame.locator(".leaflet-marker-icon").count() == 0
    context.close()


def test_help_is_one_sheet_of_paper(page: Any, running_site: Any) -> None:
    for language in ("ko", "en"):
        page.goto(f"{running_site.public_url}/{language}/help/")
        printed = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    assert page.locator(".on-paper img").evaluate("each => each.complete && each.naturalWidth > 0")


@pytest.mark.parametrize("way", ["click", "escape"])
def test_leaving_leaves_no_way_back(browser: Any, running_site: Any, way: str) -> None:
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    context.route("https://**", lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    page.goto(f"{running_site.public_url}/ko/")
    page.goto(f"{running_site.public_url}/ko/help/")
    if way == "click":
        page.get_by_role("link", name="이 페이지 나가기").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.get_by_text("elsewhere").wait_for()
    page.go_back()
    assert page.url == f"{running_site.public_url}/ko/"
    context.close()
