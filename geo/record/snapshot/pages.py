"""What a generation is made of: pages, and the rooms that provide them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from geo.record.snapshot.data import PublicSet
from geo.record.snapshot.places import index


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


class Pages(NamedTuple):
    """Thousands of pages of one kind, by name: `<folder>/<name>/` each. None is made that nobody needs.

    `keys` has each name's key, `render` makes the bytes of one.
    """

    folder: str
    content_type: str
    keys: Mapping[str, bytes]
    render: Callable[[str], bytes]

    def one(self, name: str) -> Page:
        path = f"{self.folder}/{name}/{index(self.folder)}"
        return Page(path, self.content_type, self.keys[name], partial(self.render, name))


Provider = Callable[[PublicSet], Iterable[Page | Pages]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Adds a room's pages to every generation; called from its AppConfig.ready."""
    if provider not in _providers:
        _providers.append(provider)


def singly(given: Iterable[Page | Pages]) -> Iterator[Page]:
    """Each page by itself."""
    for each in given:
        if isinstance(each, Page):
            yield each
        else:
            yield from map(each.one, each.keys)


def all_pages(public: PublicSet) -> Iterator[Page | Pages]:
    for provider in _providers:
        yield from provider(public)
