"""The worker: drains the inbox, runs the jobs, and is alone in writing the snapshot's folder."""

import asyncio
import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from geo.record import snapshot
from moderation.alerts.sending import gathering, spreading
from moderation.alerts.sending.queue import QUEUE as MAIL
from moderation.review import actions

INBOXES = (actions.gather_inbox, gathering.gather, spreading.announce)  # what waits to be noticed
PAUSE = 1.0  # seconds between two looks into the inbox
JOBS_PAUSE = 0.1  # seconds between two looks for jobs: a publication is to be seen within two seconds
LONGEST_PAUSE = 30.0  # seconds, while the database is away
AWAY = (DatabaseError, psycopg.Error, ConnectorException)
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Builds the public files, gathers reports into cases and runs jobs, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mail", action="store_true", help="send mails and nothing else; run as many as needed"
        )

    def handle(self, *, mail: bool, **_: Any) -> None:
        ending = threading.Event()
        if mail:
            once(lambda: asyncio.run(jobs(ending, MAIL)), ending)
            return
        # Nobody waits for the first build to end: killed anywhere it leaves nothing half done.
        threading.Thread(target=once, args=(snapshot.build, ending), daemon=True).start()
        inbox = threading.Thread(target=repeat, args=(ending,))
        inbox.start()
        try:
            once(lambda: asyncio.run(jobs(ending, "default", MAIL, "links")), ending)
        finally:
            ending.set()
            inbox.join()


async def jobs(ending: threading.Event, *queues: str) -> None:
    """Runs procrastinate's jobs, one at a time of each queue, until SIGTERM or Ctrl-C.

    The jobs that are running then may finish or give up.
    """
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        async with worker.open_async():
            running = asyncio.gather(
                *(
                    worker.run_worker_async(
                        queues=[queue],
                        concurrency=1,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                        # Any role may send any notification, also a malformed one: the table is asked instead.
                        listen_notify=False,
                        fetch_job_polling_interval=JOBS_PAUSE,
                    )
                    for queue in queues
                )
            )

            def end() -> None:
                ending.set()
                snapshot.stopping.set()
                running.cancel()

            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, end)
            with suppress(asyncio.CancelledError):
                await running


def once(action: Callable[[], object], ending: threading.Event) -> None:
    """Calls `action` until it went through; while the database is away, ever more rarely."""
    pause = PAUSE
    while not ending.is_set():
        try:
            action()
        except AWAY as error:
            log.warning("the database is away (%s); next try in %.0f s", type(error).__name__, pause)
            ending.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        except snapshot.Stopped:
            return
        else:
            return
        finally:
            connection.close_if_unusable_or_obsolete()


def repeat(ending: threading.Event) -> None:
    """Looks into every inbox once a second."""
    while not ending.is_set():
        for look in INBOXES:
            once(look, ending)
        ending.wait(PAUSE)
