"""Jobs about requests under the privacy act. Installed in the staff and worker processes; the worker runs them."""

import datetime as dt

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *", periodic_id="erasure")
@app.task(name="erasure.deliver")
def deliver(timestamp: int) -> None:
    """Notes outside of the database what was erased, then mails what is due."""
    from moderation.erasure import journal, mails

    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    journal.write(now=now)
    mails.deliver(now=now)
