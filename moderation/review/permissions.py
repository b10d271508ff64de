"""Who may do what in casework: `check_…` raises with a reason, `…_allowed` asks for templates.

These are the polite answers; the database asks again (moderation/review/sql).
"""

from collections.abc import Callable

from geo.record.refusals import Refused
from moderation.review.models import Case, Member
from moderation.review.transitions import CLOSED, DECIDERS
from moderation.review.vocabulary import CaseState, Role


def check_casework(*, by: Member) -> None:
    """Reviewers and seniors work on cases; registrars keep the directory, auditors read the audit."""
    if not by.active or by.role not in DECIDERS:
        raise Refused("wrong_role")


def check_audit(*, by: Member) -> None:
    """The audit trail is read by auditors and seniors."""
    if not by.active or by.role not in (Role.AUDITOR, Role.SENIOR):
        raise Refused("wrong_role")


def check_case(*, by: Member, case: Case) -> None:
    """Casework on this very case: not with a tie to its school (SAFEGUARDS B6)."""
    check_casework(by=by)
    if conflicted(by=by, case=case):
        raise Refused("conflict")


def check_change(*, by: Member, case: Case) -> None:
    """Adding evidence or preparing a draft: an open case without a running verdict."""
    check_case(by=by, case=case)
    if case.state in CLOSED:
        raise Refused("decided_meanwhile")
    if case.state in (CaseState.SECOND, CaseState.DISAGREED):
        raise Refused("verdict_running")


def conflicted(*, by: Member, case: Case) -> bool:
    school = case.school
    regions = [school.region_id, school.region.parent_id if school.region else None]
    ties = by.ties.all()
    return ties.filter(school=school).exists() or ties.filter(region__in=[r for r in regions if r]).exists()


def casework_allowed(*, by: Member) -> bool:
    return _allowed(check_casework, by=by)


def case_allowed(*, by: Member, case: Case) -> bool:
    return _allowed(check_case, by=by, case=case)


def change_allowed(*, by: Member, case: Case) -> bool:
    return _allowed(check_change, by=by, case=case)


def _allowed(check: Callable[..., None], **arguments: object) -> bool:
    try:
        check(**arguments)
    except Refused:
        return False
    return True
