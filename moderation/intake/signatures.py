"""Keyed near-duplicate signatures, made before a text is sealed (SAFEGUARDS B4).

A MinHash over runs of four letters: two texts share about as large a part of their values as of their runs.
A text too short for that is one run of its own, so that only the very same one is like it. Links are hashed whole.

`signature.key` lies with the public process alone, which sees the texts anyway; the worker and the staff
process compare signatures without it. Whoever holds a dump, or the database and the staff process, can so tell
which reports are alike and cannot try texts against them; whoever holds the key and a dump can try texts that
they guess, until the decision, when signatures are deleted (docs/intake.md).
"""

import base64
import hashlib
import hmac
import re
from itertools import pairwise

from django.conf import settings

from moderation.intake.screening.normalise import normalise

VALUES = 32
_RUN = 4
_SHORTEST = 24  # letters; parts of shorter texts ("피해 있음") are alike by chance
_BYTES = 8
_BAND = 2  # values; two texts that share half of their runs meet in one of 16 bands with 99 chances of 100
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+|(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\"']+", re.IGNORECASE)
_LINKS = 8  # of one text


def _key() -> bytes:
    return base64.b64decode((settings.SECRETS / "signature.key").read_text(encoding="ascii"))


def sign(text: str) -> list[bytes] | None:
    """32 values of 8 bytes, or None for a text without a letter."""
    letters = re.sub(r"\W+", "", normalise(text).text.casefold())
    if not letters:
        return None
    key = _key()
    runs = {letters[i : i + _RUN] for i in range(len(letters) - _RUN + 1)}
    if len(letters) < _SHORTEST:
        runs = {letters}
    # One keyed 512-bit digest of a run gives eight of its 32 hash values.
    smallest = [b"\xff" * _BYTES] * VALUES
    for run in runs:
        for block in range(VALUES * _BYTES // 64):
            digest = hashlib.blake2b(run.encode(), key=key, person=b"minhash", salt=bytes([block])).digest()
            for place, (start, end) in enumerate(pairwise(range(0, 65, _BYTES))):
                index = block * 8 + place
                smallest[index] = min(smallest[index], digest[start:end])
    return smallest


def likeness(one: list[bytes], other: list[bytes]) -> float:
    """The estimated share, 0 to 1, of runs that two signed texts have in common."""
    if len(one) != VALUES or len(other) != VALUES:
        raise ValueError("a signature has 32 values")
    return sum(hmac.compare_digest(bytes(a), bytes(b)) for a, b in zip(one, other, strict=True)) / VALUES


def links(text: str) -> list[bytes]:
    """A keyed hash of 16 bytes for each link in a text, whatever stands around its address."""
    found = set()
    for match in _LINK.finditer(normalise(text).text):
        address = match[0].casefold().partition("://")[2] or match[0].casefold()
        address = re.split(r"[?#]", address)[0].removeprefix("www.").removeprefix("m.").rstrip("/.,;:)]}")
        found.add(hashlib.blake2b(address.encode(), key=_key(), person=b"link", digest_size=16).digest())
    return sorted(found)[:_LINKS]


def bands(signature: list[bytes]) -> list[bytes]:
    """16 values of 17 bytes (a place and two values of the signature); like texts share at least one of them."""
    values = [bytes(value) for value in signature]
    if len(values) != VALUES:
        raise ValueError("a signature has 32 values")
    return [
        bytes([place]) + b"".join(values[place * _BAND : (place + 1) * _BAND])
        for place in range(VALUES // _BAND)
    ]
