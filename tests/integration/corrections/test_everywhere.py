"""One record through dispute, answer and withdrawal, at every public address and in every format (SAFEGUARDS D3, D6, D7)."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.record.models import ImpactRecord
from moderation.corrections.inbox.vocabulary import State
from tests import correctionwork
from tests.published import build

OGC = "/ogc/collections/records/items"


@pytest.fixture
def disputed(db: None, folder: Path) -> Any:
    correction, _ = correctionwork.at_state(State.NOTIFIED, replies=("supported", "disputes"))
    build()
    correctionwork.judged(correction)
    return correction


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every public file of the current generation, the packed ones unpacked."""
    root = (folder / "current" / "www").resolve()
    found = (Path(at, name) for at, _below, names in os.walk(root, followlinks=True) for name in names)
    for path in sorted(found):
        if path.suffix not in {".br", ".png", ".woff2"}:
            body = path.read_bytes()
            body = gzip.decompress(body) if path.suffix == ".gz" else body
            yield path.relative_to(root).as_posix(), body.decode("utf-8", "replace")


def fetch(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_a_dispute_and_an_answer_are_seen_wherever_the_record_is(
    disputed: Any, folder: Path, public_client: Any
) -> None:
    build()
    school, record = disputed.school, str(disputed.record)
    feature = next(
        each
        for each in json.loads(fetch(public_client, "/api/v1/records.geojson"))["features"]
        if each["id"] == record
    )
    assert feature["properties"]["status"] == "disputed"
    assert feature["properties"]["replies"] == ["disputes", "supported"]
    one = json.loads(fetch(public_client, f"/api/v1/records/{record}/"))
    assert (one["status"], one["replies"]) == ("disputed", ["disputes", "supported"])
    (line,) = [row for row in fetch(public_client, "/api/v1/records.csv").splitlines() if record in row]
    assert ",disputed," in line
    assert "disputes supported" in line
    (item,) = [each for each in json.loads(fetch(public_client, OGC))["features"] if each["id"] == record]
    assert item["properties"]["status"] == "disputed"
    happened = [
        (each["action"], each["reason"])
        for each in json.loads(fetch(public_client, "/api/v1/changes/"))["results"]
        if each["public_id"] == record
    ]
    assert {("disputed", "checking"), ("replied", "supported")} <= set(happened)
    for address in (
        "/en/", "/en/records/", f"/en/schools/{school.pk}/", f"/en/records/{record}/", f"/en/regions/{school.region_id}/",
    ):  # fmt: skip
        page = fetch(public_client, address)
        assert "The school disputes this" in page, address
        assert "The school says that it offered support to those affected" in page, address
    assert "Disputed" in fetch(public_client, f"/en/feeds/schools/{school.pk}.atom")


def test_a_withdrawal_leaves_a_tombstone_everywhere_and_the_school_nowhere(
    disputed: Any, folder: Path, public_client: Any
) -> None:
    before = build()
    school, record = disputed.school, str(disputed.record)
    naming = {path for path, text in files(folder) if school.pk in text or school.name in text}
    assert len(naming) > 10, "the record was nowhere to be seen"
    correctionwork.settle(disputed, kind="withdraw", reason="wrong_school")
    after = build()
    assert after > before
    gone = ImpactRecord.objects.get(pk=record)
    assert (gone.school, gone.region, gone.month, gone.grade) == (None,) * 4
    for path, text in files(folder):
        assert school.pk not in text, path
        assert school.name not in text, path
    stones = [
        json.loads(fetch(public_client, "/api/v1/records.geojson"))["withdrawn"],
        [json.loads(fetch(public_client, f"/api/v1/records/{record}/"))],
        [
            each
            for each in json.loads(fetch(public_client, "/api/v1/changes/"))["results"]
            if each["action"] == "withdrawn"
        ],
    ]
    for found in stones:
        (stone,) = [each for each in found if each["public_id"] == record]
        assert stone["reason"] == "wrong_school"
        assert not stone.get("school_id")
    assert f"{record},withdrawn," in fetch(public_client, "/api/v1/records.csv")
    assert fetch(public_client, f"/api/v1/records-{before}.geojson", status=410)  # the old data file is gone
    page = fetch(public_client, f"/en/records/{record}/")
    assert "This record was withdrawn" in page
    assert "It was another school" in page
    assert "Withdrawn" in fetch(public_client, "/en/changes/")
    assert record in fetch(public_client, "/en/feeds/changes.atom")
    # the school's own page is made of the register, and says what every school's page says
    assert "No confirmed record" in fetch(public_client, f"/en/schools/{school.pk}/")
    for address in (
        "/en/",
        "/en/records/",
        f"/en/regions/{school.region_id}/",
        "/sitemap.xml",
        OGC,
        "/en/embed/",
    ):
        assert school.name not in fetch(public_client, address), address
