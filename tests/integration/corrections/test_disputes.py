"""What a school's request does to a record, and only after two proofs, a notice and two people (SAFEGUARDS D)."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from geo.record.models import ImpactRecord, LogEntry, RecordHide
from geo.record.refusals import call
from moderation.corrections import actions
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.querysets import progress
from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.models import Handling, Proof
from moderation.review.models import Case
from tests import casework, correctionwork
from tests.correctionwork import PASSPHRASE, asked, at_state, judge, judged, record_of, refused, settle, state

pytestmark = pytest.mark.django_db


def visible(correction: Any) -> bool:
    return ImpactRecord.objects.visible(at=timezone.now()).filter(pk=correction.record).exists()


def log(correction: Any) -> list[tuple[str, str]]:
    return list(LogEntry.objects.filter(record=correction.record).values_list("action", "reason"))


def test_a_disputed_record_stays_with_its_mark_and_the_log_says_so() -> None:
    correction, _ = at_state(State.DISPUTED, replies=("reported", "disputes"))
    record = record_of(correction)
    assert (record.status, record.version, visible(correction)) == ("disputed", 2, True)
    assert log(correction) == [
        ("published", "confirmed"),
        ("replied", "disputes"),
        ("replied", "reported"),
        ("disputed", "checking"),
    ]


def test_a_disputed_grade_d_is_out_of_sight_for_thirty_days_and_once() -> None:
    correction, _fingerprint = at_state(State.DISPUTED, grade="D")
    hide = RecordHide.objects.get(record=correction.record)
    assert hide.ends_at - hide.starts_at == pytest.approx(dt.timedelta(days=30), abs=dt.timedelta(seconds=1))
    assert not visible(correction)
    settle(correction, kind="restore", reason="checked")
    assert visible(correction)
    again, words = asked(correction.school, correction.record)
    worker = casework.member()
    correctionwork.acknowledge(again, by=worker)
    correctionwork.prove(again, words, by=worker)
    correctionwork.notify(again, by=worker)
    judged(again)
    assert visible(again)  # a school cannot keep a record hidden by asking again and again


@pytest.mark.parametrize(
    ("kind", "reason", "verdict", "outcome", "status"),
    [
        ("withdraw", "wrong_facts", "approve", "withdrawn", "withdrawn"),
        ("correct", "wrong_facts", "approve", "corrected", "confirmed"),
        ("restore", "checked", "approve", "stands", "confirmed"),
        ("withdraw", "wrong_facts", "reject", "stands", "confirmed"),
    ],
)
def test_the_decision_of_the_case_is_the_decision_of_the_request(
    kind: str, reason: str, verdict: str, outcome: str, status: str
) -> None:
    correction, fingerprint = at_state(State.DISPUTED)
    settle(correction, kind=kind, reason=reason, verdict=verdict)
    found = progress(fingerprint)
    assert (found.state, found.moments["outcome"], record_of(correction).status) == (
        "decided",
        outcome,
        status,
    )
    assert found.statement["rule"] and found.statement["grade"] == "A"
    assert found.can_appeal == (outcome != "withdrawn")


def test_who_refuses_to_confirm_a_disputed_record_decides_nothing() -> None:
    correction, _ = at_state(State.DISPUTED)
    settle(correction, kind="restore", reason="checked", verdict="reject")
    handling = Handling.objects.get(pk=correction)
    assert (handling.state, record_of(correction).status) == ("disputed", "disputed")
    assert Case.objects.get(pk=handling.case_id).state == "open"  # another one, in which it is decided


def test_an_answer_stands_beside_the_record_and_changes_nothing_else() -> None:
    correction, _ = at_state(State.NOTIFIED, kind="rebuttal", replies=("supported", "prevention"))
    assert judged(correction) == "decided"
    assert (record_of(correction).status, record_of(correction).version) == ("confirmed", 1)
    assert log(correction)[1:] == [("replied", "prevention"), ("replied", "supported")]


def test_an_appeal_is_for_two_others_and_there_is_one() -> None:
    correction, fingerprint = at_state(State.NOTIFIED)
    one, two = casework.member(), casework.member()
    judge(correction, by=one, verdict="no")
    assert judge(correction, by=two, verdict="no") == "decided"
    asking.appeal(fingerprint=fingerprint)
    for first in (one, two):
        with refused("took_part"):
            judge(correction, by=first)
    assert judged(correction) == "disputed"
    settle(correction, kind="restore", reason="checked")
    assert state(correction) == "closed"
    asking.appeal(fingerprint=fingerprint)
    assert state(correction) == "closed"


def test_whoever_decided_in_the_case_has_no_part_in_the_appeal() -> None:
    correction, fingerprint = at_state(State.DISPUTED)
    draft = settle(correction, kind="restore", reason="checked")
    asking.appeal(fingerprint=fingerprint)
    with refused("took_part"):
        judge(correction, by=draft.proposed_by)


@pytest.mark.parametrize("early", [0, 1])
def test_a_draft_from_before_the_notice_brings_nobody_past_the_appeal(early: int) -> None:
    """SAFEGUARDS D5: what counts is when the draft was decided, and everybody who had a hand in it."""
    correction, fingerprint = at_state(State.PROVED)
    proposer, one, two, other = (casework.member() for _ in range(4))
    case = Case.objects.get(pk=call("review_case_about", correction.record, None))
    draft = casework.propose(case, by=proposer, kind="withdraw", reason="wrong_facts")
    verdicts = [lambda by=by: casework.decide(draft, by=by, verdict="reject") for by in (one, two)]
    for verdict in verdicts[:early]:
        verdict()
    correctionwork.notify(correction, by=casework.member())
    assert judged(correction) == "disputed"
    for verdict in verdicts[early:]:
        verdict()
    assert state(correction) == "decided"
    asking.appeal(fingerprint=fingerprint)
    for barred in (proposer, one, two):
        with refused("took_part"):
            judge(correction, by=barred)
    judge(correction, by=other)
    assert judge(correction, by=casework.member()) == "disputed"
    again = Case.objects.get(pk=Handling.objects.get(pk=correction).case_id)
    draft = casework.propose(again, by=other, kind="withdraw", reason="wrong_facts")
    for barred in (proposer, one, two):
        with refused("took_part"):
            casework.decide(draft, by=barred)


def test_two_different_people_judge_and_a_third_one_is_a_senior() -> None:
    correction, _ = at_state(State.NOTIFIED)
    one, two = casework.member(), casework.member()
    assert judge(correction, by=one) == "notified"
    with refused("same_person"):
        judge(correction, by=one)
    assert judge(correction, by=two, verdict="no") == "notified"
    with refused("senior_decides"):
        judge(correction, by=casework.member())
    assert judge(correction, by=casework.member("senior")) == "disputed"


def test_inviter_and_invitee_a_tie_and_another_role_do_not_judge() -> None:
    correction, _ = at_state(State.NOTIFIED)
    one, two = casework.member("senior"), casework.member("senior")
    invited = casework.member(inviters=(one, two))
    judge(correction, by=one)
    with refused("invitation_pair"):
        judge(correction, by=invited)
    tied = casework.member()
    tied.ties.create(kind="lives", region_id=correction.school.region_id)
    for action in (
        lambda: judge(correction, by=tied),
        lambda: actions.object_to(correction=correction.pk, by=tied, passphrase=PASSPHRASE),
    ):
        with refused("conflict"):
            action()
    with refused("wrong_role"):
        judge(correction, by=casework.member("auditor"))
    with refused("wrong_passphrase"):
        actions.judge(
            correction=correction.pk,
            verdict="yes",
            reason="substantiated",
            by=two,
            passphrase="a guess of mine",
        )


def test_nothing_is_judged_while_the_school_can_object_or_with_one_proof() -> None:
    correction, _fingerprint = at_state(State.PROVED)
    correctionwork.notify(correction, by=casework.member(), passed=False)
    handling = Handling.objects.get(pk=correction)
    assert handling.objection_until - handling.notified_at >= dt.timedelta(hours=24)
    with refused("time_to_object"):
        judge(correction, by=casework.member())
    Handling.objects.filter(pk=correction).update(objection_until=timezone.now() - dt.timedelta(minutes=1))
    Proof.objects.filter(
        correction=correction, kind="document"
    ).delete()  # as if a process had forged the state
    with refused("two_proofs"):
        judge(correction, by=casework.member())


def test_a_request_about_another_schools_record_moves_nothing() -> None:
    mine, other = correctionwork.school(), correctionwork.school()
    record = correctionwork.published(other)
    correction, words = asked(mine, record)
    worker = casework.member()
    correctionwork.acknowledge(correction, by=worker)
    correctionwork.prove(correction, words, by=worker)
    correctionwork.notify(correction, by=worker)
    with refused("no_record"):
        judge(correction, by=casework.member())
    assert judged(correction, verdict="no") == "decided"
    assert ImpactRecord.objects.get(pk=record).status == "confirmed"
