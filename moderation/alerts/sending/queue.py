"""Jobs made in the transaction of what they are about: both are there after a commit, or neither."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from psycopg.types.json import Jsonb

QUEUE = "mail"  # of its own, so that a long delivery keeps no publication waiting
SOON, SOME_TIME = 10, 0  # priorities: somebody waits for the mail that they have to confirm


def defer(
    task: str,
    arguments: Sequence[dict[str, int]],
    *,
    priority: int = SOME_TIME,
    at: dt.datetime | None = None,
) -> None:
    """One job for each of `arguments`, run when `at` has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_jobs_v1(array_agg("
            " ROW(%s, %s, %s, NULL, NULL, given, %s)::procrastinate_job_to_defer_v1))"
            " FROM unnest(%s::jsonb[]) given HAVING count(*) > 0",
            [QUEUE, task, priority, at, [Jsonb(each) for each in arguments]],
        )
