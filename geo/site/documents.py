"""Files for programs: the site map, robots.txt and security.txt.

Written by hand with the standard library's XML writer: nothing in them is typed by a person, and the same
public set gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from django.conf import settings

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
ADDRESSES = (
    10_000  # pages in one site map; the protocol allows 50,000 addresses and each stands in two languages
)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_index(names: Sequence[str]) -> bytes:
    index = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for name in names:
        _text(ET.SubElement(index, "sitemap"), "loc", f"{settings.PUBLIC_ORIGIN}/sitemap-{name}.xml")
    return _written(index)


def sitemap(addresses: Sequence[str]) -> bytes:
    """Addresses below a language prefix, each in every language; the pages themselves link to the other one."""
    urls = ET.Element("urlset", {"xmlns": SITEMAP})
    for address in addresses:
        for language, _name in settings.LANGUAGES:
            _text(ET.SubElement(urls, "url"), "loc", f"{settings.PUBLIC_ORIGIN}/{language}/{address}")
    return _written(urls)


def robots() -> bytes:
    """Search results and forms are nobody's reading list; everything else may be found, and how to report (RFC 9309)."""
    closed = [
        line
        for code, _name in settings.LANGUAGES
        for line in (
            f"Disallow: /{code}/schools/?",
            *(
                part
                for form in ("report", "corrections", "erasure")
                for part in (f"Disallow: /{code}/{form}/", f"Allow: /{code}/{form}/$")
            ),
        )
    ]
    return "\n".join(
        ["User-agent: *", *closed, "", f"Sitemap: {settings.PUBLIC_ORIGIN}/sitemap.xml", ""]
    ).encode()


def verifier() -> bytes:
    """The program that checks the log, as a text to be read first: it needs nothing of the site."""
    return Path(settings.ROOT, "verify", "verify_log.py").read_bytes()


def security() -> bytes:
    """RFC 9116. Its end is a setting that each deployment moves on: a date from the clock would lie about care."""
    origin = settings.PUBLIC_ORIGIN
    contact = f"mailto:{settings.CONTACT}" if settings.CONTACT else f"{origin}/en/about/"
    lines = [
        f"Contact: {contact}",
        f"Expires: {settings.SECURITY_EXPIRES:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: ko, en",
        f"Canonical: {origin}/.well-known/security.txt",
        "",
    ]
    return "\n".join(lines).encode()


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _written(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
