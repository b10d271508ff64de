"""The folder of generations, and the only code that writes it.

    trees/<hash>/           a folder as readers see it: files, their .gz and .br, links to further trees
    trees/<hash>.json       the key of each file and the hash of each folder in it
    generations/<n>/www     → the root tree
    generations/<n>/public.jsonl, manifest.json
    current                 → generations/<n>

As in git, a tree is named by what it holds, here by the keys from which its files are made: an unchanged folder is
linked, not copied, and a changed one takes its unchanged files over as hard links. A build writes into a folder of
its own, forces it to the disk, moves its trees into place and swaps `current` by a rename: killed anywhere, readers
keep the old set, and the next build starts again and makes the same bytes under the same number.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from geo.record.snapshot.encodings import encode
from geo.record.snapshot.pages import Page, Pages
from geo.record.snapshot.places import content_type, index, part, physical

KEEP = 3  # generations
KEEP_SECONDS = 600  # a reader who has just begun can finish
SYNC_EACH = 500  # files; more are cheaper with one sync of everything
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
        content = repr((self.path, sorted(self.keys.items()), below))
        self.hash = blake2b(base + content.encode(), digest_size=16).hexdigest()
        return self.hash

    def add(self, name: str, key: bytes) -> None:
        if name in self.keys:
            raise ValueError(f"two pages at {self.path}/{name}")
        self.keys[name] = key

    def page(self, name: str) -> Page:
        """What makes the file of this name."""
        if name in self.pages:
            return self.pages[name]
        stem = name.rpartition(".")[0]
        return next(each for each in self.many if stem in each.keys).one(stem)


class Store:
    """One folder of generations. Exactly one build at a time: `locked` waits for the other one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.trees = root / "trees"
        self.generations = root / "generations"
        self.work = root / "building"
        self.pruning = root / "pruning"
        self.base = b""
        self.made: list[str] = []  # trees, each after the trees that it names
        self.bodies: dict[bytes, Path] = {}  # digest → a file of this build with that content
        self.written = 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.trees.mkdir(parents=True, exist_ok=True)
        self.generations.mkdir(exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _go_on()
            yield

    def manifest(self) -> dict[str, Any] | None:
        """What the current generation says of itself; None before the first."""
        try:
            return json.loads((self.root / "current" / "manifest.json").read_bytes())  # type: ignore[no-any-return]
        except FileNotFoundError:
            return None

    def write(
        self, number: int, inputs: str, public: bytes, pages: Iterable[Page | Pages], base: bytes
    ) -> None:
        """Makes generation `number` and lets readers see it. `base` is part of every key."""
        if self.pruning.exists():  # the last one was killed in the middle of it
            self._prune_trees()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        self.base, self.made, self.bodies, self.written = base, [], {}, 0
        old = self.manifest()
        root = folders(pages)
        root.seal(base)
        self._tree(root, old["tree"] if old else None)

        generation = self.work / "generation"
        generation.mkdir()
        (generation / "www").symlink_to(f"../../trees/{root.hash}")
        manifest = {"generation": number, "inputs": inputs, "tree": root.hash}
        self._put(generation / "public.jsonl", public)
        self._put(generation / "manifest.json", json.dumps(manifest, sort_keys=True).encode())
        self._to_disk(generation)

        for tree in self.made:  # the tree that names another comes after it, so that none ever lacks a part
            (self.work / f"{tree}.json").rename(self.trees / f"{tree}.json")
            (self.work / tree).rename(self.trees / tree)
        place = self.generations / str(number)
        if place.exists():  # a killed build made it and never let anybody see it
            shutil.rmtree(place)
        generation.rename(place)
        _sync(self.trees)
        _sync(self.generations)
        link = self.work / "current"
        link.symlink_to(f"generations/{number}")
        link.rename(self.root / "current")
        _sync(self.root)
        self.work.rmdir()

    def prune(self, now: float | None = None) -> None:
        """Removes generations that nobody can still be reading, and trees that none of the others names."""
        now = time.time() if now is None else now
        numbers = sorted((int(path.name) for path in self.generations.iterdir()), reverse=True)
        current = int((self.root / "current").readlink().name)
        begun = {number: (self.generations / str(number)).stat().st_mtime for number in numbers}
        old = [
            number
            for number, next_one in zip(numbers[KEEP:], numbers[KEEP - 1 :], strict=False)
            if number != current and begun[next_one] <= now - KEEP_SECONDS
        ]
        for number in old:
            shutil.rmtree(self.generations / str(number))
        if old:
            self._prune_trees()

    def _prune_trees(self) -> None:
        self.pruning.touch()
        _sync(self.root)
        named: set[str] = set()
        waiting = [json.loads(path.read_bytes())["tree"] for path in self.generations.glob("*/manifest.json")]
        while waiting:
            tree = waiting.pop()
            if tree not in named:
                named.add(tree)
                waiting.extend(self._entries(tree)["folders"].values())
        for path in list(self.trees.iterdir()):
            if path.stem not in named:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        _sync(self.trees)
        self.pruning.unlink()

    def _entries(self, tree: str | None) -> dict[str, dict[str, str]]:
        """The keys of a tree's files and the hashes of its folders."""
        if tree is None:
            return {"files": {}, "folders": {}}
        return json.loads((self.trees / f"{tree}.json").read_bytes())  # type: ignore[no-any-return]

    def _tree(self, folder: Folder, old: str | None) -> None:
        """Makes the tree of this folder unless it is there, taking over what it can from the old one."""
        place = self.work / folder.hash
        if folder.hash == old or (self.trees / folder.hash).exists() or place.exists():
            return
        before = self._entries(old)
        for name, below in folder.folders.items():
            self._tree(below, before["folders"].get(name))
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
        entries = {"files": keys, "folders": {name: below.hash for name, below in folder.folders.items()}}
        self._put(self.work / f"{folder.hash}.json", json.dumps(entries, sort_keys=True).encode())
        self.made.append(folder.hash)

    def _make(self, path: Path, page: Page) -> None:
        if content_type(path.name) != page.content_type.partition(";")[0]:
            raise ValueError(f"{page.path} is no {page.content_type} by its name")
        _go_on()
        body = page.render()
        digest = sha256(body).digest()
        if digest in self.bodies:  # two names for one content
            _take(self.bodies[digest], path)
            return
        self.bodies[digest] = path
        # nginx makes its ETag of a file's time and size, so the time is taken from the content: no clock
        # reaches a reader, and two machines give the same answer.
        stamp = int.from_bytes(digest[:4]) >> 4
        for suffix, data in {"": body, **encode(body)}.items():
            made = path.with_name(path.name + suffix)
            self._put(made, data)
            os.utime(made, (stamp, stamp))

    def _put(self, path: Path, data: bytes) -> None:
        self.written += 1
        with path.open("xb") as file:
            file.write(data)
            if self.written <= SYNC_EACH:
                file.flush()
                os.fsync(file.fileno())

    def _to_disk(self, generation: Path) -> None:
        """All that this build wrote survives a loss of power before anything names it."""
        if self.written > SYNC_EACH:
            os.sync()
            return
        for folder in [*(self.work / tree for tree in self.made), generation, self.work]:
            _sync(folder)


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
            folder(path).add(name, given.key)
            folder(path).pages[name] = given
            continue
        parts: dict[str, Folder] = {}
        ending = index(given.folder).removeprefix("index")
        for name, key in given.keys.items():
            if name[-2:] not in parts:
                parts[name[-2:]] = folder(part(given.folder, name))
            parts[name[-2:]].add(name + ending, key)
        for each in parts.values():
            each.many.append(given)
    return root


def _go_on() -> None:
    if stopping.is_set():
        raise Stopped


def _take(source: Path, target: Path) -> None:
    os.link(source, target)
    for suffix in SUFFIXES[1:]:
        with suppress(FileNotFoundError):  # a small file has no compressed form
            os.link(f"{source}{suffix}", f"{target}{suffix}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
