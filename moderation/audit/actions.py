"""Appends audit events, inside the transaction of what they tell about (SAFEGUARDS E1)."""

import json

from django.db import connection


def record(*, by: int | None, action: str, subject: str, subject_id: object, **detail: object) -> None:
    """One event; `detail` holds codes and identifiers, never a text that somebody typed.

    The database writes down which role said so, and when. What only a passphrase makes true is told by the functions
    that asked for it, and refused here (sql/audit.sql).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.audit_note(%s, %s, %s, %s, %s)",
            [by, action, subject, str(subject_id), json.dumps(detail)],
        )
