"""The worker: drains the inbox, runs the jobs, and is alone in writing the snapshot's folder."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from geo.record import snapshot
from moderation.review import actions

PAUSE = 1.0  # seconds between two looks into the inbox
JOBS_PAUSE = 0.2  # seconds between two looks for jobs: a publication is to be seen within two seconds
LONGEST_PAUSE = 30.0  # seconds, while the database is away
AWAY = (DatabaseError, psycopg.Error, ConnectorException)
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Builds the public files, gathers reports into cases and runs jobs, until SIGTERM or Ctrl-C."

    def handle(self, **_: Any) -> None:
        ending = threading.Event()
        # Nobody waits for the first build to end: killed anywhere it leaves nothing half done.
        threading.Thread(target=once, args=(snapshot.build, ending), daemon=True).start()
        inbox = threading.Thread(target=repeat, args=(actions.gather_inbox, ending))
        inbox.start()
        try:
            once(lambda: asyncio.run(jobs(ending)), ending)
        finally:
            ending.set()
            inbox.join()


async def jobs(ending: threading.Event) -> None:
    """Runs procrastinate's jobs until SIGTERM or Ctrl-C; the job that is running then may finish or give up."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        async with worker.open_async():
            running = asyncio.create_task(
                worker.run_worker_async(
                    concurrency=1,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    # Any role may send any notification, also a malformed one: the table is asked instead.
                    listen_notify=False,
                    fetch_job_polling_interval=JOBS_PAUSE,
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


def repeat(action: Callable[[], object], ending: threading.Event) -> None:
    """Calls `action` once a second."""
    while not ending.is_set():
        once(action, ending)
        ending.wait(PAUSE)
