"""What a reader sees when something is not there or goes wrong: one sentence, and what to do.

The public URL map names the first four as Django's handlers. No page repeats what was asked for.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int) -> HttpResponse:
    response = render(request, f"{status}.html", status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


def gone(request: HttpRequest) -> HttpResponse:
    return _page(request, 410)


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(request, 413)


def being_prepared(request: HttpRequest) -> HttpResponse:
    """Before the first generation is built."""
    response = _page(request, 503)
    response.headers["Retry-After"] = "10"
    return response


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """`seconds` until it is worth another try."""
    response = _page(request, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
