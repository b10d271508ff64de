"""Casework: cases, their evidence, the drafts of what would become public, and who may decide.

`Approval` and `Member.secret` are readable by no role that a process uses; `sql/` holds the functions
that write them (TWO_PEOPLE). A member cannot be made, changed or removed with the staff role's grants.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from geo.directory.models import Region, School
from geo.record.models import Brake, Publisher, RecordHide
from geo.record.vocabulary import Reason
from moderation.intake.models import Submission
from moderation.intake.vocabulary import VerdictReason
from moderation.review.vocabulary import (
    CaseKind,
    CaseState,
    ChangeKind,
    EvidenceGrade,
    GroupedBy,
    LinkState,
    NoticeChannel,
    ProposalKind,
    Role,
    TieKind,
    Verdict,
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
    kind = models.CharField(
        max_length=6, choices=CaseKind, default=CaseKind.REPORT, db_default=CaseKind.REPORT
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    state = models.CharField(max_length=11, choices=CaseState, default=CaseState.OPEN)
    record = models.UUIDField(null=True)  # the public record that this case made or would change
    entered_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="claims")
    revision = models.PositiveIntegerField(default=1)  # grows with each change: stale pages are noticed
    opened_at = models.DateTimeField(db_default=Now())
    # Only for the order of the queue: no rule reads the two. A check is opened 14 days before the record lapses (B9).
    due_at = models.DateTimeField(db_default=Now() + dt.timedelta(days=14))
    grade = models.CharField(
        max_length=1, choices=EvidenceGrade, default=EvidenceGrade.E, db_default=EvidenceGrade.E
    )
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
        indexes = [
            models.Index(fields=["state", "opened_at"], name="case_queue"),
            models.Index(fields=["record"], name="case_record"),
            # one for each order of the queue, so that a page costs the same however long it is
            models.Index(fields=["opened_at", "id"], name="case_by_age", condition=Q(decided_at=None)),
            models.Index(fields=["due_at", "id"], name="case_by_clock", condition=Q(decided_at=None)),
            models.Index(
                fields=["grade", "opened_at", "id"], name="case_by_grade", condition=Q(decided_at=None)
            ),
            models.Index(
                fields=["decided_at", "id"], name="case_decided", condition=Q(decided_at__isnull=False)
            ),
            models.Index(
                fields=["opened_at", "id"],
                name="case_unclaimed",
                condition=Q(decided_at=None, claimed_by=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseSubmission(models.Model):
    """Which reports a case gathers, and which of them count as one (SAFEGUARDS B4).

    `origin` numbers the networks of a case: two reports with one number came from one network on one day. It is
    what stays when the keyed hash is forgotten; no running process can change it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="gathered")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+")
    group = models.PositiveIntegerField()
    grouped_by = models.CharField(max_length=10, choices=GroupedBy)
    origin = models.PositiveIntegerField(null=True)  # null: the network was not known

    class Meta:
        constraints = [
            models.CheckConstraint(name="grouped_by_known", condition=Q(grouped_by__in=GroupedBy.values)),
        ]
        indexes = [models.Index(fields=["case", "group"], name="case_groups")]


class GroupMark(models.Model):
    """What a later report would have in common with this one; each value once a case, gone at the decision."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LINK = "link", _("Link")
        NETWORK = "network", _("Network")
        MINUTE = "minute", _("Minute")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    value = models.BinaryField()  # keyed, as `intake.signatures` and `intake.limits` make it
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "value"], name="one_mark_a_value"),
        ]
        indexes = [models.Index(fields=["value"], name="mark_value")]  # the same text at other schools


class NoticeWindow(models.Model):
    """How long a school has to answer before a publication; one row, written by the owner (SAFEGUARDS B10)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    hours = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_notice_window", condition=Q(id=1))]


class Notice(models.Model):
    """That a school was told what is about to be published, how, when and by whom (SAFEGUARDS B10)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=6, choices=NoticeChannel)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["at"]


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


class LinkCheck(models.Model):
    """What a linked page was when somebody confirmed it, and is now; of its text a digest alone (SAFEGUARDS A2)."""

    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="+")
    article = models.CharField(max_length=40)
    state = models.CharField(max_length=6, choices=LinkState)
    since = models.DateTimeField()  # since when it is in this state
    confirmed_at = models.DateTimeField()  # the newest confirmation that `digest` is younger than
    digest = models.BinaryField(max_length=32, null=True)  # SHA-256 of the page's letters then
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publisher", "article"], name="one_check_a_link"),
            models.CheckConstraint(name="link_state_known", condition=Q(state__in=LinkState.values)),
        ]
        indexes = [models.Index(fields=["checked_at"], name="link_checked")]


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
        indexes = [models.Index(fields=["at"], name="approval_at")]


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


class SecondLook(models.Model):
    """What a third person says about a decision that was drawn for it; it changes nothing by itself."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=15, choices=VerdictReason)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agrees_when_sufficient",
                condition=Q(agrees=True, reason="sufficient") | (Q(agrees=False) & ~Q(reason="sufficient")),
            ),
        ]


class Hide(models.Model):
    """Who hid a record at once, and until when; the public row beside it names nobody (SAFEGUARDS B7)."""

    hide = models.OneToOneField(RecordHide, primary_key=True, on_delete=models.PROTECT, related_name="+")
    record = models.UUIDField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()  # as it was asked for; two people may have ended it earlier

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "member"], name="one_hide_a_record_and_person")
        ]


class BrakeRelease(models.Model):
    """How many publications a senior lets through a brake (SAFEGUARDS B8)."""

    brake = models.ForeignKey(Brake, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="release_lets_through_no_more_than_stated", condition=Q(left__lte=models.F("amount"))
            ),
        ]


class TeamChange(models.Model):
    """A change of the team that one senior asked for; it takes effect when another confirms it."""

    kind = models.CharField(max_length=6, choices=ChangeKind)
    email = models.EmailField(blank=True)  # of an invitation
    name = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=9, choices=Role, blank=True)
    code_hash = models.BinaryField(max_length=32, null=True)  # SHA-256 of the first senior's half of the key
    member = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+"
    )  # who comes or goes
    started_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="change_is_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=models.F("started_by"))
                ),
            ),
            models.CheckConstraint(
                name="change_says_who",
                condition=Q(kind="invite", code_hash__isnull=False) & ~Q(email="") & ~Q(name="") & ~Q(role="")
                | Q(kind="leave", member__isnull=False, email="", name="", role="", code_hash=None)
                | Q(kind="renew", member__isnull=False, email="", name="", role="", code_hash__isnull=False),
            ),
        ]
