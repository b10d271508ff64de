"""Runs every benchmark, writes `results.json` and prints the table that the docs quote.

A benchmark is a module of this package with `measure() -> list[Result]`. Each value stands against a
limit measured in the same run (a ratio), or against a fixed amount of memory: times of one machine on
one day mean nothing elsewhere.

    python -m bench                  # all
    python -m bench import_ search_  # modules whose names begin so
"""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypedDict

import bench
from bench import scratch

RESULTS = Path(__file__).parent / "results.json"


class Result(TypedDict):
    """One measured figure; `passed` is whether the value keeps to the limit."""

    name: str
    value: float
    limit: float
    goal: str
    passed: bool


def result(name: str, value: float, *, most: float, unit: str = "×") -> Result:
    """A figure that must not exceed its limit."""
    return Result(
        name=name, value=round(value, 2), limit=most, goal=f"≤ {most:g} {unit}", passed=value <= most
    )


def run(starts: list[str]) -> int:
    """Measure, print and write; 1 when a limit is broken."""
    results: list[Result] = []
    with ExitStack() as stack:
        stack.callback(scratch.close)
        for name, measure in _benchmarks(starts):
            print(f"{name} …", flush=True)
            results += measure()
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(table(results))
    return 0 if all(entry["passed"] for entry in results) else 1


def table(results: list[Result]) -> str:
    """The results as a Markdown table."""
    rows = [
        f"| {e['name']} | {e['value']:g} | {e['goal']} | {'yes' if e['passed'] else 'NO'} |" for e in results
    ]
    return "\n".join(["| what | measured | goal | kept |", "| --- | --- | --- | --- |", *rows])


def _benchmarks(starts: list[str]) -> Iterator[tuple[str, Callable[[], list[Result]]]]:
    for module in pkgutil.iter_modules(bench.__path__):
        if starts and not module.name.startswith(tuple(starts)):
            continue
        measure = getattr(importlib.import_module(f"bench.{module.name}"), "measure", None)
        if measure is not None:
            yield module.name, measure
