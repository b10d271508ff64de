"""What was withdrawn and erased, noted outside of the database, so that a restored backup forgets it again.

A backup of yesterday holds what somebody had deleted today, and the Act wants what is deleted not to come back
(article 36 (3)). So the worker adds a line to the file `MAPSITE_ERASURES` for everything that was deleted at somebody's
wish: a kind, a random id and an instant, of which nobody learns anything without the database. `restore` does it again.
Only lines of the last days are of use, since older backups are refused; the file only ever grows.
"""

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from moderation.corrections.inbox.vocabulary import State as CorrectionState
from moderation.corrections.models import Handling as CorrectionHandling
from moderation.erasure.inbox.vocabulary import Part, State, Wish
from moderation.erasure.models import Handling, Item
from moderation.intake.models import SubmissionProgress
from moderation.intake.vocabulary import Progress

LONGEST = dt.timedelta(days=31)  # a day more than the oldest backup that `restore` takes
REPORT, CORRECTION, REQUEST = "report_withdrawn", "correction_given_up", "request_given_up"
KINDS = frozenset({REPORT, CORRECTION, REQUEST, *Part.values})


class Damaged(Exception):
    """A line of the journal is none; the message names its number."""


class Entry(NamedTuple):
    kind: str  # of KINDS
    target: UUID
    at: dt.datetime

    def line(self) -> str:
        return f"{self.kind} {self.target} {self.at.astimezone(dt.UTC).isoformat(timespec='seconds')}\n"


def entries(*, since: dt.datetime) -> Iterator[Entry]:
    """Everything that was deleted at somebody's wish since then; what goes by the clock goes again by the clock."""
    withdrawn = SubmissionProgress.objects.filter(code=Progress.WITHDRAWN, at__gte=since)
    yield from (Entry(REPORT, *row) for row in withdrawn.values_list("submission", "at"))
    given_up = CorrectionHandling.objects.filter(state=CorrectionState.WITHDRAWN, since__gte=since)
    yield from (Entry(CORRECTION, *row) for row in given_up.values_list("pk", "since"))
    taken_back = Handling.objects.filter(state=State.WITHDRAWN, since__gte=since)
    yield from (Entry(REQUEST, *row) for row in taken_back.values_list("pk", "since"))
    at = "request__handling__decided_at"
    erased = Item.objects.filter(request__wish=Wish.ERASE, **{f"{at}__gte": since})
    yield from (Entry(*row) for row in erased.values_list("part", "target", at))


def write(*, now: dt.datetime) -> int:
    """Adds what is not in the file yet and waits for the disk; returns how many lines that were."""
    path: Path = settings.ERASURES
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another worker may be at it
        file.seek(0)
        text = file.read()
        file.truncate(text.rfind("\n") + 1)  # half a line, of a worker that was killed
        known = {entry[:2] for entry in _read(text)}
        new = [entry for entry in entries(since=now - LONGEST) if entry[:2] not in known]
        file.writelines(entry.line() for entry in sorted(new, key=lambda entry: entry.at))
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def replay(path: Path) -> int:
    """Deletes again, as the owner, what a journal tells of; returns how many of its things are in this database.

    Raises:
        Damaged: nothing was changed.
        FileNotFoundError
    """
    told = list(_read(path.read_text(encoding="ascii")))
    done = 0
    with connection.cursor() as cursor:
        for entry in told:
            cursor.execute("SELECT public.erasure_replay(%s, %s)", [entry.kind, entry.target])
            done += cursor.fetchone()[0]
    return done


def _read(text: str) -> Iterator[Entry]:
    """The entries of whole lines."""
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), 1):
        try:
            kind, target, at = line.split()
            entry = Entry(kind, UUID(target), dt.datetime.fromisoformat(at))
        except ValueError:
            entry = None
        if entry is None or entry.kind not in KINDS:
            raise Damaged(f"Line {number} of the journal of erasures is damaged.")
        yield entry
