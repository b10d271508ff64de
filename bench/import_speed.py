"""An import with all its checks, against a bare COPY and one upsert of the same columns and indexes."""

import io
import time
from statistics import median

from django.db import connection, transaction

from bench import scratch
from bench.run import Result, result
from geo.directory.importing import Options
from geo.directory.models import School
from geo.directory.standard import import_schools

TIMES = 3
MOST = 6


def measure() -> list[Result]:
    """How many times a bare COPY and upsert our import takes, at the size of Korea's register."""
    path = scratch.school_file(scratch.KOREA)
    with scratch.using(scratch.create("speed")):
        ours = []
        for _ in range(TIMES):
            _run("TRUNCATE directory_school CASCADE")
            start = time.perf_counter()
            report = import_schools(path, Options())
            ours.append(time.perf_counter() - start)
        assert report.counts["added"] > scratch.KOREA * 0.99
        bare = _bare()
    return [result("import of 12,011 rows / bare COPY and upsert", median(ours) / bare, most=MOST)]


def _bare() -> float:
    """Seconds for the same rows, already validated, from memory into a table with the same indexes."""
    columns = [field.attname for field in School._meta.concrete_fields]
    names = ", ".join(columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    rows = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY directory_school ({names}) TO STDOUT") as copy:
        for piece in copy:
            rows.write(piece)
    times = []
    for _ in range(TIMES):
        _run("DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE directory_school INCLUDING ALL)")
        start = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE plain (LIKE bare) ON COMMIT DROP")
            with cursor.copy(f"COPY plain ({names}) FROM STDIN") as copy:
                copy.write(rows.getvalue())
            cursor.execute(
                f"INSERT INTO bare ({names}) SELECT {names} FROM plain "
                f"ON CONFLICT (id) DO UPDATE SET {updates}"
            )
        times.append(time.perf_counter() - start)
    return median(times)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
