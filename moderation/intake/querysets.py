"""What the public process can see of the inbox: the state behind one receipt, and nothing else."""

from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, connection


class ReceiptState(NamedTuple):
    """A code of `vocabulary.Progress`, or "unknown"; `since` is the day (midnight in Seoul) of that step."""

    code: str
    since: datetime | None


def receipt_state(receipt: bytes) -> ReceiptState:
    """The state of the report with this receipt's fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, since FROM public.intake_status(%s)", [receipt])
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("intake_status answered nothing")
    return ReceiptState(*row)
