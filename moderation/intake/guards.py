"""Around every public form's view: size, content type, no caching, and a sentence for each failure.

A request is judged by its headers before its body is read. The answers here carry what was typed back to the
sender, since nothing of it was stored.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _

from moderation.intake.limits import LimitReached, LimitsAway
from moderation.intake.sealing import SealError

View = Callable[..., HttpResponse]
logger = logging.getLogger("moderation.intake")
_FORM_TYPE = "application/x-www-form-urlencoded"


def public_form(view: View) -> View:
    """Wraps a view that takes a form from anybody."""

    @functools.wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.POST  # noqa: B018  (read here, so that what is wrong with it is answered here)
        return view(request, *args, **kwargs)

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _quiet(_refusal(request) or _answer(read, request, *args, **kwargs))

    return guarded


def one_click(view: View) -> View:
    """Wraps a view for which a POST without any form is an act: its body is never read (RFC 8058 sends multipart)."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _quiet(_other_method(request) or _answer(view, request, *args, **kwargs))

    return guarded


def _quiet(response: HttpResponse) -> HttpResponse:
    """What answers one sender alone is kept nowhere."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    # Django would log the address of a refused request, and with it which school somebody wrote about.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _other_method(request: HttpRequest) -> HttpResponse | None:
    if request.method in {"GET", "HEAD", "POST"}:
        return None
    response = sentence(request, 405, _("This page takes a form sent by POST and nothing else."))
    response["Allow"] = "GET, HEAD, POST"
    return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that is not worth reading, judged by its headers."""
    if request.method != "POST":
        return _other_method(request)
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return sentence(request, 411, _("The request does not say how long it is, so it was not read."))
    if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return too_big(request)
    if request.content_type == "multipart/form-data":
        return render(request, "intake/no_files.html", status=415)
    if request.content_type != _FORM_TYPE:
        return sentence(
            request, 415, _("This page takes an ordinary web form; the request was of another type.")
        )
    return None


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except RequestDataTooBig:
        return too_big(request)
    except (BadRequest, SuspiciousOperation, UnreadablePostError):
        return sentence(
            request, 400, _("The form arrived damaged, so nothing was stored. Send it again from the page.")
        )
    except LimitReached as limit:
        response = again(
            request,
            429,
            _("Too much came from this network. Nothing was stored; try again in %(minutes)s minutes.")
            % {"minutes": -(-limit.seconds // 60)},
        )
        response["Retry-After"] = str(limit.seconds)
        return response
    except (LimitsAway, OperationalError, InterfaceError, SealError) as fault:
        logger.error("intake unavailable: %s", type(fault).__name__)
        response = again(
            request,
            503,
            _("This could not be taken now. Nothing was stored; try again in a few minutes."),
        )
        response["Retry-After"] = "120"
        return response


def sentence(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A page that says one thing."""
    return render(request, "intake/sentence.html", {"sentence": message}, status=status)


def too_big(request: HttpRequest) -> HttpResponse:
    return sentence(
        request,
        413,
        _("What you sent is too large, so it was neither read nor stored. Go back and shorten it."),
    )


def again(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """One sentence and all that was typed, ready to be sent again; needs neither database nor Redis."""
    typed = request.POST if request.method == "POST" else QueryDict()
    context = {
        "sentence": message,
        "text": typed.get("text"),
        "contact": typed.get("contact"),
        "words": typed.get("words"),
        "hidden": [
            (name, value) for name, value in typed.items() if name not in {"text", "contact", "words"}
        ],
        "again": request.method == "POST",
    }
    return render(request, "intake/again.html", context, status=status)
