"""The only writer of the public record; the actions of review and corrections alone call it.

The rules are in the database function `record_publish` (moderation/review/sql/publish.sql), which runs with
rights that no process has and asks for two people again, at the moment of publication (SAFEGUARDS B5).
"""

import datetime as dt
from uuid import UUID

from geo.record.refusals import call


def publish(*, proposal: UUID) -> UUID:
    """Makes one twice-approved draft public and asks for a new snapshot in the same transaction.

    Returns:
        the public id of the record: new, corrected, withdrawn or restored.

    Raises:
        Refused: there are not two approvals by distinct, unconflicted people over exactly this content, or
            the school or the record changed since they read it.
    """
    record: UUID = call("record_publish", proposal)
    call("record_want_snapshot")
    return record


def note_brake(*, proposal: UUID) -> None:
    """Tells the team, and in figures the public, that this draft ran into a saturation brake (SAFEGUARDS B8)."""
    if call("record_brake_note", proposal):
        call("record_want_snapshot")


def hide(*, record: UUID, reason: str, hours: int, who: int, passphrase: str) -> dt.datetime:
    """Takes a record out of sight at once, for 1 to 72 hours (SAFEGUARDS B7).

    Returns:
        when it is seen again, if nobody does anything.

    Raises:
        Refused: the rules of review_hide (moderation/review/sql/hide.sql).
    """
    until: dt.datetime = call("review_hide", who, passphrase, record, reason, hours)
    call("record_want_snapshot")
    return until


def judge(*, correction: UUID, verdict: str, reason: str, who: int, passphrase: str) -> str:
    """One person's judgement of a school's request; the second one that agrees takes effect (SAFEGUARDS D3, D6).

    Returns:
        the state that the request is in now.

    Raises:
        Refused: the rules of corrections_judge (moderation/corrections/sql/outcome.sql).
    """
    state: str = call("corrections_judge", who, passphrase, correction, verdict, reason)
    call("record_want_snapshot")
    return state


def settle_rejected(*, case: UUID) -> None:
    """Two people refused to change a disputed record: it stands, without the mark (SAFEGUARDS D5)."""
    if call("corrections_settle_rejected", case):
        call("record_want_snapshot")


def pause(*, kind: str, region: str | None, reason: str, hours: int, who: int, passphrase: str) -> int:
    """Switches intake, publication or reading off for 1 to 168 hours, in a region or everywhere (SAFEGUARDS F2).

    Raises:
        Refused: the rules of review_pause (moderation/review/sql/pauses.sql).
    """
    made: int = call("review_pause", who, passphrase, kind, region, reason, hours)
    call("record_want_snapshot")
    return made


def end_pause(*, pause: int, who: int, passphrase: str) -> None:
    """Ends a pause before its time.

    Raises:
        Refused: the rules of review_end_pause.
    """
    call("review_end_pause", who, passphrase, pause)
    call("record_want_snapshot")


def keep_time() -> int:
    """Writes into the log what time did: hides that ended, checks that lapsed (SAFEGUARDS B7, B9).

    The database looks at its own clock; calling this twice, late or early does no harm.

    Returns:
        how many things changed.
    """
    done: int = call("record_keep_time")
    if done:
        call("record_want_snapshot")
    return done


def release(*, now: dt.datetime) -> int:
    """Releases the region-only records decided in earlier months, all at once (SAFEGUARDS C2).

    Returns:
        how many were released.
    """
    released: int = call("record_release", now)
    if released:
        call("record_want_snapshot")
    return released
