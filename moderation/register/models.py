"""Curated tables and official files: what one person asked for, and who else confirmed it (SAFEGUARDS A1).

Rows are written by the functions in `sql/` alone; the staff role reads them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from moderation.register.vocabulary import ChangeKind, Choice, FileKind
from moderation.review.models import Member


class Change(models.Model):
    """One entry of a curated table as it was and as it would be; `hash` covers both."""

    kind = models.CharField(max_length=9, choices=ChangeKind)
    subject = models.CharField(max_length=40)  # the publisher's code, or the school's id
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


class OfficialFile(models.Model):
    """One official file whose differences are accepted or refused before anything of it is taken over."""

    kind = models.CharField(max_length=12, choices=FileKind)
    digest = models.CharField(max_length=64)  # SHA-256 of the file, hexadecimal
    base = models.BigIntegerField()  # the newest directory_import that it was compared with, 0 for none
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # The first of two people; `asked_hash` is what they saw, and counts only while every choice is still the same.
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    asked_hash = models.BinaryField(max_length=32, null=True)
    applied_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="file_kind_known", condition=Q(kind__in=FileKind.values)),
            models.CheckConstraint(
                name="file_asked_together",
                condition=Q(asked_by=None, asked_at=None, asked_hash=None)
                | Q(asked_by__isnull=False, asked_at__isnull=False, asked_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="file_applied_by_another",
                condition=Q(applied_by=None, applied_at=None)
                | (
                    Q(applied_by__isnull=False, applied_at__isnull=False, asked_by__isnull=False)
                    & ~Q(applied_by=F("asked_by"))
                ),
            ),
            models.CheckConstraint(
                name="file_dropped_or_applied",
                condition=Q(dropped_by=None, dropped_at=None)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, applied_at=None),
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(applied_at=None, dropped_at=None), name="one_open_file_a_kind"
            ),
        ]

    @property
    def open(self) -> bool:
        return self.applied_at is None and self.dropped_at is None


class FileRows(models.Model):
    """The file's rows as they were read; gone when it is applied or dropped. No role has a grant on this table."""

    file = models.OneToOneField(OfficialFile, primary_key=True, on_delete=models.CASCADE, related_name="+")
    rows = models.JSONField()  # of the shape of directory_staged


class Difference(models.Model):
    """What the file would change at one school, or one line that could not be read."""

    file = models.ForeignKey(OfficialFile, on_delete=models.PROTECT, related_name="differences")
    line = models.PositiveIntegerField(
        null=True
    )  # from 1 at the header; null: the file does not name the school
    school = models.CharField(max_length=40)  # no foreign key: it may be new, or no id at all
    name = models.CharField(max_length=80, blank=True)
    kinds = ArrayField(models.CharField(max_length=8))  # DifferenceKind
    changes = models.JSONField()  # {field: [before, after]}
    metres = models.PositiveIntegerField(null=True)  # how far the point moves
    note = models.CharField(
        max_length=300, blank=True
    )  # why it is doubtful or was refused; the importer's English
    choice = models.CharField(max_length=6, choices=Choice, null=True)  # noqa: DJ001  (null: not chosen yet)
    chosen_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="difference_chosen_by_somebody",
                condition=Q(choice=None, chosen_by=None)
                | Q(choice__in=Choice.values, chosen_by__isnull=False),
            ),
            models.CheckConstraint(
                name="unreadable_line_is_not_accepted",
                condition=~Q(kinds__contains=["refused"]) | Q(choice=None),
            ),
        ]
