"""Geocoding over real HTTP, against a server on this machine that speaks Nominatim's JSON."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management.base import CommandError

from geo.directory.faults import FileFault
from geo.directory.geocoding import geocode_schools
from geo.directory.models import GeocodeAnswer, Import, School

pytestmark = pytest.mark.usefixtures("regions")
SPECIAL = {"학교명": "보기한빛학교", "학교종류명": "특수학교"}
INSIDE, CLOSE_BY, FAR, OUTSIDE = (37.55, 127.05), (37.5505, 127.0505), (37.58, 127.08), (37.4, 126.2)


class Service(ThreadingHTTPServer):
    """Nominatim's /search; `answers` are (lat, lon), `failures` are 503s before them."""

    answers: list[tuple[float, float]] = []
    failures = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, list[str]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        if self.server.failures:
            self.server.failures -= 1
            self.send_error(503)
            return
        body = json.dumps(
            [{"lat": str(lat), "lon": str(lon), "display_name": "보기"} for lat, lon in self.server.answers]
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        return


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.GEOCODER = "nominatim"
    settings.GEOCODER_DOMAIN = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def special(write: Any, told: Any) -> None:
    told("import_contacts", write("contacts", SPECIAL))


def run() -> Any:
    return geocode_schools(pause_s=0, retry_wait_s=0)


@pytest.mark.parametrize(
    ("answers", "located"),
    [
        ([INSIDE], "geocoded"),
        ([INSIDE, CLOSE_BY], "geocoded"),
        ([INSIDE, OUTSIDE], "geocoded"),
        ([INSIDE, FAR], "ambiguous"),
        ([OUTSIDE], "unknown"),
        ([], "unknown"),
    ],
)
def test_an_answer_counts_when_it_is_one_place_in_the_district(service, special, answers, located):
    service.answers = answers
    run()
    school = School.objects.get()
    assert school.located == located
    assert (school.point is not None) == (located == "geocoded")
    if school.point:
        assert (school.point.y, school.point.x) == INSIDE
    assert service.asked[0]["q"] == ["서울특별시 강남구 보기로 1"]


def test_an_address_is_asked_once(service, special):
    service.answers = [INSIDE]
    run()
    School.objects.update(point=None, located="unknown")
    run()
    assert len(service.asked) == 1
    assert School.objects.get().located == "geocoded"
    assert GeocodeAnswer.objects.count() == 1


def test_a_service_that_stumbles_is_asked_again(service, special):
    service.answers, service.failures = [INSIDE], 2
    run()
    assert len(service.asked) == 3
    assert School.objects.get().located == "geocoded"


def test_a_service_that_is_down_is_one_sentence_and_nothing_is_kept(service, special):
    service.failures = 99
    with pytest.raises(FileFault, match="does not answer"):
        run()
    assert not GeocodeAnswer.objects.exists() and School.objects.get().located == "unknown"


def test_a_found_point_is_a_new_version_of_the_directory(service, special):
    service.answers = [INSIDE]
    run()
    assert Import.objects.filter(kind="geocoding").count() == 1


def test_a_point_found_stays_when_the_register_is_read_again(service, special, write, told):
    service.answers = [INSIDE]
    run()
    told("import_contacts", write("contacts", SPECIAL | {"수정일자": "20260601"}))
    assert School.objects.get().located == "geocoded"


def test_schools_with_a_point_are_not_asked_for(service, write, told):
    told("import_schools", write("schools", {}))
    run()
    assert service.asked == []


def test_switched_off_is_one_sentence(told, settings):
    settings.GEOCODER = ""
    with pytest.raises(CommandError, match="switched off") as fault:
        told("geocode_schools")
    assert fault.value.returncode == 2
