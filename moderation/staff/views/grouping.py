"""A moderator splits and joins groups of reports; the audit says who and what."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.review import actions
from moderation.staff import members
from moderation.staff.forms import JoinForm, SplitForm
from moderation.staff.views.cases import act


@require_POST
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    return act(
        request,
        pk,
        "split_form",
        SplitForm(request.POST),
        lambda data: actions.split(case=pk, by=members.of(request), **data),
        done=_("The reports are split off. Prepare the draft again if there is one."),
    )


@require_POST
def join(request: HttpRequest, pk: UUID) -> HttpResponse:
    return act(
        request,
        pk,
        "join_form",
        JoinForm(request.POST),
        lambda data: actions.join(case=pk, by=members.of(request), **data),
        done=_("The groups are joined. Prepare the draft again if there is one."),
    )
