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
import shutil
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo.record.snapshot.pages import Page, Pages
from geo.record.snapshot.trees import Build, entries, folders, go_on, sync

KEEP = 3  # generations
KEEP_SECONDS = 600  # a reader who has just begun can finish


class Store:
    """One folder of generations. Exactly one build at a time: `locked` waits for the other one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.trees = root / "trees"
        self.generations = root / "generations"
        self.work = root / "building"
        self.pruning = root / "pruning"

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.trees.mkdir(parents=True, exist_ok=True)
        self.generations.mkdir(exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            go_on()
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
        generation = self.work / "generation"
        generation.mkdir(parents=True)
        old = self.manifest()
        with ThreadPoolExecutor(2) as aside:
            build = Build(self.work, self.trees, base, aside)
            build.put_aside(generation / "public.jsonl", lambda: public)
            root = folders(pages)
            root.seal(base)
            build.tree(root, old["tree"] if old else None)
            (generation / "www").symlink_to(f"../../trees/{root.hash}")
            manifest = json.dumps({"generation": number, "inputs": inputs, "tree": root.hash}, sort_keys=True)
            build.put(generation / "manifest.json", manifest.encode)
            build.finish(generation, self.work)
        self._show(number, generation, build.made)

    def _show(self, number: int, generation: Path, made: list[str]) -> None:
        """Moves what was made into place and swaps the link; only the last step is seen by a reader."""
        for tree in made:  # the tree that names another comes after it, so that none ever lacks a part
            (self.work / f"{tree}.json").rename(self.trees / f"{tree}.json")
            (self.work / tree).rename(self.trees / tree)
        place = self.generations / str(number)
        if place.exists():  # a killed build made it and never let anybody see it
            shutil.rmtree(place)
        generation.rename(place)
        sync(self.trees)
        sync(self.generations)
        link = self.work / "current"
        link.symlink_to(f"generations/{number}")
        link.rename(self.root / "current")
        sync(self.root)
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
        sync(self.root)
        named: set[str] = set()
        waiting = [json.loads(path.read_bytes())["tree"] for path in self.generations.glob("*/manifest.json")]
        while waiting:
            tree = waiting.pop()
            if tree not in named:
                named.add(tree)
                waiting.extend(entries(self.trees, tree)["folders"].values())
        for path in list(self.trees.iterdir()):
            if path.stem not in named:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        sync(self.trees)
        self.pruning.unlink()
