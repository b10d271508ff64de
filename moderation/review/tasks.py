"""Jobs of casework; each calls one action. Installed in the staff and worker processes."""

import datetime as dt

from procrastinate.contrib.django import app


@app.periodic(cron="*/10 * * * *", periodic_id="checks")
@app.task(name="review.open_checks")
def open_checks(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """Notice before a lapse: cases for records whose check is due (SAFEGUARDS B9)."""
    from moderation.review import actions

    actions.open_checks()


@app.periodic(cron="20 0 * * *", periodic_id="figures")
@app.task(name="review.note_months")
def note_months(timestamp: int) -> None:
    """The public figures of a month that is over (SAFEGUARDS D4)."""
    from moderation.review import figures

    figures.note_months(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


# A queue of its own: a slow host keeps nothing else waiting.
@app.periodic(cron="* * * * *", periodic_id="links")
@app.task(name="review.check_link", queue="links")
def check_link(timestamp: int) -> None:  # noqa: ARG001
    """Looks at one linked page again (SAFEGUARDS A2)."""
    from moderation.review import links

    links.check_next()
