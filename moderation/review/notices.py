"""Notice before publication: the school's register contact is told, and has a window to answer (SAFEGUARDS B10)."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from geo.record.refusals import call
from moderation.review.models import Member


class State(NamedTuple):
    """Whether a case needs a notice; when the school was told, and until when it can answer."""

    needed: bool
    told_at: dt.datetime | None
    ends_at: dt.datetime | None


def notify(*, case: UUID, channel: str, by: Member, passphrase: str) -> dt.datetime:
    """Notes that the school was told what is about to be published; returns the end of its time to answer.

    Raises:
        Refused: the database's rules (sql/notice.sql, review_notify).
    """
    until: dt.datetime = call("review_notify", by.pk, passphrase, case, channel)
    return until


def state(case: UUID) -> State:
    with connection.cursor() as cursor:
        cursor.execute("SELECT needed, told_at, ends_at FROM review_notice_state(%s)", [case])
        return State(*cursor.fetchone())
