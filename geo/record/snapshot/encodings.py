"""The forms in which one file is stored: plain, and precompressed beside it."""

import gzip
from collections.abc import Callable
from functools import partial

import brotli

SUFFIXES = {"br": ".br", "gzip": ".gz"}  # content coding → what nginx looks for beside the file
SMALLEST = 860  # bytes; below one network packet there is nothing to gain
LARGE = 256 * 1024  # bytes; worth a thread: compressing lets go of Python's lock
# Level 11 takes 9.4 s for 20,000 features and level 5 a fiftieth of that, for a file a tenth larger.
BROTLI_QUALITY, BROTLI_QUALITY_LARGE = 5, 4
GZIP_LEVEL = 6


def forms(body: bytes) -> dict[str, Callable[[], bytes]]:
    """What makes each form, by suffix; the same bytes every time (no time, no name inside)."""
    plain: dict[str, Callable[[], bytes]] = {"": lambda: body}
    if len(body) < SMALLEST:
        return plain
    quality = BROTLI_QUALITY if len(body) < LARGE else BROTLI_QUALITY_LARGE
    return plain | {
        ".gz": partial(gzip.compress, body, GZIP_LEVEL, mtime=0),
        ".br": partial(brotli.compress, body, quality=quality),
    }
