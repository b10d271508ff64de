"""Two people, held by PostgreSQL (SAFEGUARDS B5, TWO_PEOPLE): polite ways first, then SQL as each role."""

import datetime as dt
import hashlib
import json

import pytest

from geo.record import publishing
from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import Refused
from moderation.audit.models import AuditEvent
from moderation.review import actions, transitions
from moderation.review.models import Decided, Proposal
from moderation.review.vocabulary import CaseState
from tests import casework

pytestmark = pytest.mark.django_db


def refused(code: str, function: object, *args: object, **kwargs: object) -> None:
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code
    assert str(caught.value) != code, "a refusal speaks in a sentence"


def test_two_approvals_publish_exactly_the_draft() -> None:
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    assert casework.decide(draft, by=one).state == CaseState.SECOND
    assert not ImpactRecord.objects.exists()
    assert casework.decide(draft, by=two).state == CaseState.PUBLISHED
    record = ImpactRecord.objects.get()
    assert (record.public_id, record.school, record.month, record.grade) == (
        draft.record,
        draft.school,
        draft.month,
        "A",
    )
    assert [[s.publisher_id, s.article] for s in record.sources.all()] == draft.sources


def test_log_entry_commits_to_the_record() -> None:
    record = ImpactRecord.objects.get(pk=casework.published())
    entry = LogEntry.objects.get()
    source = record.sources.get()
    content = json.dumps(
        {
            "grade": "A",
            "month": "2026-08",
            "place": f"school:{record.school_id}",
            "sources": [f"{source.publisher_id}:{source.article}"],
            "status": "confirmed",
        },
        separators=(",", ":"),
    )
    assert bytes(entry.commitment) == hashlib.sha256(bytes(record.salt) + content.encode()).digest()
    leaf = json.dumps(
        {
            "action": "published",
            "at": entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "commitment": bytes(entry.commitment).hex(),
            "index": 0,
            "reason": "confirmed",
            "record": str(record.pk),
            "version": 1,
        },
        separators=(",", ":"),
    )
    assert bytes(entry.leaf_hash) == hashlib.sha256(b"\0" + leaf.encode()).digest()


def test_the_same_person_twice() -> None:
    one = casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    refused("same_person", casework.decide, draft, by=one)
    assert not ImpactRecord.objects.exists()


@pytest.mark.parametrize("role", ["registrar", "auditor"])
def test_other_roles_do_not_decide(role: str) -> None:
    draft = casework.drafted(by=casework.member())
    refused("wrong_role", casework.decide, draft, by=casework.member(role))


def test_wrong_passphrase() -> None:
    draft = casework.drafted(by=casework.member())
    refused(
        "wrong_passphrase", casework.decide, draft, by=casework.member(), passphrase="guess guess guess guess"
    )
    assert not AuditEvent.objects.filter(action="decided").exists()


def test_another_hash_than_shown() -> None:
    draft = casework.drafted(by=casework.member())
    refused("other_content", casework.decide, draft, by=casework.member(), shown=bytes(32))


def test_another_district() -> None:
    draft = casework.drafted(by=casework.member())
    casework.region("11110")
    refused("other_district", casework.decide, draft, by=casework.member(), district="11110")


def test_who_entered_a_case_does_not_review_it() -> None:
    one = casework.member()
    draft = casework.drafted(by=one)
    draft.case.entered_by = one
    draft.case.save()
    refused("own_case", casework.decide, draft, by=one)


def test_inviter_and_invitee_are_no_pair() -> None:
    seniors = casework.member("senior"), casework.member("senior")
    invitee = casework.member(inviters=seniors)
    for inviter in seniors:
        draft = casework.drafted(by=invitee)
        casework.decide(draft, by=invitee)
        refused("invitation_pair", casework.decide, draft, by=inviter)


def test_a_tie_refuses_and_a_late_tie_voids() -> None:
    one, two, three = casework.member(), casework.member(), casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.declare_tie(by=one, kind="family", school=draft.school_id)
    refused("two_people", casework.decide, draft, by=two)
    casework.declare_tie(by=three, kind="lives", region=draft.school.region_id)
    refused("conflict", casework.decide, draft, by=three)
    assert not ImpactRecord.objects.exists()


def test_grade_e_is_never_public() -> None:
    one = casework.member()
    draft = casework.propose(casework.case(), by=one)
    assert draft.grade == "E"
    refused("grade_never_public", casework.decide, draft, by=one)


def test_one_press_outlet_is_not_two() -> None:
    one = casework.member()
    made = casework.case()
    casework.add_evidence(made, by=one, grade="C", kind="press")
    assert casework.propose(made, by=one).grade == "E"
    casework.add_evidence(made, by=one, grade="C", kind="press")
    assert casework.propose(made, by=one).grade == "C"


def test_first_verdict_is_unreadable_until_the_second() -> None:
    one, two = casework.member(), casework.member()
    for verdict in ("approve", "reject", "information"):
        draft = casework.drafted(by=one)
        assert casework.decide(draft, by=one, verdict=verdict).state == CaseState.SECOND
        assert not Decided.objects.filter(proposal=draft).exists()
        refused("verdict_running", casework.propose, draft.case, by=two)
        casework.decide(draft, by=two, verdict="reject")
        assert Decided.objects.filter(proposal=draft).count() == 2


def test_disagreement_goes_to_a_senior() -> None:
    one, two, senior = casework.member(), casework.member(), casework.member("senior")
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    assert casework.decide(draft, by=two, verdict="reject").state == CaseState.DISAGREED
    refused("senior_decides", casework.decide, draft, by=casework.member())
    assert casework.decide(draft, by=senior).state == CaseState.PUBLISHED


def test_a_decided_case_stays_decided() -> None:
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    refused("decided_meanwhile", casework.decide, draft, by=casework.member())
    with pytest.raises(Refused):
        publishing.publish(proposal=draft.pk)
    assert ImpactRecord.objects.count() == LogEntry.objects.count() == 1


def test_the_register_changed_in_between() -> None:
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    draft.school.version += 1
    draft.school.save()
    refused("school_changed", casework.decide, draft, by=two)


def test_a_small_school_is_shown_as_a_region_in_the_monthly_batch() -> None:
    small = casework.school(pupils=99)
    for _ in range(4):
        casework.school(pupils=None)
    record = ImpactRecord.objects.get(pk=casework.published(at=small))
    assert (record.school_id, record.region_id, record.published_at) == (None, "11680", None)
    assert not record.sources.exists(), "a source could name the school"
    assert not LogEntry.objects.exists(), "it waits for the monthly batch"
    next_month = record.changed_at + dt.timedelta(days=35)
    assert not ImpactRecord.objects.visible(at=next_month).exists()


def test_withdrawal_leaves_a_tombstone_without_the_allegation() -> None:
    at = casework.school()
    record = casework.published(at=at)
    again = casework.case(at)
    again.record = record
    again.save()
    one, two = casework.member(), casework.member()
    draft = casework.propose(again, by=one, kind="withdraw", reason="wrong_school")
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    tombstone = ImpactRecord.objects.get(pk=record)
    assert (tombstone.status, tombstone.reason, tombstone.version) == ("withdrawn", "wrong_school", 2)
    assert not tombstone.sources.exists()
    last = LogEntry.objects.last()
    assert last is not None
    assert (last.action, last.index) == ("withdrawn", 1)
    assert bytes(last.commitment) == hashlib.sha256(b'{"status":"withdrawn"}').digest()


def test_every_state_and_event_has_one_answer() -> None:
    seen = {(row.source, row.event) for row in transitions.TABLE}
    assert len(seen) == len(transitions.TABLE), "no event leads two ways"
    assert {row.target for row in transitions.TABLE} | {CaseState.OPEN} == set(CaseState)
    for state in transitions.CLOSED:
        with pytest.raises(transitions.NotAllowed):
            transitions.target(state, "approved")


def test_stale_page() -> None:
    one = casework.member()
    made = casework.case()
    casework.add_evidence(made, by=one)
    with pytest.raises(actions.Stale):
        actions.claim(case=made.pk, by=one, revision=made.revision)


def test_hash_differs_between_drafts() -> None:
    one = casework.member()
    hashes = {bytes(casework.drafted(by=one, at=casework.school()).hash) for _ in range(3)}
    assert len(hashes) == Proposal.objects.count() == 3
