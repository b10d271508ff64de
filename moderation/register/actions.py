"""What is done at the registrar's desk. Whatever takes effect needs the passphrase of whoever acts (`sql/`)."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.db import transaction

from geo.directory import contacts, standard, universities
from geo.directory.faults import FileFault
from geo.directory.files import Pulse
from geo.directory.report import digest
from geo.directory.staging import Staged
from geo.record.refusals import call
from moderation.audit import actions as trail
from moderation.register import permissions, querysets
from moderation.register.vocabulary import ChangeKind, Choice, FileKind
from moderation.review.models import Member

READERS: dict[FileKind, Callable[[Path, Pulse], AbstractContextManager[Iterator[Staged]]]] = {
    FileKind.SCHOOLS: standard.read,
    FileKind.CONTACTS: contacts.read,
    FileKind.UNIVERSITIES: universities.read,
}

MOST_ROWS = 100_000  # Korea has 12,000 schools
MOST_UNREADABLE = 1_000  # more are a damaged file, not a register with flaws


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


def ask_successor(*, school: str, wanted: dict[str, str] | None, by: Member, passphrase: str) -> int:
    """The first of two people says what became of a school that closed or left; None takes that back.

    Args:
        wanted: successor (official id), how (directory.models.Succession.How), since (YYYY-MM-DD).

    Returns:
        the id of the change that waits for another person.

    Raises:
        Refused: the rules of register_ask (sql/changes.sql).
    """
    told = None if wanted is None else json.dumps(wanted)
    made: int = call("register_ask", by.pk, passphrase, ChangeKind.SUCCESSOR.value, school, told)
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


def open_file(*, kind: str, path: Path, by: Member, passphrase: str) -> int:
    """Reads an official file and compares it with the directory; nothing of it is taken over yet.

    Returns:
        the id of the file, whose differences wait to be chosen.

    Raises:
        FileFault: it is no such file, or more than `MOST_ROWS` long or `MOST_UNREADABLE` broken; one sentence.
        Refused: the rules of register_open_file (sql/files.sql); the passphrase is asked before the file is read.
    """
    permissions.check_ask(by=by)
    call("register_may_open", by.pk, passphrase)
    with READERS[FileKind(kind)](path, Pulse()) as rows:
        told = json.dumps([_told(row) for row in _bounded(rows)], ensure_ascii=False)
    made: int = call("register_open_file", by.pk, passphrase, kind, digest(path), told)
    return made


def _bounded(rows: Iterator[Staged]) -> Iterator[Staged]:
    unreadable = 0
    for number, row in enumerate(rows, start=1):
        unreadable += row.reason is not None
        if number > MOST_ROWS:
            raise FileFault(f"the file has more than {MOST_ROWS:,} rows")
        if unreadable > MOST_UNREADABLE:
            raise FileFault(f"more than {MOST_UNREADABLE:,} rows cannot be read, the last on line {row.line}")
        yield row


def _told(row: Staged) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if value is not None}


def choose(*, file: int, differences: list[int], choice: Choice | None, by: Member) -> int:
    """Accepts or refuses differences of an open file, or takes a choice back (None).

    Returns:
        how many there were.

    Raises:
        Refused: the rules of register_choose (sql/files.sql): the file is applied or dropped.
    """
    permissions.check_ask(by=by)
    with transaction.atomic():
        done: int = call("register_choose", by.pk, file, differences, choice and choice.value)
        trail.record(
            by=by.pk, action="file_chosen", subject="file", subject_id=file, choice=choice, schools=done
        )
    return done


def choose_all(*, file: int, kind: str, choice: Choice, by: Member) -> int:
    """Accepts or refuses what is undecided of one kind; nothing is accepted at a school that `by` has a tie to.

    Returns:
        how many there were.
    """
    permissions.check_ask(by=by)
    found = querysets.readable(file).filter(kinds__contains=[kind], choice=None)
    if choice == Choice.ACCEPT:
        schools = list(found.values_list("school", flat=True))
        found = found.exclude(school__in=querysets.tied(schools, by=by))
    return choose(file=file, differences=list(found.values_list("pk", flat=True)), choice=choice, by=by)


def apply_file(*, file: int, shown: bytes, by: Member, passphrase: str) -> bool:
    """Takes the accepted differences over as the second person, or asks for one (SAFEGUARDS A1).

    Returns:
        whether they were taken over.

    Raises:
        Refused: the rules of register_apply_file.
    """
    applied: str = call("register_apply_file", by.pk, passphrase, file, shown)
    if applied == "applied":
        call("record_want_snapshot")
    return applied == "applied"


def drop_file(*, file: int, by: Member, passphrase: str) -> None:
    """Drops an open file; the directory stays as it is.

    Raises:
        Refused: it was applied or dropped before.
    """
    call("register_drop_file", by.pk, passphrase, file)
