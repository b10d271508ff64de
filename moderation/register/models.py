"""Curated tables and official files: what one person asked for, and who else confirmed it (SAFEGUARDS A1).

Rows are written by the functions in `sql/` alone; the staff role reads them.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from moderation.register.vocabulary import ChangeKind
from moderation.review.models import Member


class Change(models.Model):
    """One entry of a curated table as it was and as it would be; `hash` covers both."""

    kind = models.CharField(max_length=9, choices=ChangeKind)
    subject = models.CharField(max_length=40)  # the publisher's code
    before = models.JSONField(null=True)  # null: there was no such entry
    after = models.JSONField(null=True)
    hash = models.BinaryField(max_length=32)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(
                name="change_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by"))
                ),
            ),
            models.CheckConstraint(
                name="change_dropped_or_confirmed",
                condition=Q(dropped_by=None, dropped_at=None)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, confirmed_at=None),
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(confirmed_at=None, dropped_at=None),
                name="one_open_change_a_subject",
            ),
        ]

    @property
    def open(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
