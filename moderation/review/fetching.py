"""Reads one linked page of a publisher, and nothing that a link could lead to besides (SAFEGUARDS A2).

The address comes from the curated table of publishers; still it is not believed. The host is the publisher's own, each
of its addresses has to be a public one, and the connection goes to the very address that was judged, so that a name
that answers differently a moment later leads nowhere. Redirects stay on that host. Of the text a digest is kept.
"""

import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import time
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

SILENCE = 10.0  # seconds that a host may be silent
LONGEST = 20.0  # seconds for one page, redirects included
LARGEST = 2 * 1024 * 1024  # bytes
REDIRECTS = 3
FEWEST = 200  # letters, from which an article's own element is taken for the whole text
PORTS = {"http": 80, "https": 443}
_GONE = (404, 410)
_APART = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside", "form", "iframe"}
)
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]+)")


class Page(NamedTuple):
    """What a host answered: `digest` (32 bytes) of the page's letters, or None where it says that the page is gone."""

    digest: bytes | None


class Unreadable(Exception):
    """The page could not be read now, or must not be; that says nothing about it."""


def public(address: str) -> bool:
    """Whether an IP address is somebody's public one, written in whatever way."""
    judged = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(judged, "ipv4_mapped", None) or getattr(judged, "sixtofour", None)
    return judged.is_global and not judged.is_multicast and (inner is None or public(str(inner)))


def fetch(
    address: str, *, host: str, permitted: Callable[[str], bool] = public, ports: dict[str, int] | None = None
) -> Page:
    """Reads one page of `host`.

    Args:
        permitted: which IP addresses may be connected to.

    Raises:
        Unreadable: another host, a private address, too slow, too large, or an answer that says nothing.
    """
    deadline = time.monotonic() + LONGEST
    for _hop in range(REDIRECTS + 1):
        parts = urlsplit(address)
        if parts.scheme not in PORTS or parts.hostname != host or parts.username is not None:
            raise Unreadable("another host")
        port = (ports or PORTS)[parts.scheme]
        if parts.port not in (None, port):
            raise Unreadable("another port")
        try:
            found = _ask(parts, port, _judged(host, port, permitted), deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreadable(type(error).__name__) from error
        if isinstance(found, Page):
            return found
        address = urljoin(address, found)
    raise Unreadable("too many redirects")


def _judged(host: str, port: int, permitted: Callable[[str], bool]) -> str:
    """An IP address of the host; one that must not be reached spoils all."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(permitted(address) for address in found):
        raise Unreadable("not a public address")
    return found[0]


def _ask(parts: SplitResult, port: int, ip: str, deadline: float) -> Page | str:
    """The page, or where a redirect leads."""
    wire = socket.create_connection((ip, port), timeout=SILENCE)
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=SILENCE)
    try:
        if parts.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
        connection.sock = wire
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        name = f"school-impact-map link check (+{settings.PUBLIC_ORIGIN})"
        connection.request(
            "GET", target, headers={"Host": parts.netloc, "User-Agent": name, "Accept": "text/html"}
        )
        answer = connection.getresponse()
        if answer.status in _GONE:
            return Page(None)
        if 300 <= answer.status < 400 and answer.getheader("Location"):
            return str(answer.getheader("Location"))
        if answer.status != 200:
            raise Unreadable(f"status {answer.status}")
        body = _read(answer, deadline)
        return Page(digest(body, answer.getheader("Content-Type") or ""))
    finally:
        connection.close()
        wire.close()


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    body = b""
    while part := answer.read1(65536):
        body += part
        if len(body) > LARGEST or time.monotonic() > deadline:
            raise Unreadable("too large or too slow")
    return body


def digest(body: bytes, content_type: str) -> bytes:
    """SHA-256 of the letters that a reader sees in the article: numbers, marks and what stands around it aside."""
    named = _CHARSET.search(content_type.encode("ascii", "replace")) or _CHARSET.search(body[:4096])
    try:
        text = body.decode(named[1].decode("ascii") if named else "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    reader = _Letters()
    reader.feed(text)
    reader.close()
    inner, whole = (_letters("".join(found)) for found in (reader.article, reader.everything))
    return hashlib.sha256((inner if len(inner) >= FEWEST else whole).encode()).digest()


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalpha())


class _Letters(HTMLParser):
    """Collects what is seen: all of it, and what stands in `article` or `main`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.everything: list[str] = []
        self.article: list[str] = []
        self._apart = self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._apart += tag in _APART
        self._inside += tag in ("article", "main")

    def handle_endtag(self, tag: str) -> None:
        self._apart = max(0, self._apart - (tag in _APART))
        self._inside = max(0, self._inside - (tag in ("article", "main")))

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self.everything.append(data)
            if self._inside:
                self.article.append(data)
