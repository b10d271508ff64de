"""Lighthouse on the pages that most readers see: phone profile, throttled, the demo's records, the machine's Chromium."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command

from bench import scratch
from bench.run import Result
from deploy.local import places, python_env
from tests import stack

HERE = Path(__file__).parent / "node"  # a lock of its own, so that nothing of it reaches the site
LEAST, ACCESSIBLE = 95, 98  # points of 100: every category, and accessibility
FLAGS = [flag for flag in stack.CHROMIUM_ARGS if "host-resolver" not in flag]


def measure() -> list[Result]:
    env = program()
    with migrated(), stack.site() as site:
        seen = {page: scores(f"{site.public_url}/ko/{page}", env) for page in pages(site)}
    for page, found in seen.items():
        print(f"  {page or 'map':24} {' '.join(f'{name} {score}' for name, score in found.items())}")
    least = min(min(found.values()) for found in seen.values())
    accessible = min(found["accessibility"] for found in seen.values())
    return [
        at_least("Lighthouse, phone: lowest category of map, school, list and report", least, LEAST),
        at_least("Lighthouse, phone: lowest accessibility of the four", accessible, ACCESSIBLE),
    ]


@contextmanager
def migrated() -> Iterator[None]:
    """The database that a site begins from; for tests, pytest makes it."""
    stack.create_database(stack.pristine(), template=settings.DATABASES["default"]["TEST"]["TEMPLATE"])
    try:
        with scratch.using(stack.pristine()):
            call_command("migrate", verbosity=0)
        yield
    finally:
        for name in (stack.demo_database(), stack.pristine()):
            stack.drop_database(name)


def at_least(name: str, value: int, least: int) -> Result:
    return Result(name=name, value=value, limit=least, goal=f"≥ {least}", passed=value >= least)


def program() -> dict[str, str]:
    """An environment in which `node` runs, with Lighthouse installed from its lock."""
    npm, env = python_env.npm(places.find())
    stamp, lock = HERE / "node_modules/.filled-from", (HERE / "package-lock.json").read_text()
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, env=env, check=True
        )
        stamp.write_text(lock)
    return {**env, "CHROME_PATH": stack.CHROMIUM}


def pages(site: stack.Site) -> tuple[str, ...]:
    with urllib.request.urlopen(f"{site.public_url}/api/v1/records.geojson") as answer:
        features = json.load(answer)["features"]
    school = next(each["properties"]["school_id"] for each in features if each["properties"]["school_id"])
    return ("", f"schools/{school}/", "records/", "report/")


def scores(address: str, env: dict[str, str]) -> dict[str, int]:
    """Points of 100 for each category; the middle of three runs for speed, which the machine's load moves."""
    runs = [once(address, env) for _ in range(3)]
    return {name: sorted(run[name] for run in runs)[1] for name in runs[0]}


def once(address: str, env: dict[str, str]) -> dict[str, int]:
    with TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        node = shutil.which("node", path=env.get("PATH", os.defpath)) or "node"
        command = [node, str(HERE / "node_modules/lighthouse/cli/index.js"), address, "--quiet"]
        flags = f"--chrome-flags=--headless {' '.join(FLAGS)}"
        subprocess.run(
            [*command, "--output=json", f"--output-path={answer}", flags], env=env, check=True, cwd=folder
        )
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return {name: round(100 * category["score"]) for name, category in found["categories"].items()}
