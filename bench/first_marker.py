"""How long until the first mark is drawn with 20,000 records: the real map under its policy, and a bare Leaflet page.

Both fetch the same file from the same server into a new, empty cache. Ours also fetches the outlines of Korea's provinces
and districts, in which the records lie; the bare page has no policy, no outlines, no list and no labels, and draws circles
on a canvas, which is the fastest that Leaflet itself can.
"""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from playwright.sync_api import sync_playwright

from bench import scratch, stage
from bench.run import Result, result
from geo.api import files
from geo.record import snapshot
from geo.record.snapshot import Page, Pages
from geo.record.snapshot import pages as registry
from geo.record.snapshot.data import PublicSet
from geo.site import pages as site_pages
from tests import stack

MOST = 1.3
ROUNDS = 9
# A record's district is the one in which its point lies, as in a real register.
PLACE = """
UPDATE directory_school s SET region_id = r.code FROM directory_region r
 WHERE r.level = 'district' AND ST_Contains(r.boundary, s.point)
"""
BARE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/vendor/leaflet/leaflet.css">
<div id="map" style="height: 600px"></div><script src="/static/vendor/leaflet/leaflet.js"></script><script>
const map = L.map("map", { preferCanvas: true }).setView([36.2, 127.9], 7);
fetch("/api/v1/records.geojson").then((answer) => answer.json()).then((found) => {
  L.geoJSON(found, { pointToLayer: (_, at) => L.circleMarker(at, { radius: 6 }) }).addTo(map);
  window.drawn();
});</script>"""
# A promise that the browser's own protocol waits for: to ask again and again would take an eval, which the policy refuses.
FRAME = """
window.firstMark = new Promise((seen) => {
  window.drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => seen(performance.now())));
});
"""
WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector(".leaflet-marker-icon")) return;
  watch.disconnect();
  window.drawn();
}).observe(document, { childList: true, subtree: true });
"""


def measure() -> list[Result]:
    with stage.files() as folder:
        providers, settings.SNAPSHOT = registry._providers[:], folder
        registry._providers[:] = [needed]
        with scratch.using(stage.database()):
            with connection.cursor() as cursor:
                cursor.execute(PLACE)
            snapshot.build()
        registry._providers[:] = providers
        with (
            stage.granian("mapsite.wsgi:application", MAPSITE_SITE="public") as port,
            sync_playwright() as play,
        ):
            chromium = play.chromium.launch(executable_path=stack.CHROMIUM, args=stack.CHROMIUM_ARGS)
            site = f"http://127.0.0.1:{port}"
            times = [
                (first_mark(chromium, f"{site}/ko/"), first_mark(chromium, f"{site}/bare", bare=True))
                for _ in range(ROUNDS)
            ]
            chromium.close()
    ours, bare = (median(each) for each in zip(*times, strict=True))
    print(f"  {ours:.0f} ms against {bare:.0f} ms of the bare page, {stage.RECORDS} records")
    value = median(one / other for one, other in times)
    return [result(f"First mark of {stage.RECORDS} records against a bare Leaflet page", value, most=MOST)]


def needed(public: PublicSet) -> Iterator[Page | Pages]:
    """The pages that there is one of: not those of 20,000 schools, which no map asks for."""
    found: Iterable[Page | Pages] = [*files.pages(public), *site_pages.pages(public)]
    return (each for each in found if isinstance(each, Page))


def first_mark(chromium: Any, address: str, *, bare: bool = False) -> float:
    """Milliseconds from the navigation to the frame after the first mark, with an empty cache."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(FRAME)
    if bare:
        page.route(address, lambda route: route.fulfill(body=BARE, content_type="text/html"))
    else:
        page.add_init_script(WATCH)
    page.goto(address)
    taken: float = page.evaluate("window.firstMark")
    context.close()
    return taken
