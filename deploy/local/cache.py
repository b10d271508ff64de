"""A private Redis on a socket; it keeps nothing on disk (SAFEGUARDS C4)."""

import socket
import time
from pathlib import Path

from deploy.local.places import Places, as_service, own_by_service
from deploy.local.processes import Child
from deploy.local.say import Refused


def start(places: Places) -> Child:
    """Starts it and waits until it answers.

    Raises:
        Refused: it does not start.
    """
    own_by_service(places.run)
    address = places.run / "redis.sock"
    address.unlink(missing_ok=True)  # what a killed one left behind
    child = Child(
        name="Redis",
        command=as_service(
            [
                *("redis-server", "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(places.run)),
            ],
            ends_with_us="TERM",
        ),
        log=places.log / "redis.log",
        cwd=Path("/"),
    )
    child.start()
    deadline = time.monotonic() + 20
    while not _answers(address):
        if not child.alive or time.monotonic() > deadline:
            child.stop()
            raise Refused(f"Redis did not start: {child.obituary()}.")
        time.sleep(0.02)
    return child


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
