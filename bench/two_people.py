"""The two-person rule under attack: 10,000 generated sequences and 1,000 races (SAFEGUARDS B5).

Not a speed: the limit of each figure is nothing broken. Every sequence and race asks all promises of the rows; a broken
one ends the benchmark with the sequence that breaks it.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from django.core.management import call_command
from django.db import connection

from bench import scratch
from bench.run import Result

SEQUENCES, STEPS, RACES = 10_000, 8, 1_000


def measure() -> list[Result]:
    """What was done, as counts; how many promises broke, which has to be none."""
    shares = max(1, os.cpu_count() or 1)
    jobs = [("sequences", -(-SEQUENCES // shares), number) for number in range(shares)] + [
        ("races", RACES, 0)
    ]
    with ThreadPoolExecutor(shares) as threads:
        done = dict(zip(jobs, threads.map(_alone, jobs), strict=True))
    broken = {
        kind: sum(not ok for (of, _, _), ok in done.items() if of == kind) for kind in ("sequences", "races")
    }
    return [
        Result(
            name=f"{of} that break a promise of two people, of {count:,}",
            value=float(broken[kind]),
            limit=0.0,
            goal="0",
            passed=not broken[kind],
        )
        for kind, of, count in (
            ("sequences", "generated sequences", -(-SEQUENCES // shares) * shares),
            ("races", "races of two second approvals", RACES),
        )
    ]


def _alone(job: tuple[str, int, int]) -> bool:
    """One share in a process of its own; what it finds goes to standard error."""
    kind, count, number = job
    code = f"import bench.two_people as b; b.share({kind!r}, {count}, {number})"
    command = [sys.executable, "-W", "ignore", "-c", f"import django; django.setup(); {code}"]
    return subprocess.run(command, check=False).returncode == 0


def share(kind: str, count: int, number: int) -> None:
    """Runs sequences or races in a new database."""
    from geo.record.models import BrakeLimit
    from tests import casework, machine, stack, two_people

    name = f"bench_{kind}_{number}_{os.getpid()}"
    stack.create_database(name)
    try:
        with scratch.using(name):
            call_command("migrate", verbosity=0)
            BrakeLimit.objects.all().delete()  # thousands of records in one district
            casework.school()
            team, publisher = two_people.Team.gather(), casework.publisher().pk
            with two_people.as_staff(name) as owner:
                if kind == "sequences":
                    each = -(-count // len(machine.STARTS))
                    machine.run(owner, team, publisher, sequences=each, steps=STEPS)
                else:
                    found = [two_people.race(owner, team, publisher) for _ in range(count)]
                    assert found == [(1, 1)] * count, "one record and one log entry a race"
                    log = owner.execute("SELECT count(*), max(index) FROM record_logentry").fetchone()
                    assert log == (count, count - 1), "one log without a gap"
            connection.close()
    finally:
        stack.drop_database(name)
