"""Atom feeds (RFC 4287) of all changes, of a region's and of a school's, with points as GeoRSS Simple.

An entry names the place that its record shows now. What has left the map leaves every feed: its newest entry says so
and names no place, and each older one is deleted by its id (RFC 6721), so that a reader that kept it drops it. Which
place it was about is kept nowhere, so the feed of a place carries the departures of all places: whoever has a copy
knows it by the id. A feed is a function of the public set; that of a small school is that of a school without a record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import gettext as _

from geo.directory.models import School
from geo.record.snapshot.data import Change, PublicSchool
from geo.record.vocabulary import Action, reason_label
from geo.site import shown
from geo.site.contexts import Whole

ATOM = "application/atom+xml; charset=utf-8"
ENTRIES = 100  # changes in the feed of everything
NEAR = 25  # changes of a place in its feed, and as many departures: each withdrawal makes every feed anew
SPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:georss": "http://www.georss.org/georss",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
}
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # of a feed in which nothing has happened


class Feed(NamedTuple):
    """`page` is the address of the page that the feed is of, below the language."""

    page: str
    title: str  # in the active language
    changes: Sequence[Change]  # oldest first

    @property
    def address(self) -> str:
        """`feeds/changes.atom`, `feeds/regions/11680.atom`: as the page's, below the language."""
        return f"feeds/{self.page.rstrip('/')}.atom"


def of_everything(whole: Whole) -> Feed:
    return Feed("changes/", _("All changes"), whole.public.changes[-ENTRIES:])


def of_region(whole: Whole, code: str) -> Feed:
    found = _with_departures(whole, whole.in_region.get(code, []))
    return Feed(f"regions/{code}/", shown.where(code, whole.public.regions), found)


def of_school(whole: Whole, school: PublicSchool | School) -> Feed:
    """`school` is of the snapshot if a record names it, else of the register."""
    own = [
        change
        for record in whole.public.by_school.get(school.id, ())
        for change in whole.history[record.public_id]
    ]
    own.sort(key=_index)
    return Feed(f"schools/{school.id}/", shown.school_name(school).text, _with_departures(whole, own))


def _with_departures(whole: Whole, own: Sequence[Change]) -> Sequence[Change]:
    return sorted([*own[-NEAR:], *whole.departures[-NEAR:]], key=_index)


def _index(change: Change) -> int:
    return change.index


def atom(whole: Whole, feed: Feed) -> bytes:
    """The feed's text in the active language."""
    history, regions = whole.history, whole.public.regions
    home = settings.PUBLIC_ORIGIN + shown.home_path()
    root = ET.Element("feed", {**SPACES, "xml:lang": shown.language()})
    _text(root, "id", home + feed.address)
    _text(root, "title", f"{_('Verified School-Impact Map')}: {feed.title}")
    _text(root, "updated", (feed.changes[-1].at if feed.changes else BEGINNING).isoformat())
    _link(root, "self", "application/atom+xml", home + feed.address)
    _link(root, "alternate", "text/html", home + feed.page)
    _text(ET.SubElement(root, "author"), "name", _("Verified School-Impact Map"))
    for change in reversed(feed.changes):
        if change.now is not None:
            root.append(_entry(change, regions))
        elif change is history[change.record][-1]:
            root.append(_entry(change, regions))
            root.extend(_deleted(history[change.record]))
    return b"%s\n" % ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(change: Change, regions: shown.Regions) -> ET.Element:
    action = str(Action(change.action).label)
    name = shown.place_name(change.now, regions).text if change.now else _("A record that is not shown now")
    entry = ET.Element("entry")
    _text(entry, "id", _id(change))
    _text(entry, "title", f"{action} · {name}")
    _text(entry, "updated", change.at.isoformat())
    _text(entry, "summary", reason_label(change.reason))
    ET.SubElement(entry, "category", {"term": change.action, "label": action})
    _link(entry, "alternate", "text/html", settings.PUBLIC_ORIGIN + shown.record_path(change.record))
    school = change.now.school if change.now else None
    if school and school.lat is not None:
        _text(entry, "georss:point", f"{school.lat} {school.lon}")  # latitude first
    elif change.now and change.now.region:
        _text(entry, "georss:featurename", shown.where(change.now.region, regions))
    return entry


def _deleted(changes: Sequence[Change]) -> Iterable[ET.Element]:
    """What takes the older entries of a record back that has left the map."""
    when = changes[-1].at.isoformat()
    return [
        ET.Element("at:deleted-entry", {"ref": _id(change), "when": when})
        for change in reversed(changes[:-1])
    ]


def _id(change: Change) -> str:
    return f"tag:{urlsplit(settings.PUBLIC_ORIGIN).hostname},2024:change:{change.index}"


def _link(parent: ET.Element, relation: str, kind: str, address: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "type": kind, "href": address})


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
