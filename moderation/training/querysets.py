"""Who has practised what."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from moderation.review.models import Member
from moderation.training.exercises import EXERCISES
from moderation.training.models import Attempt


def states(by: Member) -> dict[str, bool]:
    """The exercises that this person has tried, and whether once as the reference has it."""
    states: dict[str, bool] = {}
    for code, right in Attempt.objects.filter(member=by).values_list("exercise", "right").distinct():
        states[code] = states.get(code, False) or right
    return {code: right for code, right in states.items() if code in EXERCISES}


def done() -> Any:
    """How many exercises a member of an outer query has answered as the reference has it."""
    right = Attempt.objects.filter(member=OuterRef("pk"), right=True, exercise__in=list(EXERCISES))
    counted = right.order_by().values("member").annotate(n=Count("exercise", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
