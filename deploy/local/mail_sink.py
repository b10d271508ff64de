"""Where the mails of the demo, the tests and the benchmarks end: a mail host (RFC 5321) that passes nothing on.

`python -m deploy.local.mail_sink PORT FOLDER` writes each mail into the folder, as a file of its own, and keeps the
newest. It believes everybody and listens on this machine alone.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

KEPT = 200  # mails
_LONGEST = 1 << 20  # bytes of a line or a mail


class Taken(NamedTuple):
    """One mail as it came."""

    to: list[str]
    content: bytes


Take = Callable[[Taken], None]
Answer = Callable[[str], str]  # from a recipient to the reply that it gets, "250 …" to take it


async def serve(port: int, take: Take, answer: Answer = lambda _: "250 taken") -> asyncio.Server:
    """Listens on 127.0.0.1 (0: a free port); `take` has returned before a mail is acknowledged."""

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _talk(reader, writer, take, answer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the other side went away
        finally:
            writer.close()

    return await asyncio.start_server(session, "127.0.0.1", port, limit=_LONGEST)


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take, answer: Answer
) -> None:
    to: list[str] = []
    writer.write(b"220 sink\r\n")
    while True:
        line = (await reader.readuntil(b"\r\n")).decode("utf-8", "replace").strip()
        verb = line[:4].upper()
        reply = "250 fine"
        if verb == "MAIL":
            to = []
        elif verb == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            reply = answer(address)
            if reply.startswith("250"):
                to.append(address)
        elif verb == "DATA" and not to:
            reply = "503 to whom?"
        elif verb == "DATA":
            writer.write(b"354 go on\r\n")
            content = await reader.readuntil(b"\r\n.\r\n")
            take(Taken(to, content[:-3].replace(b"\r\n..", b"\r\n.")))
            to = []
        elif verb == "QUIT":
            reply = "221 good bye"
        elif verb == "EHLO":
            reply = "250-sink\r\n250 PIPELINING"
        elif verb not in {"HELO", "RSET", "NOOP"}:
            reply = "502 unknown"
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()
        if verb == "QUIT":
            return


def into(folder: Path) -> Take:
    """Writes each mail into a file; names sort by the time of arrival."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = itertools.count()

    def take(mail: Taken) -> None:
        name = f"{time.time_ns():020}-{next(numbers):06}.eml"
        draft = folder / f".{name}"
        draft.write_bytes(mail.content)
        draft.rename(folder / name)
        for old in sorted(folder.glob("[0-9]*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)

    return take


async def _forever(port: int, folder: Path) -> None:
    server = await serve(port, into(folder))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_forever(int(sys.argv[1]), Path(sys.argv[2])))
