"""From pages to trees: what a build writes into a folder of its own, before anybody can see it."""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path

from geo.record.snapshot.encodings import LARGE, forms
from geo.record.snapshot.pages import Page, Pages
from geo.record.snapshot.places import addressable, content_type, index, part, physical

SYNC_EACH, SYNCS = 500, 8  # files, and how many at a time; more are cheaper with one sync of everything
SUFFIXES = ("", ".gz", ".br")
stopping = threading.Event()  # set when the process is asked to end


class Stopped(Exception):
    """The process ends; the build was given up and readers see the set that they saw before."""


@dataclass(slots=True)
class Folder:
    """What a tree is to hold; `hash` is its name."""

    path: str = ""
    keys: dict[str, bytes] = field(default_factory=dict)  # of the files in it
    pages: dict[str, Page] = field(default_factory=dict)  # of single files
    many: list[Pages] = field(default_factory=list)  # where the others come from
    folders: dict[str, Folder] = field(default_factory=dict)
    hash: str = ""

    def seal(self, base: bytes) -> str:
        """Names this folder and all below it by a digest over its place, names and keys."""
        below = [(name, self.folders[name].seal(base)) for name in sorted(self.folders)]
        names = sorted(self.keys)
        keys = [self.keys[name] for name in names]
        frame = repr((self.path, names, list(map(len, keys)), below))
        self.hash = blake2b(base + frame.encode() + b"".join(keys), digest_size=16).hexdigest()
        return self.hash

    def add(self, keys: dict[str, bytes]) -> None:
        if twice := self.keys.keys() & keys.keys():
            raise ValueError(f"two pages at {self.path}/{min(twice)}")
        self.keys |= keys

    def page(self, name: str) -> Page:
        """What makes the file of this name."""
        if name in self.pages:
            return self.pages[name]
        stem = name.rpartition(".")[0]
        return next(each for each in self.many if stem in each.keys).one(stem)


def folders(pages: Iterable[Page | Pages]) -> Folder:
    """Sorts pages into the folders in which they lie.

    Raises:
        ValueError: two pages have one address, or one of many has none.
    """
    root = Folder()
    known: dict[str, Folder] = {"": root}

    def folder(path: str) -> Folder:
        if path not in known:
            above, _, name = path.rpartition("/")
            known[path] = folder(above).folders[name] = Folder(path)
        return known[path]

    for given in pages:
        if isinstance(given, Page):
            path, _, name = physical(given.path).rpartition("/")
            folder(path).add({name: given.key})
            folder(path).pages[name] = given
            continue
        if not addressable(given.keys):
            raise ValueError(f"no page of many can have one of the names in {given.folder}")
        parts: dict[str, dict[str, bytes]] = defaultdict(dict)
        ending = index(given.folder).removeprefix("index")
        for name, key in given.keys.items():
            parts[name[-2:]][name + ending] = key
        for keys in parts.values():
            each = folder(part(given.folder, next(iter(keys)).removesuffix(ending)))
            each.add(keys)
            each.many.append(given)
    return root


@dataclass
class Build:
    """The trees of one generation in the making, in `work`; those that stand already are in `trees`."""

    work: Path
    trees: Path
    base: bytes  # part of every key
    aside: ThreadPoolExecutor  # compresses large files while others are rendered
    made: list[str] = field(default_factory=list)  # trees, each after the trees that it names
    files: list[Path] = field(default_factory=list)
    _bodies: dict[bytes, Path] = field(default_factory=dict)  # digest → a file with that content
    _twins: list[tuple[Path, Path]] = field(default_factory=list)  # such a file and its second name
    _waiting: list[Future[None]] = field(default_factory=list)

    def tree(self, folder: Folder, old: str | None) -> None:
        """Makes the tree of this folder unless it stands, taking over what it can from the old one."""
        place = self.work / folder.hash
        if folder.hash == old or (self.trees / folder.hash).exists() or place.exists():
            return
        before = entries(self.trees, old)
        for name in sorted(folder.folders):  # the interfaces' large files come first
            self.tree(folder.folders[name], before["folders"].get(name))
        place.mkdir()
        keys: dict[str, str] = {}
        for name, content in folder.keys.items():
            keys[name] = key = blake2b(self.base + content, digest_size=16).hexdigest()
            if old and before["files"].get(name) == key:
                _take(self.trees / old / name, place / name)
            else:
                self._make(place / name, folder.page(name))
        for name, below in folder.folders.items():
            (place / name).symlink_to(f"../{below.hash}")
        held = {"files": keys, "folders": {name: below.hash for name, below in folder.folders.items()}}
        self.put(self.work / f"{folder.hash}.json", json.dumps(held, sort_keys=True).encode)
        self.made.append(folder.hash)

    def put_aside(self, path: Path, make: Callable[[], bytes], stamp: int | None = None) -> None:
        """As `put`, in another thread."""
        self._waiting.append(self.aside.submit(self.put, path, make, stamp))

    def put(self, path: Path, make: Callable[[], bytes], stamp: int | None = None) -> None:
        with path.open("xb") as file:
            file.write(make())
        if stamp is not None:
            os.utime(path, (stamp, stamp))
        self.files.append(path)

    def finish(self, *folders: Path) -> None:
        """Waits for what is written aside; all of it then survives a loss of power, with these folders."""
        for written in self._waiting:
            written.result()
        for source, target in self._twins:
            _take(source, target)
        if len(self.files) > SYNC_EACH:
            os.sync()
            return
        with ThreadPoolExecutor(SYNCS) as together:  # the disk takes many in one go
            list(together.map(sync, [*self.files, *(self.work / tree for tree in self.made), *folders]))

    def _make(self, path: Path, page: Page) -> None:
        if content_type(path.name) != page.content_type.partition(";")[0]:
            raise ValueError(f"{page.path} is no {page.content_type} by its name")
        go_on()
        body = page.render()
        digest = sha256(body).digest()
        if digest in self._bodies:
            self._twins.append((self._bodies[digest], path))
            return
        self._bodies[digest] = path
        # nginx makes its ETag of a file's time and size, so the time is taken from the content: no clock
        # reaches a reader, and two machines give the same answer.
        stamp = int.from_bytes(digest[:4]) >> 4
        put = self.put if len(body) < LARGE else self.put_aside
        for suffix, form in forms(body).items():
            put(path.with_name(path.name + suffix), form, stamp)


def entries(trees: Path, tree: str | None) -> dict[str, dict[str, str]]:
    """The keys of a tree's files and the hashes of its folders."""
    if tree is None:
        return {"files": {}, "folders": {}}
    return json.loads((trees / f"{tree}.json").read_bytes())  # type: ignore[no-any-return]


def go_on() -> None:
    if stopping.is_set():
        raise Stopped


def _take(source: Path, target: Path) -> None:
    os.link(source, target)
    for suffix in SUFFIXES[1:]:
        with suppress(FileNotFoundError):  # a small file has no compressed form
            os.link(f"{source}{suffix}", f"{target}{suffix}")


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
