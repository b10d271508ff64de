"""Checks fall due, with notice before, and a lapse hides (SAFEGUARDS B9). Time is moved by moving rows."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection

from geo.directory.models import School
from geo.record import publishing
from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import Refused
from moderation.audit.models import AuditEvent
from moderation.review import actions
from moderation.review.models import Case, Proposal
from moderation.review.vocabulary import CaseKind, CaseState
from tests import casework

pytestmark = pytest.mark.django_db


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def published(grade: str = "A", at: School | None = None) -> UUID:
    at = at or casework.school()
    one, two = casework.member(), casework.member()
    draft = graded_d(at, one) if grade == "D" else casework.drafted(by=one, at=at)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    return draft.record


def graded_d(at: School, one: object) -> Proposal:
    """Two first-hand reporters of two networks, hours apart, and a document that a reviewer saw."""
    early = dt.datetime.now(dt.UTC) - dt.timedelta(hours=5)
    case = casework.case(at, network=b"n" * 16, received_at=early)
    casework.case(at, network=b"m" * 16, how_known="witness")
    actions.add_evidence(
        case=case.pk,
        grade="D",
        publisher=None,
        article="",
        names_nobody=True,
        by=one,  # type: ignore[arg-type]
        revision=casework.current(case).revision,
    )
    casework.told_long_ago(case, by=one)  # type: ignore[arg-type]
    return casework.propose(case, by=one)  # type: ignore[arg-type]


def due(record: UUID) -> int:
    """Days from today."""
    found = ImpactRecord.objects.get(pk=record).review_due
    assert found is not None
    return (found - today()).days


def set_due(record: UUID, days: int) -> None:
    ImpactRecord.objects.filter(pk=record).update(review_due=today() + dt.timedelta(days=days))


def seen(record: UUID) -> bool:
    return ImpactRecord.objects.visible(at=dt.datetime.now(dt.UTC)).filter(pk=record).exists()


def check(record: UUID) -> Case:
    return Case.objects.get(record=record, kind=CaseKind.CHECK, decided_at=None)


def decide(draft: Proposal, verdict: str = "approve") -> Case:
    one, two = casework.member(), casework.member()
    casework.decide(draft, by=one, verdict=verdict)
    return casework.decide(draft, by=two, verdict=verdict)


def told(record: UUID) -> list[tuple[str, str]]:
    return list(LogEntry.objects.filter(record=record).values_list("action", "reason"))


@pytest.mark.parametrize(("grade", "days"), [("A", 365), ("D", 90)])
def test_periods(grade: str, days: int) -> None:
    record = published(grade)
    assert ImpactRecord.objects.get(pk=record).grade == grade
    assert due(record) == days


def test_a_session_does_not_set_the_day() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Pacific/Kiritimati'")
        cursor.execute("SELECT record_due('A', true) - (now() AT TIME ZONE 'UTC')::date")
        assert cursor.fetchone() == (365,)


def test_a_small_school_lapses_with_its_batch() -> None:
    """A year after the decision's day, to the day, would tell that day."""
    for _ in range(5):
        casework.school(pupils=40)
    record = published(at=casework.school(pupils=40))
    last = ImpactRecord.objects.get(pk=record).review_due
    assert last is not None
    assert (last - dt.timedelta(days=365)).day == 1


class TestNotice:
    def test_fourteen_days_before(self) -> None:
        record = published()
        set_due(record, 15)
        assert actions.open_checks() == 0
        set_due(record, 14)
        assert actions.open_checks() == 1
        case = check(record)
        assert (case.state, case.entered_by, case.record) == (CaseState.OPEN, None, record)
        assert AuditEvent.objects.get(action="opened", subject_id=str(case.pk)).member is None
        assert seen(record), "notice hides nothing"

    def test_once_per_period(self) -> None:
        record = published()
        set_due(record, 10)
        assert [actions.open_checks(), actions.open_checks()] == [1, 0]
        one = casework.member()
        case = check(record)
        casework.add_evidence(case, by=one)
        decide(casework.propose(case, by=one, kind="restore", reason="checked"), "reject")
        assert actions.open_checks() == 0, "two people said no: it lapses"
        set_due(record, 365)
        Case.objects.filter(record=record).update(opened_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
        set_due(record, 3)
        assert actions.open_checks() == 1, "the next period has a notice of its own"

    def test_not_while_a_case_about_it_is_open(self) -> None:
        record = published()
        actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
        set_due(record, 3)
        assert actions.open_checks() == 0

    def test_not_for_tombstones(self) -> None:
        record = published()
        case = actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
        decide(casework.propose(case, by=casework.member(), kind="withdraw", reason="resolved"))
        assert ImpactRecord.objects.get(pk=record).review_due is None
        assert actions.open_checks() == 0


class TestLapse:
    def test_it_is_seen_through_its_last_day(self) -> None:
        record = published()
        set_due(record, 0)
        assert seen(record)
        assert publishing.keep_time() == 0
        set_due(record, -1)
        assert not seen(record)

    def test_the_worker_writes_it_once(self) -> None:
        record = published()
        set_due(record, -1)
        assert [publishing.keep_time(), publishing.keep_time()] == [1, 0]
        assert told(record) == [("published", "confirmed"), ("hidden", "lapsed")]
        assert AuditEvent.objects.get(action="lapsed").subject_id == str(record)

    def test_while_it_is_hidden_anyway(self) -> None:
        record = published()
        actions.hide(
            record=record, reason="checking", hours=72, by=casework.member(), passphrase=casework.PASSPHRASE
        )
        set_due(record, -1)
        assert publishing.keep_time() == 1
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE record_recordhide SET starts_at = starts_at - interval '4 days',"
                " ends_at = ends_at - interval '4 days'"
            )
        assert publishing.keep_time() == 0, "the hide is over and the lapse is not: nothing is shown again"
        assert told(record)[1:] == [("hidden", "checking"), ("hidden", "lapsed")]

    def test_not_before_its_batch(self) -> None:
        for _ in range(5):
            casework.school(pupils=40)
        record = published(at=casework.school(pupils=40))
        set_due(record, -1)
        assert publishing.keep_time() == 0
        assert actions.open_checks() == 0
        assert not LogEntry.objects.exists(), "the log would tell that there is something"


class TestCheck:
    def test_two_approvals_start_a_new_period(self) -> None:
        record = published()
        set_due(record, -3)
        publishing.keep_time()
        actions.open_checks()
        one, case = casework.member(), check(record)
        with pytest.raises(Refused) as caught:
            decide(casework.propose(case, by=one, kind="restore", reason="checked"))
        assert caught.value.code == "grade_never_public", "the sources are looked at again, not remembered"
        casework.add_evidence(case, by=one)
        assert (
            decide(casework.propose(case, by=one, kind="restore", reason="checked")).state
            == CaseState.PUBLISHED
        )
        assert due(record) == 365
        assert seen(record)
        assert told(record)[-1] == ("restored", "checked")
        assert publishing.keep_time() == 0

    def test_grade_d_keeps_its_reporters(self) -> None:
        record = published("D")
        set_due(record, 5)
        actions.open_checks()
        one, case = casework.member(), check(record)
        actions.add_evidence(
            case=case.pk,
            grade="D",
            publisher=None,
            article="",
            names_nobody=True,
            by=one,
            revision=casework.current(case).revision,
        )
        draft = casework.propose(case, by=one, kind="restore", reason="checked")
        assert draft.grade == "D"
        decide(draft)
        assert due(record) == 90

    def test_a_correction_makes_no_period_longer(self) -> None:
        record = published()
        set_due(record, 20)
        one = casework.member()
        case = actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
        casework.add_evidence(case, by=one)
        decide(casework.propose(case, by=one, kind="correct", reason="wrong_facts"))
        assert due(record) == 20

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("restore", "confirmed"),
            ("restore", "ended"),
            ("withdraw", "checked"),
            ("withdraw", "lapsed"),
            ("correct", "confirmed"),
            ("correct", 'x","y":"'),
        ],
    )
    def test_reasons_fit_what_is_done(self, kind: str, reason: str) -> None:
        record = published()
        case = actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
        with pytest.raises(Refused) as caught:
            casework.propose(case, by=casework.member(), kind=kind, reason=reason)
        assert caught.value.code == "unknown_reason"
