"""The inbox: what a reporter hands in, sealed, and the steps that their receipt shows.

The public process may insert here and read nothing back; so keys and times are made in Python, because a
database default would be read back by RETURNING (SAFEGUARDS A5, C4; ARCHITECTURE, Processes).
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from geo.directory.models import School
from moderation.intake.vocabulary import AnswerCode, HowKnown, Kind, Progress, QuestionCode, VerdictReason


class Submission(models.Model):
    """One report: a school of the register, codes, a month, and at most two sealed texts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    month = models.DateField()  # its first day
    how_known = models.CharField(max_length=10, choices=HowKnown)
    sealed_text = models.BinaryField(null=True)
    sealed_contact = models.BinaryField(null=True)
    network = models.BinaryField(null=True)  # keyed hash, of use for grouping within one day
    signature = ArrayField(models.BinaryField(), null=True)  # keyed minhash of the text, gone at the decision
    links = ArrayField(models.BinaryField(), null=True)  # keyed hashes of links in the text, gone with it
    receipt_hash = models.BinaryField(unique=True)
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="submission_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="submission_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="submission_how_known", condition=Q(how_known__in=HowKnown.values)),
            models.CheckConstraint(name="submission_language_known", condition=Q(language__in=["ko", "en"])),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="submission_inbox"),
            models.Index(fields=["school", "month"], name="submission_school_month"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SubmissionProgress(models.Model):
    """A step that the reporter can see by receipt; only ever added."""

    Code = Progress

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="progress")
    code = models.CharField(max_length=13, choices=Progress)
    reason = models.CharField(max_length=15, choices=VerdictReason, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="submission_progress_known", condition=Q(code__in=Progress.values)),
            models.CheckConstraint(
                name="submission_reason_known", condition=Q(reason__in=["", *VerdictReason.values])
            ),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(code="withdrawn"), name="submission_withdrawn_once"
            ),
        ]


class Question(models.Model):
    """What a reviewer asked, as a code; each question once a report (SAFEGUARDS C5)."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=13, choices=QuestionCode)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="question_known", condition=Q(code__in=QuestionCode.values)),
            models.UniqueConstraint(fields=["submission", "code"], name="question_once_a_report"),
        ]


class Answer(models.Model):
    """What the reporter answered by receipt; `sql/receipts.sql` is its only writer."""

    question = models.OneToOneField(
        Question, primary_key=True, on_delete=models.CASCADE, related_name="answer"
    )
    code = models.CharField(max_length=6, choices=AnswerCode)
    sealed_text = models.BinaryField(null=True)
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="answer_known", condition=Q(code__in=AnswerCode.values)),
        ]


class Partner(models.Model):
    """An organisation that hands reports in by program. Its key is known to it alone (`partners`)."""

    name = models.CharField(max_length=80, unique=True)  # to whom the operator gave the key
    key_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SpentForm(models.Model):
    """A form token that made a submission: the same form again makes none."""

    token = models.UUIDField(primary_key=True)
    expires_at = models.DateTimeField()


class SpentChallenge(models.Model):
    """A solved proof of work that was used up."""

    challenge = models.BinaryField(primary_key=True)  # SHA-256 of the solved challenge
    expires_at = models.DateTimeField()
