"""A jump in a region waits for a third person (SAFEGUARDS B8)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection

from geo.directory.models import School
from geo.record import publishing
from geo.record.models import Brake, BrakeLimit, ImpactRecord, LogEntry
from geo.record.refusals import Refused, call
from geo.record.snapshot.load import load
from moderation.audit.models import AuditEvent
from moderation.review import actions
from moderation.review.models import BrakeRelease, Member, Proposal
from moderation.review.vocabulary import CaseState
from tests import casework

pytestmark = pytest.mark.django_db
DISTRICT, PROVINCE = "11680", "11"


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    """Small numbers: two a day in a district, and of its schools a tenth but at least three."""
    BrakeLimit.objects.filter(level="district").update(share="0.100", schools=3, per_day=2)
    yield


def limit(level: str = "district", **values: object) -> None:
    BrakeLimit.objects.filter(level=level).update(**values)


def publish(at: School | None = None) -> None:
    casework.published(at=at or casework.school())


def waiting(at: School | None = None) -> tuple[Proposal, Member]:
    """A draft with one approval, and the person who would give the second."""
    one = casework.member()
    draft = casework.drafted(by=one, at=at or casework.school())
    casework.decide(draft, by=one)
    return draft, casework.member()


def braked(draft: Proposal, by: Member) -> None:
    before = ImpactRecord.objects.count(), LogEntry.objects.count()
    with pytest.raises(Refused) as caught:
        casework.decide(draft, by=by)
    assert caught.value.code == "brake"
    assert (ImpactRecord.objects.count(), LogEntry.objects.count()) == before
    assert casework.current(draft.case).state == CaseState.SECOND, "the verdict is not given either"


def release(by: Member, *, amount: int = 1, brake: Brake | None = None) -> None:
    brake = brake or Brake.objects.get(ended_at=None)
    actions.release_brake(brake=brake.pk, amount=amount, by=by, passphrase=casework.PASSPHRASE)


def pass_hours(hours: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE review_approval SET at = at - make_interval(hours => %s)", [hours])
        cursor.execute(
            "UPDATE review_brakerelease SET ends_at = ends_at - make_interval(hours => %s)", [hours]
        )


def test_shipped_limits() -> None:
    """They are data: this is what the migration laid down, but for what this module changed."""
    province = BrakeLimit.objects.get(level="province")
    assert (float(province.share), province.schools, province.per_day) == (0.1, 40, 40)


class TestTheDay:
    def test_the_third_waits_and_stands_in_the_queue(self) -> None:
        publish()
        publish()
        draft, two = waiting()
        braked(draft, two)
        brake = Brake.objects.get()
        assert (brake.region_id, brake.kind, brake.shown, brake.ended_at) == (DISTRICT, "day", True, None)
        event = AuditEvent.objects.get(action="braked")
        assert event.detail == {"region": DISTRICT, "kind": "day"}
        braked(draft, two)
        assert Brake.objects.count() == 1, "one row, however often somebody tries"

    def test_another_district_goes_on(self) -> None:
        publish()
        publish()
        casework.region("11110")
        publish(casework.school(district="11110"))
        assert ImpactRecord.objects.count() == 3

    def test_a_day_later_it_is_over(self) -> None:
        publish()
        publish()
        draft, two = waiting()
        braked(draft, two)
        pass_hours(25)
        assert publishing.keep_time() == 1
        assert Brake.objects.get().ended_at is not None
        assert casework.decide(draft, by=two).state == CaseState.PUBLISHED

    def test_the_province_counts_its_districts(self) -> None:
        limit("province", per_day=2)
        for code in ("11110", "11140"):
            casework.region(code)
            publish(casework.school(district=code))
        draft, two = waiting()
        braked(draft, two)
        assert Brake.objects.get().region_id == PROVINCE

    def test_a_withdrawn_one_still_counts_for_its_day(self) -> None:
        at = casework.school()
        publish(at)
        publish()
        case = casework.case(casework.school())
        case.record, case.school = at.records.get().pk, at
        case.save()
        one, two = casework.member(), casework.member()
        draft = casework.propose(case, by=one, kind="withdraw", reason="wrong_school")
        casework.decide(draft, by=one)
        casework.decide(draft, by=two)
        braked(*waiting())

    def test_withdrawals_and_checks_are_never_braked(self) -> None:
        limit(per_day=1)
        at = casework.school()
        record = casework.published(at=at)
        for kind, reason, status in (
            ("restore", "checked", "confirmed"),
            ("withdraw", "resolved", "withdrawn"),
        ):
            one, two = casework.member(), casework.member()
            case = actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
            casework.add_evidence(case, by=one)
            draft = casework.propose(case, by=one, kind=kind, reason=reason)
            casework.decide(draft, by=one)
            casework.decide(draft, by=two)
            assert ImpactRecord.objects.get(pk=record).status == status


class TestTheShare:
    @pytest.fixture(autouse=True)
    def many_a_day(self) -> None:
        limit(per_day=1000)

    def test_below_the_smallest_number_nothing_stops(self) -> None:
        for _ in range(3):
            publish()
        braked(*waiting())
        assert Brake.objects.get().kind == "share"

    def test_a_tenth_of_many_schools(self) -> None:
        limit(schools=1)
        for _ in range(16):
            casework.school()
        for _ in range(2):
            publish()  # 18 schools in the end: a tenth is one
            if ImpactRecord.objects.count() == 1:
                casework.school()
                casework.school()  # now 19, and with the next one 20: a tenth is two
        braked(*waiting())
        assert ImpactRecord.objects.count() == 2

    def test_a_school_that_is_confirmed_counts_once(self) -> None:
        at = casework.school()
        for month in (dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 8, 1)):
            one, two = casework.member(), casework.member()
            case = casework.case(at, month=month)
            casework.add_evidence(case, by=one)
            draft = casework.propose(case, by=one)
            casework.decide(draft, by=one)
            casework.decide(draft, by=two)
        assert ImpactRecord.objects.count() == 4

    def test_small_schools_count_and_their_day_is_not_told(self) -> None:
        for _ in range(8):
            casework.school(pupils=40)
        for _ in range(3):
            publish(casework.school(pupils=40))
        assert not ImpactRecord.objects.exclude(school=None).exists()
        braked(*waiting(casework.school(pupils=40)))
        assert Brake.objects.get().shown is False
        braked(*waiting())
        assert Brake.objects.get().shown is True, "a named school's may be told"

    def test_a_level_without_a_row_has_no_brake(self) -> None:
        BrakeLimit.objects.all().delete()
        for _ in range(5):
            publish()
        assert not Brake.objects.exists()


class TestRelease:
    @pytest.fixture
    def stopped(self) -> tuple[Proposal, Member]:
        limit(schools=100)
        publish()
        publish()
        draft, two = waiting()
        braked(draft, two)
        return draft, two

    def test_a_senior_lets_a_stated_number_through(self, stopped: tuple[Proposal, Member]) -> None:
        draft, two = stopped
        senior = casework.member("senior")
        release(senior, amount=2)
        assert Brake.objects.get().ended_at is not None
        assert casework.decide(draft, by=two).state == CaseState.PUBLISHED
        publish()
        braked(*waiting())
        assert Brake.objects.filter(ended_at=None).count() == 1
        given = BrakeRelease.objects.get()
        assert (given.member, given.amount, given.left) == (senior, 2, 0)
        event = AuditEvent.objects.get(action="released")
        assert (event.member, event.detail) == (senior.pk, {"amount": 2})

    def test_not_for_a_draft_that_the_senior_decides(self, stopped: tuple[Proposal, Member]) -> None:
        draft, two = stopped
        senior = casework.member("senior")
        release(senior)
        braked(draft, senior)
        assert casework.decide(draft, by=two).state == CaseState.PUBLISHED

    def test_not_for_a_draft_that_the_senior_has_decided(self) -> None:
        publish()
        publish()
        senior, two = casework.member("senior"), casework.member()
        draft = casework.drafted(by=senior)
        casework.decide(draft, by=senior)
        braked(draft, two)
        release(senior)
        braked(draft, two)
        release(casework.member("senior"))
        assert casework.decide(draft, by=two).state == CaseState.PUBLISHED

    @pytest.mark.parametrize("role", ["reviewer", "registrar", "auditor"])
    def test_seniors_alone(self, stopped: tuple[Proposal, Member], role: str) -> None:
        with pytest.raises(Refused) as caught:
            release(casework.member(role))
        assert caught.value.code == "wrong_role"

    @pytest.mark.parametrize("amount", [0, 101, -1])
    def test_amount(self, stopped: tuple[Proposal, Member], amount: int) -> None:
        with pytest.raises(Refused) as caught:
            release(casework.member("senior"), amount=amount)
        assert caught.value.code == "release_amount"

    def test_once(self, stopped: tuple[Proposal, Member]) -> None:
        brake = Brake.objects.get()
        release(casework.member("senior"))
        with pytest.raises(Refused) as caught:
            release(casework.member("senior"), brake=brake)
        assert caught.value.code == "brake_over"

    @pytest.mark.parametrize("tie", ["school", "district", "province"])
    def test_not_with_a_tie_to_the_region(self, stopped: tuple[Proposal, Member], tie: str) -> None:
        senior = casework.member("senior")
        place = {
            "school": {"school": casework.school().pk},
            "district": {"region": DISTRICT},
            "province": {"region": PROVINCE},
        }
        casework.declare_tie(by=senior, kind="lives", **place[tie])
        with pytest.raises(Refused) as caught:
            release(senior)
        assert caught.value.code == "conflict"

    def test_a_tie_elsewhere_does_not_matter(self, stopped: tuple[Proposal, Member]) -> None:
        casework.region("11110")
        senior = casework.member("senior")
        casework.declare_tie(by=senior, kind="lives", region="11110")
        release(senior)
        assert BrakeRelease.objects.exists()

    def test_after_seven_days_it_is_worth_nothing(self, stopped: tuple[Proposal, Member]) -> None:
        draft, two = stopped
        release(casework.member("senior"))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE review_brakerelease SET ends_at = clock_timestamp()")
        braked(draft, two)

    def test_a_senior_who_left_has_released_nothing(self, stopped: tuple[Proposal, Member]) -> None:
        draft, two = stopped
        senior = casework.member("senior")
        release(senior)
        Member.objects.filter(pk=senior.pk).update(active=False)
        braked(draft, two)

    def test_the_two_kinds_are_released_apart(self, stopped: tuple[Proposal, Member]) -> None:
        limit(schools=1)
        draft, two = stopped
        release(casework.member("senior"))
        braked(draft, two)
        assert Brake.objects.get(ended_at=None).kind == "share"
        release(casework.member("senior"))
        assert casework.decide(draft, by=two).state == CaseState.PUBLISHED


def test_a_generation_knows_where_publication_stopped() -> None:
    def stopped() -> tuple[str, ...]:
        return load(dt.datetime.now(dt.UTC)).brakes

    limit(per_day=1)
    publish()
    assert stopped() == ()
    draft, two = waiting()
    braked(draft, two)
    assert stopped() == (DISTRICT,)
    Brake.objects.update(shown=False)
    assert stopped() == (), "of a small school only the desk knows"
    Brake.objects.update(shown=True)
    release(casework.member("senior"))
    assert stopped() == ()


def test_nobody_makes_a_brake_up() -> None:
    draft, _two = waiting()
    assert call("record_brake_note", draft.pk) == 0
    assert not Brake.objects.exists()
