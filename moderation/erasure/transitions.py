"""The life of a request under the privacy act as a table; `sql/erasure.sql` holds the same rows."""

from typing import Literal, NamedTuple

from moderation.erasure.inbox.vocabulary import State as S

Actor = Literal["person", "staff", "two", "worker"]


class Transition(NamedTuple):
    source: S
    event: str
    target: S
    actor: Actor  # person: whoever asked; two: the second of two people, one of them a senior


TABLE: tuple[Transition, ...] = (
    Transition(S.RECEIVED, "proposed", S.PROPOSED, "staff"),
    Transition(S.PROPOSED, "returned", S.RECEIVED, "staff"),
    Transition(S.PROPOSED, "confirmed", S.DECIDED, "two"),
    Transition(S.RECEIVED, "given_up", S.WITHDRAWN, "person"),
    Transition(S.PROPOSED, "given_up", S.WITHDRAWN, "person"),
    Transition(S.RECEIVED, "lapsed", S.LAPSED, "worker"),
    Transition(S.PROPOSED, "lapsed", S.LAPSED, "worker"),
)
OVER = frozenset({S.DECIDED, S.WITHDRAWN, S.LAPSED})
