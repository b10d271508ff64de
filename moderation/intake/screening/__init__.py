"""The gate before anything is stored (SAFEGUARDS A3): what in a text would single a person out?

`screen` is the whole interface. Exact kinds are rules; names are votes of detectors (`names`).
"""

from collections.abc import Iterable, Iterator

from moderation.intake.screening import names
from moderation.intake.screening.findings import Hit, Kind, Screening, Span
from moderation.intake.screening.kinds import contacts, numbers, people, places
from moderation.intake.screening.normalise import View, joined, normalise, with_digits
from moderation.intake.screening.tagger.spacing import closed_up
from moderation.intake.screening.verdict import decide

__all__ = ["MASK", "Kind", "Screening", "Span", "masked", "screen"]

MASK = "▢▢▢"
_ON_FIGURES = (numbers.phones, numbers.registration_numbers, numbers.accounts)
_ON_TEXT = (
    contacts.mails,
    contacts.links,
    contacts.handles,
    places.addresses,
    places.vehicles,
    people.classes,
    people.birthdays,
    people.masked_names,
    names.votes,
)


def _spans(view: View, hits: Iterable[Hit]) -> Iterator[Span]:
    for hit in hits:
        if hit.start < hit.end:
            yield Span(*view.origin(hit.start, hit.end), hit.kind, hit.certain)


def screen(text: str) -> Screening:
    """What in `text` points at a person, with offsets into `text` as given (code points).

    `block`: at least one certain find. `ask`: only unsure ones. `pass`: none. Pure; nothing is logged.
    """
    plain = normalise(text)
    together = joined(plain)
    spans: list[Span] = []
    for typed in [plain] if together is plain else [plain, together]:
        figures = with_digits(typed)
        for numbered in [typed] if figures is typed else [typed, figures]:
            for on_figures in _ON_FIGURES:
                spans.extend(_spans(numbered, on_figures(numbered, typed)))
        for on_text in _ON_TEXT:
            spans.extend(_spans(typed, on_text(typed)))
    apart = closed_up(plain)
    if apart is not plain:
        spans.extend(_spans(apart, names.votes(apart)))
    return decide(spans)


def masked(text: str) -> str:
    """`text` with every found place replaced by ▢▢▢, as often as new neighbours make new finds."""
    for _ in range(5):
        found = screen(text).spans
        if not found:
            break
        for span in reversed(found):
            text = text[: span.start] + MASK + text[span.end :]
    return text
