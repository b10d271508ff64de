"""The precompressed forms of one file."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import brotli

SUFFIXES = {"br": ".br", "gzip": ".gz"}  # content coding → what nginx looks for beside the file
SMALLEST = 860  # bytes; below one network packet there is nothing to gain
LARGE = 256 * 1024  # bytes
# Level 11 takes 9.4 s for 20,000 features and level 5 a fiftieth of that, for a file a tenth larger.
BROTLI_QUALITY, BROTLI_QUALITY_LARGE = 5, 4
GZIP_LEVEL = 6


def encode(body: bytes) -> dict[str, bytes]:
    """The forms to store beside the plain one, by suffix; the same bytes every time (no time, no name inside)."""
    if len(body) < SMALLEST:
        return {}
    with ThreadPoolExecutor(1) if len(body) > LARGE else nullcontext() as aside:
        # Both let go of Python's lock, so that a large file takes the time of one of them.
        zipped = aside.submit(_gzip, body) if aside else None
        brotlied = brotli.compress(body, quality=BROTLI_QUALITY_LARGE if aside else BROTLI_QUALITY)
        return {".gz": zipped.result() if zipped else _gzip(body), ".br": brotlied}


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, GZIP_LEVEL, mtime=0)
