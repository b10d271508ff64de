"""Reads of the registrar's desk."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from geo.directory.models import School, Succession
from geo.record.models import ImpactRecord, Publisher, RecordSource
from geo.record.refusals import call
from geo.record.vocabulary import Status
from moderation.register.models import Change, Difference, OfficialFile
from moderation.register.vocabulary import ChangeKind, DifferenceKind
from moderation.review.models import Case, Evidence, Member, Proposal
from moderation.review.permissions import casework_allowed
from moderation.review.transitions import CLOSED


class Touched(NamedTuple):
    """How many public records, open cases and running requests of its own a school stands behind."""

    records: int
    cases: int
    requests: int


class Behind(NamedTuple):
    """How many public records, named or not, and open cases one school stands behind."""

    records: int
    cases: int


class Counted(NamedTuple):
    """Differences of one kind, and how many of them wait for a choice."""

    all: int
    waiting: int


def waiting() -> "QuerySet[Change]":
    """Changes that a second person has not confirmed yet, the oldest first."""
    return Change.objects.filter(confirmed_at=None, dropped_at=None).order_by("id")


def history(*, kind: ChangeKind, subject: str = "") -> "QuerySet[Change]":
    """What was confirmed or put aside, the newest first."""
    found = Change.objects.filter(kind=kind).exclude(confirmed_at=None, dropped_at=None).order_by("-id")
    return found.filter(subject=subject) if subject else found


def publishers() -> "QuerySet[Publisher]":
    """The curated list, each with how many public records and open cases cite it (`records`, `cases`)."""
    return Publisher.objects.annotate(
        records=_count(RecordSource.objects.filter(publisher=OuterRef("pk")), "record", by="publisher"),
        cases=_count(
            Evidence.objects.filter(Q(publisher=OuterRef("pk")) & ~Q(case__state__in=CLOSED)),
            "case",
            by="publisher",
        ),
    ).order_by("-active", "kind", "name_ko")


def open_files() -> "QuerySet[OfficialFile]":
    return OfficialFile.objects.filter(applied_at=None, dropped_at=None).order_by("id")


def readable(file: int) -> "QuerySet[Difference]":
    """Differences that can be chosen; lines that could not be read cannot."""
    return Difference.objects.filter(file=file).exclude(kinds__contains=[DifferenceKind.REFUSED])


def touched(file: int, *, by: Member) -> dict[str, Touched]:
    """By school: what of it stands behind a record, a case or a request (sql/files.sql, register_touched).

    Only deciders learn that, and not of a school that they have a tie to (SAFEGUARDS B6, C2).
    """
    if not casework_allowed(by=by):
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT school, records, cases, requests FROM register_touched(%s)", [file])
        found = {school: Touched(*counted) for school, *counted in cursor.fetchall()}
    hidden = tied(list(found), by=by)
    return {school: counted for school, counted in found.items() if school not in hidden}


def tied(schools: Iterable[str], *, by: Member) -> set[str]:
    """Which of these schools this person has a tie to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT school FROM unnest(%s::text[]) AS school WHERE review_conflicted(%s, school)",
            [list(schools), by.pk],
        )
        return {school for (school,) in cursor.fetchall()}


def counts(file: int) -> dict[str, Counted]:
    """By kind: how many differences there are, and how many wait for a choice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.kind, count(*), count(*) FILTER (WHERE d.choice IS NULL AND k.kind <> 'refused')"
            " FROM register_difference d CROSS JOIN unnest(d.kinds) AS k (kind) WHERE d.file_id = %s GROUP BY k.kind",
            [file],
        )
        return {kind: Counted(all_, waiting) for kind, all_, waiting in cursor.fetchall()}


def shown(file: int) -> bytes:
    """The hash of every difference and what was chosen about it."""
    return bytes(call("register_file_hash", file))


def past_files() -> "QuerySet[OfficialFile]":
    return OfficialFile.objects.exclude(applied_at=None, dropped_at=None).order_by("-id")


def undecided(file: int) -> int:
    return readable(file).filter(choice=None).count()


def differences(
    file: int, *, kind: str = "", choice: str = "", schools: list[str] | None = None
) -> "QuerySet[Difference]":
    """One view of a file's differences: of a kind, by choice ("none": not chosen yet), of these schools only."""
    found = Difference.objects.filter(file=file).order_by("id")
    if kind:
        found = found.filter(kinds__contains=[kind])
    if choice:
        found = found.filter(choice=None if choice == "none" else choice)
    return found if schools is None else found.filter(school__in=schools)


def closures() -> "QuerySet[School]":
    """Every school that closed or left, each with `became`, the id of its successor or None.

    All of them in one order: a successor is public, so a list of what matters would mark schools with a record that is
    shown in their region (SAFEGUARDS C2).
    """
    return (
        School.objects.filter(Q(status=School.Status.CLOSED) | Q(left_register_on__isnull=False))
        .annotate(became=Subquery(Succession.objects.filter(school=OuterRef("pk")).values("successor")[:1]))
        .select_related("region__parent")
        .order_by("name", "id")
    )


def behind(school: str, *, by: Member) -> Behind | None:
    """What stands behind a school, for deciders without a tie to it; None for everybody else."""
    if not casework_allowed(by=by) or tied([school], by=by):
        return None
    public = ImpactRecord.objects.exclude(status=Status.WITHDRAWN).values("public_id")
    return Behind(
        Proposal.objects.filter(school=school, record__in=public).values("record").distinct().count(),
        Case.objects.filter(school=school, decided_at=None).count(),
    )


def _count(rows: "QuerySet[Any]", of: str, *, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
