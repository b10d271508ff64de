"""Jobs about jobs."""

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *", periodic_id="stalled")
@app.task(name="mapsite.retry_stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes it)
    """Gives jobs of a worker that was killed to another one; every job may run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
