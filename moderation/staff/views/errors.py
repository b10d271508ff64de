"""What is not a page: one sentence, in the desk's own frame."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from moderation.staff import refusals

NOT_FOUND = _("There is no such page. The case or school may have another address now.")
FORBIDDEN = _("This is not possible for you.")
BAD = _("The request could not be read. Nothing was changed.")
STALE_FORM = _("The form is too old or came from elsewhere. Go back, reload the page and send it again.")
FAILED = _("Something went wrong on our side. Nothing was changed; the team that runs the site is told.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return refusals.page(request, NOT_FOUND, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return refusals.page(request, FORBIDDEN, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return refusals.page(request, BAD, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return refusals.page(request, STALE_FORM, status=403)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Rendered without the request: what failed may be the session or the database."""
    return HttpResponse(render_to_string("staff/failed.html", {"sentence": FAILED}), status=500)
