"""Reading an official CSV file row by row: encodings, headers, and every way in which it can be broken."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from geo.directory.faults import FileFault

LONGEST_LINE = 1024 * 1024  # bytes; the longest honest line is under 2 KiB
LONGEST_FIELD = 64 * 1024  # characters
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_LOOKS = (  # first bytes of what people take for a CSV file
    (b"PK\x03\x04", "an Excel workbook or an archive; save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save it as CSV"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed; unpack it first"),
    (b"\xff\xfe", "UTF-16; save it as UTF-8 or CP949"),
    (b"\xfe\xff", "UTF-16; save it as UTF-8 or CP949"),
)


class Row(NamedTuple):
    """One data row: the line on which it starts (the header is line 1) and its fields."""

    line: int
    fields: list[str]


class Register(NamedTuple):
    """An open register file: where each named column stands, and its rows."""

    columns: dict[str, int]
    rows: Iterator[Row]


@contextmanager
def opened(path: Path, header: Sequence[str], *, title: str, pulse: "Pulse") -> Iterator[Register]:
    """A register file with exactly these columns, in any order.

    Args:
        pulse: told the bytes that were read, for a progress bar.

    Raises:
        FileFault: it cannot be read, is no CSV file in UTF-8 or CP949, or has other columns. The rows
            raise it too, where the fault comes later.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileFault(f"{path.name} cannot be read: {error.strerror}") from error
    with file:
        try:
            yield _register(file, path, header, title, pulse)
        except IsADirectoryError as error:
            raise FileFault(f"{path.name} is a folder") from error


class Pulse:
    """Hears how many bytes were read; this one does not care."""

    def update(self, _bytes: int, /) -> object:
        return None


def _register(file: BinaryIO, path: Path, header: Sequence[str], title: str, pulse: Pulse) -> Register:
    start = file.read(8)
    file.seek(0)
    if not start:
        raise FileFault(f"{path.name} is empty")
    for magic, what in _LOOKS:
        if start.startswith(magic):
            raise FileFault(f"{path.name} is {what}")
    encoding = _encoding(file, path.name)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(file, encoding, pulse), strict=True)
    found = next(_guarded(reader))
    names = [name.strip() for name in found.fields]
    if missing := [name for name in header if name not in names]:
        raise FileFault(
            f"{path.name} is not the file of {title}: the column {missing[0]} is missing"
            + (f" (and {len(missing) - 1} more)" if len(missing) > 1 else "")
        )
    if len(set(names)) != len(names):
        raise FileFault(f"{path.name} has a column twice")
    if unknown := [name for name in names if name not in header]:
        raise FileFault(f"{path.name} has an unknown column “{unknown[0][:40]}”")
    return Register({name: at for at, name in enumerate(names)}, _guarded(reader))


def _encoding(file: BinaryIO, name: str) -> str:
    """UTF-8 (with or without a mark) or CP949, by the first line, which is Korean in every register."""
    first = file.readline(LONGEST_LINE)
    for encoding in ("utf-8-sig", "cp949"):
        try:
            first.decode(encoding)
        except UnicodeDecodeError:
            continue
        file.seek(3 if first.startswith(b"\xef\xbb\xbf") else 0)
        return "utf-8" if encoding == "utf-8-sig" else encoding
    raise FileFault(f"{name} is not text in UTF-8 or CP949")


def _lines(file: BinaryIO, encoding: str, pulse: Pulse) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise FileFault(f"line {number} is longer than {LONGEST_LINE // 1024} KiB: the file is damaged")
        pulse.update(len(line))
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError as error:
            label = "UTF-8" if encoding == "utf-8" else "CP949"
            raise FileFault(
                f"line {number} is not {label} as the lines before it are:"
                " the encoding changes within the file"
            ) from error


def _guarded(reader: "Iterable[list[str]]") -> Iterator[Row]:
    """Rows with the line on which each starts; the reader's own complaints become sentences."""
    iterator = iter(reader)
    while True:
        line = reader.line_num  # type: ignore[attr-defined]
        try:
            fields = next(iterator)
        except StopIteration:
            return
        except csv.Error as error:
            number = line + 1
            if "field larger" in str(error):
                raise FileFault(
                    f"a field that starts on line {number} is longer than {LONGEST_FIELD:,} characters:"
                    " a quotation mark is missing, or the file is damaged"
                ) from error
            if "end of data" in str(error):
                raise FileFault(f"a quotation mark that opens on line {number} is never closed") from error
            raise FileFault(f"line {number} is not CSV: {error}") from error
        if fields:  # an empty line is no row
            yield Row(line + 1, fields)


def flaw(fields: Sequence[str], count: int) -> str:
    """Why a row cannot be read at all, or ""."""
    if len(fields) != count:
        return f"{len(fields)} fields where the header has {count}"
    if _CONTROL.search("".join(fields)):
        return "a control character in a field"
    return ""
