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

        `at` is the instant asked about: a hide is a row with an end, a lapse a date (SAFEGUARDS B7, B9).
        """
        from geo.record.models import RecordHide

        hidden = RecordHide.objects.filter(record=models.OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)
        return self.filter(
            ~models.Exists(hidden),
            status__in=["confirmed", "disputed"],
            published_at__lte=at,
            review_due__gte=at.date(),
        )

    def tombstones(self) -> RecordQuerySet:
        return self.filter(status="withdrawn", published_at__isnull=False)
