"""Records as CSV for spreadsheets: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator

from geo.api import shapes
from geo.record.snapshot.data import PublicRecord, PublicSet, Tombstone

COLUMNS = (
    "public_id", "status", "grade", "month", "school_id", "school", "school_en", "level", "district", "province",
    "lat", "lon", "publishers", "links", "reason",
)  # fmt: skip
# What a spreadsheet takes for the beginning of a formula or of a command (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(public: PublicSet) -> bytes:
    """All current records and tombstones."""
    return written(rows(public.records, public.tombstones, public.regions))


def written(lines: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def rows(
    records: Iterable[PublicRecord], tombstones: Iterable[Tombstone], regions: shapes.Regions
) -> Iterator[tuple[object, ...]]:
    for record in records:
        at = record.school
        district, province = shapes.place(record, regions)
        school = (at.id, at.name, at.name_en, at.level) if at else (None, None, None, None)
        point = (at.lat, at.lon) if at else (None, None)
        publishers = " ".join(source.publisher for source in record.sources)
        links = " ".join(source.link for source in record.sources if source.link)
        yield (
            record.public_id, record.status, record.grade, f"{record.month:%Y-%m}", *school, district, province,
            *point, publishers, links, None,
        )  # fmt: skip
    for left in tombstones:
        yield (left.public_id, "withdrawn", *[None] * 12, left.reason)


def safe(cell: object) -> object:
    """A text that cannot start a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
