"""Lines of a log: our own words, codes and places in the code, and never what somebody sent (SAFEGUARDS A1).

A message of ours is written by us and holds codes alone. What others log may quote a request (an address, a host, a
form) and what an exception says may quote a row ("Failing row contains …"), so of those a line gives the logger, the
exception's type and where in the code it came from.
"""

import logging
import traceback
from pathlib import Path

OURS = ("geo", "moderation", "mapsite", "procrastinate")  # jobs carry no texts: their arguments are codes
PLACES = 4  # of a traceback, the innermost ones


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = [self.formatTime(record), record.levelname, record.name]
        if record.name.partition(".")[0] in OURS:
            said.append(record.getMessage())
        else:
            said.append(f"at {place(record.pathname, record.lineno)}")
            if status := getattr(record, "status_code", None):
                said.append(f"status {int(status)}")
        if record.exc_info and record.exc_info[1]:
            said.append(describe(record.exc_info[1]))
        return " ".join(said)


def describe(error: BaseException) -> str:
    """What kind of error, with PostgreSQL's five-letter code where it has one, and where it was raised."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < PLACES:
        code = getattr(cause, "sqlstate", None)
        kinds.append(type(cause).__name__ + (f" ({code})" if code else ""))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    where = [place(frame.filename, frame.lineno or 0) for frame in reversed(frames)]
    return f"{' from '.join(kinds)} at {' < '.join(where)}"


def place(file: str, line: int) -> str:
    """The file with the two folders above it, and the line."""
    return f"{'/'.join(Path(file).parts[-3:])}:{line}"
