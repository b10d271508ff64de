"""Reads of the registrar's desk."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from geo.record.models import Publisher, RecordSource
from moderation.register.models import Change
from moderation.register.vocabulary import ChangeKind
from moderation.review.models import Evidence
from moderation.review.transitions import CLOSED


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
        records=_count(RecordSource.objects.filter(publisher=OuterRef("pk")), "record"),
        cases=_count(
            Evidence.objects.filter(Q(publisher=OuterRef("pk")) & ~Q(case__state__in=CLOSED)), "case"
        ),
    ).order_by("-active", "kind", "name_ko")


def _count(rows: "QuerySet[RecordSource] | QuerySet[Evidence]", of: str) -> Coalesce:
    counted = rows.order_by().values("publisher").annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
