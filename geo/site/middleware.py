"""Hot pages leave here: from a file of the current generation, without a database and without further work.

Outermost on the public site. What no file answers goes on to Django (forms, searches, filters, schools without a
record). Everything that is sent is a function of the address, the generation and the accepted encodings, so any
cache may hold it (SAFEGUARDS F1); the security headers are those that Django's own middleware would set, computed once.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from urllib.parse import parse_qsl

from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, ResponseHeaders
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.clickjacking import xframe_options_exempt

from geo.record import snapshot
from geo.record.snapshot.places import TRACKERS, logical

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Lists whose query string is a filter or a search; everywhere else a query changes nothing.
FILTERED = re.compile(
    r"(?:(?:ko|en)/(?:records/|schools/)?|api/v1/(?:records/|schools/|changes/|log/[a-z/]+))", re.ASCII
)

SUFFIX = {"identity": "", "gzip": "-gz", "br": "-br"}  # of the ETag: other bytes, other tag
FRESH = "public, max-age=1"  # a publication is seen within two seconds, and a crowd still meets the cache
NAMED = "public, max-age=31536000, immutable"  # for a name with a hash of the content in it
NUMBERED = (
    "public, max-age=3600, immutable"  # ends with its generation: withdrawals reach copies within the hour
)
FRAMED = re.compile(r"(?:ko|en)/embed/", re.ASCII)
HASHED = re.compile(r".*[-.][0-9a-f]{8,64}\.[a-z]+", re.ASCII)
GENERATION = re.compile(r"api/v1/records-\d+\.geojson", re.ASCII)


class SnapshotMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            answer = self.answer(request)
            if answer is not None:
                return answer
        response = self.get_response(request)
        if 300 <= response.status_code < 400 and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # it leads to an address that the sender made
        return response

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """The response from a file, or None where Django has to answer."""
        address = request.path_info[1:]
        if not address:
            return self.home(request)
        query = request.META.get("QUERY_STRING")
        if query and FILTERED.fullmatch(address) and not only_trackers(query):
            return None
        path = logical(address)
        if path is None:
            return None
        try:
            file = snapshot.current().read(path)
        except snapshot.NoSnapshot:
            return None
        if file is None:
            return None
        coding = best_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""), file.codings)
        body = file.bodies[coding]
        tag = f'"{file.etag}{SUFFIX[coding]}"'
        known = request.META.get("HTTP_IF_NONE_MATCH")
        fresh = known is not None and is_known(known, tag)
        response = HttpResponse(
            b"" if fresh or request.method == "HEAD" else body, status=304 if fresh else 200
        )
        # Made once and shared by all responses of this file: nothing runs after this middleware that changes them.
        response.headers = headers_of(address, tag, None if fresh else (file.content_type, coding, len(body)))
        return response

    def home(self, request: HttpRequest) -> HttpResponse:
        place = f"/{language(request.META.get('HTTP_ACCEPT_LANGUAGE', ''))}/"
        named = {"Vary": "Accept-Language", "Cache-Control": "public, max-age=3600"}
        return HttpResponseRedirect(place, headers={**named, **security_headers()})


@lru_cache(maxsize=8192)
def headers_of(address: str, tag: str, body: tuple[str, str, int] | None) -> ResponseHeaders:
    """The headers of an answer from a file. `body`: media type, content coding, length in bytes; None for a 304."""
    headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": cache_control(address)}
    if body is not None:
        kind, coding, length = body
        headers |= {"Content-Type": kind, "Content-Length": str(length)}
        if coding != "identity":
            headers["Content-Encoding"] = coding
    if address.startswith("api/"):
        headers["Access-Control-Allow-Origin"] = "*"
    return ResponseHeaders({**headers, **security_headers(framed=bool(FRAMED.fullmatch(address)))})


def embeddable(view: GetResponse) -> GetResponse:
    """Lets every site put this page into a frame."""
    allowed: GetResponse = csp_replace({"frame-ancestors": ["*"]})(xframe_options_exempt(view))
    return allowed


@cache
def security_headers(*, framed: bool = False) -> dict[str, str]:
    """What Django's middleware adds to an empty response of this site, or of a page for frames."""

    def blank(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view = embeddable(blank) if framed else blank
    response = SecurityMiddleware(CSPMiddleware(XFrameOptionsMiddleware(view)))(HttpRequest())
    assert isinstance(response, HttpResponseBase)
    return {name: value for name, value in response.items() if name != "Content-Type"}


def language(accepted: str) -> str:
    """The language of ours that a reader prefers; the site's own if they name none that we have."""
    ours = {code for code, _ in settings.LANGUAGES}
    for code, _ in parse_accept_lang_header(accepted.lower()):
        if code.partition("-")[0] in ours:
            return code.partition("-")[0]
    return settings.LANGUAGE_CODE


def only_trackers(query: str) -> bool:
    return all(TRACKERS.fullmatch(name) for name, _ in parse_qsl(query, keep_blank_values=True))


@lru_cache(maxsize=1024)
def best_coding(accepted: str, stored: frozenset[str]) -> str:
    """The smallest stored form that the client takes (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    for coding in ("br", "gzip"):
        if coding in stored and weights.get(coding, weights.get("*", 0.0)) > 0:
            return coding
    return "identity"


def is_known(header: str, tag: str) -> bool:
    """Whether If-None-Match names this tag; compared weakly, as RFC 9110, section 13.1.2 has it."""
    return header.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in header.split(",")}


def cache_control(address: str) -> str:
    if GENERATION.fullmatch(address):
        return NUMBERED
    return NAMED if HASHED.fullmatch(address) else FRESH
