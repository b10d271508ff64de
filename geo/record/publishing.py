"""The only writer of the public record; the actions of review and corrections alone call it.

The rules are in the database function `record_publish` (moderation/review/sql/publish.sql), which runs with
rights that no process has and asks for two people again, at the moment of publication (SAFEGUARDS B5).
"""

import datetime as dt
from uuid import UUID

from geo.record.refusals import call
from geo.record.tasks import build_snapshot


def publish(*, proposal: UUID) -> UUID:
    """Makes one twice-approved draft public and asks for a new snapshot in the same transaction.

    Returns:
        the public id of the record: new, corrected, withdrawn or restored.

    Raises:
        Refused: there are not two approvals by distinct, unconflicted people over exactly this content, or
            the school or the record changed since they read it.
    """
    record: UUID = call("record_publish", proposal)
    build_snapshot.defer()
    return record


def release(*, now: dt.datetime) -> int:
    """Releases the region-only records decided in earlier months, all at once (SAFEGUARDS C2).

    Returns:
        how many were released.
    """
    released: int = call("record_release", now)
    if released:
        build_snapshot.defer()
    return released
