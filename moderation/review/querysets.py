"""Reads of casework."""

from django.db.models import Exists, OuterRef, QuerySet

from moderation.intake.models import Submission, SubmissionProgress
from moderation.review.models import CaseSubmission


def ungathered() -> "QuerySet[Submission]":
    """Submissions that no case holds yet, oldest first; rows that another worker holds are skipped.

    What was withdrawn before anybody saw it never comes into a case.
    """
    held = CaseSubmission.objects.filter(submission=OuterRef("pk"))
    withdrawn = SubmissionProgress.objects.filter(
        submission=OuterRef("pk"), code=SubmissionProgress.Code.WITHDRAWN
    )
    waiting = Submission.objects.filter(~Exists(held), ~Exists(withdrawn))
    return waiting.order_by("received_at").select_for_update(skip_locked=True)
