"""The table of transitions is the same in Python and in the database, and no state is forgotten."""

from django.db import connection

from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.transitions import OVER, TABLE


def test_the_database_has_the_same_rows(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, event, target FROM corrections_transitions()")
        rows = set(cursor.fetchall())
    assert rows == {(row.source.value, row.event, row.target.value) for row in TABLE}
    assert len(rows) == len(TABLE)


def test_every_state_is_reached_and_left_or_over() -> None:
    assert {row.target for row in TABLE} | {State.RECEIVED} == set(State)
    assert {row.source for row in TABLE} == set(State) - OVER
