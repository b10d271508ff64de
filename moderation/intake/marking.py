"""How a screened text is shown to its author: in pieces, the found ones with a reason each."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.intake.screening import Kind, Screening

REASONS: dict[Kind, str | Promise] = {
    "PERSON": _("a name, a masked name or initials"),
    "PHONE": _("a telephone number"),
    "RRN": _("a resident registration or passport number"),
    "EMAIL": _("an e-mail address"),
    "HANDLE": _("an account name or nickname"),
    "URL": _("a link"),
    "ADDRESS": _("an address"),
    "CLASS": _("a class or seat number"),
    "ACCOUNT": _("a bank account or card number"),
    "VEHICLE": _("a vehicle number"),
    "DOB": _("a date of birth"),
}


class Piece(NamedTuple):
    """Text to show as it is (`reason` empty), or a found place with its reason."""

    text: str
    reason: str | Promise = ""
    certain: bool = False


def pieces(text: str, screening: Screening) -> list[Piece]:
    """`text` cut at the found places; joined, the pieces are the text again."""
    cut: list[Piece] = []
    last = 0
    for span in screening.spans:
        cut.append(Piece(text[last : span.start]))
        cut.append(Piece(text[span.start : span.end], REASONS[span.kind], span.certain))
        last = span.end
    cut.append(Piece(text[last:]))
    return [piece for piece in cut if piece.text]


def reasons(screening: Screening) -> list[str | Promise]:
    """Each reason once, in the order of the text."""
    return list(dict.fromkeys(REASONS[span.kind] for span in screening.spans))
