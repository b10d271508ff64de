"""One copy's secrets, PostgreSQL and Redis: made, started, shared with a second command, ended."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local import cache, database, keys
from deploy.local.places import ROOT, Places
from deploy.local.processes import Child
from deploy.local.python_env import PYTHON
from deploy.local.say import Refused, run_quietly, short, step


class Busy(Exception):
    """Somebody else holds the lock; the text is what they wrote about themselves."""


@contextmanager
def holding(lock: Path, about: str) -> Iterator[None]:
    """Holds a lock file for as long as this process lives; a killed holder leaves no lock behind.

    Raises:
        Busy: another process holds it.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(os.pread(descriptor, 500, 0).decode(errors="replace").strip()) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, about.encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def only_one(places: Places, about: str) -> Iterator[None]:
    """One site to a folder.

    Raises:
        Refused: a site runs on it already; the sentence names it.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(holding(places.var / "site.lock", f"{about} (process {os.getpid()})"))
        except Busy as busy:
            raise Refused(
                f"{short(places.var)} is in use by {busy}; end that, or set MAPSITE_VAR to another folder."
            ) from None
        yield


@contextmanager
def running(places: Places, *, about: str, durable: bool = True, share: bool = True) -> Iterator[list[Child]]:
    """PostgreSQL and Redis for the length of the block; the caller watches the children that it gets.

    Args:
        about: who we are, for the sentence that somebody who comes second reads.
        durable: whether a power cut may lose nothing (off only where the data is thrown away).
        share: whether services that `make services` keeps running here will do; then the list is empty.

    Raises:
        Refused: they cannot be started, or run already and may not be shared.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(holding(places.var / "services.lock", f"{about} (process {os.getpid()})"))
        except Busy as busy:
            if not share:
                raise Refused(
                    f"The services of {short(places.var)} are already running, for {busy}."
                ) from None
            yield []
            return
        make_secrets(places)
        with step("starting PostgreSQL and Redis"):
            children = []
            redis = cache.start(places)
            stack.callback(redis.stop)
            postgres = database.start(places, durable=durable)
            stack.callback(postgres.stop)
            database.prepare(places)
            children += [postgres, redis]
        yield children


def make_secrets(places: Places) -> None:
    """Makes the secrets that are missing (`deploy/local/keys.py`).

    Raises:
        Refused: they could not be written.
    """
    if not keys.missing(places.secrets):
        return
    run_quietly(
        [str(PYTHON), "-m", "deploy.local.keys", "make", str(places.secrets)],
        log=places.setup_log,
        refusal="The secrets could not be made",
        cwd=ROOT,
    )


def write_env(places: Places, extra: dict[str, str]) -> None:
    """Writes `$VAR/env`, which mapsite/settings.py reads, so that a second terminal finds this copy."""
    values = {
        "MAPSITE_RUN": str(places.run),
        "MAPSITE_SECRETS": str(places.secrets),
        "MAPSITE_DEMO": os.environ.get("MAPSITE_DEMO") or "1",
        **extra,
    }
    draft = places.env_file.with_name("env.new")
    draft.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    draft.replace(places.env_file)


def environment(places: Places, **extra: str) -> dict[str, str]:
    """The environment of a process of this copy."""
    return {
        **os.environ,
        "MAPSITE_VAR": str(places.var),
        "MAPSITE_RUN": str(places.run),
        "MAPSITE_SECRETS": str(places.secrets),
        "MAPSITE_DEMO": os.environ.get("MAPSITE_DEMO") or "1",
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def manage(places: Places, *arguments: str, refusal: str, **extra: str) -> None:
    """Runs one `manage.py` command as the owner.

    Raises:
        Refused: it failed.
    """
    run_quietly(
        [str(PYTHON), "manage.py", *arguments],
        log=places.setup_log,
        refusal=refusal,
        env=environment(places, MAPSITE_SITE="owner", **extra),
        cwd=ROOT,
    )


def in_turn(places: Places, *lines: str, refusal: str, **extra: str) -> None:
    """Runs several `manage.py` commands as the owner, in one process (`deploy/local/in_turn.py`).

    Raises:
        Refused: one of them failed.
    """
    run_quietly(
        [str(PYTHON), "-m", "deploy.local.in_turn", *lines],
        log=places.setup_log,
        refusal=refusal,
        env=environment(places, MAPSITE_SITE="owner", **extra),
        cwd=ROOT,
    )
