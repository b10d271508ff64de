"""Jobs about jobs, and the forgetting."""

import datetime as dt

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *", periodic_id="stalled")
@app.task(name="mapsite.retry_stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """Gives jobs of a worker that was killed to another one; every job may run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="*/10 * * * *", periodic_id="retention")
@app.task(name="mapsite.apply_retention")
def apply_retention(timestamp: int) -> None:
    """Forgets what is over; running twice forgets nothing more."""
    from mapsite import retention

    retention.apply(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
