"""The audit trail, for those whose work it is; reading it leaves a trace as well."""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from moderation.audit import actions as trail
from moderation.audit.models import AuditEvent
from moderation.review import permissions
from moderation.staff import members, querysets, signing
from moderation.staff.forms import AuditFilter

PAGE = 100  # events on one page
EXPORTED = 100_000  # events in one file, the newest


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_audit(by=by)
    form = AuditFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    events = list(querysets.audit(**chosen)[: PAGE + 1])
    trail.record(by=by.pk, action="read_audit", subject="audit", subject_id=chosen.get("subject_id") or "all")
    context = {
        "form": form,
        "events": events[:PAGE],
        "before": events[PAGE - 1].pk if len(events) > PAGE else None,
        "names": members.names(),
        "address": _address(form),
        "key": signing.public_key(),
        "actions": AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct(),
    }
    return render(request, "staff/audit.html", context, status=200 if form.is_valid() else 422)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The events that fit the filter as a signed file, oldest last; taking it is an event as well."""
    by = members.of(request)
    permissions.check_audit(by=by)
    form = AuditFilter(request.GET)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('staff:audit')}?{request.GET.urlencode()}")
    trail.record(by=by.pk, action="exported_audit", subject="audit", subject_id="file")
    events = querysets.audit(**{**form.cleaned_data, "before": None})[:EXPORTED]
    lines = "".join(json.dumps(_line(event), ensure_ascii=False, sort_keys=True) + "\n" for event in events)
    response = HttpResponse(signing.signed(lines), content_type="application/x-ndjson")
    response["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
    return response


def _line(event: AuditEvent) -> dict[str, object]:
    names = ("id", "role", "member", "proven", "action", "subject", "subject_id", "detail")
    return {"at": event.at.isoformat(), **{name: getattr(event, name) for name in names}}


def _address(form: AuditFilter) -> str:
    """The filter without the page, for the links that go on with it."""
    chosen = form.cleaned_data if form.is_valid() else {}
    return urlencode({name: value for name, value in chosen.items() if value and name != "before"})
