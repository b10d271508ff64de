"""The site's pages out of records that two people approved."""

from collections.abc import Callable, Iterator

import pytest

from geo.record.snapshot import Page
from geo.record.snapshot import pages as registry
from geo.record.snapshot.pages import singly
from geo.site.pages import pages
from tests.published import build, folder, public

__all__ = ["folder"]


@pytest.fixture
def rendered(db: None) -> Callable[[], dict[str, str]]:
    """All pages that are text, by path, as a build would make them now."""

    def now() -> dict[str, str]:
        return {page.path: page.render().decode() for page in singly(pages(public()))}

    return now


@pytest.fixture
def keyed(db: None) -> Callable[[], dict[str, bytes]]:
    def now() -> dict[str, bytes]:
        return {page.path: page.key for page in singly(pages(public()))}

    return now


@pytest.fixture
def built(folder: object, db: None) -> Iterator[Callable[[], int]]:
    """Builds a generation of the site's pages alone into this test's folder."""
    before: list[Callable[..., Iterator[Page]]] = registry._providers[:]
    registry._providers[:] = [pages]
    yield build
    registry._providers[:] = before
