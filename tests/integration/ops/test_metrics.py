"""/metrics: for the machine's own Prometheus or a token, and no page at all for anybody else."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import casework
from tests.published import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder", "only_data")]
ADDRESS = "/metrics"
FAR = "203.0.113.9"


@pytest.fixture(params=["public", "staff"])
def client(request: Any) -> Any:
    return request.getfixturevalue(f"{request.param}_client")


def numbers(answer: Any) -> dict[str, float]:
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    families = text_string_to_metric_families(answer.content.decode())
    return {
        each.name + "".join(each.labels.values()): each.value
        for family in families
        for each in family.samples
    }


def test_it_says_what_is_served_and_what_is_away(client: Any, settings: Any) -> None:
    casework.published()
    number = build()
    said = numbers(client.get(ADDRESS, REMOTE_ADDR="127.0.0.1"))
    assert said["mapsite_generation"] == number and said["mapsite_records"] == 1
    assert said["mapsite_readydatabase"] == said["mapsite_readysnapshot"] == 1
    assert said["process_resident_memory_bytes"] > 0
    settings.SNAPSHOT = settings.SNAPSHOT / "nothing"
    away = numbers(client.get(ADDRESS, REMOTE_ADDR="::1"))
    assert away["mapsite_readysnapshot"] == 0 and "mapsite_records" not in away


def test_it_is_there_for_nobody_else(client: Any, settings: Any) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer None"},
        {"X-Forwarded-For": "127.0.0.1"},
    ):
        assert client.get(ADDRESS, REMOTE_ADDR=FAR, headers=headers).status_code == 404
    for proxied in ("X-Forwarded-For", "X-Real-Ip", "Forwarded"):
        assert client.get(ADDRESS, REMOTE_ADDR="127.0.0.1", headers={proxied: "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert client.get(ADDRESS, REMOTE_ADDR=FAR, headers={"Authorization": "Bearer a toke"}).status_code == 404
    assert (
        client.get(ADDRESS, REMOTE_ADDR=FAR, headers={"Authorization": "Bearer a token"}).status_code == 200
    )
