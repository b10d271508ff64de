"""Two first-hand reporters are two, or grade D is none: other texts, networks and minutes (SAFEGUARDS B3, B4)."""

import datetime as dt
import random
import secrets

import pytest

from geo.record.refusals import Refused, call
from moderation.intake import actions as intake
from moderation.intake.models import Submission
from moderation.review import actions
from moderation.review.models import CaseSubmission
from tests import casework
from tests.reports import NEAR, NOON, ONE, OTHER, THIRD, gathered, groups, report


def graded(*reports):
    case = gathered(*reports, one_by_one=True)
    casework.add_evidence(case, by=casework.member(), grade="D")
    return case, call("review_grade", case.pk)


@pytest.mark.django_db
def test_two_independent_reporters_and_a_document_are_grade_d():
    at = casework.school()
    assert graded(report(at, ONE), report(at, OTHER, minute=1))[1] == "D"


@pytest.mark.django_db
@pytest.mark.parametrize("shared", ["text", "network", "minute", "hearsay", "unknown network", "withdrawn"])
def test_what_is_not_independent_is_no_grade_d(shared):
    at = casework.school()
    first = report(at, ONE)
    second = report(
        at,
        NEAR if shared == "text" else OTHER,
        minute=0 if shared == "minute" else 5,
        network=bytes(first.network) if shared == "network" else None,
        how_known="hearsay" if shared == "hearsay" else "friend",
    )
    if shared == "unknown network":
        Submission.objects.filter(pk=second.pk).update(network=None)
        second.refresh_from_db()
    case, grade = graded(first, second)
    if shared == "withdrawn":
        assert grade == "D"
        intake.withdraw(receipt=bytes(second.receipt_hash))
    assert call("review_grade", case.pk) == "E"


@pytest.mark.django_db
def test_a_flood_in_every_minute_takes_no_honest_pair_away():
    """The two share their minutes with copies, and a minute counts once; but not against both of them."""
    at = casework.school()
    flood = [report(at, ONE, minute=minute) for minute in range(10)]
    case, grade = graded(*flood, report(at, OTHER, minute=3), report(at, THIRD, minute=7))
    assert grade == "D"
    honest = groups(case)
    assert [row for row in honest if row[1] == "first"] == [(1, "first"), (2, "first"), (3, "first")]


@pytest.mark.django_db
def test_copies_alone_never_make_grade_d():
    at = casework.school()
    assert graded(*[report(at, ONE, minute=minute) for minute in range(30)])[1] == "E"


@pytest.mark.django_db
def test_a_split_makes_no_second_network_or_minute():
    at, network = casework.school(), secrets.token_bytes(16)
    reports = [report(at, ONE, network=network), report(at, OTHER, minute=4, network=network)]
    case, _ = graded(*reports)
    actions.split(
        case=case.pk,
        submissions=[reports[1].pk],
        by=casework.member(),
        revision=casework.current(case).revision,
    )
    assert [group for group, _ in groups(case)] == [1, 2]
    assert call("review_grade", case.pk) == "E"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(40))
def test_independence_is_the_existence_of_a_pair(seed):
    """`review_independent` counts; this asks every pair."""
    chance = random.Random(seed)
    case = casework.case()
    CaseSubmission.objects.all().delete()
    parts = []
    for _ in range(chance.randint(0, 7)):
        part = (chance.randint(1, 3), chance.randint(1, 3), chance.randint(1, 3))
        parts.append(part)
        made = casework.submission(case.school, received_at=NOON + dt.timedelta(minutes=part[2]))
        CaseSubmission.objects.create(
            case=case, submission=made, group=part[0], grouped_by="first", origin=part[1]
        )
    expected = any(all(a != b for a, b in zip(x, y, strict=True)) for x in parts for y in parts)
    assert call("review_independent", case.pk) is expected


@pytest.mark.django_db
def test_a_draft_of_grade_d_is_not_approved_once_its_reports_are_one():
    at, one = casework.school(), casework.member()
    case, grade = graded(report(at, ONE), report(at, OTHER, minute=1))
    assert grade == "D"
    draft = casework.propose(case, by=one)
    actions.join(case=case.pk, groups=[1, 2], by=one, revision=casework.current(case).revision)
    with pytest.raises(Refused) as refused:
        casework.decide(draft, by=one)
    assert refused.value.code == "evidence_changed"
