"""A tile server of one's own (`MAPSITE_TILE_URL`) below the marks: three hosts for `{s}`, and no other."""

import struct
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from deploy.local import demo, places
from deploy.local.processes import Child
from geo.directory.models import Region
from geo.site import map as school_map
from tests import casework, stack
from tests.published import build, folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
GREEN = (30, 160, 90)
SEEN = """() => {
  const land = document.querySelector(".leaflet-overlay-pane canvas");
  const [x, y] = [land.width / 2, land.height / 2];
  return [...land.getContext("2d").getImageData(x - 40, y - 40, 80, 80).data].every((each) => each === 0);
}"""


def png(colour: tuple[int, int, int], side: int = 256) -> bytes:
    """A square of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * side) * side
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """The address of a tile server, and what it was asked for."""
    asked: list[str] = []

    class Tile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(
                f"http://{self.headers['Host']}{self.path} {self.headers['Referer']} {self.headers['Cookie']}"
            )
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(png(GREEN))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Tile) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{{s}}.localhost:{server.server_port}/{{z}}/{{x}}/{{y}}.png", asked
        server.shutdown()


@pytest.fixture
def served(tiles: tuple[str, list[str]], folder: Path, settings: Any) -> Iterator[str]:
    """A public process over a generation with a map over these tiles, its land a square around the first view."""
    settings.TILE_URL, settings.TILE_ATTRIBUTION = tiles[0], "보기지도 & <b>Example</b>"
    casework.published()
    square = MultiPolygon(Polygon.from_bbox((120, 30, 136, 42)))
    Region.objects.filter(level="province").update(boundary=square)
    school_map.document.cache_clear()
    build()
    school_map.document.cache_clear()
    port = stack.free_port()
    _worker, public, _staff = demo.site_processes(
        places.find(),
        public_port=port,
        staff_port=0,
        MAPSITE_SNAPSHOT=str(folder),
        MAPSITE_TILE_URL=tiles[0],
    )
    public.log = folder.parent / "public.log"
    try:
        ready(public, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        public.stop()


def ready(public: Child, port: int) -> None:
    site = stack.Site(places.find(), "", "", public_port=port, public=public)
    public.start()
    site.wait_until_ready()


def test_tiles_lie_below_the_marks_and_come_from_their_hosts_alone(
    browser: Any, tiles: tuple[str, list[str]], served: str
) -> None:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    reached: set[str] = set()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: reached.add(urlsplit(request.url).netloc))
    answer = page.goto(f"{served}/ko/")
    page.locator(".folium-map[data-drawn]").wait_for()
    page.locator(".folium-map .leaflet-marker-icon").first.wait_for()
    page.locator("img.leaflet-tile-loaded").first.wait_for()
    hosts = [tiles[0].partition("/{z}")[0].replace("{s}", each) for each in "abc"]
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["img-src"] == f"'self' data: {' '.join(hosts)}"
    assert reached == {urlsplit(each).netloc for each in (*hosts, served)}
    assert all(each.endswith(".png None None") for each in tiles[1]), "nobody is told who looks at what"
    assert page.evaluate(SEEN), "the land's own colour would cover the tiles"
    assert page.locator(".attribution").inner_text() == "배경 지도: 보기지도 & <b>Example</b>"
    assert problems == []
    context.close()
