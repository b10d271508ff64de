"""Keyed near-duplicate signatures, made before a text is sealed (SAFEGUARDS B4).

A MinHash over runs of four letters: two texts share about as large a part of their values as of their runs.
The key keeps whoever holds a dump from trying texts against it. Signatures are deleted at the decision.
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
_SHORTEST = 24  # letters; shorter texts ("피해 있음") are alike by chance
_BYTES = 8


def _key() -> bytes:
    return base64.b64decode((settings.SECRETS / "signature.key").read_text(encoding="ascii"))


def sign(text: str) -> list[bytes] | None:
    """32 values of 8 bytes, or None for a text too short to compare."""
    letters = re.sub(r"\W+", "", normalise(text).text.casefold())
    if len(letters) < _SHORTEST:
        return None
    key = _key()
    runs = {letters[i : i + _RUN] for i in range(len(letters) - _RUN + 1)}
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
