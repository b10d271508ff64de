"""The worker under the hands of other roles: it is told nothing by them and goes on (TWO_PEOPLE)."""

import time

from tests import stack


def test_a_malformed_notification_stops_nothing(running_site: stack.Site) -> None:
    site = running_site
    with stack.connect("mapsite_public", site.database, host=site.database_host) as public:
        for channel in ("procrastinate_any_queue_v1", "procrastinate_queue_v1#default"):
            public.execute(f"NOTIFY \"{channel}\", 'no JSON at all'")
            public.execute(f'NOTIFY "{channel}", \'{{"type": "abort_job_requested", "job_id": 1}}\'')
    with (
        stack.connect("mapsite_staff", site.database, host=site.database_host) as staff,
        stack.connect("mapsite_owner", site.database, host=site.database_host) as owner,
    ):
        staff.execute("SELECT record_want_snapshot()")
        deadline = time.monotonic() + 60
        while owner.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'record.build_snapshot' AND status IN ('todo', 'doing')"
        ).fetchone():
            assert time.monotonic() < deadline, "the job was not done"
            time.sleep(0.2)
    assert site.worker
    assert site.worker.alive, site.worker.obituary()
