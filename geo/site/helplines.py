"""Where help is, as data: official lines in the order in which somebody affected needs them.

The numbers are as seen on the public pages of the bodies themselves. Each deployment calls them before it opens and
says so of each line with `MAPSITE_CONTACTS_CONFIRMED_ON`; the page shows that day, or that nobody has confirmed it yet.
"""

from __future__ import annotations

from typing import NamedTuple

import qrcode
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from geo.site.contexts import Content


class Line(NamedTuple):
    """`call` and `text` are numbers as one dials them, `page` an address of the body itself."""

    code: str  # by which a deployment says that it confirmed this line
    name: Promise
    what: Promise
    call: str
    text: str = ""
    page: str = ""


LINES = (
    Line(
        "support",
        _("Digital Sex Crime Victim Support Center"),
        _(
            "Has images deleted, watches whether they come back, counsels and goes with you to the police. Day and night."
        ),
        "1366",
        page="https://d4u.stop.or.kr/",
    ),
    Line(
        "police",
        _("Police"),
        _("112 when something is happening now. Cybercrime can also be reported on the ECRM pages."),
        "112",
        page="https://ecrm.police.go.kr/",
    ),
    Line(
        "117",
        _("School violence"),
        _("For pupils, parents and teachers. You need not give your name."),
        "117",
        text="#0117",
    ),
    Line(
        "1366",
        _("Women's emergency line"),
        _("Advice and shelter, day and night, in many languages through interpreters."),
        "1366",
    ),
    Line(
        "1377",
        _("Media and communications review"),
        _("Has pages and posts blocked that show sexual images without consent."),
        "1377",
    ),
)


@register()
def only_known_lines_are_confirmed(**_: object) -> list[CheckMessage]:
    """A slip in the setting must not read as if nobody had called."""
    unknown = set(settings.CONTACTS_CONFIRMED_ON) - {line.code for line in LINES}
    return [
        Error(f"MAPSITE_CONTACTS_CONFIRMED_ON: there is no line {each}", id="site.E001") for each in unknown
    ]


def code() -> bytes:
    """The address of the help page in the active language as a QR code, for the printed sheet: one path of SVG."""
    drawn = qrcode.make(
        f"{settings.PUBLIC_ORIGIN}/{get_language()}/help/", image_factory=SvgPathImage, border=2
    )
    picture: bytes = drawn.to_string(encoding="utf-8", xml_declaration=True)
    return picture


def content() -> Content:
    """The help page: each line with the day on which it was confirmed, or ""."""
    days = {code: date_format(day, "DATE_FORMAT") for code, day in settings.CONTACTS_CONFIRMED_ON.items()}
    lines = [(line, days.get(line.code, "")) for line in LINES]
    return Content("site/help.html", {"lines": lines, "unconfirmed": not all(day for _line, day in lines)})
