"""What somebody asks for under the privacy act, sealed. The public process inserts here and reads nothing back."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.erasure.inbox.vocabulary import Wish


class Request(models.Model):
    """One request, as it was sent. `named_hash` is of the words of a report or of a school's request: whoever knows
    them has a right to what was written there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, unique=True)  # to speak about it; opens nothing
    words_hash = models.BinaryField(unique=True)  # of the words that open its status page
    wish = models.CharField(max_length=6, choices=Wish)
    named_hash = models.BinaryField(null=True)
    sealed_text = models.BinaryField(null=True)  # for casework
    sealed_mail = models.BinaryField(null=True)  # for the worker, which sends the decision
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(name="erasure_wish_known", condition=Q(wish__in=Wish.values)),
            models.CheckConstraint(name="erasure_language_known", condition=Q(language__in=["ko", "en"])),
        ]
        indexes = [models.Index(fields=["received_at"], name="erasure_inbox")]

    def __str__(self) -> str:
        return self.reference
