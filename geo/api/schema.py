"""The OpenAPI 3.1 document, made from the views and their serializers."""

from functools import cache
from typing import Any, NamedTuple

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

ROOT = "/api/v1"
DESCRIPTION = (
    "School-level records that two moderators confirmed, and nobody's name. Without keys or cookies, but for the intake"
    " of partner organisations. Errors are problem details (RFC 9457). Whoever copies data follows `changes/` and removes"
    " what is withdrawn."
)
FEATURES = "The same records as an OGC API – Features service, and those that were withdrawn."
# Operations of rooms that this one does not know; they add theirs from their AppConfig.ready.
further: list[Any] = []
SETTINGS = {
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "SchoolLevelEnum": "geo.directory.models.School.Level",
        "RegionLevelEnum": "geo.directory.models.Region.Level",
        "SchoolStatusEnum": "geo.directory.models.School.Status",
        "RecordStatusEnum": "geo.api.serializers.VISIBLE",
        "ReasonEnum": "geo.record.vocabulary.Reason",
        "LogReasonEnum": "geo.record.vocabulary.LOG_REASONS",
    },
}


@cache
def document(language: str = "en") -> dict[str, Any]:
    """The interface under `/api/v1/` in OpenAPI 3.1; the same in every process of a release.

    Programs get it in English; the page for people describes operations and parameters in the reader's language.
    """
    from geo.api.urls import documented

    return _made([*documented, *further], ROOT, "3.1.0", DESCRIPTION, language)


@cache
def features_document() -> dict[str, Any]:
    """OGC API – Features under `/ogc/` in OpenAPI 3.0, as its class `oas30` asks for."""
    from geo.api.urls_ogc import documented

    return _made(documented, "/ogc", "3.0.3", FEATURES, "en")


def _made(patterns: list[Any], root: str, version: str, description: str, language: str) -> dict[str, Any]:
    with patched_settings({**SETTINGS, "OAS_VERSION": version}), translation.override(language):
        generator = SchemaGenerator(patterns=patterns)  # type: ignore[no-untyped-call]
        made: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    made["servers"] = [{"url": root}]
    made["info"]["description"] = description
    made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {
                "description": "A problem (RFC 9457).",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    return made


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Stable; what a program looks at."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {
            "type": "string",
            "description": "A sentence in the language of lang= or Accept-Language.",
        },
        "field": {"type": "string", "description": "The parameter at fault."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class Parameter(NamedTuple):
    name: str
    description: str
    values: list[str]


class Operation(NamedTuple):
    method: str  # as it is sent: GET, POST
    path: str
    description: str
    parameters: list[Parameter]
    formats: list[str]  # media types


def operations(language: str) -> list[Operation]:
    """What the documentation page shows."""
    described = document(language)
    return [
        Operation(
            method=method.upper(),
            path=ROOT + path,
            description=found.get("description", ""),
            parameters=_parameters(found, described),
            formats=sorted(
                {kind for answer in found["responses"].values() for kind in answer.get("content", {})}
            ),
        )
        for path, methods in described["paths"].items()
        for method, found in methods.items()
    ]


def _parameters(operation: dict[str, Any], described: dict[str, Any]) -> list[Parameter]:
    """Those of the query, or the members of the body."""
    asked = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    members = _resolved(body, described).get("properties", {})
    return [
        *(
            Parameter(name, each.get("description", ""), _values(each["schema"], described))
            for name, each in asked.items()
        ),
        *(
            Parameter(name, each.get("description", ""), _values(each, described))
            for name, each in members.items()
        ),
    ]


def _resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to; also where it stands beside a description."""
    for each in (schema, *schema.get("allOf", [])):
        if "$ref" in each:
            found: dict[str, Any] = described["components"]["schemas"][each["$ref"].rpartition("/")[2]]
            return found
    return schema


def _values(schema: dict[str, Any], described: dict[str, Any]) -> list[str]:
    """The codes that a parameter may have, none for a free one."""
    return [str(value) for value in _resolved(schema, described).get("enum", [])]
