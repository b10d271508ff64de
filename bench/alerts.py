"""Alerts: how fast one worker sends against a bare `smtplib` loop, and what kills of the worker cost.

Everything is real but the mail host, which is the demo's sink and writes down the name of each letter that it takes.
Both senders talk to the same sink; the bare loop sends one finished letter again and again, half of it before and
half after, since the machine is never the same for long.
"""

import asyncio
import os
import random
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from bench import scratch
from bench.run import Result
from bench.stage import process, wait
from deploy.local import mail_sink

SUBSCRIBERS, LEAST = 100_000, 0.5  # of the bare loop's rate, with one worker
KILLS, KILLED_SUBSCRIBERS = 20, 20_000
ATTEMPT = 300  # letters: a worker is killed after some number of them up to this one
SILENCE = 300  # seconds without a letter after which something is wrong
NAME = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)
FOLDER = settings.VAR / "bench" / f"alerts-{os.getpid()}"


def measure() -> list[Result]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = scratch.create("alerts")
    try:
        with scratch.using(name):
            call_command("migrate", verbosity=0)
            ratio = speed(name)
            lost, worst = kills(name)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    return [
        Result(
            name=f"alerts: letters a second to {SUBSCRIBERS:,} subscribers, one worker, against a bare smtplib loop",
            value=round(ratio, 2),
            limit=LEAST,
            goal=f"≥ {LEAST:g} ×",
            passed=ratio >= LEAST,
        ),
        Result(
            name=f"alerts: letters lost over {KILLS} kills of the worker",
            value=float(lost),
            limit=0.0,
            goal="0",
            passed=lost == 0,
        ),
        Result(
            name=f"alerts: letters repeated over {KILLS} kills of the worker",
            value=float(worst),
            limit=float(KILLS),
            goal=f"≤ {KILLS}, one a kill",
            passed=worst <= KILLS,
        ),
    ]


def speed(database: str) -> float:
    """Our rate as a share of the bare loop's."""
    _subscribe(SUBSCRIBERS)
    _publish()
    with _sink("speed") as (port, journal):
        bare = _bare(port, SUBSCRIBERS // 2)
        before = _taken(journal)
        with _worker(database, port, "--mail"):
            _until(journal, before + 1)
            start, first = time.perf_counter(), _taken(journal)
            _until(journal, before + SUBSCRIBERS)
            ours = (before + SUBSCRIBERS - first) / (time.perf_counter() - start)
        bare = 2 / (1 / bare + 1 / _bare(port, SUBSCRIBERS // 2))
    print(f"  bare loop {bare:,.0f} letters/s, ours {ours:,.0f} letters/s", flush=True)
    return ours / bare


def kills(database: str) -> tuple[int, int]:
    """Letters that never came, and letters that came again."""
    from moderation.alerts.models import Subscription

    keep = Subscription.objects.order_by("pk").values("pk")[:KILLED_SUBSCRIBERS]
    Subscription.objects.exclude(pk__in=list(keep.values_list("pk", flat=True))).delete()
    _publish()
    chance = random.Random(20)
    with _sink("kills") as (port, journal):
        for _ in range(KILLS):
            with _worker(database, port) as worker:
                _until(journal, _taken(journal) + chance.randint(1, ATTEMPT))
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
        with _worker(database, port):
            _until(journal, KILLED_SUBSCRIBERS, different=True)
            time.sleep(5)  # for a repetition that came late
        names = journal.read_bytes().split()
    print(f"  {len(names):,} letters, {len(set(names)):,} different", flush=True)
    return KILLED_SUBSCRIBERS - len(set(names)), len(names) - len(set(names))


def _subscribe(count: int) -> None:
    from moderation.alerts import tokens
    from moderation.alerts.models import Subscription
    from moderation.alerts.sending import addresses

    moment = timezone.now() - timedelta(days=1)
    made = []
    for number in range(count):
        opened = addresses.Opened(tokens.new(), f"subscriber{number}@example.org")
        made.append(
            Subscription(
                way="mail",
                address=addresses.blind("mail", opened.address),
                sealed=addresses.seal(opened),
                token_hash=tokens.fingerprint(opened.token),
                language="ko" if number % 10 else "en",
                confirmed_at=moment,
            )
        )
    Subscription.objects.bulk_create(made, batch_size=5000)


def _publish() -> None:
    """A record that two people confirmed, and the batches of those who asked to be told."""
    from geo.record import checkpoints
    from geo.record.snapshot import load
    from moderation.alerts.models import Announcement
    from moderation.alerts.sending import spreading
    from tests import casework

    casework.published()
    checkpoints.keep(load.load(timezone.now()))
    spreading.announce()
    for index in Announcement.objects.filter(settled_at=None).values_list("index", flat=True):
        spreading.spread(index=index)


def _bare(port: int, count: int) -> float:
    """Letters a second of the shortest program that there is."""
    from moderation.alerts.sending import mail
    from moderation.alerts.sending.channel import Letter

    letter = mail.rendered(
        Letter("reader@example.org", "subject", "text " * 150, "bare", "", "https://example.org")
    )
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as host:
        for _ in range(count):
            host.sendmail("bare@example.org", ["reader@example.org"], letter)
    return count / (time.perf_counter() - start)


@contextmanager
def _worker(database: str, port: int, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    with process(
        sys.executable,
        "manage.py",
        "run_worker",
        *options,
        MAPSITE_SITE="worker",
        MAPSITE_DB_NAME=database,
        MAPSITE_SNAPSHOT=str(FOLDER / "snapshot"),
        MAPSITE_SMTP_HOST="127.0.0.1",
        MAPSITE_SMTP_PORT=str(port),
        MAPSITE_SMTP_SECURITY="none",
    ) as running:
        yield running


@contextmanager
def _sink(label: str) -> Iterator[tuple[int, Path]]:
    """The port of a sink in a process of its own, and the file with the names of what it took, one a line."""
    journal, ready = FOLDER / f"{label}.txt", FOLDER / f"{label}.port"
    code = f"import bench.alerts as b, pathlib as p; b.take({str(journal)!r}, {str(ready)!r})"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", f"import django; django.setup(); {code}"]
    ) as sink:
        try:
            wait(lambda: ready.stat(), sink)
            yield int(ready.read_text()), journal
        finally:
            sink.terminate()


def take(journal: str, ready: str) -> None:
    """The sink's process: a line is written before the letter is acknowledged."""
    lines = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(mail: mail_sink.Taken) -> None:
        found = NAME.search(mail.content)
        assert found
        os.write(lines, found[1] + b"\n")

    async def serve() -> None:
        server = await mail_sink.serve(0, note)
        draft = Path(ready).with_suffix(".draft")
        draft.write_text(str(server.sockets[0].getsockname()[1]))
        draft.rename(ready)
        await server.serve_forever()

    asyncio.run(serve())


def _taken(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def _until(journal: Path, count: int, *, different: bool = False) -> None:
    """Waits until so many letters came; `different` counts repetitions once."""
    seen, since = -1, time.monotonic()
    while True:
        found = len(set(journal.read_bytes().split())) if different else _taken(journal)
        if found >= count:
            return
        if found > seen:
            seen, since = found, time.monotonic()
        assert time.monotonic() - since < SILENCE, f"{found} of {count} letters, and no more come"
        time.sleep(1 if different else 0.05)
