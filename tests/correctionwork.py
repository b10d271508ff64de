"""Builds a school's requests for tests through the real actions, in any state of the table of transitions.

What only time does (a code that grows old, a day to object that passes) is done by the owner to the rows' moments.
"""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from geo.directory.models import School
from geo.record.models import ImpactRecord
from moderation.corrections import actions
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox import words
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.models import Handling
from moderation.intake import receipts, sealing
from moderation.review.models import Case, Member, Proposal
from tests import casework

PASSPHRASE = casework.PASSPHRASE
refused = casework.refused
_numbers = itertools.count(1)


def school(**fields: Any) -> School:
    """A school with a telephone, a fax and a host of its own in the register."""
    made = casework.school(**fields)
    made.phone, made.fax = "02-000-0000", "02-000-0001"
    made.homepage = f"https://www.bogi{next(_numbers)}.example.kr/main"
    made.save()
    return made


def host(of: School) -> str:
    return of.homepage.split("/")[2].removeprefix("www.")


def asked(
    at: School,
    record: UUID | None,
    *,
    kind: str = "wrong_facts",
    replies: tuple[str, ...] = (),
    mail: str = "",
    document: str = "보기-1234",
) -> tuple[Correction, bytes]:
    """A request as the public form stores it, and the fingerprint of its words."""
    secret = receipts.new("ko")
    made = Correction.objects.create(
        reference=words.reference(),
        words_hash=words.fingerprint(secret),
        school=at,
        record=record,
        kind=kind,
        replies=list(replies),
        sealed_text=sealing.seal("기록한 달이 다릅니다.", purpose="casework"),
        sealed_document=sealing.seal(document, purpose="casework") if document else None,
        sealed_mail=sealing.seal(mail, purpose="subscribers") if mail else None,
        language="ko",
    )
    return made, words.fingerprint(secret)


def acknowledge(correction: Correction, *, by: Member) -> None:
    actions.acknowledge(correction=correction.pk, by=by, passphrase=PASSPHRASE)


def prove(correction: Correction, fingerprint: bytes, *, by: Member) -> None:
    """A call to the register's number, whose code comes back, and a document."""
    code = actions.call_back(correction=correction.pk, by=by, passphrase=PASSPHRASE)
    asking.type_code(fingerprint=fingerprint, code=code)
    actions.confirm(correction=correction.pk, kind="callback", by=by, passphrase=PASSPHRASE)
    actions.confirm(correction=correction.pk, kind="document", by=by, passphrase=PASSPHRASE)


def notify(correction: Correction, *, by: Member, passed: bool = True) -> None:
    actions.notify(correction=correction.pk, channel="fax", by=by, passphrase=PASSPHRASE)
    if passed:
        Handling.objects.filter(pk=correction).update(
            objection_until=timezone.now() - dt.timedelta(minutes=1)
        )


def judge(correction: Correction, *, by: Member, verdict: str = "yes", reason: str = "") -> str:
    reason = reason or ("substantiated" if verdict == "yes" else "evidence_stands")
    return actions.judge(
        correction=correction.pk, verdict=verdict, reason=reason, by=by, passphrase=PASSPHRASE
    )


def judged(correction: Correction, *, verdict: str = "yes") -> str:
    judge(correction, by=casework.member(), verdict=verdict)
    return judge(correction, by=casework.member(), verdict=verdict)


def settle(
    correction: Correction, *, kind: str = "withdraw", reason: str = "wrong_facts", verdict: str = "approve"
) -> Proposal:
    """Two people decide in the case that the dispute opened."""
    one, two = casework.member(), casework.member()
    case = Case.objects.get(pk=Handling.objects.get(pk=correction).case_id)
    if kind != "withdraw":
        casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one, kind=kind, reason=reason)
    casework.decide(draft, by=one, verdict=verdict)
    casework.decide(draft, by=two, verdict=verdict)
    return draft


def published(at: School, *, grade: str = "A") -> UUID:
    """A record of this school. A grade other than A is written into its row: what matters here is what follows."""
    record = casework.published(at=at)
    if grade != "A":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE record_impactrecord SET grade = %s WHERE public_id = %s", [grade, record])
    return record


def at_state(
    state: str, *, kind: str = "wrong_facts", grade: str = "A", replies: tuple[str, ...] = ()
) -> tuple[Correction, bytes]:
    """A request in this state, about a public record of its school."""
    place = school()
    correction, fingerprint = asked(place, published(place, grade=grade), kind=kind, replies=replies)
    worker = casework.member()
    if state == State.WITHDRAWN:
        asking.give_up(fingerprint=fingerprint)
    if state == State.LAPSED:
        Correction.objects.filter(pk=correction.pk).update(received_at=timezone.now() - dt.timedelta(days=31))
        with connection.cursor() as cursor:
            cursor.execute("SELECT corrections_tidy()")
    if state in (State.RECEIVED, State.WITHDRAWN, State.LAPSED):
        return correction, fingerprint
    acknowledge(correction, by=worker)
    if state == State.ACKNOWLEDGED:
        return correction, fingerprint
    prove(correction, fingerprint, by=worker)
    if state == State.PROVED:
        return correction, fingerprint
    notify(correction, by=worker)
    if state == State.REFUSED:
        actions.object_to(correction=correction.pk, by=worker, passphrase=PASSPHRASE)
    if state in (State.NOTIFIED, State.REFUSED):
        return correction, fingerprint
    if state == State.DISPUTED:
        judged(correction)
        return correction, fingerprint
    judged(correction, verdict="no")
    if state == State.DECIDED:
        return correction, fingerprint
    asking.appeal(fingerprint=fingerprint)
    if state == State.CLOSED:
        judged(correction, verdict="no")
    return correction, fingerprint


def state(of: Correction) -> str:
    return str(Handling.objects.filter(pk=of).values_list("state", flat=True).first() or State.RECEIVED)


def record_of(of: Correction) -> ImpactRecord:
    return ImpactRecord.objects.get(pk=of.record)
