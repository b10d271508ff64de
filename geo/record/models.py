"""The public record: what two people confirmed, in codes, months and random identifiers alone.

Rows are written by the database functions in `sql/` (called from `publishing`) and by nothing else:
no role that a running process uses may insert, change or delete one (SAFEGUARDS B5, E1).
"""

import datetime as dt
import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.db.models.lookups import Exact

from geo.directory.models import Region, School
from geo.record.querysets import RecordQuerySet
from geo.record.vocabulary import (
    LOG_REASONS,
    Action,
    BrakeKind,
    DeskWork,
    Grade,
    PauseKind,
    PauseReason,
    PublisherKind,
    Reason,
    Reply,
    Status,
)


class Publisher(models.Model):
    """A source of the curated table; its links are a pattern and an article number (SAFEGUARDS A2)."""

    code = models.SlugField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=16, choices=PublisherKind)
    name_ko = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    url = models.CharField(
        max_length=200, blank=True
    )  # with {article} where the number goes; blank: never linked
    article_pattern = models.CharField(max_length=100, blank=True)  # POSIX regular expression, anchored by us
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="publisher_kind_known", condition=Q(kind__in=PublisherKind.values)),
        ]

    def __str__(self) -> str:
        return self.code

    def link(self, article: str) -> str:
        """The address of one article, or "" where this publisher is not linkable."""
        return self.url.replace("{article}", article) if self.url and article else ""


class DisclosureThreshold(models.Model):
    """From how many pupils on a school of this level is named (SAFEGUARDS C2)."""

    level = models.CharField(max_length=10, primary_key=True, choices=School.Level)
    pupils = models.PositiveIntegerField()
    unknown_is_small = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="threshold_level_known", condition=Q(level__in=School.Level.values)),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.pupils}"


class ImpactRecord(models.Model):
    """One confirmed school-level report, or the tombstone that it left (SAFEGUARDS C1, D7)."""

    public_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    status = models.CharField(max_length=9, choices=Status)
    version = models.PositiveIntegerField()
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="records")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="records")
    month = models.DateField(null=True)  # first day of the month of the incident
    grade = models.CharField(max_length=1, choices=Grade, null=True)
    reason = models.CharField(max_length=12, choices=Reason, null=True)  # of a withdrawal
    salt = models.BinaryField(
        max_length=32, null=True
    )  # opens the log's commitment; gone with the allegation
    published_at = models.DateTimeField(null=True)  # null: waits for its monthly batch
    changed_at = models.DateTimeField()
    review_due = models.DateField(null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["public_id"]
        constraints = [
            models.CheckConstraint(
                name="tombstone_holds_no_allegation",
                condition=Q(
                    status="withdrawn",
                    school=None,
                    region=None,
                    month=None,
                    grade=None,
                    salt=None,
                    review_due=None,
                    reason__isnull=False,
                )
                | Q(
                    status__in=["confirmed", "disputed"],
                    month__isnull=False,
                    grade__isnull=False,
                    salt__isnull=False,
                    review_due__isnull=False,
                    reason=None,
                ),
            ),
            models.CheckConstraint(
                name="place_is_school_or_region", condition=Q(school=None) | Q(region=None)
            ),
            models.CheckConstraint(name="grade_can_be_public", condition=Q(grade__in=["A", "B", "C", "D"])),
            models.CheckConstraint(name="tombstone_reason_known", condition=Q(reason__in=Reason.values)),
            models.CheckConstraint(name="month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="named_school_is_published", condition=Q(school=None) | Q(published_at__isnull=False)
            ),
            models.UniqueConstraint(fields=["school", "month"], name="one_record_per_school_and_month"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class RecordSource(models.Model):
    record = models.ForeignKey(ImpactRecord, on_delete=models.PROTECT, related_name="sources")
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="+")
    article = models.CharField(
        max_length=40, blank=True
    )  # allow-listed text: matches the publisher's pattern

    class Meta:
        ordering = ["publisher_id", "article"]
        constraints = [
            models.UniqueConstraint(fields=["record", "publisher", "article"], name="source_once"),
            # what every publisher's pattern is held to as well (`review_sources`)
            models.CheckConstraint(
                name="article_is_no_text", condition=Q(article__regex=r"^[A-Za-z0-9._-]*$")
            ),
        ]

    @property
    def link(self) -> str:
        return self.publisher.link(self.article)


class RecordHide(models.Model):
    """A record is out of sight while one of these runs (SAFEGUARDS B7); who did it is private."""

    record = models.ForeignKey(ImpactRecord, on_delete=models.PROTECT, related_name="hides")
    reason = models.CharField(max_length=12, choices=Reason)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hide_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(name="hide_reason_known", condition=Q(reason__in=Reason.values)),
        ]


class BrakeLimit(models.Model):
    """When publication in a region of this level stops until a senior releases it (SAFEGUARDS B8)."""

    level = models.CharField(max_length=8, primary_key=True, choices=Region.Level)
    share = models.DecimalField(max_digits=4, decimal_places=3)  # of the region's schools in operation
    schools = models.PositiveIntegerField()  # below this number the share stops nothing
    per_day = models.PositiveIntegerField()  # publications within 24 hours

    class Meta:
        constraints = [
            models.CheckConstraint(name="brake_share_is_a_share", condition=Q(share__gte=0, share__lte=1)),
            models.CheckConstraint(name="brake_level_known", condition=Q(level__in=Region.Level.values)),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.share} or {self.per_day} a day"


class Brake(models.Model):
    """Publication in a region stopped at this moment; who let it go on is private."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=BrakeKind)
    shown = models.BooleanField()  # a draft of a named school ran into it; a small school's day stays unknown
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind"], condition=Q(ended_at=None), name="one_running_brake"
            ),
            models.CheckConstraint(name="brake_kind_known", condition=Q(kind__in=BrakeKind.values)),
        ]


class DeskMonth(models.Model):
    """How the moderators did in one month that is over: public numbers, in steps of five (`disclosure.step`)."""

    pk = models.CompositePrimaryKey("month", "work")
    month = models.DateField()  # its first day, in Korean time
    work = models.CharField(max_length=8, choices=DeskWork)
    decided = models.PositiveIntegerField()  # 0 for fewer than five, and then no days are told
    overdue = models.PositiveIntegerField()  # open at the month's end, with a time that had run out
    median_days = models.PositiveIntegerField(
        null=True
    )  # from the first report, or the request, to the decision
    slow_days = models.PositiveIntegerField(null=True)  # nine of ten decisions took no longer

    class Meta:
        ordering = ["work", "month"]
        constraints = [
            models.CheckConstraint(name="desk_work_known", condition=Q(work__in=DeskWork.values)),
            models.CheckConstraint(name="desk_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="desk_month_in_steps",
                condition=Exact(Mod("decided", 5), 0) & Exact(Mod("overdue", 5), 0),
            ),
            models.CheckConstraint(
                name="desk_month_tells_no_few",
                condition=Q(decided=0, median_days=None, slow_days=None)
                | Q(decided__gte=5, median_days__isnull=False, slow_days__isnull=False),
            ),
        ]


class Pause(models.Model):
    """Intake, publication or reading is switched off, in a region or everywhere; who did it is private (F2)."""

    kind = models.CharField(max_length=11, choices=PauseKind)
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: everywhere
    reason = models.CharField(max_length=6, choices=PauseReason)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="pause_kind_known", condition=Q(kind__in=PauseKind.values)),
            models.CheckConstraint(name="pause_reason_known", condition=Q(reason__in=PauseReason.values)),
            models.CheckConstraint(
                name="pause_ends_within_a_week",
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + dt.timedelta(days=7)),
            ),
        ]


class LogEntry(models.Model):
    """One leaf of the public log (RFC 6962); `sql/log.sql` is its only writer."""

    index = models.BigIntegerField(primary_key=True)  # from 0
    at = models.DateTimeField()
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=12, choices=LOG_REASONS)
    record = models.UUIDField()  # no foreign key: history outlives its subject
    version = models.PositiveIntegerField()
    commitment = models.BinaryField(max_length=32)  # SHA-256 of salt and content
    leaf_hash = models.BinaryField(max_length=32)  # SHA-256 of 0x00 and the leaf

    class Meta:
        ordering = ["index"]
        indexes = [models.Index(fields=["record", "index"], name="log_of_record")]
        constraints = [
            models.CheckConstraint(name="log_action_known", condition=Q(action__in=Action.values)),
            models.CheckConstraint(
                name="log_reason_known",
                condition=Q(action=Action.REPLIED, reason__in=Reply.values)
                | ~Q(action=Action.REPLIED) & Q(reason__in=Reason.values),
            ),
        ]


class Checkpoint(models.Model):
    """A signed statement of the log's size and root (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()  # allow-listed text: made by the worker from numbers and hashes
    signed_at = models.DateTimeField()
