"""What an import did, row by row, without holding a large file's rows in memory."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from django.utils import timezone

from geo.directory.models import Import

LISTED = 1000  # findings of one kind that are printed


class Kind(StrEnum):
    """What can happen to one row or one school, in the order in which it is told."""

    ADDED = "added"
    RENAMED = "renamed"
    MOVED = "moved"
    DISTRICT = "in another district"
    CLOSED = "closed"
    LEFT = "left the register"
    RETURNED = "returned"
    DETAILS = "changed otherwise"
    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"
    SKIPPED = "skipped"
    REFUSED = "refused"


_LISTED = {
    Kind.ADDED: 20,
    Kind.DETAILS: 20,
    Kind.MATCHED: 0,
    Kind.SKIPPED: 20,
}  # what is expected is only sampled


@dataclass(frozen=True, slots=True)
class Finding:
    """One row's or school's fate; `line` counts from 1 at the header, None where no row is meant."""

    kind: Kind
    line: int | None
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{self.kind}: {place}{self.subject}{': ' if self.detail else ''}{self.detail}"


class Report:
    """Counts of every kind, and the findings themselves (a list, or a stream from the database)."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._findings: list[Finding] = []
        self.listing: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Count a finding; the first of each kind are listed."""
        self.counts[finding.kind] += 1
        if self.counts[finding.kind] <= _LISTED.get(finding.kind, LISTED):
            self.listing.append(finding)

    def extend(self, findings: Iterable[Finding], *, everything: TextIO | None = None) -> None:
        """Count a stream of findings and write all of them as CSV where `everything` is given."""
        writer = csv.writer(everything) if everything else None
        for finding in findings:
            self.add(finding)
            if writer:
                writer.writerow([finding.kind, finding.line or "", finding.subject, finding.detail])

    def finish(self, kind: Import.Kind, path: Path, *, dry_run: bool) -> None:
        """Note the accepted file in the same transaction; a rehearsal leaves nothing."""
        if not dry_run:
            Import.objects.create(
                kind=kind, digest=digest(path), finished_at=timezone.now(), counts=dict(self.counts)
            )

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        for kind in Kind:
            listed = [finding for finding in self.listing if finding.kind == kind]
            yield from map(str, listed)
            if (more := self.counts[kind] - len(listed)) > 0:
                yield f"{kind}: … and {more} more"
        total = ", ".join(f"{self.counts[kind]} {kind}" for kind in Kind if self.counts[kind])
        yield f"{total or 'no change'}"


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def already_imported(kind: Import.Kind, path: Path) -> bool:
    """Whether this very file was the last of its kind."""
    last = Import.objects.filter(kind=kind).order_by("-id").values_list("digest", flat=True).first()
    return last is not None and last == digest(path)
