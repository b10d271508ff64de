"""Jobs about requests under the privacy act. Installed in the staff and worker processes; the worker runs them."""

import datetime as dt

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *", periodic_id="erasure_journal")
@app.task(name="erasure.note")
def note(timestamp: int) -> None:
    """Notes outside of the database what was withdrawn and erased."""
    from moderation.erasure import journal

    journal.write(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="* * * * *", periodic_id="erasure")
@app.task(name="erasure.deliver")
def deliver(timestamp: int) -> None:
    """Ends what nobody answered, reminds the team on duty, and mails answers."""
    from geo.record.refusals import call
    from moderation.erasure import mails

    call("erasure_tidy")
    mails.deliver(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
