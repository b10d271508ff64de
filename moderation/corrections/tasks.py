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
