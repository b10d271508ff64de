"""What is done at the registrar's desk. Whatever takes effect needs the passphrase of whoever acts (`sql/`)."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.db import transaction

from geo.directory import contacts, standard, universities
from geo.directory.files import Pulse
from geo.directory.report import digest
from geo.directory.staging import Staged
from geo.record.refusals import Refused, call
from moderation.audit import actions as trail
from moderation.register import permissions, querysets
from moderation.register.models import OfficialFile
from moderation.register.vocabulary import ChangeKind, Choice, FileKind
from moderation.review.models import Member

READERS: dict[FileKind, Callable[[Path, Pulse], AbstractContextManager[Iterator[Staged]]]] = {
    FileKind.SCHOOLS: standard.read,
    FileKind.CONTACTS: contacts.read,
    FileKind.UNIVERSITIES: universities.read,
}


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
        FileFault: it is no such file; one sentence.
        Refused: the rules of register_open_file (sql/files.sql).
    """
    permissions.check_ask(by=by)
    with READERS[FileKind(kind)](path, Pulse()) as rows:
        told = json.dumps([_told(row) for row in rows], ensure_ascii=False)
    made: int = call("register_open_file", by.pk, passphrase, kind, digest(path), told)
    return made


def _told(row: Staged) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if value is not None}


def choose(*, file: int, differences: list[int], choice: Choice | None, by: Member) -> int:
    """Accepts or refuses differences of an open file, or takes a choice back (None).

    Returns:
        how many there were.

    Raises:
        Refused: the file is applied or dropped.
    """
    permissions.check_ask(by=by)
    with transaction.atomic():
        if not OfficialFile.objects.filter(pk=file, applied_at=None, dropped_at=None).exists():
            raise Refused("file_over")
        found = querysets.readable(file).filter(pk__in=differences)
        done = found.update(choice=choice, chosen_by=by if choice else None)
        trail.record(
            by=by.pk, action="file_chosen", subject="file", subject_id=file, choice=choice, schools=done
        )
    return done


def choose_all(*, file: int, kind: str, choice: Choice, by: Member) -> int:
    """Accepts or refuses what is undecided of one kind; schools with a record or an open case are chosen singly.

    Returns:
        how many there were.
    """
    untouched = (
        querysets.readable(file)
        .filter(kinds__contains=[kind], choice=None)
        .exclude(school__in=querysets.touched(file))
    )
    return choose(file=file, differences=list(untouched.values_list("pk", flat=True)), choice=choice, by=by)


def apply_file(*, file: int, shown: bytes, by: Member, passphrase: str) -> bool:
    """Takes the accepted differences over, or asks for a second person where they touch a record or an open case.

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
