"""Jobs of casework; each calls one action. Installed in the staff and worker processes."""

from procrastinate.contrib.django import app


@app.periodic(cron="*/10 * * * *", periodic_id="checks")
@app.task(name="review.open_checks")
def open_checks(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """Notice before a lapse: cases for records whose check is due (SAFEGUARDS B9)."""
    from moderation.review import actions

    actions.open_checks()
