"""Records as CSV for spreadsheets: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from geo.api import shapes
from geo.api.parts import Parts
from geo.record.snapshot.data import PublicRecord, PublicSet

COLUMNS = (
    "public_id", "status", "grade", "month", "school_id", "school", "school_en", "level", "district", "province",
    "lat", "lon", "publishers", "links", "replies", "reason",
)  # fmt: skip
lines = Parts()
# What a spreadsheet takes for the beginning of a formula or of a command (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(records: Sequence[PublicRecord], public: PublicSet) -> bytes:
    """These records and every tombstone."""
    texts = lines.texts(records, public, lambda record: written(row(record, public.regions)))
    left = [written((tomb.public_id, "withdrawn", *[None] * 13, tomb.reason)) for tomb in public.tombstones]
    return b"\xef\xbb\xbf" + b"".join((written(COLUMNS), *texts, *left))


def row(record: PublicRecord, regions: shapes.Regions) -> tuple[object, ...]:
    at = record.school
    district, province = shapes.place(record, regions)
    school = (at.id, at.name, at.name_en, at.level) if at else (None, None, None, None)
    point = (at.lat, at.lon) if at else (None, None)
    publishers = " ".join(source.publisher for source in record.sources)
    links = " ".join(source.link for source in record.sources if source.link)
    return (
        record.public_id, record.status, record.grade, f"{record.month:%Y-%m}", *school, district, province,
        *point, publishers, links, " ".join(record.replies), None,
    )  # fmt: skip


def written(cells: Iterable[object]) -> bytes:
    """One line of CSV (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue().encode()


def safe(cell: object) -> object:
    """A text that cannot start a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
