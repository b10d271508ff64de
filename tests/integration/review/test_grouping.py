"""Which reports count as one: reasons, merging, reviewers' splits, floods, and what is forgotten at the decision."""

import datetime as dt
import secrets

import pytest

from geo.record.models import ImpactRecord
from geo.record.refusals import Refused, call
from moderation.audit.models import AuditEvent
from moderation.intake import actions as intake
from moderation.intake import signatures
from moderation.intake.models import Submission, SubmissionProgress
from moderation.review import actions, grouping
from moderation.review.models import Case, GroupMark
from moderation.review.vocabulary import GroupedBy
from tests import casework
from tests.reports import NEAR, NOON, ONE, OTHER, THIRD, gathered, groups, report


@pytest.mark.django_db
@pytest.mark.parametrize("one_by_one", [True, False])
def test_different_people_are_different_groups(one_by_one):
    at = casework.school()
    case = gathered(
        report(at, ONE), report(at, OTHER, minute=1), report(at, THIRD, minute=2), one_by_one=one_by_one
    )
    assert groups(case) == [(1, "first"), (2, "first"), (3, "first")]
    assert list(case.gathered.order_by("pk").values_list("origin", flat=True)) == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (ONE, ONE, "text"),
        (ONE, NEAR, "text"),
        ("피해 있음", "피해있음!", "text"),
        (OTHER + " https://www.example.org/a/1?x=1", THIRD + " example.org/a/1/", "link"),
        ("", "", "minute"),
    ],
)
def test_what_is_shared_counts_once(one_by_one, first, second, reason):
    at = casework.school()
    case = gathered(
        report(at, first), report(at, second, minute=0 if reason == "minute" else 3), one_by_one=one_by_one
    )
    assert groups(case) == [(1, "first"), (1, reason)]


@pytest.mark.django_db
def test_a_text_with_some_words_changed_is_near_identical():
    edited = (ONE + OTHER).replace("직접 보았습니다", "친구와 확인했습니다").replace("교무실", "상담실")
    assert signatures.likeness(signatures.sign(ONE + OTHER), signatures.sign(edited)) < 1
    at = casework.school()
    case = gathered(report(at, ONE + OTHER), report(at, edited, minute=1), one_by_one=True)
    assert groups(case) == [(1, "first"), (1, "text")]


@pytest.mark.django_db
def test_a_common_beginning_makes_no_near_identical_texts():
    """About a quarter of their runs is common: some share a band, and none is alike."""
    opening = "우리 학교에서 일어난 일을 알립니다. 학생들이 걱정하고 있습니다. "
    own = [
        "체육관 뒤에서 여러 명이 휴대전화를 돌려 보며 웃는 것을 지나가다 보고 말았습니다",
        "학부모 모임에서 교감이 경찰 조사가 시작되었다는 설명을 길게 하고 돌아갔습니다",
        "동아리 단체방 링크를 누르자 합성한 얼굴들이 나와서 곧바로 닫고 신고하였습니다",
        "보건 수업이 취소되고 전문 상담사가 교실마다 돌면서 예방 안내를 나누어 주었습니다",
        "등굣길에 기자들이 서 있었고 담임은 아무 말도 하지 말라고만 여러 번 당부하였습니다",
        "동생이 밤새 잠을 못 자기에 물어보니 졸업앨범 사진이 쓰였다고 털어놓았습니다",
    ]
    at = casework.school()
    case = gathered(*[report(at, opening + t, minute=n) for n, t in enumerate(own)], one_by_one=False)
    assert [reason for _, reason in groups(case)] == ["first"] * 6


@pytest.mark.django_db
def test_one_network_of_one_day_counts_once():
    at, network = casework.school(), secrets.token_bytes(16)
    case = gathered(
        report(at, ONE, network=network), report(at, OTHER, minute=9, network=network), one_by_one=True
    )
    assert groups(case) == [(1, "first"), (1, "network")]
    assert set(case.gathered.values_list("origin", flat=True)) == {1}


@pytest.mark.django_db
def test_short_different_texts_and_different_minutes_stay_apart():
    at = casework.school()
    reports = [
        report(at, "피해 있음"),
        report(at, "친구가 당함"),
        report(at, "", minute=1),
        report(at, "", minute=2),
    ]
    assert groups(gathered(*reports, one_by_one=True)) == [
        (1, "first"),
        (2, "first"),
        (3, "first"),
        (4, "first"),
    ]


@pytest.mark.django_db
def test_a_report_that_connects_two_groups_makes_them_one():
    at, network = casework.school(), secrets.token_bytes(16)
    case = gathered(
        report(at, ONE),
        report(at, OTHER, minute=1, network=network),
        report(at, NEAR, minute=2, network=network),
        one_by_one=False,
    )
    assert [group for group, _ in groups(case)] == [1, 1, 1]


@pytest.mark.django_db
def test_the_minute_connects_no_groups():
    at, network = casework.school(), secrets.token_bytes(16)
    case = gathered(
        report(at, ""), report(at, ONE, network=network), report(at, "", network=network), one_by_one=True
    )
    assert groups(case) == [(1, "first"), (2, "first"), (2, "network")]


@pytest.mark.django_db
def test_other_schools_and_months_are_other_cases():
    one, other = casework.school(), casework.school()
    report(one, ONE), report(other, ONE)
    casework.submission(one, month=dt.date(2026, 7, 1), signature=signatures.sign(ONE))
    actions.gather_inbox()
    assert Case.objects.count() == 3
    assert {group for group, _ in groups()} == {1}


# --- reviewers ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_split_and_join_are_audited_and_kept():
    at, by = casework.school(), casework.member()
    reports = [report(at, ONE), report(at, NEAR, minute=1), report(at, OTHER, minute=2)]
    case = gathered(*reports, one_by_one=True)
    assert [group for group, _ in groups(case)] == [1, 1, 2]
    assert (
        actions.split(
            case=case.pk, submissions=[reports[1].pk], by=by, revision=casework.current(case).revision
        )
        == 3
    )
    assert groups(case) == [(1, "first"), (3, "split"), (2, "first")]
    assert actions.join(case=case.pk, groups=[2, 3], by=by, revision=casework.current(case).revision) == 2
    assert groups(case) == [(1, "first"), (2, "joined"), (2, "first")]
    told = AuditEvent.objects.filter(subject_id=str(case.pk), member=by.pk).order_by("id")
    assert [(e.action, e.detail) for e in told] == [
        ("split", {"group": 3, "submissions": [str(reports[1].pk)]}),
        ("joined", {"groups": [2, 3]}),
    ]
    # a later copy connects what the reviewer parted; the reviewer is not overruled
    casework.gathered(report(at, ONE, minute=9, network=bytes(reports[2].network)))
    assert [group for group, _ in groups(case)] == [1, 2, 2, 1]


@pytest.mark.django_db
def test_who_may_not_split_or_join():
    at = casework.school()
    case = gathered(report(at, ONE), report(at, OTHER, minute=1), one_by_one=True)
    other = casework.case()
    foreign = other.gathered.get().submission_id
    revision = casework.current(case).revision
    auditor, by = casework.member("auditor"), casework.member()
    own = list(case.gathered.values_list("submission_id", flat=True))[:1]
    for person, arguments in ((auditor, own), (by, [foreign]), (by, [])):
        with pytest.raises(Refused):
            actions.split(case=case.pk, submissions=arguments, by=person, revision=revision)
    for person, numbers in ((auditor, [1, 2]), (by, [1]), (by, [1, 7]), (by, [])):
        with pytest.raises(Refused):
            actions.join(case=case.pk, groups=numbers, by=person, revision=revision)
    with pytest.raises(actions.Stale):
        actions.join(case=case.pk, groups=[1, 2], by=by, revision=revision - 1)
    tied = casework.member()
    casework.declare_tie(by=tied, kind="worked", school=at.pk)
    with pytest.raises(Refused):
        actions.join(case=case.pk, groups=[1, 2], by=tied, revision=revision)
    assert [group for group, _ in groups(case)] == [1, 2]


# --- what is forgotten -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_signatures_and_marks_go_at_the_decision_and_groups_stay():
    at, one, two = casework.school(), casework.member(), casework.member()
    case = gathered(report(at, ONE), report(at, NEAR, minute=1), one_by_one=True)
    open_one = gathered(report(casework.school(), ONE), one_by_one=True)
    casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one)
    casework.decide(draft, by=one)
    assert Submission.objects.filter(signature=None).count() == 0
    casework.decide(draft, by=two)
    kept = Submission.objects.filter(signature__isnull=False)
    assert [s.pk for s in kept] == [open_one.gathered.get().submission_id]
    assert not Submission.objects.filter(school=at, network__isnull=False).exists()
    assert set(GroupMark.objects.values_list("case", flat=True)) == {open_one.pk}
    assert groups(case) == [(1, "first"), (1, "text")]


@pytest.mark.django_db
def test_nothing_of_an_open_case_is_forgotten():
    case = gathered(report(casework.school(), ONE), one_by_one=True)
    call("review_forget", case.pk)
    assert GroupMark.objects.filter(case=case).count() == 17
    assert Submission.objects.get().signature is not None


@pytest.mark.django_db
def test_withdrawing_and_sending_again_makes_no_second_origin():
    at, network = casework.school(), secrets.token_bytes(16)
    first, copy = report(at, ONE, network=network), report(at, NEAR, minute=1, network=network)
    case = gathered(first, copy, one_by_one=True)
    intake.withdraw(receipt=bytes(first.receipt_hash))
    assert not GroupMark.objects.filter(submission=first).exists()
    assert GroupMark.objects.filter(submission=copy, kind="network").count() == 1
    casework.gathered(report(at, NEAR, minute=2))
    casework.gathered(report(at, THIRD, minute=3, network=network))
    assert [group for group, _ in groups(case)] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_withdrawing_leaves_nothing_derived_from_the_text():
    case = gathered(lone := report(casework.school(), ONE), one_by_one=True)
    intake.withdraw(receipt=bytes(lone.receipt_hash))
    lone.refresh_from_db()
    assert (lone.signature, lone.links, lone.network, lone.sealed_text) == (None, None, None, None)
    assert not GroupMark.objects.filter(case=case).exists()


@pytest.mark.django_db
def test_what_was_withdrawn_before_anybody_saw_it_opens_no_case():
    lone = report(casework.school(), ONE)
    intake.withdraw(receipt=bytes(lone.receipt_hash))
    assert actions.gather_inbox() == 0
    assert not Case.objects.exists()


# --- the flood ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_ten_thousand_coordinated_reports_are_one_item_and_an_honest_one_is_still_seen():
    at = casework.school()
    copies = [signatures.sign(f"{ONE} {OTHER} {number}") for number in range(40)]
    hour = [NOON + dt.timedelta(seconds=number * 0.36) for number in range(10_000)]
    Submission.objects.bulk_create(
        Submission(
            school=at,
            kind="pupils",
            month=casework.MONTH,
            how_known="victim",
            receipt_hash=secrets.token_bytes(32),
            language="ko",
            network=secrets.token_bytes(16),
            signature=copies[number % 40],
            received_at=moment,
        )
        for number, moment in enumerate(hour)
    )
    honest = report(at, THIRD, minute=30)
    before = ImpactRecord.objects.count(), call("review_conflicted", casework.member().pk, at.pk)
    while actions.gather_inbox():
        pass
    case = Case.objects.get()
    assert case.gathered.count() == 10_001
    assert case.gathered.values("group").distinct().count() == 2
    mine = case.gathered.get(submission=honest)
    assert (mine.grouped_by, case.gathered.filter(group=mine.group).count()) == (GroupedBy.FIRST, 1)
    assert (ImpactRecord.objects.count(), False) == before
    assert SubmissionProgress.objects.filter(code="published").count() == 0
    assert case.state == "open"
    assert case.revision == 1, "what a reviewer is typing is not made stale"


@pytest.mark.django_db
def test_the_cost_of_a_batch_does_not_grow_with_the_case(django_assert_max_num_queries):
    at = casework.school()
    for _ in range(2):
        for number in range(200):
            report(at, f"{THIRD} {secrets.token_hex(40)}", minute=number)
        with django_assert_max_num_queries(24):
            actions.gather_inbox()


def test_marks_of_a_report_without_anything():
    assert grouping.marks_of(Submission(received_at=NOON)) == [("minute", b"%d" % (NOON.timestamp() // 60))]
