"""What the public process can see of a request: how far it is, by its words, and nothing else."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.utils.functional import Promise

from moderation.erasure.inbox import clocks
from moderation.erasure.inbox.vocabulary import RULES, Ground, Part, State, Verdict, Wish

UNKNOWN = "unknown"


class Progress(NamedTuple):
    """One request as its sender may see it; `state` may be "unknown", and then nothing else is of use."""

    state: str
    row: dict[str, Any]

    @property
    def label(self) -> str:
        return str(State(self.state).label) if self.state in State.values else ""

    @property
    def wish(self) -> str:
        return str(Wish(self.row["wish"]).label)

    @property
    def due(self) -> dt.datetime:
        return clocks.due(self.row["received_at"])

    @property
    def can_be_given_up(self) -> bool:
        return self.state in (State.RECEIVED, State.PROPOSED)

    @property
    def statement(self) -> dict[str, str | Promise | list[str] | dt.datetime | bool]:
        """What was decided, why, by which rule and when; also of what it is. Empty until two people have decided."""
        if not self.row["verdict"]:
            return {}
        ground = self.row["ground"]
        return {
            "verdict": Verdict(self.row["verdict"]).label,
            "erased": self.row["wish"] == Wish.ERASE,
            "parts": [str(Part(part).label) for part in self.row["parts"]],
            "reason": Ground(ground).label if ground else "",
            "rule": RULES[Ground(ground)] if ground else "",
            "at": self.row["decided_at"],
        }


def progress(fingerprint: bytes) -> Progress:
    """How far the request with these words is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.erasure_status(%s)", [fingerprint])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if row is None:
        raise DatabaseError("erasure_status answered nothing")
    found = dict(zip(names, row, strict=True))
    return Progress(found["state"], found)
