"""Every text that the public half can hold or send, with the reason why it is not somebody's own words.

SAFEGUARDS A1: a public record is codes, months and random identifiers. The check `mapsite.E010` walks the models of
`geo`, the values that a snapshot is made from, the API's serializers, the columns of the CSV and whatever can send a
mail, and fails while one of them has a text that is not below, or one below is not there any more. A choice is a code
and no text; `mapsite.E012` fails while the database does not know the choices of a column of the record. What pages
show of all this is walked by tests/integration/test_closed_vocabulary.py.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from django.apps import apps
from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.core.checks import CheckMessage, Error, register
from django.db import models
from rest_framework import serializers

# Why a text is allowed, and which ones for that reason.
ALLOWED: dict[str, tuple[str, ...]] = {
    "from an official register; only imports write it": (
        "directory.Region.code directory.Region.name_ko directory.Region.name_en directory.RegionName.name",
        "directory.School.id directory.School.name directory.School.name_en directory.School.homepage",
        "directory.School.address_road directory.School.address_lot directory.School.phone directory.School.fax",
        "directory.School.office directory.School.district_office directory.SchoolIdentifier.value",
        "Succession.school Succession.successor Succession.name Succession.name_en",
        "RegionInfo.code RegionInfo.parent RegionInfo.name_ko RegionInfo.name_en",
        "PublicSchool.id PublicSchool.name PublicSchool.name_en PublicSchool.address",
        "PublicSchool.district PublicSchool.province PublicRecord.region PublicSet.brakes Paused.region",
        "RegionSerializer.code RegionSerializer.name_ko RegionSerializer.name_en",
        "RegionFiguresSerializer.code RegionFiguresSerializer.province RegionFiguresSerializer.name_ko",
        "RegionFiguresSerializer.name_en",
        "SchoolSerializer.id SchoolSerializer.name SchoolSerializer.name_en SchoolSerializer.address",
        "SchoolWithRecordsSerializer.id SchoolWithRecordsSerializer.name SchoolWithRecordsSerializer.name_en",
        "SchoolWithRecordsSerializer.address",
        "ChangeSerializer.school_id ChangeSerializer.district ChangeSerializer.province",
        "csv.school_id csv.school csv.school_en csv.district csv.province",
    ),
    "search keys, made of the register's names": (
        "directory.School.name_key directory.School.initials directory.School.name_en_key directory.School.grams",
    ),
    "from the curated table of publishers; two people make each entry (moderation/register/sql/changes.sql)": (
        "record.Publisher.code record.Publisher.name_ko record.Publisher.name_en record.Publisher.url",
        "record.Publisher.article_pattern Source.publisher Source.name_ko Source.name_en Source.link",
        "SourceSerializer.publisher SourceSerializer.name_ko SourceSerializer.name_en SourceSerializer.link",
        "csv.publishers csv.links",
    ),
    "an article number; the database drops any that its publisher's pattern does not match": (
        "record.RecordSource.article Source.article SourceSerializer.article",
    ),
    "a code of a closed list; parsed from columns that have choices": (
        "RegionInfo.level Source.kind PublicSchool.level PublicSchool.founding PublicSchool.branch",
        "PublicSchool.status PublicRecord.status PublicRecord.grade PublicRecord.replies Tombstone.reason",
        "Change.action Change.reason Paused.kind Paused.reason DeskMonth.work Succession.how",
        "csv.status csv.grade csv.level csv.replies csv.reason",
    ),
    "a random identifier or salt, made by the database": (
        "PublicRecord.public_id PublicRecord.salt Tombstone.public_id Change.record",
        "record.ImpactRecord.salt RecordSerializer.public_id TombstoneSerializer.public_id",
        "ChangeSerializer.public_id csv.public_id EntrySerializer.record OpeningSerializer.salt",
    ),
    "a hash, or made of hashes and numbers alone": (
        "directory.Import.digest record.LogEntry.commitment record.LogEntry.leaf_hash record.Checkpoint.note",
        "Change.commitment Change.leaf_hash PublicRecord.digest Tombstone.digest PublicSet.digest PublicSet.names",
        "EntrySerializer.commitment EntrySerializer.leaf_hash InclusionSerializer.leaf_hash InclusionSerializer.path",
        "ConsistencySerializer.path",
    ),
    "made by the database of codes, a month and register ids: what a commitment is of": (
        "OpeningSerializer.content",
    ),
    "a month, or a number": ("csv.month csv.lat csv.lon RecordSerializer.month RecordListSerializer.month",),
    "an address of our own, made of codes": (
        "RecordListSerializer.next RecordListSerializer.previous ChangeListSerializer.next",
        "RegionFiguresSerializer.feed",
    ),
    "read from a query, matched or searched with, and never given back": (
        "SchoolParameters.q SchoolParameters.region SchoolParameters.near Items.after Items.bbox Items.datetime",
        "RecordParameters.region RecordParameters.month RecordParameters.month_from RecordParameters.month_to",
    ),
    "labels of codes, a month, names of the register and our own links (moderation/alerts/sending/letters.py)": (
        "mail:moderation/alerts/sending/mail.py",
    ),
    "of a partner's report: an id and codes that are looked up, and words that are screened and sealed": (
        "SubmissionSerializer.school SubmissionSerializer.district SubmissionSerializer.month",
        "SubmissionSerializer.text SubmissionSerializer.contact SubmissionSerializer.accepted",
    ),
    "random words, given once to whoever reported": ("ReceiptSerializer.receipt",),
    "held and never served": ("directory.GeocodeAnswer.address directory.Import.counts",),
}

WORDLESS_COLUMNS = (  # everything else may hold words, a kind of column that nobody thought of included
    models.BooleanField,
    models.DateField,  # and instants
    models.DecimalField,
    models.FloatField,
    models.IntegerField,
    models.UUIDField,
    GeometryField,
)
WORDLESS_FIELDS = (
    serializers.BooleanField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.UUIDField,
)
WORDS = re.compile(r"\b(str|bytes|Any|object)\b")  # in a type hint; the keys of a mapping are names of ours
SENDERS = re.compile(r"\b(django\.core\.mail|smtplib)\b")
SOURCES = ("geo", "moderation", "mapsite")


def texts() -> Iterator[str]:
    """The name of every text that is public or could become so."""
    yield from columns()
    yield from snapshot_values()
    yield from serializer_fields()
    yield from csv_columns()
    yield from mails()


def columns() -> Iterator[str]:
    for model in apps.get_models():
        if model.__module__.startswith("geo."):
            yield from (
                f"{model._meta.label}.{field.name}"
                for field in model._meta.concrete_fields
                if not field.is_relation and not field.choices and not isinstance(field, WORDLESS_COLUMNS)
            )


def loose_codes() -> Iterator[str]:
    """Columns of the public record whose choices only Python knows: the database would take any text there."""
    for model in apps.get_app_config("record").get_models():
        held = {
            name.removesuffix("__in")
            for rule in model._meta.constraints
            if isinstance(rule, models.CheckConstraint)
            for name in _compared(rule.condition)
        }
        for field in model._meta.concrete_fields:
            if field.choices and field.name not in held:
                yield f"{model._meta.label}.{field.name}"


def _compared(condition: Any) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, models.Q):
            yield from _compared(part)
        elif isinstance(part, tuple):
            yield part[0]


def snapshot_values() -> Iterator[str]:
    """What pages, feeds and data files are made from, and nothing besides (geo/record/snapshot/data.py)."""
    from geo.record.snapshot import data

    for name, kind in vars(data).items():
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == data.__name__:
            hints = get_type_hints(kind)
            yield from (
                f"{name}.{field.name}"
                for field in dataclasses.fields(kind)
                if WORDS.search(str(hints[field.name]).replace("Mapping[str, ", ""))
            )


def serializer_fields() -> Iterator[str]:
    from geo.api import ogc_parameters as ours_too
    from geo.api import serializers as ours

    for kind in _below(serializers.Serializer):
        if not kind.__module__.startswith((*(f"{room}." for room in SOURCES),)):
            continue
        for name, field in kind().fields.items():
            leaf = field
            while isinstance(leaf, serializers.ListField | serializers.ListSerializer):
                leaf = leaf.child
            if not isinstance(leaf, WORDLESS_FIELDS) and not isinstance(leaf, serializers.BaseSerializer):
                yield f"{kind.__name__}.{name}"
    assert ours and ours_too  # imported so that their serializers are known


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def csv_columns() -> Iterator[str]:
    from geo.api.tables import COLUMNS

    yield from (f"csv.{name}" for name in COLUMNS)


def mails() -> Iterator[str]:
    """Modules that can send one: its texts have to be listed here first."""
    for room in SOURCES:
        for path in sorted(Path(settings.ROOT, room).rglob("*.py")):
            if path != Path(__file__) and SENDERS.search(path.read_text(encoding="utf-8")):
                yield f"mail:{path.relative_to(settings.ROOT).as_posix()}"


def allowed() -> set[str]:
    return {name for lines in ALLOWED.values() for line in lines for name in line.split()}


@register()
def every_public_text_has_a_reason(**_: object) -> list[CheckMessage]:
    """A new text fails until somebody has written down why it cannot hold anybody's words."""
    found, known = set(texts()), allowed()
    return [
        *(
            Error(
                f"{name} is a text without a reason in mapsite.closed_vocabulary.ALLOWED", id="mapsite.E010"
            )
            for name in sorted(found - known)
        ),
        *(
            Error(f"{name} is allowed and does not exist", id="mapsite.E011")
            for name in sorted(known - found)
        ),
        *(
            Error(f"{name} has choices that no constraint of the database names", id="mapsite.E012")
            for name in sorted(loose_codes())
        ),
    ]
