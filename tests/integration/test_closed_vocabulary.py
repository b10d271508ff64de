"""No public text without a reason (SAFEGUARDS A1): columns, values, answers, and everything a template is given."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models
from django.test.signals import template_rendered
from django.utils import translation
from django.utils.functional import Promise
from rest_framework import serializers

from geo.directory.models import Region, School
from geo.record import vocabulary
from geo.record.models import Publisher
from geo.record.snapshot import pages as registry
from geo.site import shown
from mapsite import closed_vocabulary
from tests import casework
from tests.published import build, folder, public, withdraw

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


def messages() -> list[str]:
    return [problem.msg for problem in closed_vocabulary.every_public_text_has_a_reason()]


def test_every_text_has_a_reason() -> None:
    assert messages() == []


def test_the_walk_finds_what_it_should() -> None:
    found = set(closed_vocabulary.texts())
    assert {
        "directory.School.name",
        "record.RecordSource.article",
        "PublicRecord.salt",
        "SchoolSerializer.address",
        "csv.school",
        "SchoolParameters.q",
    } <= found
    assert not {"record.ImpactRecord.grade", "RecordSerializer.grade", "directory.School.pupils"} & found


@pytest.mark.parametrize(
    "column",
    [
        models.TextField(),
        models.JSONField(),
        models.CharField(max_length=5),
        models.BinaryField(),
        models.EmailField(),
    ],
)
def test_a_new_column_fails_until_it_is_classified(
    column: "models.Field[Any, Any]", monkeypatch: Any
) -> None:
    from geo.record.models import ImpactRecord

    column.set_attributes_from_name("note")
    column.model = ImpactRecord
    fields = (*ImpactRecord._meta.concrete_fields, column)
    monkeypatch.setitem(ImpactRecord._meta.__dict__, "concrete_fields", fields)  # cached there
    assert messages() == [
        "record.ImpactRecord.note is a text without a reason in mapsite.closed_vocabulary.ALLOWED"
    ]


def test_a_coded_column_fails_until_the_database_knows_its_codes(monkeypatch: Any) -> None:
    from geo.record.models import LogEntry

    rules = [rule for rule in LogEntry._meta.constraints if rule.name != "log_reason_known"]
    monkeypatch.setattr(LogEntry._meta, "constraints", rules)
    assert messages() == ["record.LogEntry.reason has choices that no constraint of the database names"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_logentry SET action = 'a name'",
        "UPDATE record_logentry SET reason = 'a name'",
        "UPDATE record_logentry SET reason = 'disputes'",  # an answer's code, where nobody answered
        "UPDATE record_impactrecord SET status = 'a name'",
        "UPDATE record_impactrecord SET grade = 'E'",
        "UPDATE record_recordsource SET article = 'a name'",
        "UPDATE record_recordsource SET article = '김보기'",
        "INSERT INTO record_recordhide (record_id, reason, starts_at, ends_at)"
        " SELECT public_id, 'a name', now(), now() + interval '1 hour' FROM record_impactrecord",
        "INSERT INTO record_brake (region_id, kind, shown, started_at)"
        " SELECT code, 'name', true, now() FROM directory_region",
    ],
)
def test_not_even_the_owner_writes_words_where_codes_belong(statement: str) -> None:
    casework.published()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="violates check constraint"):
        cursor.execute(statement)


def test_a_new_answer_fails_until_it_is_classified() -> None:
    class NoteSerializer(serializers.Serializer[Any]):
        lines = serializers.ListField(child=serializers.CharField())
        count = serializers.IntegerField()

    NoteSerializer.__module__ = "geo.api.somewhere"
    try:
        assert messages() == [
            "NoteSerializer.lines is a text without a reason in mapsite.closed_vocabulary.ALLOWED"
        ]
    finally:
        NoteSerializer.__module__ = "tests"


def test_tables_of_the_public_half_have_the_columns_of_their_models_alone() -> None:
    known = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model.__module__.startswith("geo.")
        for field in model._meta.concrete_fields
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name ~ '^(directory|record)_'"
        )
        assert set(cursor.fetchall()) == known


# --- what templates are given ------------------------------------------------------------------------

CODE = re.compile(r"[a-z_]*|[A-D]|[0-9]{2,10}|[0-9]{4}-[0-9]{2}|X9T[0-9]{7}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADDRESS = re.compile(r"|/(ko|en)/[a-z]*/?([A-Za-z0-9-]+/)*(\?(grade=A)?)?")
FILE = re.compile(r"/(static|map)/[a-z/.-]+\.[0-9a-f]{12}\.(css|js)|/?(map/)?map-[0-9a-f]+\.js")
WHEN = re.compile(
    r"[0-9]{4}년 [0-9]{1,2}월( [0-9]{1,2}일 [0-9:]{5})?|([0-9]{1,2} )?[A-Z][a-z]+ [0-9]{4}(, [0-9:]{5} \(Korean time\))?"
)

# The last name on the way to a text, and what such a text has to be. A name that is not here fails.
NAMES: dict[str, str] = {
    **dict.fromkeys(["text", "also", "name", "name_ko", "address", "where", "short"], "register"),
    **dict.fromkeys(
        ["action", "reason", "status_label", "grade_label", "kind", "label", "level", "founding"], "label"
    ),
    **dict.fromkeys(
        ["code", "lang", "status", "grade", "month_code", "district", "province", "id", "state"], "code"
    ),
    **dict.fromkeys(
        ["grades", "levels", "statuses", "orders", "LANGUAGE_CODE", "here", "more", "rest"], "label or code"
    ),
    **dict.fromkeys(["when", "month", "published"], "when"),
    **dict.fromkeys(["href", "path"], "address"),
    **dict.fromkeys(["scripts", "styles", "map_script"], "file"),
    "public_id": "identifier",
    "link": "link",
}
# Constants of our own sources and settings, which no data can change.
OURS = re.compile(
    r"lines|(lines|map|facts|charged|site\.(other|places))\..+|site\.(elsewhere|origin)|police|caption|head|contact|label|csrf_token|block:BlockNode|request:WSGIRequest"
)


def leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text in a value, with the names that lead to it; an object that is no plain value counts as one."""
    if isinstance(value, str | Promise):
        yield name, str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}")
    elif dataclasses.is_dataclass(value) or hasattr(value, "_asdict"):
        for key in getattr(value, "_fields", None) or [field.name for field in dataclasses.fields(value)]:
            yield from leaves(getattr(value, key), f"{name}.{key}")
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from leaves(inner, name)
    elif not isinstance(value, bool | int | float | type(None)) and not hasattr(value, "isoformat"):
        yield f"{name}:{type(value).__name__}", ""


def labels() -> set[str]:
    """Every label of a code, in both languages, and the months that a list offers."""
    found: set[str] = set()
    choices = [
        getattr(vocabulary, name)
        for name in ("Grade", "Status", "Action", "Reason", "Reply", "PublisherKind")
    ]
    for language in ("ko", "en"):
        with translation.override(language):
            found |= {str(label) for kind in choices for label in kind.labels}
            found |= {shown.level(code) for code in shown.LEVELS}
            found |= {label() for label in shown.ORDERS.values()}
            found |= {shown.facts(school).founding for school in School.objects.all()}
            found |= {shown.facts(school).state for school in School.objects.all()}
    return found


def fits(text: str, kind: str, names: set[str], known: set[str]) -> bool:
    if kind == "register":
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        return text.strip(", ") == "" or text in known
    if kind == "link":
        return re.fullmatch(r"|https://[a-z0-9-]+\.example\.org/20260801", text) is not None
    patterns = {"when": WHEN, "address": ADDRESS, "file": FILE, "identifier": IDENTIFIER}
    if kind in patterns:
        return (
            text == ""
            or patterns[kind].fullmatch(text) is not None
            or bool(kind == "when" and CODE.fullmatch(text))
        )
    return text in known or CODE.fullmatch(text) is not None or WHEN.fullmatch(text) is not None


def test_templates_of_cacheable_pages_are_given_no_free_text(folder: Any, public_client: Any) -> None:
    big, gone = casework.school(), casework.school()
    small = casework.school(pupils=5)
    casework.published(at=big)
    withdraw(casework.published(at=gone), gone)
    build()
    given: set[tuple[str, str]] = set()

    def note(context: Any, **_: Any) -> None:
        for name, value in context.flatten().items():
            given.update(leaves(value, name))

    template_rendered.connect(note)
    try:
        for language in ("ko", "en"):
            for path in (f"schools/{small.id}/", "records/?grade=A"):
                answer = public_client.get(f"/{language}/{path}")
                assert answer.status_code == 200 and "public" in answer["Cache-Control"]
        for page in registry.singly(registry.all_pages(public())):
            page.render()
    finally:
        template_rendered.disconnect(note)

    names = {name for row in School.objects.values_list("id", "name", "name_en") for name in row if name}
    names |= {name for row in Region.objects.values_list("name_ko", "name_en") for name in row}
    names |= {name for row in Publisher.objects.values_list("name_ko", "name_en") for name in row}
    known = labels() | names | {"visible", "withdrawn", "aside"}
    assert len(given) > 200
    wrong = [
        (path, text)
        for path, text in sorted(given)
        if not OURS.fullmatch(path)
        and not fits(text, NAMES.get(path.rpartition(".")[2], "no such name"), names, known)
    ]
    assert wrong == []


def test_no_public_template_prints_the_request() -> None:
    root = Path(settings.ROOT)
    for path in [
        *root.glob("geo/**/templates/**/*"),
        *root.glob("mapsite/templates/**/*"),
        *root.glob("moderation/intake/templates/**/*"),
    ]:
        if path.is_file():
            assert not re.search(r"\{[{%][^}]*\brequest[.|]", path.read_text(encoding="utf-8")), path
