"""What a generation is made of: pages, and the rooms that provide them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from geo.record.snapshot.data import PublicSet


class Page(NamedTuple):
    """One file of a generation.

    `path` has no leading slash; an address that ends in "/" is its `index.html` (or `index.json` under `api/`), so
    `/ko/schools/X900001/` is `ko/schools/X900001/index.html`. `key` is everything that the bytes depend on, in any
    form (the release and the regions' names are added by the build): while the key of a path
    stays, its file is kept and `render` is not called.
    """

    path: str
    content_type: str
    key: bytes
    render: Callable[[], bytes]


Provider = Callable[[PublicSet], Iterable[Page]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Adds a room's pages to every generation; called from its AppConfig.ready."""
    if provider not in _providers:
        _providers.append(provider)


def all_pages(public: PublicSet) -> Iterator[Page]:
    for provider in _providers:
        yield from provider(public)
