"""nginx in front of a real site: the same answers, whoever gives them."""

import http.client
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import nginx
from tests import stack
from tests.faults.setup_runs import within

pytestmark = pytest.mark.skipif(nginx.program() is None, reason="nginx is not installed")

FILES = [
    "/ko/",
    "/en/",
    "/ko/embed/",
    "/ko/changes/",
    "/api/v1/records.geojson",
    "/api/v1/changes/",
    "/robots.txt",
]
DECIDED_BY = ["Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "X-Frame-Options"]
DECIDED_BY += ["X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"]


@pytest.fixture(scope="module")
def front(running_site: stack.Site) -> Iterator[int]:
    """The port of an nginx before the running site."""
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    port = stack.free_port()
    child = nginx.process(
        folder, port=port, public_port=running_site.public_port, snapshot=running_site.places.var / "snapshot"
    )
    child.start()
    try:
        assert within(20, lambda: child.alive and get(port, "/healthz").status == 200), child.obituary()
        yield port
    finally:
        child.stop()
        shutil.rmtree(folder)


class Answer:
    """An answer read to its end; status 0 if nobody answers."""

    def __init__(self, response: http.client.HTTPResponse | None) -> None:
        self.status = response.status if response else 0
        self.headers = response.headers if response else http.client.HTTPMessage()
        self.body = response.read() if response else b""


def get(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        return Answer(connection.getresponse())
    except ConnectionError:
        return Answer(None)
    finally:
        connection.close()


def policy(answer: Answer) -> set[str]:
    return {part.strip() for part in (answer.headers["Content-Security-Policy"] or "").split(";")}


@pytest.mark.parametrize("path", FILES)
def test_a_snapshot_file_is_the_same_from_nginx_and_from_django(
    front: int, running_site: stack.Site, path: str
) -> None:
    theirs, ours = get(front, path), get(running_site.public_port, path)
    assert (theirs.status, theirs.body) == (ours.status, ours.body) == (200, ours.body)
    for name in DECIDED_BY:
        assert theirs.headers.get_all(name) == ours.headers.get_all(name), name
    assert policy(theirs) == policy(ours)
    assert "Set-Cookie" not in theirs.headers


def test_nginx_answers_from_files_when_the_public_site_is_away(make_site: stack.MakeSite) -> None:
    site = make_site()
    port = stack.free_port()
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    child = nginx.process(
        folder, port=port, public_port=site.public_port, snapshot=site.places.var / "snapshot"
    )
    child.start()
    try:
        assert within(20, lambda: get(port, "/healthz").status == 200)
        assert site.public
        site.public.stop()
        assert get(port, "/ko/").status == 200
        assert (
            get(port, "/api/v1/records.geojson", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
        )
        assert get(port, "/ko/report/").status in {502, 504}
    finally:
        child.stop()
        shutil.rmtree(folder)


def test_what_no_file_answers_is_asked_of_the_public_site(front: int, running_site: stack.Site) -> None:
    for path in [
        "/",
        "/ko/schools/?q=%EB%B3%B4%EA%B8%B0",
        "/ko/records/?month=2024-08",
        "/ko/no/such/page/",
        "/index.html",
        "/ko/index.html",
    ]:
        theirs, ours = get(front, path), get(running_site.public_port, path)
        assert theirs.status == ours.status, path
        assert theirs.headers.get("Location") == ours.headers.get("Location"), path


def test_a_post_goes_past_the_files_and_figures_for_operators_stay_inside(front: int) -> None:
    assert get(front, "/ko/", method="POST").status in {403, 405}
    assert get(front, "/metrics").status == 404


def test_nobody_climbs_out_of_the_snapshot(front: int) -> None:
    for path in [
        "/../manifest.json",
        "/ko/../../manifest.json",
        "/%2e%2e/public.json",
        "/ko/%2e%2e/%2e%2e/public.json",
    ]:
        assert get(front, path).status in {400, 404}, path
