"""How a school's request is handled. Written by the functions in `sql/` alone; no process has a grant to write here.

A request without a `Handling` was received and nothing else.
"""

from django.db import models
from django.db.models import Q

from geo.record.models import RecordHide
from geo.record.vocabulary import Grade
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.vocabulary import Appeal, Channel, Ground, Outcome, ProofKind, State
from moderation.review.models import Case, Member


class Handling(models.Model):
    """How far a request is, and the moments that its clocks count from."""

    correction = models.OneToOneField(
        Correction, primary_key=True, on_delete=models.PROTECT, related_name="handling"
    )
    state = models.CharField(max_length=12, choices=State, db_default=State.RECEIVED)
    since = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    notified_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel, null=True)
    objection_until = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    hide = models.ForeignKey(RecordHide, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, null=True)
    reason = models.CharField(max_length=15, null=True)  # a code of record.Reason or of Ground
    grade = models.CharField(max_length=1, choices=Grade, null=True)  # of the record, at the decision
    appealed_at = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=7, choices=Appeal, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="told_by_somebody_somehow_with_time_to_object",
                condition=Q(notified_at=None, notified_by=None, channel=None, objection_until=None)
                | Q(
                    notified_at__isnull=False,
                    notified_by__isnull=False,
                    channel__isnull=False,
                    objection_until__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="no_effect_before_proof_and_notice",
                condition=Q(disputed_at=None, decided_at=None)
                | Q(proved_at__isnull=False, notified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decided_with_outcome_and_reason",
                condition=Q(decided_at=None, outcome=None, reason=None)
                | Q(decided_at__isnull=False, outcome__isnull=False, reason__isnull=False),
            ),
            models.CheckConstraint(name="correction_state_known", condition=Q(state__in=State.values)),
        ]


class Proof(models.Model):
    """One kind of proof of one request. The code's hash goes when it is matched: it works once."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=8, choices=ProofKind)
    code_hash = models.CharField(max_length=60, null=True)  # bcrypt; no process can read it
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)  # null: a mail that the worker has not sent yet
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failed = models.BooleanField(default=False)  # the address is not at the school's own host
    matched_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "kind"], name="one_proof_of_a_kind"),
            models.CheckConstraint(
                name="proof_confirmed_by_somebody",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="code_matched_before_it_is_confirmed",
                condition=Q(confirmed_at=None) | Q(kind="document") | Q(matched_at__isnull=False),
            ),
            models.CheckConstraint(name="code_works_once", condition=Q(matched_at=None) | Q(code_hash=None)),
        ]


class Judgement(models.Model):
    """One person's judgement of a request or of its appeal. No role has a grant on this table."""

    class Stage(models.TextChoices):
        FIRST = "first"
        APPEAL = "appeal"

    class Verdict(models.TextChoices):
        YES = "yes"
        NO = "no"

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=3, choices=Verdict)
    reason = models.CharField(max_length=15, choices=Ground)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "stage", "member"], name="one_judgement_a_person_and_stage"
            ),
        ]


class Sent(models.Model):
    """What the worker has mailed about a request, once each; its texts are codes."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="sent")
    what = models.CharField(max_length=24)  # a name in `mails`
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correction", "what"], name="correction_mailed_once")]
