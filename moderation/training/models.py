"""What members answered in exercises. This room has no other table, and no key leads from it to any case."""

from django.db import models
from django.db.models.functions import Now

from moderation.intake.vocabulary import VerdictReason
from moderation.review.models import Member
from moderation.review.vocabulary import EvidenceGrade
from moderation.training.vocabulary import Shown, Step


class Attempt(models.Model):
    """One answer of one person to one exercise; codes alone."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    exercise = models.CharField(max_length=16)  # a code of `exercises`
    step = models.CharField(max_length=11, choices=Step)
    grade = models.CharField(max_length=1, choices=EvidenceGrade, blank=True)
    reason = models.CharField(max_length=15, choices=VerdictReason, blank=True)
    shown = models.CharField(max_length=7, choices=Shown, blank=True)
    right = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["member", "exercise"], name="attempt_member")]
