"""What the desk knows about one school."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from geo.directory.matching import look_alikes
from geo.directory.models import School, Succession
from moderation.review.models import Case
from moderation.review.transitions import DECIDERS
from moderation.staff import members
from moderation.staff.querysets import visible


@require_safe
def school(request: HttpRequest, pk: str) -> HttpResponse:
    by = members.of(request)
    subject = get_object_or_404(School.objects.select_related("region__parent"), pk=pk)
    cases = (
        visible(by).filter(Q(school=subject)).order_by("-opened_at")
        if by.role in DECIDERS
        else Case.objects.none()
    )
    return render(
        request,
        "staff/school.html",
        {
            "school": subject,
            "look_alikes": look_alikes(subject),
            "cases": cases,
            "succession": Succession.objects.select_related("successor").filter(school=subject).first(),
            "identifiers": subject.identifiers.all(),
        },
    )
