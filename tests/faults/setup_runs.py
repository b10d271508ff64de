"""Runs the set-up's own commands as a person would, in folders of their own, and finds what is left."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.local.places import ROOT

RUN = str(ROOT / "deploy/local/run.sh")


class Copy:
    """One copy of the site in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **extra: str) -> dict[str, str]:
        # `make test` would otherwise tell our own `make` that it is a part of it.
        ours = ("MAPSITE_", "MAKE", "MFLAGS", "ARGS")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "MAPSITE_VAR": str(self.var), **extra}

    def run(self, command: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [RUN, command],
            env=self.environment(**extra),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *command: str, **extra: str) -> subprocess.Popen[str]:
        """In a process group of its own, as a terminal would, its standard output and error readable."""
        process = subprocess.Popen(
            command,
            env=self.environment(**extra),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def hold(self) -> subprocess.Popen[str]:
        """PostgreSQL and Redis running under one supervisor."""
        process = self.start(RUN, "hold-services")
        assert process.stdout
        line = process.stdout.readline()
        assert line == "running\n", process.communicate()[1]
        return process

    def processes(self) -> list[int]:
        """Every process that names this folder on its command line or in its environment."""
        return [
            int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and self._is_ours(each)
        ]

    def _is_ours(self, folder: Path) -> bool:
        if folder.name == str(os.getpid()):
            return False
        with contextlib.suppress(OSError):
            words = folder.joinpath("cmdline").read_bytes() + b"\0" + folder.joinpath("environ").read_bytes()
            return re.search(re.escape(os.fsencode(self.var)) + rb"(?![^/\0\n])", words) is not None
        return False

    def assert_nothing_left(self, seconds: float = 20) -> None:
        assert within(seconds, lambda: not self.processes()), [
            Path(f"/proc/{pid}/cmdline").read_bytes() for pid in self.processes()
        ]

    def clean(self) -> None:
        for process in self.started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.started:
            process.communicate()
        for pid in self.processes():  # what a failed test left in the background
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        within(20, lambda: not self.processes())
        shutil.rmtree(self.var, ignore_errors=True)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def new_copy() -> Iterator[Copy]:
    """A copy in a short folder that every system user can reach, wherever this checkout is."""
    with tempfile.TemporaryDirectory(prefix="mapsite-") as folder:
        Path(folder).chmod(0o755)
        with copy_in(Path(folder) / "var") as made:
            yield made


@contextlib.contextmanager
def copy_in(var: Path) -> Iterator[Copy]:
    made = Copy(var)
    try:
        yield made
    finally:
        made.clean()
