"""The audit trail, for those whose work it is; reading it leaves a trace as well."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.audit import actions as trail
from moderation.audit.models import AuditEvent
from moderation.review import permissions
from moderation.staff import members, querysets
from moderation.staff.forms import AuditFilter

PAGE = 100  # events on one page


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
        "actions": AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct(),
    }
    return render(request, "staff/audit.html", context, status=200 if form.is_valid() else 422)
