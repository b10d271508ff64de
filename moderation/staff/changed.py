"""A change of a curated table as a person reads it: field by field, before and after, and what it touches."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geo.directory.models import School
from geo.record.vocabulary import PublisherKind
from geo.site import shown
from moderation.register import querysets
from moderation.register.models import Change
from moderation.register.vocabulary import ChangeKind, How
from moderation.review.models import Member

LABELS: dict[str, Promise] = {
    "kind": gettext_lazy("Kind of publisher"),
    "name_ko": gettext_lazy("Korean name"),
    "name_en": gettext_lazy("English name"),
    "url": gettext_lazy("Address of an article"),
    "article_pattern": gettext_lazy("Pattern of the number"),
    "active": gettext_lazy("As new evidence"),
    "successor": gettext_lazy("Which school it became"),
    "how": gettext_lazy("How"),
    "since": gettext_lazy("From which day on"),
}


class Field(NamedTuple):
    label: str
    before: str  # "" where there was nothing
    after: str
    changes: bool


def fields(change: Change) -> list[Field]:
    """Every field of the entry, in the order of the form."""
    before, after = change.before or {}, change.after or {}
    schools = School.objects.in_bulk(
        {entry["successor"] for entry in (before, after) if "successor" in entry}
    )
    return [
        Field(
            str(label),
            _value(name, before, schools),
            _value(name, after, schools),
            before.get(name) != after.get(name),
        )
        for name, label in LABELS.items()
        if name in before or name in after
    ]


def school(change: Change) -> School | None:
    """The school that a change is about; None for a publisher."""
    if change.kind != ChangeKind.SUCCESSOR:
        return None
    return School.objects.select_related("region__parent").filter(pk=change.subject).first()


def touched(change: Change, *, by: Member) -> list[str]:
    """What of the public record and of open cases stands behind this entry, in sentences; of a school, for deciders."""
    if change.kind == ChangeKind.SUCCESSOR:
        records, cases = querysets.behind(change.subject, by=by) or (0, 0)
        sentences = (
            (
                ngettext(
                    "%(count)d public record stays there.", "%(count)d public records stay there.", records
                ),
                records,
            ),
            (
                ngettext("%(count)d open case goes on there.", "%(count)d open cases go on there.", cases),
                cases,
            ),
        )
    else:
        cited = querysets.publishers().filter(pk=change.subject).first()
        records, cases = (cited.records, cited.cases) if cited else (0, 0)  # type: ignore[attr-defined]
        sentences = (
            (
                ngettext("%(count)d public record cites it.", "%(count)d public records cite it.", records),
                records,
            ),
            (ngettext("%(count)d open case cites it.", "%(count)d open cases cite it.", cases), cases),
        )
    return [sentence % {"count": count} for sentence, count in sentences if count]


def _value(name: str, entry: dict[str, Any], schools: dict[str, School]) -> str:
    value = entry.get(name)
    if name == "kind" and value:
        return str(PublisherKind(value).label)
    if name == "how" and value:
        return str(How(value).label)
    if name == "successor" and value in schools:
        return f"{shown.school_name(schools[value]).text} ({value})"
    if isinstance(value, bool):
        return _("may be cited") if value else _("may not be cited")
    return value or ""
