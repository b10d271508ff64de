"""20,000 published records in a database of their own, their public files, and processes that serve them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bench import scratch
from bench.filling import fill

RECORDS = 20_000
FOLDER = settings.VAR / "bench" / f"snapshot-{os.getpid()}"
GRANIAN = str(Path(sys.prefix) / "bin" / "granian")


@cache
def database() -> str:
    """The name of a database with `RECORDS` published records."""
    name = scratch.create("published")
    with scratch.using(name):
        call_command("migrate", verbosity=0)
        fill(RECORDS)
    return name


@contextmanager
def files() -> Iterator[Path]:
    """A folder for generations, empty at first and gone at the end."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        yield FOLDER
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


@contextmanager
def process(*command: str, core: int | None = None, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the site, on the stage's database if it is told of no other; ended with its children at the end."""
    if "MAPSITE_DB_NAME" not in environment:
        environment["MAPSITE_DB_NAME"] = database()
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    running = subprocess.Popen(
        [*pinned, *command],
        cwd=settings.ROOT,
        env={**os.environ, "MAPSITE_SNAPSHOT": str(FOLDER), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):  # it was killed
            os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


@contextmanager
def granian(application: str, core: int | None = None, **environment: str) -> Iterator[int]:
    """A WSGI application behind granian, as production runs it; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "2"]
    with process(GRANIAN, *arguments, "--no-access-log", application, core=core, **environment) as running:
        wait(lambda: socket.create_connection(("127.0.0.1", port), 1).close(), running)
        yield port


def wait(ready: object, running: subprocess.Popen[bytes], seconds: float = 1800) -> None:
    """Calls `ready` until it raises no OSError."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ready()  # type: ignore[operator]
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
