"""Appends audit events, inside the transaction of what they tell about (SAFEGUARDS E1)."""

from django.db import connection

from moderation.audit.models import AuditEvent


def record(*, by: int | None, action: str, subject: str, subject_id: object, **detail: object) -> None:
    """One event; `detail` holds codes and identifiers, never a text that somebody typed."""
    AuditEvent.objects.create(
        role=str(connection.settings_dict["USER"]),
        member=by,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        detail=detail,
    )
