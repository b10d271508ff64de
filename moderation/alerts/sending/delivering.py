"""Goes through a batch, one letter after the other: accepted by the channel, then noted, then the next.

A note is written while the next letter is announced to the channel, and is there before that letter goes out. So a
worker that is killed repeats the letter in flight and no other, under the name that it had; what was not accepted is sent
by the next worker. Two workers that go through one batch by mistake notice it at the first letter.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Self

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from moderation.alerts.models import Batch, Subscription
from moderation.alerts.sending import addresses, letters, queue, spreading
from moderation.alerts.sending.channel import Channel, NotTaken, Overtaken
from moderation.alerts.sending.mail import Mail
from moderation.alerts.sending.spreading import Due
from moderation.alerts.vocabulary import Way

CHANNELS: dict[str, type[Channel]] = {Way.MAIL: Mail}
LATER = dt.timedelta(minutes=10)


class NotNow(Exception):
    """The record is out of sight; the job comes again."""


def ask(*, subscription: int) -> None:
    """Asks the owner of an address whether they want to be told.

    Raises:
        NotTaken, Away: the job comes again.
    """
    found = Subscription.objects.filter(pk=subscription, confirmed_at=None).first()
    if found:
        letter = letters.question(found, addresses.unseal(found))
        with CHANNELS[found.way]() as channel:
            channel.send(letter)


def send(*, batch: int) -> None:
    """Tells everybody in a batch who was not told yet.

    Raises:
        NotNow, NotTaken, Away: the job comes again and goes on where this one ended.
    """
    found = Batch.objects.select_related("announcement").filter(pk=batch).first()
    if found is None:
        return
    what = spreading.due(found.announcement)
    if what is Due.WAIT:
        raise NotNow
    if what is Due.DROP or _send(found):
        found.delete()


def _send(batch: Batch) -> bool:
    """Whether this worker came to the end of the batch; False if another one is at it."""
    after = bytes(batch.after)
    left = spreading.told(batch.announcement).filter(address__gt=after, address__lte=bytes(batch.until))
    subscriptions = list(left)
    news = letters.News(batch.announcement)
    with ExitStack() as stack:
        stack.enter_context(_notes_are_quick())
        channels = {way: stack.enter_context(CHANNELS[way]()) for way in {each.way for each in subscriptions}}
        # Addresses are opened meanwhile: the thread that sends waits for the mail host most of the time.
        opening = stack.enter_context(ThreadPoolExecutor(1)).map(addresses.opener(), subscriptions)
        notes = stack.enter_context(_Notes(batch))
        try:
            for subscription, opened in zip(subscriptions, opening, strict=True):
                address = bytes(subscription.address)
                try:
                    channels[subscription.way].send(news.letter(subscription, opened), notes.wait)
                except NotTaken:
                    if len(subscriptions) == 1:
                        raise
                    notes.wait()
                    _put_off(batch, after, address)
                notes.write(after, address)
                after = address
            notes.wait()
        except Overtaken:
            return False
    return True


class _Notes:
    """How far a batch is, written by a thread of its own, one note after the other."""

    def __init__(self, batch: Batch) -> None:
        self._batch, self._connection = batch.pk, connection.connection
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[bool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def write(self, after: bytes, address: bytes) -> None:
        self._last = self._thread.submit(_note, self._connection, self._batch, after, address)

    def wait(self) -> None:
        """Until the last note is there.

        Raises:
            Overtaken: somebody else has moved the batch.
        """
        if self._last and not self._last.result():
            raise Overtaken


@contextmanager
def _notes_are_quick() -> Iterator[None]:
    """A note is out of our hands when PostgreSQL has it, and on the disk within a second (synchronous_commit).

    So a killed worker loses none; a machine that loses its power forgets the last notes, and their letters go out again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def _note(known: psycopg.Connection, batch: int, after: bytes, address: bytes) -> bool:
    """Moves the batch on from the address before; False if somebody else has moved it."""
    with psycopg.Cursor(known) as cursor:  # bound on the server, so that it is planned once
        cursor.execute(
            "UPDATE alerts_batch SET after = %s WHERE id = %s AND after = %s",
            [address, batch, after],
            prepare=True,
        )
        return cursor.rowcount == 1


@transaction.atomic
def _put_off(batch: Batch, after: bytes, address: bytes) -> None:
    """One letter gets a batch of its own, so that the others need not wait for it."""
    alone = Batch.objects.create(announcement=batch.announcement, after=after, until=address)
    queue.defer("alerts.send", [{"batch": alone.pk}], at=timezone.now() + LATER)
