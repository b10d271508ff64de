"""How a request under the privacy act is handled. Written by the functions in `sql/` alone.

A request without a `Handling` was received and nothing else. What two people decided stays as codes and as a salted
commitment to the list of items; the list and the salt go later, and then nobody can open it (SAFEGUARDS E2).
"""

from django.db import models
from django.db.models import Q

from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.vocabulary import Ground, Part, State, Verdict
from moderation.review.models import Member


class Handling(models.Model):
    """How far a request is, what the first person proposed, and who confirmed it."""

    request = models.OneToOneField(
        Request, primary_key=True, on_delete=models.PROTECT, related_name="handling"
    )
    state = models.CharField(max_length=9, choices=State, db_default=State.RECEIVED)
    since = models.DateTimeField()
    proposed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=7, choices=Verdict, null=True)
    ground = models.CharField(max_length=14, choices=Ground, blank=True, db_default="")
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.BinaryField(
        max_length=32, null=True
    )  # SHA-256 of the salt and of all that is decided
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="erasure_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="erasure_proposed_whole",
                condition=Q(proposed_by=None, proposed_at=None, verdict=None, commitment=None, salt=None)
                | Q(
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                    verdict__in=Verdict.values,
                    commitment__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="erasure_refusal_has_a_ground",
                condition=(~Q(verdict__in=["partly", "refused"]) & Q(ground=""))
                | Q(verdict__in=["partly", "refused"], ground__in=Ground.values),
            ),
            models.CheckConstraint(
                name="erasure_decided_by_another",
                condition=Q(decided_by=None, decided_at=None)
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False, proposed_by__isnull=False)
                    & ~Q(decided_by=models.F("proposed_by"))
                ),
            ),
            models.CheckConstraint(
                name="erasure_decided_state",
                condition=Q(state="decided", decided_at__isnull=False)
                | (~Q(state="decided") & Q(decided_at=None)),
            ),
        ]


class Item(models.Model):
    """One part of one report or of one school's request that the decision is about."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="items")
    part = models.CharField(max_length=19, choices=Part)
    target = models.UUIDField()  # no foreign key: what is erased leaves nothing behind that this could keep

    class Meta:
        ordering = ["part", "target"]
        constraints = [
            models.UniqueConstraint(fields=["request", "part", "target"], name="one_item_a_part"),
            models.CheckConstraint(name="erasure_part_known", condition=Q(part__in=Part.values)),
        ]


class Sent(models.Model):
    """What the worker has mailed about a request, once each; its texts are codes."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="sent")
    what = models.CharField(max_length=7)  # a name in `mails`
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "what"], name="erasure_mailed_once")]
