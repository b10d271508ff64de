"""Who may work on a school's request; the database asks again (`sql/state.sql`)."""

from geo.record.refusals import Refused, call
from moderation.corrections.inbox.models import Correction
from moderation.review.models import Member
from moderation.review.permissions import check_casework


def check_correction(*, by: Member, correction: Correction) -> None:
    """Reviewers and seniors without a tie to the school (SAFEGUARDS B6)."""
    check_casework(by=by)
    if call("review_conflicted", by.pk, correction.school_id):
        raise Refused("conflict")
