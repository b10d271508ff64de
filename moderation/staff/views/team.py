"""The team, and a member's own ties."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from moderation.audit.models import AuditEvent
from moderation.review import team as team_actions
from moderation.review.models import Tie
from moderation.staff import members
from moderation.staff.forms import TieForm
from moderation.staff.second_factor import FACTORS
from moderation.training.exercises import EXERCISES
from moderation.training.querysets import done


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    return _page(request, TieForm(initial={"school": request.GET.get("school", "")[:20]}))


@sensitive_post_parameters("passphrase")
@require_POST
def tie(request: HttpRequest) -> HttpResponse:
    form = TieForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    team_actions.declare_tie(by=members.of(request), **form.cleaned_data)
    messages.success(request, _("Declared. Cases there are out of your queue from now on."))
    return redirect("staff:team")


def _page(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
    factor = Authenticator.objects.filter(user=OuterRef("account"), type__in=FACTORS)
    ties = Prefetch("ties", Tie.objects.select_related("school", "region").order_by("declared_at"))
    lately = AuditEvent.objects.filter(member=OuterRef("pk")).order_by("-id").values("at")[:1]
    people = (
        members.members()
        .annotate(has_factor=Exists(factor), last_active=Subquery(lately), practised=done())
        .prefetch_related(ties)
        .order_by("role", "account__name")
    )
    context = {"people": people, "names": members.names(), "tie_form": form, "exercises": len(EXERCISES)}
    return render(request, "staff/team.html", context, status=status)
