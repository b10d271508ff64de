"""One person hides at once, for at most 72 hours; two show again (SAFEGUARDS B5, B7). Time is moved by moving rows."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from geo.directory.models import School
from geo.record import publishing
from geo.record.models import ImpactRecord, LogEntry, RecordHide
from geo.record.refusals import Refused
from moderation.audit.models import AuditEvent
from moderation.review import actions
from moderation.review.models import Case, Hide, Member
from moderation.review.vocabulary import CaseKind
from tests import casework

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def hide(record: UUID, by: Member, *, hours: int = 72, reason: str = "identifying") -> dt.datetime:
    return actions.hide(record=record, reason=reason, hours=hours, by=by, passphrase=casework.PASSPHRASE)


def refused(record: UUID, by: Member, **changed: object) -> str:
    with pytest.raises(Refused) as caught:
        hide(record, by, **changed)  # type: ignore[arg-type]
    assert str(caught.value) != caught.value.code, "a refusal speaks in a sentence"
    return caught.value.code


def seen(record: UUID, *, at: dt.datetime | None = None) -> bool:
    return ImpactRecord.objects.visible(at=at or now()).filter(pk=record).exists()


def pass_time(record: UUID, hours: int) -> None:
    """As if the hides had been made `hours` earlier; only the owner can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_recordhide SET starts_at = starts_at - %s, ends_at = ends_at - %s WHERE record_id = %s",
            [hours * HOUR, hours * HOUR, record],
        )


def told(record: UUID) -> list[tuple[str, str, int]]:
    return list(LogEntry.objects.filter(record=record).values_list("action", "reason", "version"))


def show_again(record: UUID, *, among: tuple[Member, Member] | None = None) -> Case:
    one, two = among or (casework.member(), casework.member())
    case = Case.objects.get(record=record, decided_at=None)
    casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one, kind="restore", reason="checked")
    casework.decide(draft, by=one)
    return casework.decide(draft, by=two)


def snapshot_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'record.build_snapshot'")
        return int(cursor.fetchone()[0])


def test_one_person_is_enough() -> None:
    record, one = casework.published(), casework.member()
    jobs = snapshot_jobs()
    until = hide(record, one, hours=5)
    assert not seen(record)
    assert not seen(record, at=until - dt.timedelta(seconds=1))
    assert seen(record, at=until + dt.timedelta(seconds=1)), "it ends by itself"
    row = RecordHide.objects.get()
    assert (row.reason, row.ends_at - row.starts_at) == ("identifying", 5 * HOUR)
    assert (Hide.objects.get().member, Hide.objects.get().hide, Hide.objects.get().until) == (one, row, until)
    assert told(record) == [("published", "confirmed", 1), ("hidden", "identifying", 1)]
    event = AuditEvent.objects.get(action="hidden")
    assert (event.member, event.subject_id) == (one.pk, str(record))
    assert snapshot_jobs() == jobs + 1


def test_the_log_says_the_same_of_the_record_as_before() -> None:
    """Whoever kept the published salt can still check that nothing but the sight of it changed."""
    record = casework.published()
    hide(record, casework.member())
    first, second = LogEntry.objects.all()
    assert bytes(first.commitment) == bytes(second.commitment)


def test_the_public_rows_name_nobody() -> None:
    names = {field.name for field in RecordHide._meta.get_fields()}
    assert names == {"id", "record", "reason", "starts_at", "ends_at"}


def test_once_per_record_and_person() -> None:
    record, other, one = casework.published(), casework.published(at=casework.school()), casework.member()
    hide(record, one, hours=1)
    assert refused(record, one) == "hidden_before"
    pass_time(record, 2)
    assert refused(record, one) == "hidden_before", "not even after it ended"
    hide(other, one, hours=1)
    assert Hide.objects.count() == 2


def test_another_person_extends_once() -> None:
    record, one, two = casework.published(), casework.member(), casework.member()
    first = hide(record, one)
    assert refused(record, two, hours=71) == "hidden_longer"
    pass_time(record, 70)
    second = hide(record, two)
    assert second - (first - 70 * HOUR) == pytest.approx(70 * HOUR, abs=dt.timedelta(minutes=1))
    assert not seen(record, at=second - HOUR)
    assert seen(record, at=second + HOUR)
    assert refused(record, two) == "hidden_before"
    assert [row[0] for row in told(record)] == ["published", "hidden", "hidden"]


@pytest.mark.parametrize("hours", [0, 73, -1])
def test_length(hours: int) -> None:
    assert refused(casework.published(), casework.member(), hours=hours) == "hide_length"


@pytest.mark.parametrize("reason", ["", "confirmed", "lapsed", "ended", "checked", "because of X"])
def test_reasons_are_codes(reason: str) -> None:
    assert refused(casework.published(), casework.member(), reason=reason) == "unknown_reason"


@pytest.mark.parametrize("role", ["registrar", "auditor"])
def test_other_roles_do_not_hide(role: str) -> None:
    assert refused(casework.published(), casework.member(role)) == "wrong_role"


def test_a_wrong_passphrase_hides_nothing() -> None:
    record = casework.published()
    with pytest.raises(Refused, match=r".") as caught:
        actions.hide(record=record, reason="checking", hours=1, by=casework.member(), passphrase="a" * 20)
    assert caught.value.code == "wrong_passphrase"
    assert seen(record)
    assert not RecordHide.objects.exists()


@pytest.mark.parametrize("tie", ["school", "district", "province"])
def test_a_tie_hides_nothing(tie: str) -> None:
    at, one = casework.school(), casework.member()
    record = casework.published(at=at)
    place = {"school": {"school": at.pk}, "district": {"region": "11680"}, "province": {"region": "11"}}[tie]
    casework.declare_tie(by=one, kind="family", **place)
    assert refused(record, one) == "conflict"


def test_a_tie_to_a_school_that_readers_do_not_see() -> None:
    small, one = casework.school(pupils=50), casework.member()
    for _ in range(5):
        casework.school(pupils=50)
    record = casework.published(at=small)
    assert refused(record, casework.member()) == "no_record", "it waits for its batch: nothing to hide"
    ImpactRecord.objects.filter(pk=record).update(changed_at=now() - dt.timedelta(days=40))
    assert publishing.release(now=now() - dt.timedelta(seconds=1)) == 1
    casework.declare_tie(by=one, kind="studied", school=small.pk)
    assert refused(record, one) == "conflict"
    hide(record, casework.member())
    assert not seen(record)


def test_there_is_nothing_to_hide() -> None:
    one = casework.member()
    assert refused(uuid4(), one) == "no_record"
    record = casework.published()
    ImpactRecord.objects.filter(pk=record).update(review_due=now().date() - dt.timedelta(days=1))
    assert refused(record, one) == "no_record", "it has lapsed"


class TestTheEnd:
    def test_the_worker_writes_it_once(self) -> None:
        record = casework.published()
        hide(record, casework.member(), hours=3)
        assert publishing.keep_time() == 0, "not before the end"
        pass_time(record, 4)
        jobs = snapshot_jobs()
        assert publishing.keep_time() == 1
        assert publishing.keep_time() == 0
        assert seen(record)
        assert told(record)[-1] == ("restored", "ended", 1)
        assert snapshot_jobs() == jobs + 1
        assert AuditEvent.objects.get(action="hide_ended").subject_id == str(record)

    def test_not_while_another_hide_runs(self) -> None:
        record = casework.published()
        hide(record, casework.member(), hours=3)
        hide(record, casework.member(), hours=72)
        pass_time(record, 4)
        assert publishing.keep_time() == 0
        pass_time(record, 70)
        assert publishing.keep_time() == 1

    def test_not_for_what_was_withdrawn_meanwhile(self) -> None:
        record, one, two = casework.published(), casework.member(), casework.member()
        hide(record, casework.member(), hours=3)
        draft = casework.propose(
            Case.objects.get(record=record, decided_at=None), by=one, kind="withdraw", reason="identifying"
        )
        casework.decide(draft, by=one)
        casework.decide(draft, by=two)
        pass_time(record, 4)
        assert publishing.keep_time() == 0
        assert told(record)[-1] == ("withdrawn", "identifying", 2)

    def test_a_correction_meanwhile_ends_nothing(self) -> None:
        record, one, two = casework.published(), casework.member(), casework.member()
        hide(record, casework.member(), hours=3)
        case = Case.objects.get(record=record, decided_at=None)
        casework.add_evidence(case, by=one)
        draft = casework.propose(case, by=one, kind="correct", reason="wrong_facts")
        casework.decide(draft, by=one)
        casework.decide(draft, by=two)
        assert not seen(record)
        pass_time(record, 4)
        publishing.keep_time()
        assert [row[0] for row in told(record)] == ["published", "hidden", "corrected", "restored"]
        assert told(record)[-1] == ("restored", "ended", 2)


class TestShowingAgain:
    def test_two_others_end_it_at_once(self) -> None:
        record, one = casework.published(), casework.member()
        hide(record, one)
        case = Case.objects.get(record=record, decided_at=None)
        assert (case.kind, case.entered_by) == (CaseKind.CHECK, one)
        show_again(record)
        assert seen(record, at=now() + dt.timedelta(seconds=1))
        assert told(record)[-1] == ("restored", "checked", 2)
        assert publishing.keep_time() == 0, "said already"
        assert Hide.objects.get().until > RecordHide.objects.get().ends_at, (
            "what was asked for stays on record"
        )

    @pytest.mark.parametrize("which", [0, 1])
    def test_who_hid_does_not_decide(self, which: int) -> None:
        record, one, other = casework.published(), casework.member(), casework.member()
        hide(record, one)
        pair = (one, other) if which == 0 else (other, one)
        with pytest.raises(Refused) as caught, transaction.atomic():
            show_again(record, among=pair)
        assert caught.value.code == "own_case"
        assert not seen(record)

    def test_one_approval_shows_nothing(self) -> None:
        record, one = casework.published(), casework.member()
        hide(record, casework.member())
        case = Case.objects.get(record=record, decided_at=None)
        casework.add_evidence(case, by=one)
        draft = casework.propose(case, by=one, kind="restore", reason="checked")
        casework.decide(draft, by=one)
        with pytest.raises(Refused):
            publishing.publish(proposal=draft.pk)
        assert not seen(record)


class TestReopen:
    def reopen(self, record: UUID, by: Member) -> Case:
        return actions.reopen(record=record, by=by, passphrase=casework.PASSPHRASE)

    def test_a_case_that_who_opens_it_does_not_decide(self) -> None:
        record, one = casework.published(), casework.member()
        case = self.reopen(record, one)
        assert (case.record, case.entered_by, case.kind) == (record, one, CaseKind.CHECK)
        assert self.reopen(record, casework.member()) == case, "one open case about one record"

    def test_the_open_report_of_that_month_becomes_the_case(self) -> None:
        at = casework.school()
        record = casework.published(at=at)
        new = casework.case(at)
        assert self.reopen(record, casework.member()) == new
        assert casework.current(new).record == record

    def test_refusals(self) -> None:
        at, one = casework.school(), casework.member()
        record = casework.published(at=at)
        casework.declare_tie(by=one, kind="worked", school=at.pk)
        for who, subject, code in (
            (one, record, "conflict"),
            (casework.member(), uuid4(), "no_record"),
            (casework.member("auditor"), record, "wrong_role"),
        ):
            with pytest.raises(Refused) as caught:
                self.reopen(subject, who)
            assert caught.value.code == code


def test_the_same_school_and_month_is_not_published_twice() -> None:
    at = casework.school()
    casework.published(at=at)
    with pytest.raises(Refused) as caught:
        casework.drafted(by=casework.member(), at=at)
    assert caught.value.code == "record_exists"
    assert ImpactRecord.objects.count() == 1
    assert School.objects.filter(records__isnull=False).count() == 1
