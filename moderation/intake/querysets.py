"""What the public process can see of the inbox: the state behind one receipt, and nothing else."""

import datetime as dt
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Max, Q
from django.utils import timezone

from geo.directory.models import School
from geo.record.models import Pause
from geo.record.vocabulary import PauseKind
from moderation.intake.vocabulary import AnswerCode, QuestionCode


class ReceiptState(NamedTuple):
    """A code of `vocabulary.Progress`, or "unknown"; `since` is the day (midnight in Seoul) of that step.

    `reason` is a code of `VerdictReason` where two people decided, else empty.
    """

    code: str
    since: dt.datetime | None
    reason: str


class Asked(NamedTuple):
    """A question to the reporter, in codes; `answer` is empty until there is one."""

    code: str
    answer: str

    @property
    def question(self) -> str:
        return str(QuestionCode(self.code).label)

    @property
    def answered(self) -> str:
        return str(AnswerCode(self.answer).label) if self.answer else ""


def receipt_state(receipt: bytes) -> ReceiptState:
    """The state of the report with this receipt's fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, since, reason FROM public.intake_status(%s)", [receipt])
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("intake_status answered nothing")
    return ReceiptState(*row)


def questions(receipt: bytes) -> list[Asked]:
    """What reviewers asked of the report with this receipt's fingerprint, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, answer FROM public.intake_questions(%s)", [receipt])
        return [Asked(*row) for row in cursor.fetchall()]


def paused_until(school: School) -> dt.datetime | None:
    """When reports about this school are taken again; None while they are (SAFEGUARDS F2)."""
    regions = [school.region_id, school.region.parent_id if school.region else None]
    now = timezone.now()
    pauses = Pause.objects.filter(kind=PauseKind.INTAKE, starts_at__lte=now, ends_at__gt=now)
    here = pauses.filter(Q(region=None) | Q(region__in=[region for region in regions if region]))
    until: dt.datetime | None = here.aggregate(until=Max("ends_at"))["until"]
    return until
