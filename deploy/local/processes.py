"""Children in sessions of their own: started, watched, and ended in order."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.say import last_line, short

GRACE = 15.0  # seconds between asking a process to end and ending it


@dataclass
class Child:
    """One long-running process; its output goes to ours or to a log, begun anew at each start."""

    name: str
    command: Sequence[str]
    log: Path | None  # None: our own output
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stop_signal: signal.Signals = signal.SIGTERM
    cwd: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it in a session of its own, so that Ctrl-C at the terminal reaches only us."""
        with self.log.open("wb") if self.log else contextlib.nullcontext() as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def stop(self) -> None:
        """Asks it to end, waits, and ends what is left of its session."""
        if self.process is None:
            return
        if self.alive:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
        _kill_session(self.process.pid)
        self.process.wait()

    def obituary(self) -> str:
        """Why it is no longer there, for one sentence."""
        code = self.process.returncode if self.process else None
        said = f"; it said: “{last_line(self.log)}”; see {short(self.log)}" if self.log else ""
        return f"{self.name} ended (code {code}{said})"


def _kill_session(leader: int) -> None:
    """Ends whatever still runs in the session of a child that is gone or refuses to go."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
