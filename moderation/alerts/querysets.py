"""What the public process can see of subscriptions: the state behind one token, and nothing else."""

from typing import NamedTuple

from django.db import DatabaseError, connection

from moderation.alerts import tokens


class Standing(NamedTuple):
    """A code of `vocabulary.State`, and the place: at most one of a school's id and a region's code."""

    state: str
    school: str | None
    region: str | None


def standing(token: str) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, school, region FROM public.alerts_state(%s)", [tokens.fingerprint(token)]
        )
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("alerts_state answered nothing")
    return Standing(*row)
