"""Casework: cases, their evidence, the drafts of what would become public, and who may decide.

`Approval` and `Member.secret` are readable by no role that a process uses; `sql/` holds the functions
that write them (TWO_PEOPLE). A member cannot be made, changed or removed with the staff role's grants.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from geo.directory.models import Region, School
from geo.record.models import Publisher
from geo.record.vocabulary import Reason
from moderation.intake.models import Submission
from moderation.review.vocabulary import (
    CaseState,
    EvidenceGrade,
    ProposalKind,
    Role,
    TieKind,
    Verdict,
    VerdictReason,
)


class Member(models.Model):
    """One person of the team, and the bcrypt hash of the passphrase that only they know."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member")
    role = models.CharField(max_length=9, choices=Role)
    invited_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    secret = models.CharField(max_length=60, blank=True)  # bcrypt; blank: not enrolled yet
    active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_distinct_inviters",
                condition=Q(invited_by=None, seconded_by=None)
                | (
                    Q(invited_by__isnull=False, seconded_by__isnull=False)
                    & ~Q(invited_by=models.F("seconded_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Tie(models.Model):
    """A declared closeness to a school or a region; it can be added and never taken back."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(max_length=7, choices=TieKind)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tie_to_one_place",
                condition=Q(school__isnull=False, region=None) | Q(school=None, region__isnull=False),
            ),
        ]


class Case(models.Model):
    """One school and month under review; what was reported and what was found out about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    state = models.CharField(max_length=11, choices=CaseState, default=CaseState.OPEN)
    record = models.UUIDField(null=True)  # the public record that this case made or would change
    entered_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="claims")
    revision = models.PositiveIntegerField(default=1)  # grows with each change: stale pages are noticed
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="decided_when_closed",
                condition=Q(state__in=["published", "rejected"], decided_at__isnull=False)
                | (~Q(state__in=["published", "rejected"]) & Q(decided_at=None)),
            ),
            models.UniqueConstraint(
                fields=["school", "month"],
                condition=~Q(state__in=["published", "rejected"]),
                name="one_open_case_per_school_and_month",
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="case_queue")]

    def __str__(self) -> str:
        return str(self.pk)


class CaseSubmission(models.Model):
    """Which reports a case gathers, and which of them count as one (SAFEGUARDS B4)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="gathered")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+")
    group = models.PositiveIntegerField()
    grouped_by = models.CharField(max_length=10)  # code: first, text, network, minute, reviewer


class Evidence(models.Model):
    """What a reviewer found: a publisher and an article number, or a graded act; never free text."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    grade = models.CharField(max_length=1, choices=EvidenceGrade)
    publisher = models.ForeignKey(Publisher, null=True, on_delete=models.PROTECT, related_name="+")
    article = models.CharField(max_length=40, blank=True)
    names_nobody = (
        models.BooleanField()
    )  # the reviewer opened the page: it names no student, victim or suspect
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="official_grades_have_a_publisher",
                condition=Q(grade__in=["D", "E"]) | Q(publisher__isnull=False),
            ),
        ]


class Proposal(models.Model):
    """A draft of exactly what would become public; `hash` covers every part of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=8, choices=ProposalKind)
    record = models.UUIDField()
    base_version = models.PositiveIntegerField()  # of the record: 0 for a first publication
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    school_version = models.PositiveIntegerField()
    names_school = models.BooleanField()
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    grade = models.CharField(max_length=1, choices=EvidenceGrade)
    reason = models.CharField(max_length=12, choices=Reason)
    sources = models.JSONField(default=list)  # [[publisher, article], …] sorted
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["id", "hash"], name="proposal_hash")]


class Approval(models.Model):
    """One person's verdict over one hash. No role has a grant on this table."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    hash = models.BinaryField(max_length=32)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=11, choices=Verdict)
    reason = models.CharField(max_length=15, choices=VerdictReason)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "member"], name="one_verdict_a_person")]


class Decided(models.Model):
    """Verdicts as a view that shows them once two exist: blindness in the database."""

    proposal = models.ForeignKey(Proposal, on_delete=models.DO_NOTHING, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, related_name="+")
    verdict = models.CharField(max_length=11, choices=Verdict)
    reason = models.CharField(max_length=15, choices=VerdictReason)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "review_decided"
        ordering = ["at"]
