"""What reviewers found out about schools that are taken for each other."""

from django.db import transaction

from geo.directory import matching
from geo.record.refusals import Refused
from moderation.audit import actions as audit
from moderation.review import permissions
from moderation.review.models import Case, Member


@transaction.atomic
def tell_apart(*, case: Case, other: str, by: Member) -> None:
    """Remembers that a look-alike of the case's school is another school (SAFEGUARDS B2).

    Raises:
        Refused: the other school is none of its look-alikes.
    """
    permissions.check_case(by=by, case=case)
    found = {school.pk: school for school in matching.look_alikes(case.school)}
    if other not in found:
        raise Refused("unknown_school")
    matching.tell_apart(one=case.school, other=found[other])
    audit.record(
        by=by.pk, action="apart", subject="case", subject_id=case.pk, school=case.school_id, other=other
    )
