"""The queue, what is done to many of its cases at once, and where each role starts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from geo.record.models import Brake
from geo.record.refusals import Refused
from moderation.corrections import querysets as requests
from moderation.review import actions, permissions
from moderation.review.models import Case
from moderation.review.transitions import NotAllowed
from moderation.review.vocabulary import Role
from moderation.staff import members, querysets, queue, refusals
from moderation.staff.queue_forms import BulkForm, QueueFilter

HOME = {Role.AUDITOR: "staff:audit", Role.REGISTRAR: "staff:register"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(HOME.get(Role(members.of(request).role), "staff:queue"))


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    return _page(request, BulkForm(people=_people()))


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Does one safe thing to each chosen case; what is refused comes back ticked, with what happened meanwhile."""
    by = members.of(request)
    form = BulkForm(request.POST, people=_people())
    if not form.is_valid():
        return _page(request, form, status=422)
    refused = []
    for pk, revision in form.cleaned_data["cases"]:
        try:
            if form.cleaned_data["do"] == "assign":
                to = members.get(form.cleaned_data["to"])
                actions.assign(case=pk, to=to, by=by, revision=revision)
            else:
                actions.close_duplicate(case=pk, by=by, revision=revision)
        except (Refused, NotAllowed, actions.Stale, Case.DoesNotExist) as problem:
            refused.append(_refused(request, pk, problem))
    done = len(form.cleaned_data["cases"]) - len(refused)
    if done:
        said = ngettext("Done for %(count)d case.", "Done for %(count)d cases.", done)
        messages.success(request, said % {"count": done})
    if refused:
        return _page(request, form, refused=refused, status=409)
    return redirect(f"{reverse('staff:queue')}?{request.GET.urlencode()}")


def _refused(request: HttpRequest, pk: Any, problem: Exception) -> dict[str, Any]:
    """One case that stayed as it was: why, and what others did since the page was made."""
    case = Case.objects.select_related("school").filter(pk=pk).first()
    said = refusals.said(problem)
    since = parse_datetime(request.POST.get("as_of", "")) if request.POST.get("as_of") else None
    changes = querysets.history(case).filter(at__gt=since)[:10] if case and since else []
    return {"case": case, "sentence": said.sentence if said else "", "changes": changes}


def _people() -> list[tuple[int, str]]:
    deciders = members.members().filter(active=True, role__in=[Role.REVIEWER, Role.SENIOR])
    return list(deciders.order_by("account__name").values_list("pk", "account__name"))


def _page(request: HttpRequest, form: BulkForm, *, status: int = 200, refused: Any = ()) -> HttpResponse:
    by = members.of(request)
    permissions.check_casework(by=by)
    chosen = QueueFilter(request.GET)
    if not chosen.is_valid() or chosen.wanted["view"] not in queue.views(by):
        raise Http404
    context = {
        "queue": queue.page(by=by, **chosen.wanted),
        "views": queue.views(by),
        "orders": queue.ORDERS,
        "counted": queue.COUNTED,
        "chosen": chosen,
        "form": form,
        "refused": refused,
        "names": members.names(),
        "now": timezone.now(),
        "as_of": timezone.now().isoformat(),
        "urgent": requests.urgent(by=by).count(),
        "brakes": Brake.objects.filter(ended_at=None).select_related("region__parent"),
    }
    return render(request, "staff/queue.html", context, status=status)
