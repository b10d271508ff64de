"""What the public process can see of a request: how far it is, by its words, and nothing else."""

from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import Reason
from moderation.corrections.inbox import clocks
from moderation.corrections.inbox.vocabulary import Appeal, Ground, Kind, Outcome, State

UNKNOWN = "unknown"
APPEALABLE = frozenset({Outcome.CORRECTED, Outcome.STANDS, Outcome.REFUSED})
RULES = {  # what a decision rests on (SAFEGUARDS), for the statement of reasons
    Outcome.WITHDRAWN: _("What is not true of a school is not shown (B5, D7)."),
    Outcome.CORRECTED: _("What is shown has to be right in every part (B5)."),
    Outcome.STANDS: _("What two people confirmed on sufficient evidence stays (B3, B5)."),
    Outcome.REPLIED: _("A school may answer beside its record (D6)."),
    Outcome.REFUSED: _("Only a substantiated request changes a record (D3)."),
}


class Progress(NamedTuple):
    """One request as its sender may see it. Every moment is None until it comes; `state` may be "unknown"."""

    state: str
    moments: dict[str, Any]

    @property
    def label(self) -> str:
        return str(State(self.state).label) if self.state in State.values else ""

    @property
    def kind(self) -> str:
        return str(Kind(self.moments["kind"]).label)

    @property
    def due(self) -> list[clocks.Due]:
        return clocks.due(self.moments)

    @property
    def takes_codes(self) -> bool:
        return self.state in (State.RECEIVED, State.ACKNOWLEDGED)

    @property
    def can_be_given_up(self) -> bool:
        return self.state in (State.RECEIVED, State.ACKNOWLEDGED, State.PROVED, State.NOTIFIED)

    @property
    def can_appeal(self) -> bool:
        return (
            self.state == State.DECIDED
            and self.moments["outcome"] in APPEALABLE
            and not self.moments["appealed_at"]
        )

    @property
    def statement(self) -> dict[str, Any]:
        """The statement of reasons (SAFEGUARDS D5): what, why, by which rule, on which evidence, when."""
        outcome = self.moments["outcome"]
        if not outcome:
            return {}
        reasons = dict([*Reason.choices, *Ground.choices])
        appeal = self.moments["appeal"]
        return {
            "outcome": Outcome(outcome).label,
            "reason": reasons[self.moments["reason"]],
            "rule": RULES[Outcome(outcome)],
            "grade": self.moments["grade"],
            "at": self.moments["decided_at"],
            "appeal": Appeal(appeal).label if appeal else "",
        }


def progress(fingerprint: bytes) -> Progress:
    """How far the request with these words is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.corrections_status(%s)", [fingerprint])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if row is None:
        raise DatabaseError("corrections_status answered nothing")
    moments = dict(zip(names, row, strict=True))
    return Progress(moments["state"], moments)
