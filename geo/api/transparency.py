"""The public log as anybody can download and check it (SAFEGUARDS E2); `verify/verify_log.py` does."""

import base64
from hashlib import sha256

from geo.api import shapes
from geo.record import log
from geo.record.snapshot.data import Change, PublicRecord, PublicSet

ENTRIES = 1000  # of one answer


def entries(public: PublicSet, start: int, end: int) -> shapes.Json:
    """Entries `start` to `end`, both counted in, as RFC 6962 has it; at most `ENTRIES` of them."""
    found = public.changes[start : min(end + 1, start + ENTRIES)]
    return {"size": public.log.size, "entries": [entry(change) for change in found]}


def entry(change: Change) -> shapes.Json:
    """One leaf, its hash, and, while its content is public, the salt and content that open its commitment."""
    return {
        "index": change.index,
        "at": shapes.instant(change.at),
        "action": change.action,
        "reason": change.reason,
        "record": change.record,
        "version": change.version,
        "commitment": change.commitment,
        "leaf_hash": change.leaf_hash.hex(),
        "opening": opening(change),
    }


def opening(change: Change) -> shapes.Json | None:
    if change.now is None:
        return None
    text = content(change.now)
    if sha256(bytes.fromhex(change.now.salt) + text).hexdigest() != change.commitment:
        return None  # an older version of the record: its salt is gone
    return {"salt": change.now.salt, "content": text.decode("ascii")}


def content(record: PublicRecord) -> bytes:
    """What the log commits to, made from what is public."""
    place = "none"
    if record.school:
        place = f"school:{record.school.id}"
    elif record.region:
        place = f"region:{record.region}"
    return log.content(
        status=record.status,
        place=place,
        month=f"{record.month:%Y-%m}",
        grade=record.grade,
        sources=[(source.publisher, source.article) for source in record.sources],
    )


def inclusion(public: PublicSet, index: int, size: int) -> shapes.Json:
    """Raises ValueError where there is no such entry or no such tree."""
    path = public.log.inclusion(index, size)
    return {
        "index": index,
        "size": size,
        "leaf_hash": public.changes[index].leaf_hash.hex(),
        "path": [base64.b64encode(step).decode() for step in path],
    }


def consistency(public: PublicSet, first: int, second: int) -> shapes.Json:
    """Raises ValueError where there are no such two trees."""
    path = public.log.consistency(first, second)
    return {"first": first, "second": second, "path": [base64.b64encode(step).decode() for step in path]}
