"""Coded questions to an anonymous reporter, and what came back by receipt."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.intake.models import Answer
from moderation.review import actions
from moderation.staff import casepage, members, querysets
from moderation.staff.forms import AskForm
from moderation.staff.views.cases import act


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    return act(
        request,
        pk,
        "ask_form",
        AskForm(request.POST),
        lambda data: actions.ask(case=pk, by=members.of(request), **data),
        done=_("Asked. The answer stands here once the reporter has looked with their receipt."),
    )


@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows on this one page what was written beside an answer; the reading is an audit event."""
    asked = request.POST.get("question", "")
    if not asked.isdecimal():
        raise Http404
    answer = get_object_or_404(Answer.objects.select_related("question"), pk=int(asked))
    text = actions.reveal_answer(answer=answer, case=querysets.case(pk), by=members.of(request))
    return casepage.show(
        request, pk, revealed={answer.question.submission_id: {"answer": asked, "answered": text}}
    )
