"""Reads of casework."""

from django.db.models import Exists, OuterRef, QuerySet

from moderation.intake.models import Submission
from moderation.review.models import CaseSubmission


def ungathered() -> "QuerySet[Submission]":
    """Submissions that no case holds yet, oldest first; rows that another worker holds are skipped."""
    held = CaseSubmission.objects.filter(submission=OuterRef("pk"))
    return (
        Submission.objects.filter(~Exists(held)).order_by("received_at").select_for_update(skip_locked=True)
    )
