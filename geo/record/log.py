"""The public log's proofs (RFC 6962, section 2.1) and its signed checkpoints (C2SP signed-note, tlog-checkpoint).

Entries are written in the database (`sql/log.sql`); this module only hashes, proves and signs. Hashes are SHA-256;
a leaf is hashed behind 0x00, an inner node behind 0x01, so that neither can pass for the other.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

EMPTY = sha256(b"").digest()
ED25519 = b"\x01"  # the signature's type in a signed note


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


@lru_cache(2**16)  # the next build hashes the same nodes again
def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def leaf(entry: dict[str, Any]) -> bytes:
    """The text that is hashed for one entry: what the database's `record_leaf` makes, key by key."""
    names = ("action", "at", "commitment", "index", "reason", "record", "version")
    return json.dumps({name: entry[name] for name in names}, separators=(",", ":")).encode("ascii")


def content(*, status: str, place: str, month: str, grade: str, sources: Sequence[tuple[str, str]]) -> bytes:
    """What a commitment hides: the text of the database's `record_content`, behind the record's salt.

    `place` is "school:<id>", "region:<code>" or "none"; `month` is "YYYY-MM"; a source is a publisher's code and an
    article number.
    """
    cited = [f"{publisher}:{article}" for publisher, article in sources]
    parts = {"grade": grade, "month": month, "place": place, "sources": cited, "status": status}
    return json.dumps(parts, separators=(",", ":")).encode("ascii")


class Tree:
    """All hashes of the complete subtrees over some leaves, so that roots and proofs take logarithmic time."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [list(leaves)]  # level k holds the roots of 2**k leaves each
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def root(self, size: int | None = None) -> bytes:
        """The tree's head over its first `size` leaves, by default all.

        Raises:
            ValueError: there are not so many leaves.
        """
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"the log has {self.size} entries, not {size}")
        return self._hash(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of a leaf in the tree of the first `size` leaves (section 2.1.1), lowest first.

        Raises:
            ValueError: the leaf or the tree does not exist.
        """
        if not 0 <= index < size <= self.size:
            raise ValueError(f"no entry {index} in a tree of {size}")
        path = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Proves that the tree of `second` leaves continues that of `first` (section 2.1.2).

        Raises:
            ValueError: there are no such two trees.
        """
        if not 0 < first <= second <= self.size:
            raise ValueError(f"no trees of {first} and {second} entries")
        path = []
        start, end, whole = 0, second, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start, whole = middle, False
        return ([] if whole else [self._hash(start, end)]) + path[::-1]

    def _hash(self, start: int, end: int) -> bytes:
        width = end - start
        if width & (width - 1) == 0 and start % width == 0:
            return self._levels[width.bit_length() - 1][start // width]
        middle = start + _split(width)
        return node_hash(self._hash(start, middle), self._hash(middle, end))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether this path leads from the leaf's hash to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = node_hash(step, found)
            while not node % 2 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether this path shows that the second tree continues the first (RFC 9162, section 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not steps:
        return False
    node, last = first - 1, second - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node % 2 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node % 2 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Checkpoint(NamedTuple):
    """A statement of the log's size and root under its name."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, seed: str) -> str:
    """The checkpoint as a signed note. `seed` is the Ed25519 seed in base64; the same inputs give the same note."""
    key = SigningKey(base64.b64decode(seed))
    text = checkpoint.text()
    signature = key_id(checkpoint.origin, bytes(key.verify_key)) + key.sign(text.encode()).signature
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def verifier(origin: str, seed: str) -> str:
    """The public key as a line to check notes with: name, key id and key (C2SP signed-note, vkey)."""
    public = bytes(SigningKey(base64.b64decode(seed)).verify_key)
    return f"{origin}+{key_id(origin, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def key_id(origin: str, public: bytes) -> bytes:
    return sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]


class Forged(Exception):
    """A note that this key did not sign, or that is none."""


def open_note(note: str, key: str) -> Checkpoint:
    """The checkpoint in a signed note, if the key of this verifier line signed it.

    Raises:
        Forged: it did not, or the note or the line is malformed.
    """
    try:
        origin, _, public = key.strip().split("+", 2)
        raw = base64.b64decode(public, validate=True)
        text, _, signatures = note.rpartition("\n\n")
        checkpoint = read_note(note)
        identifier = key_id(origin, raw[1:])
        for line in signatures.splitlines():
            dash, signer, encoded = line.split(" ")
            signature = base64.b64decode(encoded, validate=True)
            if (dash, signer, signature[:4]) == ("—", origin, identifier) and raw[:1] == ED25519:
                VerifyKey(raw[1:]).verify(f"{text}\n".encode(), signature[4:])
                if checkpoint.origin == origin:
                    return checkpoint
    except (ValueError, binascii.Error, BadSignatureError):
        pass
    raise Forged


def read_note(note: str) -> Checkpoint:
    """What a note states, whoever signed it.

    Raises:
        ValueError: it states no checkpoint.
    """
    text = note.rpartition("\n\n")[0]
    origin, size, root = text.split("\n")
    checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    if checkpoint.text() != f"{text}\n":
        raise ValueError("another spelling of a checkpoint")
    return checkpoint
