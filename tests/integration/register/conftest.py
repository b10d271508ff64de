"""Official files in small, shared with the importers' tests, and a directory to compare them with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.directory.importing import Options
from geo.directory.models import School
from geo.directory.standard import import_schools
from tests.integration.directory.conftest import regions, write
from tests.integration.directory.test_import_schools import several

__all__ = ["regions", "write"]


@pytest.fixture
def imported(regions: None, write: Callable[..., Path]) -> list[dict[str, str]]:
    """Eight schools that the owner imported; those of the tests have enough pupils to be named."""
    rows = several(8)
    import_schools(write("schools", *rows), Options())
    School.objects.update(pupils=500)
    return rows
