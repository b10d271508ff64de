"""The same mixture of searches over Korea's and over the world's number of schools, and their plans."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Any

from django.db import connection

from bench import scratch
from bench.run import Result, result
from geo.directory.models import School
from geo.directory.search import find, nearest_names

QUERIES = 1000
MOST = 3
WARM_UP = 50
Ask = Callable[[], object]


def measure() -> list[Result]:
    """95th percentiles of 1,000 searches at both sizes, and how many plans scan the table of schools."""
    small, _ = _times(scratch.imported(scratch.KOREA).database)
    large, scans = _times(scratch.imported(scratch.WORLD).database)
    print(f"  95th percentile: {small * 1000:.1f} ms at 12,011 rows, {large * 1000:.1f} ms at 2,000,000")
    return [
        result("search, 95th percentile at 2,000,000 rows / at 12,011", large / small, most=MOST),
        result("plans with a sequential scan of the schools at 2,000,000 rows", scans, most=0, unit="plans"),
    ]


def _times(database: str) -> tuple[float, int]:
    with scratch.using(database):
        searches = list(_searches())
        for search in searches[:WARM_UP]:
            search()
        times = []
        for search in searches:
            start = time.perf_counter()
            search()
            times.append(time.perf_counter() - start)
        with _plans() as scans:
            for search in searches[::5]:
                search()
    return quantiles(times, n=100)[94], len(scans)


def _searches() -> Iterator[Ask]:
    """The mixture: whole names, halves, two syllables, initials, place and name, near, and typing slips."""
    chance = random.Random(7)
    schools = list(
        School.objects.order_by("pk")
        .select_related("region__parent")
        .defer("grams", "region__boundary", "region__parent__boundary")
        .extra(
            where=["abs(hashtext(id)) %% %s = 0"], params=[max(1, School.objects.count() // (QUERIES * 4))]
        )[: QUERIES * 2]
    )
    for number in range(QUERIES):
        school = chance.choice(schools)
        yield _search(number % 12, school, chance)


def _search(kind: int, school: School, chance: random.Random) -> Ask:
    stem = school.name_key.removeprefix("보기")
    region = school.region.name_ko if school.region else ""
    texts = {
        0: school.name,
        1: school.name_key,
        2: stem[:2],
        3: stem,
        4: school.initials[:3],
        5: school.initials[2:],
        6: school.initials,
        7: f"{region} {stem}",
        8: f"{school.name_key} {region.split(' ')[0]}",
        9: school.name[: chance.randint(2, 6)],
    }
    if kind in texts:
        return lambda: find(text=texts[kind])
    if kind == 10 and school.point is not None:
        point = (school.point.y, school.point.x)
        return lambda: find(text="", near=point, limit=10)
    slip = stem[:1] + chance.choice("갉늪덫") + stem[2:]
    return lambda: nearest_names(text=slip)


@contextmanager
def _plans() -> Iterator[list[str]]:
    """Explains every statement about schools; yields those whose plan scans the whole table."""
    scans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "directory_school" in sql and sql.lstrip().upper().startswith(("SELECT", "WITH")):
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plan = json.dumps(cursor.fetchone()[0])
            if _scans(json.loads(plan)):
                scans.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield scans


def _scans(node: Any) -> bool:
    if isinstance(node, list):
        return any(map(_scans, node))
    if isinstance(node, dict):
        if node.get("Node Type") == "Seq Scan" and node.get("Relation Name") == "directory_school":
            return True
        return any(_scans(value) for value in node.values() if isinstance(value, dict | list))
    return False
