"""Notes what a member answered. The only thing that practice writes, besides the audit event."""

from django.db import transaction

from moderation.audit import actions as audit
from moderation.review.models import Member
from moderation.training.judging import Mark, judge
from moderation.training.models import Attempt
from moderation.training.pieces import Exercise


@transaction.atomic
def answer(*, exercise: Exercise, given: dict[str, str], by: Member) -> list[Mark]:
    """Notes an answer and returns how it compares with the reference."""
    marks = judge(exercise, given)
    right = all(mark.right for mark in marks)
    Attempt.objects.create(member=by, exercise=exercise.code, right=right, **given)
    audit.record(by=by.pk, action="practised", subject="training", subject_id=exercise.code, right=right)
    return marks
