"""The map's data out of Django behind granian, against a bare view that returns the same bytes there."""

import re
import subprocess
from statistics import median

from django.conf import settings

from bench import scratch, stage
from bench.run import Result
from geo.api.files import pages
from geo.record import snapshot
from geo.record.snapshot import pages as registry

LEAST = 0.9
ROUNDS = 11
SECONDS = 2


def measure() -> list[Result]:
    """Requests a second of each, in turns, server on one core and client on the other."""
    with stage.files() as folder:
        providers, settings.SNAPSHOT = registry._providers[:], folder
        registry._providers[:] = [pages]
        with scratch.using(stage.database()):
            snapshot.build()
        registry._providers[:] = providers
        body = folder / "current" / "www" / "api" / "v1" / "records.geojson.br"
        with (
            stage.granian("mapsite.wsgi:application", core=0, MAPSITE_SITE="public") as site,
            stage.granian("bench.bare:application", core=0, BENCH_BODY=str(body)) as other,
        ):
            addresses = (f"http://127.0.0.1:{site}/api/v1/records.geojson", f"http://127.0.0.1:{other}/bare")
            for address in addresses:
                requests_per_second(address, seconds=1)
            rates = [[requests_per_second(address) for address in addresses] for _ in range(ROUNDS)]
    first, second = (median(each) for each in zip(*rates, strict=True))
    print(
        f"  {first:.0f} requests/s against {second:.0f} of the bare view, {body.name}, {stage.RECORDS} records"
    )
    value = round(median(ours / bare for ours, bare in rates), 3)
    return [
        Result(
            name="The map's GeoJSON against a bare Django view (requests/s)",
            value=value,
            limit=LEAST,
            goal=f"≥ {LEAST:g} ×",
            passed=value >= LEAST,
        )
    ]


def requests_per_second(address: str, seconds: int = SECONDS) -> float:
    command = [
        "taskset",
        "-c",
        "1",
        "wrk",
        "-t1",
        "-c8",
        f"-d{seconds}",
        "-H",
        "Accept-Encoding: br",
        address,
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if found is None or "Non-2xx" in text:
        raise RuntimeError(f"wrk measured nothing at {address}: {text}")
    return float(found[1])
