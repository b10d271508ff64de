"""What the set-up tells the person at the terminal: progress on standard error, and refusals."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

BEGAN = time.monotonic()


class Refused(Exception):
    """One sentence: what is missing or in the way, and the command that mends it. Exit code 2."""


def tell(text: str) -> None:
    """One line of progress, with the seconds since the command began."""
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Names a step when it begins and, when it took more than a second, how long it took."""
    tell(f"{text} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took > 1:
        tell(f"{text}: done in {took:.1f} s")


def run_quietly(
    command: Sequence[str],
    *,
    log: Path,
    refusal: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Runs one command with its output in a log.

    Raises:
        Refused: it failed; the sentence is `refusal`, with its last line of output and the log's place.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(command)}\n".encode())
        out.flush()
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=cwd
            )
            try:
                code = process.wait()
            except BaseException:  # never leave half an installation behind us: ask it to end, and wait
                process.terminate()
                process.wait()
                raise
        except FileNotFoundError:
            code = 127
            out.write(f"{command[0]}: not found\n".encode())
    if code:
        raise Refused(f"{refusal} (it said: “{last_line(log)}”; all of it is in {short(log)}).")


def last_line(log: Path) -> str:
    """What a log says last of an error, or just last; shortened to 200 characters."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    telling = [
        line for line in lines if re.search(r"[^\W_]{2}", line)
    ]  # a caret under a statement tells nothing
    errors = [
        line for line in telling[-30:] if re.match(r"[\w.]*(Error|Exception|DoesNotExist)\b|E: |ERR", line)
    ]
    return (errors or telling or [""])[-1][:200]


def short(path: Path) -> str:
    """A path as the person at the terminal would type it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
