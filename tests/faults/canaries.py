"""Names that must come out nowhere: where they are put in, and how they are looked for in whatever comes out."""

from __future__ import annotations

import base64
import contextlib
import http.client
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

WORD = "zqcanary"
NAME = "꾀꼬리샛별"  # a name that no text of ours holds
VALUES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1"}

# Ways to write a canary into an address.
SPELLINGS = {
    "plain": WORD,
    "Hangul": quote(NAME),
    "every letter escaped": "".join(f"%{ord(letter):02X}" for letter in WORD),
    "escaped twice": quote(quote(NAME)),
    "with NUL": f"%00{WORD}",
    "no UTF-8": f"{WORD}%ff%c0%af",
    "with a line": f"{WORD}%0d%0aX-{WORD}:%20{WORD}",
    "as a script": quote(f'"><script>{WORD}</script>${{{WORD}}}{{{{{WORD}}}}}'),
    "half an escape": f"{WORD}%e",
    "climbing": f"..%2f..%2f{WORD}",
}
NAMES = (
    "User-Agent Referer X-Forwarded-For X-Real-IP X-Forwarded-Host X-Forwarded-Proto Forwarded Origin Authorization"
    " If-None-Match If-Modified-Since Range From Accept-Language Accept-Encoding X-Request-Id Traceparent Prefer"
    " X-Requested-With X-CSRFToken X-HTTP-Method-Override Access-Control-Request-Method"
)
HEADERS = {
    **dict.fromkeys([*NAMES.split(), f"X-{WORD}"], WORD),
    "Cookie": f"desk={WORD}; csrftoken={WORD}; {WORD}={WORD}",
    "X-Forwarded-For": f"{WORD}, 203.0.113.7",
}
PARAMETERS = (
    *("q", "region", "level", "grade", "status", "month", "month_from", "month_to", "format", "lang", "near"),
    *(
        "radius",
        "since",
        "page",
        "start",
        "end",
        "index",
        "size",
        "first",
        "second",
        "next",
        "utm_source",
        WORD,
    ),
)


def _forms(text: str) -> Iterator[bytes]:
    for charset in ("utf-8", "utf-16-le", "cp949"):
        yield text.encode(charset).lower()
    yield quote(text).encode().lower()
    yield text.encode("unicode_escape").lower()
    yield text.encode("utf-8").hex().encode()
    for shift in range(3):  # what is the same wherever it stands in base64
        coded = base64.b64encode(b"\0" * shift + text.encode())
        yield coded[4 * bool(shift) : len(coded) // 4 * 4 - 4].lower()


FORMS = {form for text in (WORD, NAME) for form in _forms(text) if len(form) >= 6}


def canaries(data: bytes) -> list[str]:
    """What stands around each canary in some bytes."""
    low = data.lower()
    places = [(low.find(form), form) for form in FORMS if form in low]
    return [data[max(0, at - 60) : at + 60].decode(errors="replace") for at, _ in sorted(places)]


def routes(urls: str) -> list[tuple[str, bool]]:
    """Every address of a URL map with "{}" for each free part, and whether it has one."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, route)
            else:
                yield "/" + route

    found = set()
    for route in walk(get_resolver(urls).url_patterns, ""):
        for kind, value in VALUES.items():
            route = re.sub(rf"<{kind}:\w+>", value, route)
        found.add(re.sub(r"<\w+:\w+>", "{}", route))
    both = {re.sub(r"^/(ko|en)/", f"/{language}/", route) for route in found for language in ("ko", "en")}
    return sorted((route, "{}" in route) for route in both)


@dataclass
class Answer:
    asked: str
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def kept(self) -> bool:
        """Whether a cache may keep it."""
        return "no-store" not in self.headers.get("cache-control", "")

    def leaks(self) -> list[str]:
        """Canaries that somebody else could come to see, or that stand in a header."""
        found = canaries(repr(self.headers).encode())
        if self.kept:
            found += canaries(self.body)
        elif "location" in self.headers:  # where the sender is led is the sender's own address
            found = []
        return found


@dataclass
class Sender:
    """Sends what no browser would, over one connection after another."""

    port: int
    answers: list[Answer] = field(default_factory=list)

    def send(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        about: str = "",
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(
                method, address, skip_host="Host" in (headers or {}), skip_accept_encoding=True
            )
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in (headers or {}):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            found = connection.getresponse()
            answer = Answer(
                about or f"{method} {address[:200]}",
                found.status,
                {name.lower(): value for name, value in found.getheaders()},
                found.read(),
            )
        finally:
            connection.close()
        self.answers.append(answer)
        return answer

    def raw(self, data: bytes) -> Answer:
        """Bytes that are no request at all."""
        came = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            with contextlib.suppress(OSError):  # the server may have answered and hung up already
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    came += part
        answer = Answer(repr(data[:60]), 0, {}, came)
        self.answers.append(answer)
        return answer
