"""What screening reports: hits inside a normalised view, and spans in the text as given."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "PERSON", "PHONE", "RRN", "EMAIL", "HANDLE", "URL", "ADDRESS", "CLASS", "ACCOUNT", "VEHICLE", "DOB"
]
Verdict = Literal["block", "ask", "pass"]

# Which kind keeps a place that two kinds claim: the more specific one first.
PRECEDENCE: tuple[Kind, ...] = (
    "EMAIL", "URL", "RRN", "PHONE", "ACCOUNT", "HANDLE", "ADDRESS", "VEHICLE", "CLASS", "DOB", "PERSON",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A find inside one view; `certain` blocks, anything else asks the reporter."""

    start: int
    end: int
    kind: Kind
    certain: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A find in the text as given: characters `start` up to, not including, `end`."""

    start: int
    end: int
    kind: Kind
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Screening:
    """The verdict over one text and the places that led to it, in order, without overlaps."""

    verdict: Verdict
    spans: tuple[Span, ...]
