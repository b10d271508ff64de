"""Differences of an official file as a person reads them: fields before and after, and what they mean for records."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.directory.models import Region
from geo.site import shown
from moderation.register.models import Difference
from moderation.register.querysets import Counted, Touched
from moderation.register.vocabulary import DifferenceKind
from moderation.staff.changed import Field
from moderation.staff.templatetags.desk import region_name

LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("English name"),
    "region_id": gettext_lazy("District"),
    "address_road": gettext_lazy("Road address"),
    "address_lot": gettext_lazy("Lot address"),
    "status": gettext_lazy("State"),
    "level": gettext_lazy("Level"),
    "founding": gettext_lazy("Founding"),
    "branch": gettext_lazy("Main or branch"),
    "established_on": gettext_lazy("Founded on"),
    "office": gettext_lazy("Education office"),
    "district_office": gettext_lazy("District office"),
    "phone": gettext_lazy("Telephone"),
    "fax": gettext_lazy("Fax"),
    "homepage": gettext_lazy("Homepage"),
    "point": gettext_lazy("Point"),
    "located": gettext_lazy("Point known from"),
    "register": gettext_lazy("Register"),
    "register_date": gettext_lazy("As of"),
    "left_register_on": gettext_lazy("Left the register"),
    "name_key": gettext_lazy("Found by"),
    "initials": gettext_lazy("Found by initials"),
    "name_en_key": gettext_lazy("Found in English by"),
    "grams": gettext_lazy("Words of the index"),
}
WORDS = {
    "status": shown.SCHOOL_STATES,
    "founding": shown.FOUNDINGS,
    "branch": {"main": lambda: _("main school"), "branch": lambda: _("branch school")},
}
# What the rules say about a record whose school changes so (SAFEGUARDS B1, B5, C2).
FOR_RECORDS: dict[DifferenceKind, Promise] = {
    DifferenceKind.RENAMED: gettext_lazy(
        "Its record stands under the new name at once; the address of its page stays."
    ),
    DifferenceKind.DISTRICT: gettext_lazy(
        "A record that names it moves to the other district's page; one that names a region stays as it was published."
    ),
    DifferenceKind.MOVED: gettext_lazy("The marker moves."),
    DifferenceKind.CLOSED: gettext_lazy(
        "The record stays at this school and is marked; none is moved to another school."
    ),
    DifferenceKind.LEFT: gettext_lazy(
        "The record stays at this school and is marked; none is moved to another school."
    ),
}
# What proves a school, in a request that runs or in the next one (SAFEGUARDS D1).
PROVES = frozenset({"phone", "fax", "homepage"})
REDRAFTED = frozenset(
    {"name", "region_id", "address_road", "address_lot", "status", "level"}
)  # `School.version`


class Row(NamedTuple):
    """One difference: its kinds, its fields, and what it means for what stands behind the school."""

    difference: Difference
    kinds: list[str]
    fields: list[Field]
    touched: Touched | None
    means: list[str]
    tied: bool  # to whoever reads


class Kind(NamedTuple):
    code: str
    label: str
    counted: Counted


def kinds(counts: Mapping[str, Counted]) -> list[Kind]:
    """The kinds that the file has, in their fixed order."""
    return [Kind(kind.value, str(kind.label), counts[kind]) for kind in DifferenceKind if kind in counts]


def rows(found: list[Difference], touched: Mapping[str, Touched], *, tied: set[str]) -> list[Row]:
    codes = {code for row in found for code in row.changes.get("region_id", ()) if code}
    regions = Region.objects.select_related("parent").in_bulk(codes)
    return [_row(each, touched.get(each.school), regions, each.school in tied) for each in found]


def _row(found: Difference, touched: Touched | None, regions: Mapping[str, Region], tied: bool) -> Row:
    return Row(
        difference=found,
        kinds=[str(DifferenceKind(kind).label) for kind in found.kinds],
        fields=[
            Field(str(label), _value(name, before, regions), _value(name, after, regions), True)
            for name, label in LABELS.items()
            if name in found.changes
            for before, after in [found.changes[name]]
        ],
        touched=touched,
        means=_means(found, touched),
        tied=tied,
    )


def _means(found: Difference, touched: Touched | None) -> list[str]:
    said: list[str] = []
    if touched and touched.records:
        said = list(
            dict.fromkeys(
                str(FOR_RECORDS[kind])
                for each in found.kinds
                if (kind := DifferenceKind(each)) in FOR_RECORDS
            )
        )
    if (
        touched
        and touched.cases
        and (REDRAFTED & set(found.changes) or {"left", "returned"} & set(found.kinds))
    ):
        said.append(_("Drafts of its open case have to be made again: people approved another entry."))
    if PROVES & set(found.changes):
        said.append(_("A school proves itself through this contact: compare it with the school's own pages."))
    if touched and not said:
        said.append(_("Nothing that readers see of its record changes."))
    return said


def _value(name: str, value: str | list[Any] | None, regions: Mapping[str, Region]) -> str:
    if not value or value == [None, None]:
        return ""
    if isinstance(value, list):  # a point, longitude before latitude, or words
        return " ".join(map(str, value))
    if name == "region_id":
        return region_name(regions[value]) if value in regions else value
    if name == "level":
        return shown.level(value)
    return str(WORDS[name][value]()) if name in WORDS and value in WORDS[name] else str(value)
