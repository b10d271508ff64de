"""Every state × actor × action of a school's request, legal and illegal: what the table allows happens, all else is refused.

The states are reached through real actions; whether an action is legal is read from the table and from who acts.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.utils import timezone

from geo.record.models import ImpactRecord
from geo.record.refusals import Refused
from moderation.corrections import actions
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.vocabulary import State as S
from moderation.corrections.transitions import OVER, TABLE
from moderation.review.models import Case, Member
from moderation.review.vocabulary import Role
from tests import casework, correctionwork
from tests.correctionwork import PASSPHRASE, at_state, judge, settle, state

pytestmark = pytest.mark.django_db
TEAM = {Role.REVIEWER, Role.SENIOR}


class Scene(NamedTuple):
    correction: Correction
    fingerprint: bytes
    by: Member  # who acts; had no part in it before
    passphrase: str = PASSPHRASE

    def do(self, action: Callable[..., Any], **arguments: Any) -> None:
        action(correction=self.correction.pk, by=self.by, passphrase=self.passphrase, **arguments)

    def judge(self, verdict: str) -> None:
        """As the second of two people."""
        if state(self.correction) in (S.NOTIFIED, S.APPEALED):
            judge(self.correction, by=casework.member(), verdict=verdict)
        reason = "substantiated" if verdict == "yes" else "evidence_stands"
        self.do(actions.judge, verdict=verdict, reason=reason)

    def second_proof(self) -> None:
        if state(self.correction) == S.ACKNOWLEDGED:
            one = casework.member()
            code = actions.call_back(correction=self.correction.pk, by=one, passphrase=PASSPHRASE)
            asking.type_code(fingerprint=self.fingerprint, code=code)
            actions.confirm(correction=self.correction.pk, kind="callback", by=one, passphrase=PASSPHRASE)
        self.do(actions.confirm, kind="document")

    def lapse(self) -> None:
        long_ago = timezone.now() - dt.timedelta(days=31)
        Correction.objects.filter(pk=self.correction.pk).update(received_at=long_ago)
        with connection.cursor() as cursor:
            cursor.execute("SELECT corrections_tidy()")


class Act(NamedTuple):
    """What somebody does, and the events of the table that it may bring about; none: it moves nothing."""

    do: Callable[[Scene], None]
    events: frozenset[str]
    only_in: frozenset[str] = frozenset()  # for what is no event of the table


def act(do: Callable[[Scene], None], *events: str, only_in: tuple[str, ...] = ()) -> Act:
    return Act(do, frozenset(events), frozenset(only_in))


BY_STAFF = {
    "acknowledge": act(lambda scene: scene.do(actions.acknowledge), "acknowledged"),
    "call": act(lambda scene: scene.do(actions.call_back), only_in=(S.ACKNOWLEDGED,)),
    "confirm": act(Scene.second_proof, "proved"),
    "notify": act(lambda scene: scene.do(actions.notify, channel="letter"), "notified"),
    "object": act(lambda scene: scene.do(actions.object_to), "objected"),
    "judge yes": act(
        lambda scene: scene.judge("yes"), "substantiated", "granted", "replied", "granted_reply"
    ),
    "judge no": act(lambda scene: scene.judge("no"), "unsubstantiated", "upheld"),
}
BY_SCHOOL = {
    "appeal": act(lambda scene: asking.appeal(fingerprint=scene.fingerprint), "appealed"),
    "give up": act(lambda scene: asking.give_up(fingerprint=scene.fingerprint), "given_up"),
}
BY_TIME = {"lapse": act(Scene.lapse, "lapsed")}
IN_THE_CASE = {"settled", "settled_again"}  # test_disputes: the case of a dispute decides
FOR_ANSWERS = {"replied", "granted_reply"}  # in place of a dispute, where the wish is a rebuttal
DISPUTING = {S.DISPUTED}


def moves(source: str, events: frozenset[str], *, rebuttal: bool) -> str | None:
    """Where the table lets one of these events lead from here."""
    left_out = {"substantiated", "granted"} if rebuttal else FOR_ANSWERS
    found = [row.target for row in TABLE if row.source == source and row.event in events - left_out]
    assert len(found) <= 1
    return found[0] if found else None


def attempt(what: Act, scene: Scene) -> str:
    """The refusal's code, "" where there was none; everything is undone."""
    try:
        with transaction.atomic():
            what.do(scene)
    except Refused as refusal:
        return str(refusal.code)
    return ""


def seen(correction: Correction) -> tuple[str, int, bool]:
    record = ImpactRecord.objects.get(pk=correction.record)
    visible = ImpactRecord.objects.visible(at=timezone.now()).filter(pk=record.pk).exists()
    return str(record.status), record.version, visible


@pytest.mark.parametrize(
    ("source", "rebuttal"), [*((each, False) for each in S), (S.NOTIFIED, True), (S.APPEALED, True)]
)
def test_what_the_table_allows_happens_and_all_else_is_refused(source: S, rebuttal: bool) -> None:
    kind = {"kind": "rebuttal", "replies": ("supported",)} if rebuttal else {}
    correction, fingerprint = at_state(source, **kind)  # type: ignore[arg-type]
    before = seen(correction)
    tied = casework.member()
    tied.ties.create(kind="lives", region_id=correction.school.region_id)
    actors = {
        "": [casework.member(role) for role in TEAM],
        "wrong_role": [casework.member(Role.AUDITOR), casework.member(Role.REGISTRAR)],
        "conflict": [tied],
    }
    for name, what in BY_STAFF.items():
        target = moves(source, what.events, rebuttal=rebuttal)
        legal = target is not None or source in what.only_in
        for hindrance, people in actors.items():
            for by in people:
                scene = Scene(correction, fingerprint, by)
                beginning = transaction.savepoint()
                code = attempt(what, scene)
                if hindrance or not legal:
                    assert code and (code == hindrance or not hindrance), (source, name, by.role, code)
                    assert not hindrance or state(correction) == source
                else:
                    assert (code, state(correction)) == ("", target or source), (source, name, by.role)
                if target not in DISPUTING or hindrance:
                    assert seen(correction) == before, (source, name)
                transaction.savepoint_rollback(beginning)
        wrong = Scene(correction, fingerprint, actors[""][0], "somebody else's passphrase")
        assert attempt(what, wrong) == "wrong_passphrase", (source, name)
        assert state(correction) == source
    for name, what in {**BY_SCHOOL, **BY_TIME}.items():
        target = moves(source, what.events, rebuttal=rebuttal)
        beginning = transaction.savepoint()
        assert attempt(what, Scene(correction, b"?" * 32, actors[""][0])) == ""
        assert state(correction) == source or name == "lapse", "words of another request"
        transaction.savepoint_rollback(beginning)
        assert attempt(what, Scene(correction, fingerprint, actors[""][0])) == ""
        assert state(correction) == (target or source), (source, name)
        assert seen(correction) == before, (source, name)
        transaction.savepoint_rollback(beginning)


def test_no_event_of_the_table_is_left_out() -> None:
    tried = {
        event
        for what in (*BY_STAFF.values(), *BY_SCHOOL.values(), *BY_TIME.values())
        for event in what.events
    }
    assert tried | IN_THE_CASE == {row.event for row in TABLE}
    assert not OVER & {row.source for row in TABLE}


def test_two_others_decide_also_in_the_case_of_an_appeal() -> None:
    """SAFEGUARDS D5: whoever judged or decided first is refused, however far the appeal is."""
    one, two, three, four = (casework.member() for _ in range(4))
    correction, fingerprint = at_state(S.NOTIFIED)
    for by in (one, two):
        judge(correction, by=by)
    first = settle(correction, kind="restore", reason="checked")
    asking.appeal(fingerprint=fingerprint)
    for by in (three, four):
        judge(correction, by=by)
    assert state(correction) == S.DISPUTED
    correction.refresh_from_db()
    case = Case.objects.get(pk=correction.handling.case_id)
    draft = casework.propose(case, by=three, kind="withdraw", reason="wrong_facts")
    for by in (one, two, first.proposed_by):
        with correctionwork.refused("took_part"):
            casework.decide(draft, by=by)
    casework.decide(draft, by=three)
    casework.decide(draft, by=four)
    assert (state(correction), correctionwork.record_of(correction).status) == (S.CLOSED, "withdrawn")
