"""Notice before publication: the sheet to send, and the note that it was sent (SAFEGUARDS B10)."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from moderation.review import notices, permissions
from moderation.staff import members, querysets
from moderation.staff.correction_forms import NoticeForm
from moderation.staff.views.cases import act


@require_safe
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the school gets by fax or letter, or hears on the telephone."""
    case = querysets.case(pk)
    permissions.check_case(by=members.of(request), case=case)
    context = {"case": case, "school": case.school, "now": timezone.now(), "hours": settings.NOTICE_HOURS}
    return render(request, "staff/case/notice_sheet.html", context)


@sensitive_post_parameters("passphrase")
@require_POST
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    return act(
        request,
        pk,
        "notice_form",
        NoticeForm(request.POST),
        lambda data: notices.notify(case=pk, by=members.of(request), **data),
        done=_("Noted. The record can be published when the school's time to answer is over."),
    )
