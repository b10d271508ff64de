"""Errors as RFC 9457 problem details: a stable type, the field, and a sentence in the reader's language."""

import logging
import traceback
from typing import Any, NamedTuple

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from geo.record.snapshot import NoSnapshot

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:school-impact-map:problem:"  # followed by a code of the table below; the codes stay
log = logging.getLogger(__name__)


class Kind(NamedTuple):
    status: int
    title: Any  # lazy translation


KINDS = {
    "invalid-parameter": Kind(400, gettext_lazy("A parameter is not valid.")),
    "bad-request": Kind(400, gettext_lazy("The request cannot be read.")),
    "unauthorized": Kind(401, gettext_lazy("A key is needed here, and this one is not known.")),
    "not-found": Kind(404, gettext_lazy("There is nothing at this address.")),
    "method-not-allowed": Kind(405, gettext_lazy("This address does not take this kind of request.")),
    "not-acceptable": Kind(406, gettext_lazy("This address has no answer in the format that was asked for.")),
    "already-received": Kind(409, gettext_lazy("This very report has been received before.")),
    "superseded": Kind(
        410, gettext_lazy("This data file is no longer current; read records.geojson instead.")
    ),
    "too-large": Kind(413, gettext_lazy("What you sent is too large, so it was neither read nor stored.")),
    "unsupported-media-type": Kind(415, gettext_lazy("A body of this kind is not read here.")),
    "needs-editing": Kind(
        422,
        gettext_lazy(
            "The text may single a person out. Nothing was stored; change the places that are named."
        ),
    ),
    "too-many-requests": Kind(429, gettext_lazy("Too many requests; please wait.")),
    "error": Kind(500, gettext_lazy("Something went wrong on our side.")),
    "unavailable": Kind(
        503, gettext_lazy("This part is not available right now; please try again in a minute.")
    ),
}
CODES = {kind.status: code for code, kind in KINDS.items() if code != "bad-request"} | {400: "bad-request"}


class Problem(exceptions.APIException):
    """A problem of a code of the table, with fields where they are at fault."""

    def __init__(
        self, code: str, *, wait: int = 0, members: dict[str, Any] | None = None, **fields: str
    ) -> None:
        self.code = code
        self.fields = fields
        self.members = members or {}  # further members of the answer
        self.wait = wait  # seconds until it is worth asking again
        self.status_code = KINDS[code].status
        super().__init__(detail=str(KINDS[code].title))


def body(code: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    """The members of a problem; `field` and `detail` are those of the first fault, `errors` lists all."""
    kind = KINDS[code]
    errors = [{"field": name, "detail": text} for name, text in (fields or {}).items()]
    problem: dict[str, Any] = {"type": TYPES + code, "title": str(kind.title), "status": kind.status}
    if errors:
        problem |= {"field": errors[0]["field"], "detail": errors[0]["detail"], "errors": errors}
    else:
        problem["detail"] = problem["title"]
    return problem


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error of the API has this one form."""
    set_rollback()
    code, fields = describe(error)
    if code == "error":
        where = [
            f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]
        ]
        log.error("api failed with %s at %s", type(error).__name__, " < ".join(reversed(where)))
    headers = {"Content-Language": get_language() or "en", "Cache-Control": "no-store"}
    if code == "method-not-allowed":
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    if code in {"unavailable", "too-many-requests"}:
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 60))
    if code == "unauthorized":
        headers["WWW-Authenticate"] = "Bearer"
    said = body(code, fields) | getattr(error, "members", {})
    response = Response(said, status=KINDS[code].status, headers=headers)
    request = context.get("request")
    if request is not None:  # whatever format was asked for, the error is a problem
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = MEDIA_TYPE
    response.content_type = MEDIA_TYPE
    return response


def describe(error: Exception) -> tuple[str, dict[str, str]]:
    """The code of the table for an exception, and the faulty fields with a sentence each."""
    if isinstance(error, Problem):
        return error.code, error.fields
    if isinstance(error, exceptions.ValidationError):
        return "invalid-parameter", first_sentences(error.detail)
    if isinstance(error, Http404):
        return "not-found", {}
    if isinstance(error, PermissionDenied):
        return "bad-request", {}
    if isinstance(error, exceptions.APIException):
        return CODES.get(error.status_code, "bad-request" if error.status_code < 500 else "error"), {}
    if isinstance(error, DatabaseError | psycopg.Error | NoSnapshot):
        return "unavailable", {}
    return "error", {}


def first_sentences(detail: Any) -> dict[str, str]:
    """One sentence a field, out of DRF's nested error lists."""
    if isinstance(detail, dict):
        return {name: str(found[0] if isinstance(found, list) else found) for name, found in detail.items()}
    return {"": str(detail[0] if isinstance(detail, list) else detail)}


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE
    format = "problem"


def plain(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    """A problem outside of DRF's views."""
    return HttpResponse(
        JSONRenderer().render(body(code)),
        status=KINDS[code].status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def not_found(request: HttpRequest) -> HttpResponse:
    """What every unknown address under `/api/` answers."""
    return plain(request, "not-found")
