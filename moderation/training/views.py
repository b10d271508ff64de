"""Practice on invented cases, for every member of the team: a list, and one case with its reference answer."""

from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from moderation.staff import members
from moderation.training import actions, querysets
from moderation.training.exercises import EXERCISES
from moderation.training.forms import AnswerForm


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    states = querysets.states(members.of(request))
    rows = [(each, states.get(each.code)) for each in EXERCISES.values()]
    context = {"rows": rows, "done": sum(states.values()), "all": len(rows)}
    return render(request, "training/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, code: str) -> HttpResponse:
    """The case; an answer is compared on the same page."""
    found = EXERCISES.get(code)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm()
    marks = []
    if form.is_bound and form.is_valid():
        marks = actions.answer(exercise=found, given=form.cleaned_data, by=members.of(request))
    codes = list(EXERCISES)
    context = {
        "exercise": found,
        "school": found.school,
        "groups": _Groups(found.groups),
        "evidence": found.evidence,
        "independent": found.independent,
        "form": form,
        "marks": marks,
        "right": marks and all(mark.right for mark in marks),
        "following": next(iter(codes[codes.index(code) + 1 :]), ""),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "training/exercise.html", context, status=status)


class _Groups(tuple):  # type: ignore[type-arg]  # groups of reports, all on one page, as the desk's template reads them
    @property
    def paginator(self) -> SimpleNamespace:
        return SimpleNamespace(count=len(self), num_pages=1)
