"""Histories of publications, withdrawals and batches, of which every public address of every day is kept (SAFEGUARDS C2).

Not a speed: the limit is no history that tells a hidden school. The first that does ends the benchmark with its steps.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings as project
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from bench import scratch
from bench.run import Result

HISTORIES, STEPS = 300, 14


def measure() -> list[Result]:
    """How many histories told a hidden school: none, or the error that shows the first."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from tests import disclosed, stack

    @settings(
        max_examples=HISTORIES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        counts=disclosed.COUNTS,
        large=st.integers(0, 7),
        steps=st.lists(disclosed.STEP_OF_A_DAY, min_size=4, max_size=STEPS),
    )
    def read_whole(counts: list[int], large: int, steps: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            disclosed.attack(stack.public_client(), counts, large, steps)
            transaction.set_rollback(True)

    name = f"bench_disclosure_{os.getpid()}"
    stack.create_database(name)
    try:
        with scratch.using(name), tempfile.TemporaryDirectory(dir=project.VAR) as folder:
            call_command("migrate", verbosity=0)
            with override_settings(SNAPSHOT=Path(folder), ALLOWED_HOSTS=["*"]):
                read_whole()
            connection.close()
    finally:
        stack.drop_database(name)
    told = f"histories that tell a hidden school at any public address, of {HISTORIES}"
    return [Result(name=told, value=0.0, limit=0.0, goal="0", passed=True)]
