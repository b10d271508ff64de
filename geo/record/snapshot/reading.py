"""Reads the current generation: what the public process does for every hot address, without a database."""

from __future__ import annotations

import os
from collections import OrderedDict
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from django.conf import settings

from geo.record.snapshot import data
from geo.record.snapshot.encodings import SUFFIXES
from geo.record.snapshot.places import content_type, physical

CACHE_BYTES = 64 * 1024 * 1024  # of file contents, for each process


class File(NamedTuple):
    content_type: str  # with its charset
    etag: str  # without quotes: hexadecimal SHA-256 of the plain bytes, shortened
    bodies: dict[str, bytes]  # content coding ("identity", "gzip", "br") → bytes
    codings: frozenset[str]  # of the bodies


class Generation:
    """One numbered set of files, read-only; files stay in memory up to `CACHE_BYTES`, the first read go first."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.root = Path(place)
        self.number = int(self.root.name)
        self._files: OrderedDict[str, File] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def read(self, path: str) -> File | None:
        """The file of a page's path (see `places`), or None."""
        found = self._files.get(path)
        if found is None:
            found = self._load(path)
            if found is not None:
                self._remember(path, found)
        return found

    @cached_property
    def public(self) -> data.PublicSet:
        """The values that this generation was made from, for filters and searches in it."""
        return data.parse((self.root / "public.jsonl").read_bytes(), generation=self.number)

    def _load(self, path: str) -> File | None:
        place = self.root / "www" / physical(path)
        try:
            body = place.read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        bodies = {"identity": body}
        for coding, suffix in SUFFIXES.items():
            try:
                bodies[coding] = place.with_name(place.name + suffix).read_bytes()
            except FileNotFoundError:
                break  # too small to have one
        kind = content_type(place.name)
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        return File(kind + charset, sha256(body).hexdigest()[:32], bodies, frozenset(bodies))

    def _remember(self, path: str, found: File) -> None:
        size = sum(len(body) for body in found.bodies.values())
        if size > CACHE_BYTES:
            return
        with self._lock:
            if path not in self._files:
                self._files[path] = found
                self._bytes += size
            while self._bytes > CACHE_BYTES:
                _, gone = self._files.popitem(last=False)
                self._bytes -= sum(len(body) for body in gone.bodies.values())


class NoSnapshot(Exception):
    """The worker has not built the first generation yet."""


_current: Generation | None = None


def current() -> Generation:
    """The generation that readers see now; one readlink when nothing changed.

    Raises:
        NoSnapshot: there is none yet.
    """
    global _current
    try:
        target = os.readlink(f"{settings.SNAPSHOT}/current")  # noqa: PTH115  (every request comes by here)
    except FileNotFoundError:
        raise NoSnapshot from None
    place = f"{settings.SNAPSHOT}/{target}"
    if _current is None or _current.place != place:
        _current = Generation(place)
    return _current
