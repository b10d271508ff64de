"""What every public page's frame needs: the places to go, the other language, whether this is the demo.

A request's pages get it through the context processor `site`; the snapshot's pages through `frame`,
since they are rendered without a request.
"""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from geo.site import filters

SEARCHES = re.compile(r"/[a-z]+/(schools|report)/", re.ASCII)
NAMES = {"ko": "한국어", "en": "English"}  # each in itself, so never translated


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the public site.

    The other language's address keeps a search and filters, so that they survive the switch; the answer
    to a form has no address of its own, so there the switch leads to the empty form.
    """
    return frame(request.path, kept(request) if request.method in {"GET", "HEAD"} else "")


def kept(request: HttpRequest) -> str:
    """What of a query may be shown back: filters, which are codes, and a search, whose answer no cache keeps."""
    chosen = filters.read(request.GET)
    found: dict[str, str] = {**chosen.codes}
    if chosen.page > 1:
        found["page"] = str(chosen.page)
    if "q" in request.GET and SEARCHES.fullmatch(request.path):
        found["q"] = request.GET["q"]
    return urlencode(found)


def frame(path: str, query: str = "") -> dict[str, Any]:
    """The frame of the page at `path` (with its language prefix) in the active language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "site": {
            "demo": settings.DEMO,
            "origin": settings.PUBLIC_ORIGIN,
            "elsewhere": settings.ELSEWHERE,
            "places": list(_places(path, language)),
            "other": _other_language(path, query),
        }
    }


def _places(path: str, language: str) -> list[dict[str, str]]:
    home = f"/{language}/"
    places = [
        (home, _("Map")),
        (f"{home}records/", _("List")),
        (f"{home}figures/", _("Figures")),
        (f"{home}alerts/", _("Alerts")),
        (f"{home}help/", _("Get help")),
        (f"{home}about/", _("About")),
        (f"{home}report/", _("Report")),
    ]
    return [{"href": href, "label": label, "here": _here(path, href, home)} for href, label in places]


def _here(path: str, href: str, home: str) -> str:
    """The value of aria-current for a link to `href` on the page `path`."""
    if path == href:
        return "page"
    return "true" if href != home and path.startswith(href) else ""


def _other_language(path: str, query: str) -> dict[str, str] | None:
    first, _slash, rest = path.lstrip("/").partition("/")
    for code, name in NAMES.items():
        if first in NAMES and first != code:
            return {"code": code, "name": name, "href": f"/{code}/{rest}" + (f"?{query}" if query else "")}
    return None
