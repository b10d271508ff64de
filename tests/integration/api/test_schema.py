"""The API's description is true, for programs and for people."""

import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openapi_spec_validator import validate

from geo.api.schema import document, further
from geo.api.urls import documented


def test_it_is_openapi_3_1_and_names_every_address(public_client: Client) -> None:
    schema = public_client.get("/api/v1/schema/").json()
    assert schema["openapi"].startswith("3.1")
    described = {re.sub(r"\{[^}]+\}", "{}", path) for path in schema["paths"]}
    ours = {"/" + re.sub(r"<[^>]+>", "{}", str(each.pattern)) for each in [*documented, *further]}
    assert described == ours
    writing = {path for path, methods in schema["paths"].items() if set(methods) != {"get"}}
    assert writing == {"/submissions/"} and set(schema["paths"]["/submissions/"]) == {"post"}
    validate(schema)


def test_its_references_lead_somewhere() -> None:
    schema = document()

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [each for inner in value.values() for each in references(inner)]
        return [each for inner in value for each in references(inner)] if isinstance(value, list) else []

    found = references(schema)
    assert found
    for reference in found:
        place: Any = schema
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


@pytest.mark.parametrize("accepted", ["ko", "en"])
def test_it_is_the_same_in_every_language(public_client: Client, accepted: str) -> None:
    document.cache_clear()
    text = public_client.get("/api/v1/schema/", headers={"Accept-Language": accepted}).content
    assert not re.search("[가-힣]", text.decode())


def test_making_it_warns_of_nothing() -> None:
    made = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-v",
            "0",
            "-c",
            "from geo.api.schema import document; document()",
        ],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stderr == ""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_every_address_and_loads_nothing_foreign(public_client: Client, language: str) -> None:
    page = public_client.get("/api/v1/docs/", headers={"Accept-Language": language})
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}">' in text
    for path in document()["paths"]:
        assert f"/api/v1{path}" in text
    said = re.findall(r"</h2>\s*<p>(.*?)</p>|<td>([^<]*)</td></tr>", text)
    sentences = [sentence for found in said for sentence in found if sentence]
    assert len(sentences) > 30
    assert [each for each in sentences if bool(re.search("[가-힣]", each)) != (language == "ko")] == []
    assert "<script" not in text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text)
    assert "Accept-Language" in page.headers["Vary"]
