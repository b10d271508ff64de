"""Jobs about corrections. Installed in the staff and worker processes; the worker runs them."""

import datetime as dt

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *", periodic_id="corrections")
@app.task(name="corrections.deliver")
def deliver(timestamp: int) -> None:
    """Ends what is over, then mails: codes, decisions, and what the team on duty has to see (SAFEGUARDS D3–D5)."""
    from geo.record.refusals import call
    from moderation.corrections import mails

    call("corrections_tidy")
    mails.deliver(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="25 0 * * *", periodic_id="figures")
@app.task(name="corrections.note_months")
def note_months(timestamp: int) -> None:
    """The public figures of a month that is over (SAFEGUARDS D4)."""
    from moderation.corrections import figures

    figures.note_months(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
