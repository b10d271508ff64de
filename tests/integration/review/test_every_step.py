"""Every state × actor × action of a case, legal and illegal: what the table allows happens, all else is refused.

The states are reached through real actions; whether an action is legal is read from the table alone.
"""

from collections.abc import Callable
from typing import Any

import pytest

from geo.record.refusals import Refused
from moderation.review import actions
from moderation.review.models import Case, Member, Proposal
from moderation.review.transitions import CLOSED, TABLE, NotAllowed, target
from moderation.review.vocabulary import CaseState as S
from moderation.review.vocabulary import Role
from tests import casework

pytestmark = pytest.mark.django_db


class Scene:
    """A case in one state, and a fresh person who is about to act on it."""

    def __init__(self, state: str) -> None:
        self.one, self.two = casework.member(), casework.member()
        at = casework.school()
        if state != S.PUBLISHED:
            casework.published(at=at)  # a record of the same month: the case could be closed as a duplicate
        self.case = casework.case(at)
        if state != S.OPEN:
            casework.add_evidence(self.case, by=self.one)
        if state == S.PUBLISHED:
            self._decide(casework.propose(self.case, by=self.one), "approve", "approve")
        elif state != S.OPEN:
            Case.objects.filter(pk=self.case.pk).update(record=None)
            self._reach(state)
        self.by = casework.member()
        assert self.now().state == state

    def _reach(self, state: str) -> None:
        draft = casework.propose(other_month(self.case), by=self.one)
        verdicts = {
            S.SECOND: ["approve"],
            S.DISAGREED: ["approve", "reject"],
            S.INFORMATION: ["information", "information"],
            S.REJECTED: ["reject", "reject"],
        }
        self._decide(draft, *verdicts.get(S(state), []))

    def _decide(self, draft: Proposal, *verdicts: str) -> None:
        for by, verdict in zip((self.one, self.two), verdicts, strict=False):
            casework.decide(draft, by=by, verdict=verdict)

    def now(self) -> Case:
        return casework.current(self.case)

    def draft(self) -> Proposal:
        return self.case.proposals.latest("created_at")


def other_month(case: Case) -> Case:
    """The draft's month is another one than the record's, so that it could be published."""
    case.month = case.month.replace(month=case.month.month - 1)
    return case


def claim(scene: Scene, by: Member) -> Any:
    return actions.claim(case=scene.case.pk, by=by, revision=scene.now().revision)


def assign(scene: Scene, by: Member) -> Any:
    return actions.assign(case=scene.case.pk, to=scene.one, by=by, revision=scene.now().revision)


def duplicate(scene: Scene, by: Member) -> Any:
    return actions.close_duplicate(case=scene.case.pk, by=by, revision=scene.now().revision)


def evidence(scene: Scene, by: Member) -> Any:
    return casework.add_evidence(scene.case, by=by, article="20260809")


def propose(scene: Scene, by: Member) -> Any:
    return casework.propose(other_month(scene.now()), by=by)


def approve(scene: Scene, by: Member) -> Any:
    return casework.decide(scene.draft(), by=by)


def reject(scene: Scene, by: Member) -> Any:
    return casework.decide(scene.draft(), by=by, verdict="reject")


ACTS: dict[str, Callable[[Scene, Member], Any]] = {
    act.__name__: act for act in (claim, assign, duplicate, evidence, propose, approve, reject)
}
# Which events of the table an action may bring about; without one it needs a case without a running verdict.
EVENTS = {
    "duplicate": {"duplicate"},
    "propose": {"proposed"},
    "approve": {"first", "approved", "disagreed"},
    "reject": {"first", "rejected", "disagreed"},
}
CHANGEABLE = set(S) - CLOSED - {S.SECOND, S.DISAGREED}


def allowed(state: str, act: str, role: str) -> bool:
    if act not in EVENTS:
        return state in CHANGEABLE and role in (Role.REVIEWER, Role.SENIOR)
    return any(row.source == state and row.event in EVENTS[act] and role in row.roles for row in TABLE)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", list(S))
def test_what_the_table_allows_happens_and_all_else_is_refused(state: str, act: str) -> None:
    scene = Scene(state)
    for role in (Role.AUDITOR, Role.REGISTRAR, Role.REVIEWER, Role.SENIOR):
        scene = scene if scene.now().state == state else Scene(state)  # what was refused left it as it was
        scene.by = casework.member(role)
        if act in ("approve", "reject") and not scene.case.proposals.exists():
            continue
        before = scene.now()
        try:
            ACTS[act](scene, scene.by)
            happened = True
        except (Refused, NotAllowed, actions.Stale):
            happened = False
        after = scene.now()
        assert happened == allowed(state, act, role), (state, act, role)
        if not happened:
            assert (after.state, after.revision, after.claimed_by) == (
                before.state,
                before.revision,
                before.claimed_by,
            )
        elif act in EVENTS:
            assert after.state in {
                row.target for row in TABLE if row.source == state and row.event in EVENTS[act]
            }
        else:
            assert after.state == before.state and after.revision == before.revision + 1


def test_an_outdated_page_does_nothing_in_any_open_state() -> None:
    for state in CHANGEABLE:
        scene = Scene(state)
        stale = scene.now().revision
        claim(scene, scene.one)
        for act in (actions.claim, actions.close_duplicate):
            with pytest.raises(actions.Stale):
                act(case=scene.case.pk, by=scene.by, revision=stale)
        assert scene.now().claimed_by == scene.one


def test_the_table_is_whole() -> None:
    """Every state is reached and, unless it is an end, left; nothing leaves an end."""
    assert {row.target for row in TABLE} | {S.OPEN} == set(S)
    assert {row.source for row in TABLE} == set(S) - CLOSED
    for state in CLOSED:
        with pytest.raises(NotAllowed):
            target(state, "proposed")
