"""What readers get: files of the current generation, in the right form, with the database away."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from geo.record import snapshot
from tests import casework, stack
from tests.published import build, public, withdraw

GEOJSON = "/api/v1/records.geojson"


@pytest.fixture
def published(db: None, folder: Path, only_data: None) -> str:
    """The public id of one record, in the current generation."""
    record = casework.published()
    for _ in range(3):  # enough to be compressed
        casework.published()
    build()
    return str(record)


@pytest.mark.parametrize(
    ("accepted", "coding", "decoded"),
    [
        ("", None, bytes),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity, *;q=0", None, bytes),
        ("*", "br", brotli.decompress),
    ],
)
def test_each_client_gets_a_form_that_it_takes(
    public_client: Client, published: str, accepted: str, coding: str | None, decoded: Any
) -> None:
    plain = public_client.get(GEOJSON)
    answer = public_client.get(GEOJSON, headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, coding)
    assert decoded(answer.content) == plain.content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert (answer.headers["ETag"] == plain.headers["ETag"]) == (coding is None), "other bytes, other tag"


def test_a_reader_who_has_it_gets_304(public_client: Client, published: str) -> None:
    first = public_client.get(GEOJSON, headers={"Accept-Encoding": "gzip"})
    tag = first.headers["ETag"]
    assert tag.startswith('"'), "strong"
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = public_client.get(GEOJSON, headers={"Accept-Encoding": "gzip", "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["ETag"] == tag
        assert "Content-Length" not in again.headers
    other = public_client.get(GEOJSON, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert other.status_code == 200


def test_head_has_the_headers_and_no_body(public_client: Client, published: str) -> None:
    got, head = public_client.get(GEOJSON), public_client.head(GEOJSON)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_any_cache_may_hold_it(public_client: Client, published: str) -> None:
    answer = public_client.get(f"/api/v1/records/{published}/", headers={"Cookie": "a=b"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not answer.cookies


def test_the_security_headers_are_those_of_every_other_page(public_client: Client, published: str) -> None:
    hot, dynamic = public_client.get(GEOJSON), public_client.get("/healthz")
    for name in (
        "X-Content-Type-Options",
        "Referrer-Policy",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
    ):
        assert hot.headers[name] == dynamic.headers[name]
    policies = [set(page.headers["Content-Security-Policy"].split("; ")) for page in (hot, dynamic)]
    assert policies[0] == policies[1]


@pytest.mark.parametrize(
    ("accepted", "place"),
    [
        ("", "/ko/"),
        ("en-GB,en;q=0.9", "/en/"),
        ("fr", "/ko/"),
        ("fr, en;q=0.5, ko;q=0.4", "/en/"),
        ("ko-KR", "/ko/"),
    ],
)
def test_the_first_address_leads_to_a_language(
    public_client: Client, folder: Path, accepted: str, place: str
) -> None:
    answer = public_client.get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["Location"]) == (302, place)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_shared_link_with_trackers_is_as_hot_as_a_plain_one(public_client: Client, published: str) -> None:
    plain = public_client.get("/api/v1/records/")
    assert public_client.get("/api/v1/records/?fbclid=IwAR0&utm_source=x").content == plain.content
    filtered = public_client.get("/api/v1/records/?fbclid=IwAR0&grade=B").json()
    assert filtered["count"] == 0


@pytest.mark.parametrize(
    "address", ["/../manifest.json", "/%2e%2e/public.jsonl", "/ko/..%2f..%2fcurrent", "/.git"]
)
def test_nothing_outside_the_set_is_reached(public_client: Client, published: str, address: str) -> None:
    assert public_client.get(address).status_code == 404


def test_a_withdrawn_record_is_gone_from_every_file_but_its_tombstone(
    public_client: Client, folder: Path, only_data: None, db: None
) -> None:
    school = casework.school()
    record = casework.published(at=school)
    first = build()
    name = f"/api/v1/records-{first}.geojson"
    assert public_client.get(name).status_code == 200
    assert public_client.get(f"/api/v1/schools/{school.pk}/").json()["records"]

    withdraw(record, school)
    second = build()
    assert second > first
    assert public_client.get(name).status_code == 410, "an old data file stays nobody's copy"
    tombstone = public_client.get(f"/api/v1/records/{record}/").json()
    assert set(tombstone) == {"public_id", "status", "version", "reason", "changed_at"}
    assert public_client.get(f"/api/v1/schools/{school.pk}/").json()["records"] == []
    www = (folder / "current" / "www").resolve()
    for place, _, names in os.walk(www, followlinks=True):
        for each in names:
            if each.endswith((".json", ".geojson", ".csv")):
                assert school.pk not in Path(place, each).read_text(), each


def test_the_same_inputs_keep_their_number(db: None, folder: Path, only_data: None) -> None:
    casework.published()
    assert build() == build() == snapshot.current().number
    casework.published()
    assert build() == snapshot.current().number == 3, "above the log's size, so that no cache holds this name"


def test_filters_read_what_the_pages_were_made_from(published: str) -> None:
    assert snapshot.current().public.records == public().records


# --- real processes ------------------------------------------------------------------------------------


def environment(folder: Path, **changed: str) -> dict[str, str]:
    return {
        **os.environ,
        "MAPSITE_SNAPSHOT": str(folder),
        "MAPSITE_DB_NAME": connection.settings_dict["NAME"],
        "MAPSITE_STATIC": str(settings.STATIC_ROOT),
        "PYTHONPATH": str(settings.ROOT),
        **changed,
    }


def test_hot_pages_answer_while_the_database_is_away(published: str, folder: Path, tmp_path: Path) -> None:
    port = stack.free_port()
    process = subprocess.Popen(
        [
            *(f"{sys.prefix}/bin/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--blocking-threads", "2", "mapsite.wsgi:application"),
        ],
        env=environment(folder, MAPSITE_SITE="public", MAPSITE_DB_HOST=str(tmp_path / "nowhere")),
        cwd=settings.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        at = f"http://127.0.0.1:{port}"
        for address in (GEOJSON, "/api/v1/records/", "/api/v1/records/?grade=A", "/api/v1/changes/?since=1"):
            with urllib.request.urlopen(at + address) as answer:
                assert answer.status == 200 and len(answer.read()) > 50
        with urllib.request.urlopen(f"{at}/healthz") as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError) as away:
            urllib.request.urlopen(f"{at}/api/v1/schools/?q=a")
        assert away.value.code == 503
        assert away.value.headers["Content-Type"] == "application/problem+json"
        assert away.value.headers["Retry-After"]
        away.value.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "granian did not start"
            time.sleep(0.05)


def test_kill_9_in_a_build_leaves_the_old_set_standing(
    committed_db: str, folder: Path, public_client: Client, only_data: None
) -> None:
    casework.published()
    first = build()
    before = public_client.get(GEOJSON).content
    casework.published()
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-v",
            "0",
            "-c",
            "from geo.record import snapshot; snapshot.build()",
        ],
        env=environment(folder),
        cwd=settings.ROOT,
    )
    deadline = time.monotonic() + 60
    while not (folder / "building").exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert snapshot.current().number == first
    assert public_client.get(GEOJSON).content == before
    assert build() > first
    assert len(public_client.get(GEOJSON).json()["features"]) == 2
