"""A page whose key leaves something out would go stale in silence: every set is compared with one made from nothing."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.record import snapshot
from geo.record.models import ImpactRecord, Publisher
from geo.record.publishing import release
from tests import casework
from tests.published import hide, soon, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def compare(folder: Path, settings: Any) -> Callable[[], None]:
    def build_twice() -> None:
        """Upon the set that stands, then with the same number from nothing; every byte is the same."""
        at = soon()
        settings.SNAPSHOT = folder
        number = snapshot.build(at)
        nothing = settings.SNAPSHOT = folder.with_name(f"nothing-{number}")
        before = nothing / "generations" / str(number - 1)
        before.mkdir(parents=True)
        (before / "manifest.json").write_text(
            json.dumps({"generation": number - 1, "inputs": "", "tree": None})
        )
        (nothing / "current").symlink_to(before)
        assert snapshot.build(at) == number
        grown, fresh = files(folder), files(nothing)
        assert sorted(grown) == sorted(fresh)
        assert [path for path in grown if grown[path] != fresh[path]] == []

    return build_twice


def test_nothing_is_left_out_of_a_key(compare: Callable[[], None]) -> None:
    school, other = casework.school(), casework.school(district="11650")
    small = [casework.school(pupils=20) for _ in range(5)]
    first = casework.published(at=school)
    compare()
    second = casework.published(at=other)
    compare()
    hide(first, starts=soon(), ends=soon() + dt.timedelta(hours=1))
    compare()
    Publisher.objects.update(name_ko="보기새청")
    compare()
    casework.published(at=small[0])
    ImpactRecord.objects.filter(region__isnull=False).update(changed_at=soon() - dt.timedelta(days=90))
    assert release(now=dt.datetime.now(dt.UTC)) == 1
    compare()
    withdraw(second, other)
    compare()
    place = casework.region()
    place.name_ko = "보기새구"
    place.save()
    compare()


def files(folder: Path) -> dict[str, bytes]:
    """Every public file by its address."""
    www = (folder / "current" / "www").resolve()
    return {
        str(Path(place, name).relative_to(www)): Path(place, name).read_bytes()
        for place, _, names in os.walk(www, followlinks=True)
        for name in names
    }
