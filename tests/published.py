"""A folder of public files for tests, and the set that they are made from."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from geo.directory.models import School
from geo.record import snapshot
from geo.record.snapshot import pages as registry
from geo.record.snapshot.load import load
from tests import casework

NOW = dt.timedelta(seconds=1)  # after what a test has just published


def soon() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + NOW


def public() -> Any:
    return load(soon())


def build() -> int:
    return snapshot.build(soon())


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where this test's generations go."""
    settings.SNAPSHOT = tmp_path / "snapshot"
    return tmp_path / "snapshot"


@pytest.fixture
def only_data() -> Iterator[None]:
    """Builds the interfaces' files alone: the site's pages have tests of their own."""
    from geo.api.files import pages

    before = registry._providers[:]
    registry._providers[:] = [pages]
    yield
    registry._providers[:] = before


def withdraw(record: UUID, school: School) -> None:
    """Two people withdraw this school's record."""
    one, two = casework.member(), casework.member()
    case = casework.case(school)
    case.record = record
    case.save()
    draft = casework.propose(case, by=one, kind="withdraw", reason="wrong_school")
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)


def hide(record: Any, *, starts: dt.datetime, ends: dt.datetime) -> None:
    """An emergency hide, as the database function of the desk will write it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_recordhide (record_id, reason, starts_at, ends_at) VALUES (%s, 'checking', %s, %s)",
            [record, starts, ends],
        )
