"""What is done at the registrar's desk. Each needs the passphrase of whoever acts; the rules are in `sql/`."""

import json
from typing import Any

from geo.record.refusals import call
from moderation.register.vocabulary import ChangeKind
from moderation.review.models import Member


def ask_publisher(*, code: str, wanted: dict[str, Any], by: Member, passphrase: str) -> int:
    """The first of two people asks for a publisher to be added, changed or ended (SAFEGUARDS A1, A2).

    Args:
        wanted: the whole entry: kind, name_ko, name_en, url, article_pattern, active.

    Returns:
        the id of the change that waits for another person.

    Raises:
        Refused: the rules of register_ask (sql/changes.sql).
    """
    made: int = call("register_ask", by.pk, passphrase, ChangeKind.PUBLISHER.value, code, json.dumps(wanted))
    return made


def confirm(*, change: int, shown: bytes, by: Member, passphrase: str) -> None:
    """The second person confirms exactly what they were shown; it takes effect, and readers see it.

    Raises:
        Refused: the rules of register_confirm.
    """
    call("register_confirm", by.pk, passphrase, change, shown)
    call("record_want_snapshot")


def drop(*, change: int, by: Member, passphrase: str) -> None:
    """Puts a change aside that nobody confirmed.

    Raises:
        Refused: it was confirmed or dropped before.
    """
    call("register_drop", by.pk, passphrase, change)
