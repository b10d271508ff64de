"""Sequences of what people, the clock and a thief of the staff process's password do to one school.

Hypothesis makes them up: any person, any order, some at the same moment. After each step every promise is asked of the
rows (`two_people.Subject.check`). `make test` runs some, `make bench` at least 10,000. They begin in each of STARTS, so
that how far they get does not hang on luck. No rule has a precondition: who wins a race may not change what is drawn next.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from geo.record.refusals import Refused, call
from moderation.review import actions
from moderation.review.models import Case, Member
from tests import casework
from tests.two_people import REASONS, REFUSALS, Subject, Team, at_once

people = st.integers(0, 9)
verdicts = st.sampled_from(["approve", "approve", "approve", "reject", "information"])
STATES = ("open", "drafted", "second", "disagreed", "information")
STARTS = (
    "opened",
    "evidence",
    "drafted",
    "decided once",
    "published",
    "hidden",
    "hide ended",
    "opened again",
    "drafted again",
)


def machine(owner: psycopg.Connection, team: Team, publisher: str, start: str) -> type[RuleBasedStateMachine]:
    """The state machine over one prepared database; `start`, of STARTS, is as far as each case already is."""

    class Desk(RuleBasedStateMachine):
        subject: Subject

        @initialize(
            entered=st.none() | st.none() | people,
            reviewers=st.permutations(range(2, 6)),
            kind=st.sampled_from(["restore", "withdraw", "correct"]),
        )
        def a_school(self, entered: int | None, reviewers: list[int], kind: str) -> None:
            """A case that was reported, or entered by somebody; two of the others bring it to the start."""
            self.subject = Subject(owner, team, publisher)
            self.subject.open(entered=None if entered is None else team.people[entered])
            one, two = [team.people[index] for index in reviewers if index != entered][:2]
            ways: dict[str, Callable[[], Any]] = {
                "evidence": lambda: self.subject.evidence(one, "A"),
                "drafted": lambda: self.subject.propose(one, "publish"),
                "decided once": lambda: self.last_draft_approved(one),
                "published": lambda: self.last_draft_approved(two),
                "hidden": lambda: self.hides(reviewers[0], 1),
                "hide ended": lambda: self.time_passes(80, lapse=False),
                "opened again": lambda: self.reopens(reviewers[1]),
                "drafted again": lambda: self.drafts_again(one, kind),
            }
            for way in STARTS[1 : STARTS.index(start) + 1]:
                ways[way]()

        def last_draft_approved(self, by: Member) -> None:
            draft = self.subject.draft()
            assert draft is not None
            self.count(self.subject.decide(draft, by))

        def drafts_again(self, by: Member, kind: str) -> None:
            self.attempt(lambda: self.subject.evidence(by, "A"))
            self.attempt(lambda: self.subject.propose(by, kind))

        def attempt(self, doing: Callable[[], Any]) -> Any:
            try:
                return doing()
            except REFUSALS as refusal:
                return refusal

        def count(self, answer: Any) -> None:
            self.subject.entries += answer == "published"

        @rule(who=people, grade=st.sampled_from(["A", "A", "E"]))
        def adds_evidence(self, who: int, grade: str) -> None:
            self.attempt(lambda: self.subject.evidence(team.people[who], grade))

        @rule(who=people, kind=st.sampled_from(sorted(REASONS)))
        def drafts(self, who: int, kind: str) -> None:
            self.attempt(lambda: self.subject.propose(team.people[who], kind))

        @rule(who=people, verdict=verdicts, back=st.sampled_from([0, 0, 0, 1]), other=st.booleans())
        def decides(self, who: int, verdict: str, back: int, other: bool) -> None:
            """Over the newest draft or an older one, with the hash that was shown or another one (seldom)."""
            draft = self.subject.draft(back)
            if draft is not None:
                shown = bytes(32) if other and back else None
                self.count(
                    self.attempt(lambda: self.subject.decide(draft, team.people[who], verdict, shown=shown))
                )

        @rule(one=people, two=people, first=verdicts, second=verdicts)
        def two_decide_at_once(self, one: int, two: int, first: str, second: str) -> None:
            draft = self.subject.draft()
            if draft is not None:
                for answer in at_once(
                    lambda: self.subject.decide(draft, team.people[one], first),
                    lambda: self.subject.decide(draft, team.people[two], second),
                ):
                    self.count(answer)

        @rule(one=people, two=people, verdict=verdicts)
        def one_decides_while_another_drafts(self, one: int, two: int, verdict: str) -> None:
            draft = self.subject.draft()
            if draft is not None:
                answers = at_once(
                    lambda: self.subject.decide(draft, team.people[one], verdict),
                    lambda: self.subject.propose(team.people[two], "publish"),
                )
                self.count(answers[0])

        @rule(who=people)
        def declares_a_tie(self, who: int) -> None:
            by = team.people[who]
            told = self.attempt(
                lambda: casework.declare_tie(by=by, kind="family", school=self.subject.school)
            )
            if isinstance(told, Refused):
                assert by.pk in self.subject.left | team.others, "only who has left may not say so"
            else:
                self.subject.tied.add(by.pk)

        @rule(who=st.integers(2, 5))
        def leaves(self, who: int) -> None:
            member = team.people[who]
            owner.execute("UPDATE review_member SET active = false WHERE id = %s", [member.pk])
            self.subject.left.add(member.pk)

        @rule(who=people, hours=st.sampled_from([1, 72, 73]))
        def hides(self, who: int, hours: int) -> None:
            record = self.subject.record()
            if record is not None:
                answer = self.attempt(lambda: self.hide(record, team.people[who], hours))
                self.subject.entries += isinstance(answer, dt.datetime)

        def hide(self, record: UUID, by: Member, hours: int) -> dt.datetime:
            return actions.hide(
                record=record, reason="checking", hours=hours, by=by, passphrase=casework.PASSPHRASE
            )

        @rule(one=people, two=people)
        def one_hides_while_another_decides(self, one: int, two: int) -> None:
            draft, record = self.subject.draft(), self.subject.record()
            if draft is None or record is None:
                return
            answers = at_once(
                lambda: self.subject.decide(draft, team.people[one]),
                lambda: self.hide(record, team.people[two], 2),
            )
            self.count(answers[0])
            self.subject.entries += isinstance(answers[1], dt.datetime)

        @rule(who=people)
        def reopens(self, who: int) -> None:
            record = self.subject.record()
            if record is None:
                return
            found = self.attempt(
                lambda: actions.reopen(record=record, by=team.people[who], passphrase=casework.PASSPHRASE)
            )
            if isinstance(found, Case):
                self.subject.case = found.pk
            else:
                self.follow()

        def follow(self) -> None:
            """The case that is open now, if any: a hide may have opened one."""
            found = (
                Case.objects.filter(school=self.subject.school, decided_at=None)
                .values_list("pk", flat=True)
                .first()
            )
            self.subject.case = found or self.subject.case

        @rule(hours=st.sampled_from([1, 80]), lapse=st.booleans())
        def time_passes(self, hours: int, lapse: bool) -> None:
            record = self.subject.record()
            if record is None:
                return
            owner.execute(
                "UPDATE record_recordhide SET starts_at = starts_at - %s, ends_at = ends_at - %s WHERE record_id = %s",
                [dt.timedelta(hours=hours), dt.timedelta(hours=hours), record],
            )
            if lapse:
                owner.execute(
                    "UPDATE record_impactrecord SET review_due = current_date - 2"
                    " WHERE public_id = %s AND status <> 'withdrawn'",
                    [record],
                )
            self.the_worker_looks_at_the_clock()
            owner.execute("SELECT review_open_checks()")
            self.follow()

        def the_worker_looks_at_the_clock(self) -> None:
            row = owner.execute("SELECT record_keep_time()").fetchone()
            assert row
            self.subject.entries += row[0]

        @rule(state=st.sampled_from(STATES))
        def a_thief_moves_the_case(self, state: str) -> None:
            """What the staff role may write with SQL, past every action."""
            self.attempt(lambda: call("review_move", self.subject.case, state))

        @rule(back=st.integers(0, 1))
        def a_thief_publishes(self, back: int) -> None:
            draft = self.subject.draft(back)
            if draft is None:
                return
            with connection.cursor() as cursor:
                try:
                    cursor.execute("SELECT record_publish(%s)", [draft.pk])
                except Exception as refusal:
                    assert getattr(refusal.__cause__, "sqlstate", "") == "MS000", refusal
                else:
                    raise AssertionError(
                        "a draft that the desk had not published was published with SQL alone"
                    )

        @invariant()
        def every_promise(self) -> None:
            if hasattr(self, "subject"):
                self.subject.check()

        def teardown(self) -> None:
            if hasattr(self, "subject"):
                owner.execute(
                    "UPDATE review_member SET active = true WHERE id = ANY(%s)", [list(self.subject.left)]
                )
                owner.execute("SELECT record_keep_time()")  # nothing is left for the next school's count

    return Desk


def run(
    owner: psycopg.Connection,
    team: Team,
    publisher: str,
    *,
    sequences: int,
    steps: int = 12,
    fixed: bool = False,
) -> None:
    """`sequences` of them from each start. Raises what a broken promise raises, with the sequence that breaks it."""
    for start in STARTS:
        run_state_machine_as_test(
            machine(owner, team, publisher, start),
            settings=settings(
                max_examples=sequences,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=fixed,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
