"""Reads of the public record. What readers may see has one spelling: `visible`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from geo.record.models import ImpactRecord  # noqa: F401


class RecordQuerySet(models.QuerySet["ImpactRecord"]):
    def visible(self, *, at: dt.datetime) -> RecordQuerySet:
        """Confirmed or disputed records that are released, not hidden and not due for a new check.

        `at` is the instant asked about: a hide is a row with an end, a lapse a date (SAFEGUARDS B7, B9). Where reading
        is paused nothing is visible (F2).
        """
        from geo.record.models import Pause, RecordHide

        hidden = RecordHide.objects.filter(record=models.OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)
        place = models.Q(region=models.OuterRef("region")) | models.Q(
            region=models.OuterRef("region__parent")
        )
        place |= models.Q(region=models.OuterRef("school__region"))
        place |= models.Q(region=models.OuterRef("school__region__parent"))
        pauses = Pause.objects.filter(kind="reading", starts_at__lte=at, ends_at__gt=at)
        return self.filter(
            ~models.Exists(hidden),
            ~models.Exists(pauses.filter(models.Q(region=None) | place)),
            status__in=["confirmed", "disputed"],
            published_at__lte=at,
            review_due__gte=at.date(),
        )

    def tombstones(self) -> RecordQuerySet:
        return self.filter(status="withdrawn", published_at__isnull=False)
