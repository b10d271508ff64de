"""State diagrams for the handbook, drawn from the tables of transitions; a test compares the two."""

from collections.abc import Iterable
from typing import Protocol


class Row(Protocol):
    """What both tables of transitions have in common."""

    @property
    def source(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def target(self) -> str: ...


def mermaid(table: Iterable[Row], *, first: str, last: Iterable[str]) -> str:
    """A Mermaid state diagram as text; events that lead the same way share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in table:
        arrows.setdefault((str(row.source), str(row.target)), []).append(row.event)
    lines = ["stateDiagram-v2", f"  [*] --> {first}"]
    lines += [f"  {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()]
    lines += [f"  {state} --> [*]" for state in sorted(str(state) for state in last)]
    return "\n".join(lines)
