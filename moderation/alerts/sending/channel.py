"""What carries a letter to somebody. A new way is one more file here with a class of this shape, and a code of `Way`."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Protocol, Self


class Letter(NamedTuple):
    """One message to one address; every text is made of codes, names of the register and our own links."""

    address: str
    subject: str
    text: str
    name: str  # the same for the same news and subscriber, however often it is sent; ASCII without blanks
    follows: str  # the name of an earlier letter about the same record, or ""
    end_link: str  # ends the subscription by one POST (RFC 8058); "" where there is none


class NotTaken(Exception):
    """This letter was not taken now; others may be."""


class Away(Exception):
    """The way is closed now: no letter can be sent."""


class Overtaken(Exception):
    """Somebody else is sending these letters: this one was not sent."""


def at_once() -> None:
    """For a letter before which there is nothing to wait for."""


class Channel(Protocol):
    """Opened for many letters and used by one thread. `send` returns when somebody else is answerable for the letter.

    `before` is called at the last moment at which the letter can be kept back, and keeps it back by raising Overtaken.

    Raises:
        NotTaken, Away, Overtaken
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter, before: Callable[[], None] = at_once) -> None: ...
