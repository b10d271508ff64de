"""Jobs of the public record; each calls one action. Installed in the staff and worker processes."""

import datetime as dt

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


# No lock of the queue on builds: the folder has its own, which a killed worker does not keep.
@app.task(name="record.build_snapshot", retry=RetryStrategy(max_attempts=10, exponential_wait=2))
def build_snapshot() -> None:
    from geo.record import publishing, snapshot

    publishing.keep_time()  # the log first: no reader sees what it does not say yet
    snapshot.build()


@app.periodic(cron="*/5 * * * *", periodic_id="expiries")
@app.task(name="record.rebuild_expiries")
def rebuild_expiries(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """A hide that ends or a lapse changes what is visible without any publication."""
    from geo.record import publishing, snapshot

    publishing.keep_time()
    snapshot.build()


@app.periodic(cron="10 0 1 * *", periodic_id="release")
@app.task(name="record.release_month")
def release_month(timestamp: int) -> None:
    from geo.record.publishing import release

    release(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
