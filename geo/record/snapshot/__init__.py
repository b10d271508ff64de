"""The public files: what readers see, built once per change and served without a database (SAFEGUARDS F1).

`pages` says what a generation is made of, `load` reads it, `store` writes it, `reading` reads it back, `places` is
the rule from an address to a file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from hashlib import blake2b

from django.conf import settings

from geo.record import checkpoints
from geo.record.snapshot import load, release
from geo.record.snapshot.data import parse, without_collections
from geo.record.snapshot.pages import Page, Pages, all_pages, register
from geo.record.snapshot.reading import File, Generation, NoSnapshot, current
from geo.record.snapshot.store import Store
from geo.record.snapshot.trees import Stopped, stopping

__all__ = [
    "File",
    "Generation",
    "NoSnapshot",
    "Page",
    "Pages",
    "Stopped",
    "build",
    "current",
    "register",
    "stopping",
]


def build(at: dt.datetime | None = None) -> int:
    """Lets readers see what is public at this instant (now, by default).

    Nothing changes while the inputs are the same: the release, the public rows, and which hides and lapses are
    running. Safe to be called from anywhere, twice, and after being killed.

    Raises:
        Stopped: `stopping` was set meanwhile, because this process has to end.

    Returns:
        the number of the generation that is current now; it never goes down.
    """
    store = Store(settings.SNAPSHOT)
    with store.locked(), without_collections():
        text = load.fetch(at or dt.datetime.now(dt.UTC))
        made_by = release.digest()
        inputs = blake2b(made_by + text, digest_size=16).hexdigest()
        old = store.manifest()
        if old and old["inputs"] == inputs:
            return int(old["generation"])
        public = parse(text)
        # After a lost folder the numbers go on above the log's size, so that no cache holds another file of this name.
        number = max(old["generation"] if old else 0, len(public.changes)) + 1
        public = replace(public, generation=number)
        checkpoints.keep(public)
        base = blake2b(made_by + public.names, digest_size=16).digest()
        store.write(number, inputs, text, all_pages(public), base)
        store.prune()
    return number
