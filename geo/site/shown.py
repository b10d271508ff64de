"""From public values to what a template prints: names, places and labels in the active language.

Everything here is a function of its arguments and the language, so that the snapshot's pages and the pages
rendered for a request say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from geo.directory.models import School
from geo.record.snapshot.data import Change, PublicRecord, PublicSchool, RegionInfo, Succession
from geo.record.vocabulary import Action, Grade, PublisherKind, Reply, Status, reason_label

Regions = Mapping[str, RegionInfo]

INSTANT = {
    "ko": "Y년 n월 j일 H:i",
    "en": "j F Y, H:i",
}  # Django's own Korean format puts 오후 behind the hour
# What the page of one record shows, by the record's state.
VISIBLE, GONE, ASIDE = "visible", "withdrawn", "aside"

LEVELS = {
    "elementary": lambda: _("Elementary school"),
    "middle": lambda: _("Middle school"),
    "high": lambda: _("High school"),
    "special": lambda: _("Special school"),
    "other": lambda: _("Other school"),
    "university": lambda: _("University campus"),
}
FOUNDINGS = {
    "national": lambda: _("national"),
    "public": lambda: _("public"),
    "private": lambda: _("private"),
}
ORDERS: Mapping[str, Callable[[], str]] = {  # of the list; without one it is by month, the newest first
    "oldest": lambda: _("Oldest month first"),
    "name": lambda: _("Name of the school"),
    "place": lambda: _("Province and district"),
    "grade": lambda: _("Strongest evidence first"),
}
SCHOOL_STATES = {
    "operating": lambda: _("operating"),
    "suspended": lambda: _("suspended"),
    "closed": lambda: _("closed"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the language that it is in, for the `lang` attribute."""

    text: str
    lang: str
    also: str = ""  # the Korean name beside an English one: what stands on the school's gate


@dataclass(frozen=True, slots=True)
class Row:
    """One record in a list."""

    href: str
    name: Name
    where: str
    level: str
    month: str
    month_code: str
    status: str
    status_label: str
    grade: str
    grade_label: str
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One public change."""

    at: dt.datetime
    when: str
    action: str
    reason: str
    href: str
    name: Name | None  # None: the record is not visible now, so nothing says which place it was about


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says about one school, in one shape for both sources of it."""

    id: str
    name: Name
    name_ko: str
    level: str
    founding: str
    state: str
    branch: bool
    address: str
    province: str | None
    district: str | None
    left_register: bool


@dataclass(frozen=True, slots=True)
class Became:
    """The school that another one became part of, or that it is now."""

    href: str
    name: Name
    merged: bool  # otherwise it is the same school under another number


def language() -> str:
    return translation.get_language() or "ko"


def region_name(region: RegionInfo) -> str:
    return region.name_en if language() == "en" else region.name_ko


def where(code: str | None, regions: Regions) -> str:
    """Province and district, widest first in Korean, narrowest first in English; "" where neither is known."""
    names = region_names(code, regions)
    return ", ".join(reversed(names)) if language() == "en" else " ".join(names)


def region_names(code: str | None, regions: Regions) -> list[str]:
    """Of the province and then of the district; none for a region that is not known."""
    if code is None or code not in regions:
        return []
    place = regions[code]
    parent = regions.get(place.parent or "")
    return [region_name(region) for region in (parent, place) if region]


def school_name(school: PublicSchool | School) -> Name:
    if language() == "en" and school.name_en:
        return Name(school.name_en, "en", school.name)
    return Name(school.name, "ko")


def place_name(record: PublicRecord, regions: Regions) -> Name:
    """The school, or for a small one the region that stands for it (SAFEGUARDS C2)."""
    if record.school:
        return school_name(record.school)
    if record.region in regions:
        return Name(_("A small school in %(region)s") % {"region": where(record.region, regions)}, language())
    return Name(_("A small school; its place is not shown"), language())


def month(value: dt.date) -> str:
    return date_format(value, "YEAR_MONTH_FORMAT")


def instant(value: dt.datetime) -> str:
    """Day and minute in Korean time, the zone named in English."""
    return _("%(when)s (Korean time)") % {"when": date_format(localtime(value), INSTANT[language()])}


def level(code: str) -> str:
    return LEVELS[code]() if code in LEVELS else code


def row(record: PublicRecord, regions: Regions) -> Row:
    school = record.school
    return Row(
        href=school_path(school.id) if school else record_path(record.public_id),
        name=place_name(record, regions),
        where=where(school.district or school.province, regions) if school else "",
        level=level(school.level) if school else "",
        month=month(record.month),
        month_code=f"{record.month:%Y-%m}",
        status=record.status if school or record.status != "confirmed" else "area",
        status_label=str(Status(record.status).label),
        grade=record.grade,
        grade_label=str(Grade(record.grade).label),
        replies=tuple(str(Reply(code).label) for code in record.replies),
    )


def rows(records: Iterable[PublicRecord], regions: Regions) -> list[Row]:
    return [row(record, regions) for record in records]


def event(change: Change, regions: Regions) -> Event:
    return Event(
        at=change.at,
        when=instant(change.at),
        action=str(Action(change.action).label),
        reason=reason_label(change.reason),
        href=record_path(change.record),
        name=place_name(change.now, regions) if change.now else None,
    )


def facts(school: PublicSchool | School) -> Facts:
    """From a record's school or from the directory's row (then with its region loaded)."""
    if isinstance(school, School):
        district, province = _places(school)
        address = school.address_road or school.address_lot
        left = school.left_register_on is not None
    else:
        district, province, address, left = (
            school.district,
            school.province,
            school.address,
            school.left_register,
        )
    return Facts(
        id=school.id,
        name=school_name(school),
        name_ko=school.name,
        level=level(school.level),
        founding=FOUNDINGS[school.founding]() if school.founding in FOUNDINGS else "",
        state=SCHOOL_STATES[school.status]() if school.status in SCHOOL_STATES else "",
        branch=school.branch == "branch",
        address=address,
        province=province,
        district=district,
        left_register=left,
    )


def became(known: Succession | None) -> Became | None:
    """What a school's page says about what became of it."""
    if known is None:
        return None
    name = (
        Name(known.name_en, "en", known.name)
        if language() == "en" and known.name_en
        else Name(known.name, "ko")
    )
    return Became(school_path(known.successor), name, merged=known.how == "merged")


def _places(school: School) -> tuple[str | None, str | None]:
    """District and province codes of a directory row."""
    region = school.region
    if region is None:
        return None, None
    return (region.code, region.parent_id) if region.level == "district" else (None, region.code)


def publisher_kind(code: str) -> str:
    return str(PublisherKind(code).label)


def home_path() -> str:
    return f"/{language()}/"


def school_path(school_id: str) -> str:
    return f"/{language()}/schools/{school_id}/"


def record_path(public_id: str) -> str:
    return f"/{language()}/records/{public_id}/"


def region_path(code: str) -> str:
    return f"/{language()}/regions/{code}/"
