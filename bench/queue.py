"""The moderators' queue with 500 and with 50,000 open cases: the same number of questions, and at most twice the time."""

import time
from statistics import median

from django.conf import settings
from django.db import connection, reset_queries
from django.test import override_settings

from bench import scratch
from bench.run import Result, result
from tests import casework, desk
from tests.stack import staff_client

FEW, MANY = 500, 50_000
TIMES = 25
ADDRESSES = (
    "?view=open",
    "?view=open&order=clock",
    "?view=open&order=grade",
    "?view=unclaimed",
    "?view=second",
)

# One report a case; a third is graded, a tenth is overdue. Written as the owner: the page is what is measured.
FILL = (
    """INSERT INTO directory_school (id, register, name, name_en, level, founding, status, branch, address_road, address_lot,
         office, district_office, region_id, located, pupils, phone, fax, homepage, register_date, version,
         name_key, initials, name_en_key, grams)
       SELECT 'X9Q' || lpad(n::text, 7, '0'), 'standard', '보기' || n || '중학교', '', 'middle', 'public', 'operating', 'main',
              '보기로 ' || n, '', '', '', '11680', 'unknown', 500, '', '', '', '2026-03-20', 1, '', '', '', '{}'
         FROM generate_series(%(first)s::int, %(last)s::int) n""",
    """INSERT INTO review_case (id, kind, school_id, month, state, revision, opened_at, due_at, grade)
       SELECT md5('case' || n)::uuid, 'report', 'X9Q' || lpad(n::text, 7, '0'), '2026-08-01',
              CASE WHEN n %% 5 = 0 THEN 'second' ELSE 'open' END, 1,
              clock_timestamp() - n * interval '1 minute', clock_timestamp() + (n %% 10 - 1) * interval '1 day',
              (ARRAY['E', 'E', 'A'])[1 + n %% 3]
         FROM generate_series(%(first)s::int, %(last)s::int) n""",
    """INSERT INTO intake_submission (id, school_id, kind, month, how_known, language, receipt_hash, received_at)
       SELECT md5('report' || n)::uuid, 'X9Q' || lpad(n::text, 7, '0'), 'pupils', '2026-08-01', 'victim', 'ko',
              sha256(('receipt' || n)::bytea), clock_timestamp()
         FROM generate_series(%(first)s::int, %(last)s::int) n""",
    """INSERT INTO review_casesubmission (case_id, submission_id, "group", grouped_by)
       SELECT md5('case' || n)::uuid, md5('report' || n)::uuid, 1, 'first'
         FROM generate_series(%(first)s::int, %(last)s::int) n""",
)


def measure() -> list[Result]:
    name = scratch.create("queue")
    with scratch.using(name), override_settings(ALLOWED_HOSTS=["*"]):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        casework.region()
        client = desk.seat(staff_client(), casework.member())
        fill(1, FEW)
        few = times(client)
        fill(FEW + 1, MANY)
        many = times(client)
    assert settings.DEBUG is False
    for address, (seconds, questions) in many.items():
        print(
            f"  {address}: {few[address][0] * 1000:.0f} ms and {seconds * 1000:.0f} ms, {questions} questions"
        )
    return [
        result(
            f"The queue's slowest page with {MANY} open cases, against {FEW}",
            max(many[address][0] / few[address][0] for address in ADDRESSES),
            most=2,
        ),
        result(
            "Questions that it asks more",
            max(many[address][1] - few[address][1] for address in ADDRESSES),
            most=0,
            unit="",
        ),
    ]


def fill(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, {"first": first, "last": last})
        cursor.execute("VACUUM ANALYZE")


def times(client: object) -> dict[str, tuple[float, int]]:
    """Median seconds and number of questions of each address."""
    found = {}
    for address in ADDRESSES:
        took = []
        for _ in range(TIMES):
            begin = time.perf_counter()
            answer = client.get(f"/queue/{address}")  # type: ignore[attr-defined]
            took.append(time.perf_counter() - begin)
            assert answer.status_code == 200, answer.status_code
        connection.force_debug_cursor = True
        reset_queries()
        client.get(f"/queue/{address}")  # type: ignore[attr-defined]
        found[address] = (median(took), len(connection.queries))
        connection.force_debug_cursor = False
    return found
