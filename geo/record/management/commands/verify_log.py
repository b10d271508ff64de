"""Verifies the public log: the database's own rows, or what a site gives out."""

import argparse
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from geo.record import checkpoints, log
from geo.record.models import ImpactRecord, LogEntry
from verify import verify_log


class Command(BaseCommand):
    help = "Verifies the public log against the database, or a site's or a download's (exit 1 names the first fault)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--url", help="a site's address")
        source.add_argument("--dir", type=Path, help="a folder that verify/verify_log.py --save has written")

    def handle(self, *, url: str | None, dir: Path | None, **_: Any) -> None:
        if url:
            sys.exit(verify_log.main(["--url", url]))
        if dir:
            sys.exit(verify_log.main(["--dir", str(dir)]))
        fault = first_fault()
        if fault:
            self.stderr.write(fault)
            sys.exit(1)
        self.stdout.write(f"All {LogEntry.objects.count()} entries are true to their hashes.")


def first_fault() -> str:
    """A sentence about the first entry or record that is not as it was logged; empty if all are."""
    hashes: list[bytes] = []
    newest: dict[str, int] = {}
    for entry in LogEntry.objects.order_by("index").iterator():
        if entry.index != len(hashes) or log.leaf_hash(leaf(entry)) != bytes(entry.leaf_hash):
            return f"Entry {len(hashes)} is not the entry that was logged."
        newest[str(entry.record)] = entry.index
        hashes.append(bytes(entry.leaf_hash))
    stated = checkpoints.last()
    if stated and stated.size > len(hashes):
        return f"Entry {len(hashes)} is missing: a checkpoint counts {stated.size} entries."
    if stated and log.Tree(hashes).root(stated.size) != stated.root:
        return f"The first {stated.size} entries do not give the root of their checkpoint: one of them was changed."
    for record in ImpactRecord.objects.exclude(published_at=None).exclude(status="withdrawn").iterator():
        if str(record.pk) not in newest:
            return f"Record {record.pk} is public and was never logged."
        if not committed(record):
            return f"Record {record.pk} is not what entry {newest[str(record.pk)]} committed to."
    return ""


def leaf(entry: LogEntry) -> bytes:
    return log.leaf(
        {
            "action": entry.action,
            "at": f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
            "commitment": bytes(entry.commitment).hex(),
            "index": entry.index,
            "reason": entry.reason,
            "record": str(entry.record),
            "version": entry.version,
        }
    )


def committed(record: ImpactRecord) -> bool:
    """Whether some entry of this record commits to what it says now."""
    place = "none"
    if record.school_id:
        place = f"school:{record.school_id}"
    elif record.region_id:
        place = f"region:{record.region_id}"
    text = log.content(
        status=record.status,
        place=place,
        month=f"{record.month:%Y-%m}",
        grade=record.grade or "",
        sources=[(source.publisher_id, source.article) for source in record.sources.all()],
    )
    commitment = sha256(bytes(record.salt or b"") + text).digest()
    return LogEntry.objects.filter(record=record.pk, commitment=commitment).exists()
