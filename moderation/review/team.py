"""What the team does about itself: joining, leaving, new keys, and ties. Each needs the passphrase of whoever acts."""

from geo.record.refusals import call
from moderation.review.models import Member


def declare_tie(
    *, kind: str, school: str | None = None, region: str | None = None, by: Member, passphrase: str
) -> None:
    """Declares a closeness; it also voids approvals that this person gave before (SAFEGUARDS B6).

    Raises:
        Refused: the database's rules (sql/team.sql, review_declare_tie).
    """
    call("review_declare_tie", by.pk, passphrase, kind, school, region)


def ask_to_invite(*, email: str, name: str, role: str, by: Member, passphrase: str) -> str:
    """The first of two seniors invites somebody (SAFEGUARDS B5).

    Returns:
        the code that this senior hands to the newcomer; it is shown once and kept nowhere.
    """
    return str(call("review_ask_to_invite", by.pk, passphrase, email, name, role))


def ask_to_renew(*, member: int, by: Member, passphrase: str) -> str:
    """The first of two seniors asks for new keys for somebody who lost theirs.

    Returns:
        the code that this senior hands to that person; it is shown once and kept nowhere.
    """
    return str(call("review_ask_to_renew", by.pk, passphrase, member))


def ask_to_leave(*, member: int, by: Member, passphrase: str) -> None:
    """The first of two seniors asks that somebody leaves the team."""
    call("review_ask_to_leave", by.pk, passphrase, member)


def confirm_change(*, change: int, by: Member, passphrase: str) -> bytes | None:
    """The second senior confirms what the first one asked for.

    Returns:
        the token of the enrolment link of whoever joins or gets new keys, or None when somebody leaves.

    Raises:
        Refused: the database's rules (sql/team.sql, review_confirm_change).
    """
    token = call("review_confirm_change", by.pk, passphrase, change)
    return None if token is None else bytes(token)
