"""Who wants to be told of what, sealed, and what has been sent how far.

The public process inserts a `Request` and reads nothing. The worker alone opens it, and keeps a `Subscription` whose
address it alone can read (SAFEGUARDS A5, C4). Which mails somebody was sent is not kept.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from geo.directory.models import Region, School
from geo.record.vocabulary import Action, Reason
from moderation.alerts.vocabulary import TOLD, Way

ONE_PLACE = Q(school=None) | Q(region=None)  # with neither: everything


class Request(models.Model):
    """Somebody asked to be told; gone as soon as the worker has read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(max_length=4, choices=Way)
    sealed_address = models.BinaryField()
    school = models.ForeignKey(School, null=True, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="alert_inbox")]
        constraints = [
            models.CheckConstraint(name="alert_request_one_place", condition=ONE_PLACE),
            models.CheckConstraint(name="alert_request_way_known", condition=Q(way__in=Way.values)),
            models.CheckConstraint(
                name="alert_request_language_known", condition=Q(language__in=["ko", "en"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Subscription(models.Model):
    """One address and one place. It is sent nothing but a question until its owner has confirmed it."""

    way = models.CharField(max_length=4, choices=Way)
    address = models.BinaryField()  # 32 bytes: HMAC-SHA256 under the worker's key, against doubles
    sealed = models.BinaryField()  # the token and the address, for the worker alone
    token_hash = models.BinaryField(unique=True)  # SHA-256 of the link's token
    school = models.ForeignKey(School, null=True, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="alert_one_place", condition=ONE_PLACE),
            models.CheckConstraint(name="alert_way_known", condition=Q(way__in=Way.values)),
            models.CheckConstraint(name="alert_language_known", condition=Q(language__in=["ko", "en"])),
            models.UniqueConstraint(
                fields=["address", "school", "region"], nulls_distinct=False, name="alert_once_a_place"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Announcement(models.Model):
    """One entry of the public log that subscribers are told of, with the place that readers saw."""

    index = models.BigIntegerField(primary_key=True)  # of the log entry
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=12, choices=Reason)
    record = models.UUIDField()
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()  # of the log entry; later subscriptions are not told
    settled_at = models.DateTimeField(null=True)  # cut into batches, or not to be told any more

    class Meta:
        ordering = ["index"]
        indexes = [models.Index(fields=["record", "index"], name="alert_of_record")]
        constraints = [
            models.CheckConstraint(name="alert_told_actions", condition=Q(action__in=TOLD)),
            models.CheckConstraint(name="alert_shown_one_place", condition=ONE_PLACE),
        ]

    def __str__(self) -> str:
        return str(self.index)


class Batch(models.Model):
    """Addresses of one announcement that one worker goes through; it moves `after` with each one and ends with it."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="batches")
    after = models.BinaryField()  # addresses above this one are still to be told …
    until = models.BinaryField()  # … up to this one

    def __str__(self) -> str:
        return str(self.pk)
