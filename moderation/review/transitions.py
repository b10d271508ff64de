"""The life of a case as a table: from a state, by an event, to a state."""

from typing import NamedTuple

from moderation.review.vocabulary import CaseState as S
from moderation.review.vocabulary import Role


class Transition(NamedTuple):
    source: S
    event: str
    target: S
    roles: frozenset[Role]


DECIDERS = frozenset({Role.REVIEWER, Role.SENIOR})
SENIORS = frozenset({Role.SENIOR})

TABLE: tuple[Transition, ...] = (
    Transition(S.OPEN, "proposed", S.DRAFTED, DECIDERS),
    Transition(S.DRAFTED, "proposed", S.DRAFTED, DECIDERS),
    Transition(S.INFORMATION, "proposed", S.DRAFTED, DECIDERS),
    Transition(S.OPEN, "duplicate", S.REJECTED, DECIDERS),
    Transition(S.DRAFTED, "duplicate", S.REJECTED, DECIDERS),
    Transition(S.INFORMATION, "duplicate", S.REJECTED, DECIDERS),
    Transition(S.DRAFTED, "first", S.SECOND, DECIDERS),
    Transition(S.SECOND, "approved", S.PUBLISHED, DECIDERS),
    Transition(S.SECOND, "rejected", S.REJECTED, DECIDERS),
    Transition(S.SECOND, "information", S.INFORMATION, DECIDERS),
    Transition(S.SECOND, "disagreed", S.DISAGREED, DECIDERS),
    Transition(S.DISAGREED, "approved", S.PUBLISHED, SENIORS),
    Transition(S.DISAGREED, "rejected", S.REJECTED, SENIORS),
    Transition(S.DISAGREED, "information", S.INFORMATION, SENIORS),
)

CLOSED = frozenset({S.PUBLISHED, S.REJECTED})


class NotAllowed(Exception):
    """No row of the table allows this event in this state."""


def target(source: str, event: str) -> S:
    """The state that an event leads to.

    Raises:
        NotAllowed: the table has no such row.
    """
    for row in TABLE:
        if row.source == source and row.event == event:
            return row.target
    raise NotAllowed(f"{event} in {source}")
