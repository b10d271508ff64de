"""What staff did, appended in the same transaction and never changed (SAFEGUARDS E1).

No foreign keys: history outlives its subject and never stands in the way of live data.
"""

from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    at = models.DateTimeField(db_default=Now())
    role = models.CharField(max_length=63)  # the database role that wrote it
    member = models.BigIntegerField(null=True)  # null: the system itself
    proven = models.BooleanField(db_default=False)  # the database asked this member's passphrase
    action = models.CharField(max_length=40)  # a code
    subject = models.CharField(max_length=20)  # a kind: case, proposal, record, member …
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)  # codes and identifiers

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="audit_subject"),
            models.Index(fields=["member", "-id"], name="audit_member"),
            models.Index(fields=["action", "at"], name="audit_action"),
        ]
