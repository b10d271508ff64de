"""Each refusal and each effect of a judgement asked of the database directly, past what the desk's forms let through."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from geo.record.models import ImpactRecord, LogEntry, RecordHide
from geo.record.refusals import Refused, call
from moderation.audit.models import AuditEvent
from moderation.corrections import actions
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.models import Handling, Proof
from moderation.review.models import Member
from tests import casework, correctionwork
from tests.correctionwork import PASSPHRASE, asked, at_state, judge, judged, record_of, refused, settle, state

pytestmark = pytest.mark.django_db


def brought(correction: Any, fingerprint: bytes) -> None:
    """A second request of the same school, ready to be judged."""
    worker = casework.member()
    correctionwork.acknowledge(correction, by=worker)
    correctionwork.prove(correction, fingerprint, by=worker)
    correctionwork.notify(correction, by=worker)


def own(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [
        *((verdict, "substantiated", "unknown_verdict") for verdict in (None, "", "YES", "approve")),
        *(
            ("yes", reason, "unknown_reason")
            for reason in ("evidence_stands", "other_record", "because", None)
        ),
        *(("no", reason, "unknown_reason") for reason in ("substantiated", "because", "", None)),
    ],
)
def test_a_judgement_in_other_words_is_none(verdict: str | None, reason: str | None, code: str) -> None:
    correction, _words = at_state(State.NOTIFIED)
    with refused(code):
        call("corrections_judge", casework.member().pk, PASSPHRASE, correction.pk, verdict, reason)
    assert state(correction) == "notified"


@pytest.mark.parametrize(
    "gone",
    [
        "published_at = NULL, school_id = NULL, region_id = '11680'",  # a small school's waits for its batch
        "status = 'withdrawn', reason = 'wrong_facts', school_id = NULL, region_id = NULL, month = NULL, grade = NULL,"
        " salt = NULL, review_due = NULL",
    ],
)
def test_nothing_follows_for_a_record_that_nobody_sees(gone: str) -> None:
    correction, _words = at_state(State.NOTIFIED)
    own("DELETE FROM record_recordsource")
    own(f"UPDATE record_impactrecord SET {gone}")
    with refused("no_record"):
        judge(correction, by=casework.member())


@pytest.mark.parametrize(
    "after",
    [
        lambda person, school: Member.objects.filter(pk=person.pk).update(active=False),
        lambda person, school: Member.objects.filter(pk=person.pk).update(role="auditor"),
        lambda person, school: casework.declare_tie(by=person, kind="family", school=school),
    ],
    ids=["left", "other role", "late tie"],
)
def test_a_judgement_counts_while_its_author_may_judge(after: Callable[[Member, str], object]) -> None:
    correction, _words = at_state(State.NOTIFIED)
    one = casework.member()
    judge(correction, by=one)
    after(one, correction.school_id)
    assert judge(correction, by=casework.member()) == "notified"
    assert record_of(correction).status == "confirmed"
    told = AuditEvent.objects.filter(action="correction_judged", subject_id=str(correction.pk))
    assert [(e.member == one.pk, e.proven, e.detail) for e in told.order_by("pk")] == [
        (True, True, {"stage": "first"}),
        (False, True, {"stage": "first"}),
    ]


def test_grade_d_is_hidden_once_by_whichever_request() -> None:
    correction, _words = at_state(State.DISPUTED, grade="D")
    hidden = [("published", "confirmed"), ("hidden", "checking")]
    assert list(LogEntry.objects.order_by("index").values_list("action", "reason")) == hidden
    settle(correction, kind="restore", reason="checked")
    own("UPDATE record_impactrecord SET grade = 'D'")
    again, words = asked(correction.school, correction.record)
    brought(again, words)
    judged(again)
    assert (RecordHide.objects.count(), record_of(again).status) == (1, "disputed")
    other = correctionwork.school()
    elsewhere, words = asked(other, correctionwork.published(other, grade="D"))
    brought(elsewhere, words)
    judged(elsewhere)
    assert RecordHide.objects.filter(record=elsewhere.record).count() == 1


def test_an_appeal_says_what_came_of_it_and_keeps_the_first_decision() -> None:
    upheld, words = at_state(State.DECIDED)
    first = Handling.objects.get(pk=upheld)
    asking.appeal(fingerprint=words)
    judged(upheld, verdict="no")
    after = Handling.objects.get(pk=upheld)
    assert (after.state, after.appeal) == ("closed", "upheld")
    assert (after.decided_at, after.outcome, after.reason) == (first.decided_at, "refused", "evidence_stands")

    answer, words = at_state(State.NOTIFIED, kind="rebuttal", replies=("supported",))
    judged(answer, verdict="no")
    asking.appeal(fingerprint=words)
    judged(answer)
    after = Handling.objects.get(pk=answer)
    assert (after.state, after.appeal, after.outcome) == ("closed", "granted", "replied")
    assert LogEntry.objects.filter(record=answer.record, action="replied").count() == 1


def test_who_approved_in_the_case_is_barred_from_the_appeal_and_others_are_not() -> None:
    correction, words = at_state(State.DISPUTED)
    draft = settle(correction, kind="restore", reason="checked")
    (approver,) = (
        AuditEvent.objects.filter(action="decided", subject_id=str(draft.pk))
        .exclude(member=draft.proposed_by_id)
        .values_list("member", flat=True)
    )
    asking.appeal(fingerprint=words)
    with refused("took_part"):
        judge(correction, by=Member.objects.get(pk=approver))
    elsewhere, _words = at_state(State.NOTIFIED)
    stranger = casework.member()
    judge(elsewhere, by=stranger, verdict="no")  # another request's judge
    judge(correction, by=stranger, verdict="no")
    assert call("corrections_took_part", stranger.pk, correction.pk) is False, "in the first decision"
    assert judge(correction, by=casework.member(), verdict="no") == "closed"


def test_a_code_of_the_register_is_asked_for_where_it_may_be() -> None:
    correction, _words = at_state(State.ACKNOWLEDGED)
    person = casework.member()
    for arguments, code in (
        (("corrections_call", person.pk, "somebody else's long words", correction.pk), "wrong_passphrase"),
        (("corrections_confirm", person.pk, PASSPHRASE, correction.pk, "callback"), "nothing_to_confirm"),
        (
            ("corrections_notify", person.pk, PASSPHRASE, correction.pk, "fax", timezone.now()),
            "not_in_this_state",
        ),
        (
            ("corrections_notify", person.pk, PASSPHRASE, correction.pk, "mail", timezone.now()),
            "no_register_fax",
        ),
        (
            ("corrections_notify", person.pk, PASSPHRASE, correction.pk, None, timezone.now()),
            "no_register_fax",
        ),
    ):
        with refused(code):
            call(*arguments)
    read, _words = at_state(State.RECEIVED)
    done, _words = at_state(State.PROVED)
    for early in (read, done):
        for function in ("corrections_call", "corrections_ask_mail"):
            with refused("not_in_this_state"):
                call(function, person.pk, PASSPHRASE, early.pk)
        with refused("not_in_this_state"):
            call("corrections_confirm", person.pk, PASSPHRASE, early.pk, "document")


def test_a_proof_is_confirmed_once_by_its_own_code_and_each_kind_counts_once() -> None:
    """And what was typed, confirmed or expired at one request says nothing of another."""
    one, one_words = at_state(State.ACKNOWLEDGED)
    two, two_words = at_state(State.ACKNOWLEDGED)
    person = casework.member()
    codes = {each.pk: call("corrections_call", person.pk, PASSPHRASE, each.pk) for each in (one, two)}
    for others_words, code in ((two_words, codes[one.pk]), (one_words, codes[two.pk])):
        asking.type_code(fingerprint=others_words, code=code)
    assert not Proof.objects.filter(matched_at__isnull=False).exists()
    asking.type_code(fingerprint=one_words, code=codes[one.pk])
    with refused("nothing_to_confirm"):
        call("corrections_confirm", person.pk, PASSPHRASE, two.pk, "callback")
    assert call("corrections_confirm", person.pk, PASSPHRASE, one.pk, "callback") == 1
    with refused("nothing_to_confirm"):
        call("corrections_confirm", person.pk, PASSPHRASE, one.pk, "callback")
    assert (state(one), state(two)) == ("acknowledged", "acknowledged")
    assert not Proof.objects.filter(correction=two.pk, matched_at__isnull=False).exists()
    assert call("corrections_confirm", person.pk, PASSPHRASE, one.pk, "document") == 2
    assert (state(one), state(two)) == ("proved", "acknowledged")


def test_a_decision_in_one_case_settles_its_own_requests_alone() -> None:
    one, _words = at_state(State.DISPUTED)
    two, _words = at_state(State.DISPUTED, grade="D")
    settle(one)
    assert (state(one), state(two)) == ("decided", "disputed")
    assert RecordHide.objects.get(record=two.record).ends_at > timezone.now() + dt.timedelta(days=29)
    assert ImpactRecord.objects.get(pk=two.record).status == "confirmed"
    case = Handling.objects.get(pk=two).case_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT corrections_settle_rejected(%s)", [case])
        assert cursor.fetchone() == (False,), "nobody has decided there"
    assert state(two) == "disputed"


def test_words_reach_one_request_and_an_appeal_is_in_time() -> None:
    one, words = at_state(State.DECIDED)
    two, _words = at_state(State.DECIDED)
    late = timezone.now() - dt.timedelta(days=31)
    Handling.objects.filter(pk=one).update(decided_at=late)
    asking.appeal(fingerprint=words)
    assert (state(one), state(two)) == ("decided", "decided")
    Handling.objects.filter(pk=one).update(decided_at=timezone.now(), outcome="withdrawn")
    asking.appeal(fingerprint=words)
    assert state(one) == "decided", "what was given as asked is not appealed"
    Handling.objects.filter(pk=one).update(outcome="refused")
    asking.appeal(fingerprint=words)
    assert (state(one), state(two)) == ("appealed", "decided")
    waiting, words = at_state(State.ACKNOWLEDGED)
    other, _words = at_state(State.ACKNOWLEDGED)
    asking.give_up(fingerprint=words)
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.sealed_text, waiting.sealed_document) == (None, None)
    assert other.sealed_text and state(other) == "acknowledged"
    asking.give_up(fingerprint=bytes(32))
    with pytest.raises(Refused):
        call("corrections_acknowledge", casework.member().pk, PASSPHRASE, waiting.pk)


def test_time_ends_codes_and_requests_and_nothing_younger() -> None:
    old, words = at_state(State.ACKNOWLEDGED)
    young, _words = at_state(State.ACKNOWLEDGED)
    person = casework.member()
    for each in (old, young):
        call("corrections_call", person.pk, PASSPHRASE, each.pk)
    own(
        "UPDATE corrections_proof SET expires_at = now() - interval '1 second' WHERE correction_id = %s",
        old.pk,
    )
    own("UPDATE corrections_correction SET received_at = now() - interval '31 days' WHERE id = %s", old.pk)
    own("UPDATE corrections_correction SET received_at = now() - interval '29 days' WHERE id = %s", young.pk)
    assert call("corrections_tidy") == 1
    assert (state(old), state(young)) == ("lapsed", "acknowledged")
    with connection.cursor() as cursor:
        cursor.execute("SELECT correction_id FROM corrections_proof WHERE code_hash IS NOT NULL")
        assert cursor.fetchall() == [(young.pk,)]
    assert words


def test_what_was_written_is_read_without_a_tie_and_each_reading_is_noted() -> None:
    correction, _words = at_state(State.RECEIVED)
    tied, person = casework.member(), casework.member()
    casework.declare_tie(by=tied, kind="family", school=correction.school_id)
    with refused("conflict"):
        actions.reveal(correction=correction, part="text", by=tied)
    assert actions.reveal(correction=correction, part="text", by=person)
    noted = AuditEvent.objects.filter(action="revealed").values_list("member", "subject_id", "detail__part")
    assert list(noted) == [(person.pk, str(correction.pk), "text")]
