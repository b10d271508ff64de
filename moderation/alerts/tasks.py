"""Jobs of alerts; each calls one action. Installed in the staff and worker processes, run by the worker."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

# After 7, 49, … seconds: seven tries in some 38 hours, while a mail host is away.
PATIENT = RetryStrategy(max_attempts=7, exponential_wait=7)


@app.task(name="alerts.ask", queue="mail", retry=PATIENT)
def ask(subscription: int) -> None:
    from moderation.alerts.sending import delivering

    delivering.ask(subscription=subscription)


@app.task(name="alerts.spread", queue="mail", retry=PATIENT)
def spread(index: int) -> None:
    from moderation.alerts.sending import spreading

    spreading.spread(index=index)


@app.task(name="alerts.send", queue="mail", retry=PATIENT)
def send(batch: int) -> None:
    from moderation.alerts.sending import delivering

    delivering.send(batch=batch)


@app.periodic(cron="*/5 * * * *", periodic_id="alerts")
@app.task(name="alerts.look_again", queue="mail")
def look_again(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """News of a record that was out of sight waits until readers see it again."""
    from moderation.alerts.sending import spreading

    spreading.look_again()
