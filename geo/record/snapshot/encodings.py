"""The precompressed forms of one file."""

import gzip

import brotli

SUFFIXES = {"br": ".br", "gzip": ".gz"}  # content coding → what nginx looks for beside the file
SMALLEST = 860  # bytes; below one network packet there is nothing to gain
# Level 11 takes 9.4 s for 20,000 features and level 5 a fiftieth of that, for a file a tenth larger.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6


def encode(body: bytes) -> dict[str, bytes]:
    """The forms to store beside the plain one, by suffix; the same bytes every time (no time, no name inside)."""
    if len(body) < SMALLEST:
        return {}
    return {
        ".gz": gzip.compress(body, GZIP_LEVEL, mtime=0),
        ".br": brotli.compress(body, quality=BROTLI_QUALITY),
    }
