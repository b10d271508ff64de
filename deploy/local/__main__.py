"""The command line: `python3 -m deploy.local COMMAND`, see `COMMANDS`."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

from deploy.local import checks, commands, demo
from deploy.local.say import Refused

COMMANDS: dict[str, Callable[[], int]] = {
    "setup": commands.setup,
    "services": commands.services,
    "services-stop": commands.services_stop,
    "hold-services": commands.hold_services,  # what `services` leaves running
    "demo": demo.demo,
    "test": commands.test,
    "bench": commands.bench,
    "docs": commands.docs,
    "lint": checks.lint,
    "messages": checks.messages,
    "lock": commands.lock,
}


def _end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 (what a handler gets)
    """Ctrl-C, SIGTERM and a closed terminal all unwind through the same `finally` blocks, once."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _end)
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python3 -m deploy.local {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[sys.argv[1]]()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
