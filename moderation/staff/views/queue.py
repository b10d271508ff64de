"""The queue, and where each role starts."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from geo.record.models import Brake
from moderation.review import permissions
from moderation.review.vocabulary import Role
from moderation.staff import members, querysets

HOME = {Role.AUDITOR: "staff:audit", Role.REGISTRAR: "staff:team"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(HOME.get(Role(members.of(request).role), "staff:queue"))


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_casework(by=by)
    view = request.GET.get("view", "second")
    if view not in querysets.views(by):
        raise Http404
    found = querysets.queue(by=by, view=view, after=_cursor(request.GET.get("after")))
    brakes = Brake.objects.filter(ended_at=None).select_related("region__parent")
    context = {"queue": found, "view": view, "now": timezone.now(), "brakes": brakes}
    return render(request, "staff/queue.html", context)


def _cursor(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None
