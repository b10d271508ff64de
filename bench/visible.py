"""From the second approval to the eye: how long until every public address shows a new record, among 20,000."""

import time
import urllib.error
import urllib.request
from statistics import quantiles

from bench import scratch, stage
from bench.run import Result, result
from deploy.local.python_env import PYTHON
from geo.record.models import BrakeLimit
from tests import casework

MOST = 2.0  # seconds
PUBLICATIONS = 40


def measure() -> list[Result]:
    """Publishes through the real actions; a real worker builds, a real public process serves."""
    worker = (str(PYTHON), "manage.py", "run_worker")
    with scratch.using(stage.database()):
        casework.region()  # a new region changes every page's key
        BrakeLimit.objects.update(per_day=100 * PUBLICATIONS, schools=100 * PUBLICATIONS)
    with (
        stage.files() as folder,
        scratch.using(stage.database()),
        stage.process(*worker, MAPSITE_SITE="worker") as working,
        stage.granian("mapsite.wsgi:application", MAPSITE_SITE="public") as port,
    ):
        stage.wait((folder / "current").lstat, working)
        one, two = casework.member(), casework.member()
        times = []
        for _ in range(PUBLICATIONS):
            draft = casework.drafted(by=one)
            casework.decide(draft, by=one)
            begin = time.perf_counter()
            casework.decide(draft, by=two)
            until_visible(
                f"http://127.0.0.1:{port}", str(draft.record), draft.school_id, str(draft.school.region_id)
            )
            times.append(time.perf_counter() - begin)
    print(f"  median {quantiles(times, n=2)[0]:.2f} s, longest {max(times):.2f} s")
    return [
        result(
            f"From approval to every public address, {stage.RECORDS} records (95th percentile)",
            quantiles(times, n=20)[-1],
            most=MOST,
            unit="s",
        )
    ]


def until_visible(site: str, record: str, school: str, district: str) -> None:
    """Returns when each address answers and names the record or its school."""
    wanted = {
        f"/api/v1/records/{record}/": record,
        f"/api/v1/schools/{school}/": record,
        "/api/v1/records.geojson": record,
        "/api/v1/records.csv": record,
        f"/api/v1/records/?month={casework.MONTH:%Y-%m}": record,
        f"/ko/records/{record}/": school,
        f"/en/records/{record}/": school,
        f"/ko/schools/{school}/": record,
        f"/en/schools/{school}/": record,
        f"/ko/regions/{district}/": school,
        f"/en/regions/{district}/": school,
        f"/ko/records/?region={district}": school,
        "/ko/changes/": record,
        "/en/changes/": record,
        "/ko/feeds/changes.atom": record,
    }
    deadline = time.perf_counter() + 60
    for address, sign in wanted.items():
        while not shows(site + address, sign):
            if time.perf_counter() > deadline:
                raise RuntimeError(f"{address} does not show {sign}")
            time.sleep(0.01)


def shows(address: str, sign: str) -> bool:
    try:
        with urllib.request.urlopen(address) as answer:
            return sign.encode() in answer.read()
    except urllib.error.HTTPError as error:
        error.close()
        return False
