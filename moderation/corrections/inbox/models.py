"""What a school asks for, sealed. The public process inserts here and reads nothing back (SAFEGUARDS A5, D)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from geo.directory.models import School
from geo.record.vocabulary import Reply
from moderation.corrections.inbox.vocabulary import Kind


class Correction(models.Model):
    """One request, as it was sent. Whether `record` exists and is about `school` is nobody's business but staff's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=9, unique=True
    )  # to speak about it on the telephone; opens nothing
    words_hash = models.BinaryField(unique=True)  # of the words that open its status page
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    record = models.UUIDField(null=True)  # as the sender named it; no foreign key, for it may be of no record
    kind = models.CharField(max_length=12, choices=Kind)
    replies = ArrayField(models.CharField(max_length=12, choices=Reply), default=list)
    sealed_text = models.BinaryField(null=True)  # for casework
    sealed_document = models.BinaryField(null=True)  # for casework: number of an official document
    sealed_mail = models.BinaryField(null=True)  # for the worker, which sends the code and the decision
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "corrections_correction"
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(name="correction_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="correction_language_known", condition=Q(language__in=["ko", "en"])),
            models.CheckConstraint(
                name="correction_replies_known", condition=Q(replies__contained_by=Reply.values)
            ),
            models.CheckConstraint(
                name="rebuttal_has_an_answer", condition=~Q(kind="rebuttal") | ~Q(replies=[])
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="correction_inbox")]

    def __str__(self) -> str:
        return self.reference
