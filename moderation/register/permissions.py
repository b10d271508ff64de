"""Who may do what at the registrar's desk; the polite answers, the database asks again (sql/)."""

from geo.record.refusals import Refused
from moderation.review.models import Member
from moderation.review.vocabulary import Role

ASKERS = frozenset({Role.REGISTRAR, Role.SENIOR})
CONFIRMERS = ASKERS | {Role.REVIEWER}  # anybody who may look at sources; a small team has one registrar


def check_desk(*, by: Member) -> None:
    """Reading the desk, and confirming what another person asked for."""
    if not by.active or by.role not in CONFIRMERS:
        raise Refused("wrong_role")


def check_ask(*, by: Member) -> None:
    """Asking for a change of the directory or of a curated table."""
    if not by.active or by.role not in ASKERS:
        raise Refused("wrong_role")


def ask_allowed(*, by: Member) -> bool:
    return by.active and by.role in ASKERS
