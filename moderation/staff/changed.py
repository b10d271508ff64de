"""A change of a curated table as a person reads it: field by field, before and after, and what it touches."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geo.record.vocabulary import PublisherKind
from moderation.register import querysets
from moderation.register.models import Change

LABELS: dict[str, Promise] = {
    "kind": gettext_lazy("Kind of publisher"),
    "name_ko": gettext_lazy("Korean name"),
    "name_en": gettext_lazy("English name"),
    "url": gettext_lazy("Address of an article"),
    "article_pattern": gettext_lazy("Pattern of the number"),
    "active": gettext_lazy("As new evidence"),
}


class Field(NamedTuple):
    label: str
    before: str  # "" where there was nothing
    after: str
    changes: bool


def fields(change: Change) -> list[Field]:
    """Every field of the entry, in the order of the form."""
    before, after = change.before or {}, change.after or {}
    return [
        Field(str(label), _value(name, before), _value(name, after), before.get(name) != after.get(name))
        for name, label in LABELS.items()
        if name in before or name in after
    ]


def touched(change: Change) -> list[str]:
    """What of the public record and of open cases cites this entry, in sentences."""
    cited = querysets.publishers().filter(pk=change.subject).first()
    if cited is None:
        return []
    records, cases = cited.records, cited.cases  # type: ignore[attr-defined]
    return [
        sentence % {"count": count}
        for sentence, count in (
            (
                ngettext("%(count)d public record cites it.", "%(count)d public records cite it.", records),
                records,
            ),
            (ngettext("%(count)d open case cites it.", "%(count)d open cases cite it.", cases), cases),
        )
        if count
    ]


def _value(name: str, entry: dict[str, Any]) -> str:
    value = entry.get(name)
    if name == "kind" and value:
        return str(PublisherKind(value).label)
    if isinstance(value, bool):
        return _("may be cited") if value else _("may not be cited")
    return value or ""
