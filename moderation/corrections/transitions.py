"""The life of a correction as a table; `sql/state.sql` holds the same rows, and a test holds the two equal."""

from typing import Literal, NamedTuple

from moderation.corrections.inbox.vocabulary import State as S

Actor = Literal["school", "staff", "two", "worker"]


class Transition(NamedTuple):
    source: S
    event: str
    target: S
    actor: Actor  # two: takes effect with the second of two people


UNDECIDED = (S.RECEIVED, S.ACKNOWLEDGED, S.PROVED, S.NOTIFIED)
TABLE: tuple[Transition, ...] = (
    Transition(S.RECEIVED, "acknowledged", S.ACKNOWLEDGED, "staff"),
    Transition(S.ACKNOWLEDGED, "proved", S.PROVED, "staff"),
    Transition(S.PROVED, "notified", S.NOTIFIED, "staff"),
    Transition(S.PROVED, "objected", S.REFUSED, "staff"),
    Transition(S.NOTIFIED, "objected", S.REFUSED, "staff"),
    Transition(S.NOTIFIED, "substantiated", S.DISPUTED, "two"),
    Transition(S.NOTIFIED, "replied", S.DECIDED, "two"),
    Transition(S.NOTIFIED, "unsubstantiated", S.DECIDED, "two"),
    Transition(S.DISPUTED, "settled", S.DECIDED, "two"),
    Transition(S.DISPUTED, "settled_again", S.CLOSED, "two"),
    Transition(S.DECIDED, "appealed", S.APPEALED, "school"),
    Transition(S.APPEALED, "upheld", S.CLOSED, "two"),
    Transition(S.APPEALED, "granted", S.DISPUTED, "two"),
    Transition(S.APPEALED, "granted_reply", S.CLOSED, "two"),
    *(Transition(state, "given_up", S.WITHDRAWN, "school") for state in UNDECIDED),
    *(Transition(state, "lapsed", S.LAPSED, "worker") for state in UNDECIDED),
)
OVER = frozenset({S.CLOSED, S.REFUSED, S.LAPSED, S.WITHDRAWN})
