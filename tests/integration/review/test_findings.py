"""The checklist says what the database would refuse, and what only a person can judge."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from geo.record.models import Brake, BrakeLimit, ImpactRecord
from geo.record.refusals import Refused
from moderation.intake import signatures
from moderation.review import actions, safeguards
from moderation.review.models import Case, Member, Proposal
from tests import casework

pytestmark = pytest.mark.django_db
TEXT = "가을에 우리 학교에서 있었던 일을 들은 대로 적어서 보냅니다. 여러 학생이 피해를 보았다고 합니다."


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@contextlib.contextmanager
def refused(code: str, sentence: str = "") -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
    assert sentence in str(caught.value)


def light(draft: Proposal, by: Member, code: str) -> tuple[str, str]:
    case = Case.objects.select_related("school__region").get(pk=draft.case_id)
    found = {finding.code: finding for finding in safeguards.findings(case=case, draft=draft, by=by)}
    return found[code].light, found[code].reason


def test_the_brake_is_green_red_or_unknown() -> None:
    one, two, senior = casework.member(), casework.member(), casework.member("senior")
    draft = casework.drafted(by=one)
    assert light(draft, one, "brake")[0] == "green"
    BrakeLimit.objects.update_or_create(
        level="district", defaults={"share": 1, "schools": 1000, "per_day": 0}
    )
    assert light(draft, one, "brake")[0] == "red"
    casework.decide(draft, by=one)
    with refused("brake"):
        casework.decide(draft, by=two)
    actions.release_brake(brake=Brake.objects.get().pk, amount=1, by=senior, passphrase=casework.PASSPHRASE)
    assert light(draft, one, "brake")[0] == "unknown"
    casework.decide(draft, by=two)
    other = casework.drafted(by=one)
    assert light(other, one, "brake")[0] == "red", "the release is used up"
    check = casework.propose(
        Case.objects.get(pk=reopened(draft, by=one)), by=one, kind="withdraw", reason="wrong_facts"
    )
    assert light(check, one, "brake")[0] == "green", "a withdrawal passes every brake"


def reopened(draft: Proposal, *, by: Member) -> Any:
    return actions.reopen(record=draft.record, by=by, passphrase=casework.PASSPHRASE).pk


def test_the_same_text_at_other_schools_is_told() -> None:
    one = casework.member()
    cases = [
        casework.case(signature=signatures.sign(f"{TEXT} {extra}"))
        for extra in ("", "꼭 올려 주세요.", "2반.", "")
    ]
    casework.case(
        signature=signatures.sign("전혀 다른 이야기를 아주 길게 적은 글이라서 닮은 곳이 하나도 없습니다.")
    )
    same = Case.objects.select_related("school").get(pk=cases[0].pk)
    casework.gathered(
        casework.submission(same.school, signature=signatures.sign(TEXT), month=dt.date(2026, 7, 1))
    )
    casework.add_evidence(same, by=one)
    draft = casework.propose(same, by=one)
    found, reason = light(draft, one, "text_elsewhere")
    assert found == "unknown" and "3" in reason, "three other schools; the other month of this one is none"
    alone = casework.drafted(by=one)
    assert light(alone, one, "text_elsewhere")[0] == "green"


def test_a_school_and_month_that_stand_already_are_refused_with_a_sentence() -> None:
    at = casework.school()
    record = casework.published(at=at)
    one = casework.member()
    again = casework.case(at)
    casework.add_evidence(again, by=one)
    with refused("record_exists", "ask for a check"):
        casework.propose(again, by=one)
    reopened = actions.reopen(record=record, by=one, passphrase=casework.PASSPHRASE)
    assert reopened.pk == again.pk, "what the sentence says can be done"


def test_a_correction_cannot_move_onto_another_record() -> None:
    at = casework.school()
    casework.published(at=at)
    one, two = casework.member(), casework.member()
    other = casework.case(at, month=dt.date(2026, 7, 1))
    casework.add_evidence(other, by=one)
    draft = casework.propose(other, by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    case = actions.reopen(record=draft.record, by=casework.member(), passphrase=casework.PASSPHRASE)
    casework.add_evidence(case, by=one)
    with refused("record_exists"):
        actions.propose(
            case=case.pk,
            kind="correct",
            month=casework.MONTH,
            reason="wrong_facts",
            by=one,
            passphrase=casework.PASSPHRASE,
            revision=casework.current(case).revision,
        )
    # a draft whose month was free when it was made
    moved = casework.propose(casework.current(case), by=one, kind="correct", reason="wrong_facts")
    third = casework.case(at, month=dt.date(2026, 6, 1))
    Proposal.objects.filter(pk=moved.pk).update(month=dt.date(2026, 6, 1))
    casework.add_evidence(third, by=one)
    taken = casework.propose(third, by=one)
    casework.decide(taken, by=one)
    casework.decide(taken, by=two)
    rehash(moved)
    moved.refresh_from_db()
    casework.decide(moved, by=one)
    with refused("record_exists"):
        casework.decide(moved, by=two)
    assert ImpactRecord.objects.count() == 3


def rehash(draft: Proposal) -> None:
    """As if the owner had proposed it so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE review_proposal p SET hash = sha256(convert_to(review_proposal_text(p), 'UTF8')) WHERE id = %s",
            [draft.pk],
        )


def test_two_seniors_who_invited_everybody() -> None:
    seniors = casework.member("senior"), casework.member("senior")
    one, two = (casework.member(inviters=seniors) for _ in range(2))
    draft = casework.drafted(by=one)
    assert light(draft, one, "people_left") == ("green", "4 people can give the next verdict.")
    casework.decide(draft, by=one)
    assert light(draft, one, "people_left") == ("green", "1 person can give the next verdict.")
    casework.decide(draft, by=two, verdict="reject")
    found, reason = light(draft, seniors[0], "people_left")
    assert found == "red" and "invite one more" in reason
    for senior in seniors:
        with refused("no_pair", "you can still reject"):
            casework.decide(draft, by=senior)
    third = casework.member("senior", inviters=seniors)  # what the sentence says can be done
    assert light(draft, seniors[0], "people_left")[0] == "green"
    assert casework.decide(draft, by=third).state == "published"


@pytest.mark.parametrize("end", ["reject", "information"])
def test_a_senior_who_is_no_pair_can_still_end_it(end: str) -> None:
    seniors = casework.member("senior"), casework.member("senior")
    one, two = (casework.member(inviters=seniors) for _ in range(2))
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two, verdict="reject")
    assert casework.decide(draft, by=seniors[0], verdict=end).state == "rejected"
    assert not ImpactRecord.objects.exists()


def test_nobody_left_is_told_before_the_first_verdict() -> None:
    one = casework.member()
    draft = casework.drafted(by=one)
    casework.declare_tie(by=one, kind="family", school=draft.school_id)
    found, reason = light(draft, one, "people_left")
    assert found == "red" and "can invite somebody" in reason


def test_a_case_about_another_record_keeps_its_place() -> None:
    at = casework.school()
    record = casework.published(at=at)
    running = casework.case(at)
    Case.objects.filter(pk=running.pk).update(record=uuid.uuid4())  # as the owner, who alone could
    with refused("case_running"):
        actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)


def test_a_place_that_no_longer_stands_for_the_school_is_not_published() -> None:
    """Five small schools made the district wide enough when the draft was made; then one of them closed."""
    at, other, *_ = [casework.school(pupils=50, district="11710") for _ in range(5)]
    for _ in range(5):  # so that there is still room in the province
        casework.school(pupils=50, district="11740")
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one, at=at)
    assert (draft.names_school, draft.region_id) == (False, "11710")
    casework.decide(draft, by=one)
    type(at).objects.filter(pk=other.pk).update(status="closed")
    with refused("school_changed"):
        casework.decide(draft, by=two)
    assert not ImpactRecord.objects.exists()
