"""Several people, each on a real connection of the staff role, at the same moment (SAFEGUARDS B5)."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from geo.record.models import BrakeLimit
from geo.record.refusals import Refused
from moderation.review import actions
from moderation.review import team as team_actions
from moderation.review.models import Member, TeamChange
from tests import casework
from tests.two_people import Subject, Team, as_staff, at_once, race

RACES = 50


@pytest.fixture
def desk(committed_db: str) -> Iterator[tuple[psycopg.Connection, Team, str]]:
    BrakeLimit.objects.all().delete()  # hundreds of records in one district
    casework.school()
    team, publisher = Team.gather(), casework.publisher().pk
    with as_staff(committed_db) as owner:
        yield owner, team, publisher


def test_double_approvals_publish_once(desk: tuple[psycopg.Connection, Team, str]) -> None:
    assert [race(*desk) for _ in range(RACES)] == [(1, 1)] * RACES
    assert desk[0].execute("SELECT count(*), max(index) FROM record_logentry").fetchone() == (
        RACES,
        RACES - 1,
    )


def test_one_person_twice_at_once_is_one_person(desk: tuple[psycopg.Connection, Team, str]) -> None:
    owner, team, publisher = desk
    one = team.people[2]
    for _ in range(10):
        subject = Subject(owner, team, publisher)
        subject.open()
        subject.evidence(one, "A")
        draft = subject.propose(one, "publish")
        answers = at_once(*[lambda: subject.decide(draft, one)] * 2)  # noqa: B023
        assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
        subject.check()


def test_many_schools_at_once_keep_the_log_whole(desk: tuple[psycopg.Connection, Team, str]) -> None:
    owner, team, publisher = desk
    one, two = team.people[2:4]
    ready = []
    for _ in range(8):
        subject = Subject(owner, team, publisher)
        subject.open()
        subject.evidence(one, "A")
        draft = subject.propose(one, "publish")
        subject.decide(draft, one)
        ready.append((subject, draft))
    answers = at_once(*[lambda s=subject, d=draft: s.decide(d, two) for subject, draft in ready])
    assert answers == ["published"] * 8
    found = owner.execute("SELECT index FROM record_logentry ORDER BY index").fetchall()
    assert [index for (index,) in found] == list(range(8))


def test_a_hide_and_a_withdrawal_at_once(desk: tuple[psycopg.Connection, Team, str]) -> None:
    """They lock in one order: neither waits for the other for ever, and the log holds what was done."""
    owner, team, publisher = desk
    one, two, three = team.people[2:5]
    for _ in range(10):
        subject = Subject(owner, team, publisher)
        subject.open()
        subject.evidence(one, "A")
        draft = subject.propose(one, "publish")
        subject.decide(draft, one)
        subject.decide(draft, two)
        case = actions.reopen(record=draft.record, by=three, passphrase=casework.PASSPHRASE)
        subject.case, subject.entries = case.pk, 1
        end = subject.propose(one, "withdraw")
        subject.decide(end, one)
        answers = at_once(
            lambda: subject.decide(end, two),  # noqa: B023
            lambda: actions.hide(
                record=draft.record,  # noqa: B023
                reason="identifying",
                hours=1,
                by=three,
                passphrase=casework.PASSPHRASE,
            ),
        )
        assert answers[0] == "published"
        subject.entries += 1 + (not isinstance(answers[1], Refused))
        subject.check()


def test_five_hide_at_once(desk: tuple[psycopg.Connection, Team, str]) -> None:
    owner, team, publisher = desk
    one, two = team.people[2:4]
    subject = Subject(owner, team, publisher)
    subject.open()
    subject.evidence(one, "A")
    draft = subject.propose(one, "publish")
    subject.decide(draft, one)
    subject.decide(draft, two)

    def hide() -> object:
        return actions.hide(
            record=draft.record, reason="checking", hours=5, by=one, passphrase=casework.PASSPHRASE
        )

    answers = at_once(*[hide] * 5)
    assert [getattr(answer, "code", "") for answer in answers].count("hidden_before") == 4
    assert owner.execute("SELECT count(*) FROM review_hide").fetchone() == (1,)
    subject.entries = 2
    subject.check()


def test_the_last_of_a_day_is_published_once(desk: tuple[psycopg.Connection, Team, str]) -> None:
    """Four drafts, room for two: two publications that cannot see each other do not make three."""
    owner, team, publisher = desk
    owner.execute(
        "INSERT INTO record_brakelimit (level, share, schools, per_day) VALUES ('district', 1, 1000, 2)"
    )
    one, two = team.people[2:4]
    ready = []
    for _ in range(4):
        subject = Subject(owner, team, publisher)
        subject.open()
        subject.evidence(one, "A")
        draft = subject.propose(one, "publish")
        subject.decide(draft, one)
        ready.append((subject, draft))
    answers = at_once(*[lambda s=subject, d=draft: s.decide(d, two) for subject, draft in ready])
    assert sorted(getattr(answer, "code", answer) for answer in answers) == [
        "brake",
        "brake",
        "published",
        "published",
    ]
    assert owner.execute("SELECT count(*) FROM record_brake WHERE ended_at IS NULL").fetchone() == (1,)


def test_a_view_of_yesterday_decides_nothing(
    desk: tuple[psycopg.Connection, Team, str], as_role: Any
) -> None:
    """A transaction that began before a tie was declared would not see it: such a transaction is refused."""
    owner, team, publisher = desk
    one, two = team.people[2:4]
    subject = Subject(owner, team, publisher)
    subject.open()
    subject.evidence(one, "A")
    draft = subject.propose(one, "publish")
    subject.decide(draft, one)
    decide = "SELECT review_decide(%s, %s, %s, %s, 'approve', 'sufficient', '11680')"
    values = [draft.pk, bytes(draft.hash), two.pk, casework.PASSPHRASE]
    for level in ("REPEATABLE READ", "SERIALIZABLE", "READ UNCOMMITTED"):
        with as_role("mapsite_staff") as attacker:
            attacker.execute(f"BEGIN ISOLATION LEVEL {level}")
            attacker.execute("SELECT count(*) FROM review_tie")
            if level == "REPEATABLE READ":
                casework.declare_tie(by=one, kind="family", school=subject.school)
                subject.tied.add(one.pk)
            with pytest.raises(psycopg.DatabaseError) as caught:
                attacker.execute(decide, values)
            assert str(caught.value).startswith("isolation")
    for role, told in (
        ("mapsite_staff", "record_brake_note(gen_random_uuid())"),
        ("mapsite_worker", "record_keep_time()"),
        ("mapsite_worker", "review_open_checks()"),
    ):
        with as_role(role) as late:
            late.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            with pytest.raises(psycopg.DatabaseError, match="isolation"):
                late.execute(f"SELECT {told}")
    with as_role("mapsite_staff") as attacker:
        attacker.execute("SET default_transaction_isolation = 'serializable'")
        with pytest.raises(psycopg.DatabaseError, match="isolation"):
            attacker.execute("SELECT record_publish(%s)", [draft.pk])
    subject.check()


def test_two_departures_at_once_leave_two_seniors(committed_db: str, as_role: Any) -> None:
    """Three seniors; each of two is to leave with the help of the other and the third. Only one does."""
    one, two, three = (casework.member("senior") for _ in range(3))
    for gone, first in ((one, two), (two, one)):
        team_actions.ask_to_leave(member=gone.pk, by=first, passphrase=casework.PASSPHRASE)
    changes = list(TeamChange.objects.values_list("pk", flat=True))
    together, codes = threading.Barrier(2), []

    def confirm(change: int) -> None:
        with as_role("mapsite_staff") as staff:
            together.wait()
            try:
                staff.execute(
                    "SELECT review_confirm_change(%s, %s, %s)", [three.pk, casework.PASSPHRASE, change]
                )
                codes.append("done")
            except psycopg.DatabaseError as refusal:
                codes.append(str(refusal.diag.message_primary))

    threads = [threading.Thread(target=confirm, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["change_over", "done"]
    assert Member.objects.filter(role="senior", active=True).count() == 2
