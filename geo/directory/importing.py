"""The frame that every import of schools shares: one at a time, one transaction, one report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from geo.directory import staging
from geo.directory.addresses import Gazetteer
from geo.directory.faults import FileFault
from geo.directory.files import Pulse, Row, flaw
from geo.directory.models import Import, School
from geo.directory.reading import Refusal
from geo.directory.report import Kind, Report
from geo.directory.staging import Staged

MOST_DEPARTURES = 0.2  # share of a register's schools that may leave it in one file without saying so
FEW = 10  # departures that no file has to justify


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the person at the command line asked for."""

    dry_run: bool = False
    strict: bool = False
    accept_departures: bool = False
    pulse: Pulse = field(default_factory=Pulse)


def gazetteer() -> Gazetteer:
    """The region names, which an import of schools needs.

    Raises:
        FileFault: the regions were never imported.
    """
    names = Gazetteer()
    if not names:
        raise FileFault("there are no regions yet: run import_regions for provinces, then for districts")
    return names


def lock() -> None:
    """Wait for another import to end; held until this transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_lock()")


def parsed(rows: Iterable[Row], count: int, id_at: int, parse: Callable[[Row], Staged]) -> Iterator[Staged]:
    """Every row as staged, or as refused with its reason."""
    for row in rows:
        if reason := flaw(row.fields, count):
            yield Staged(row.line, _shown_id(row.fields, id_at), reason)
            continue
        try:
            yield parse(row)
        except Refusal as refusal:
            yield Staged(row.line, _shown_id(row.fields, id_at), str(refusal))


def run(
    rows: Iterable[Staged], *, register: School.Register, kind: Import.Kind, path: Path, options: Options
) -> Report:
    """Take one register's rows over, in one transaction that a rehearsal or a fault rolls back.

    Raises:
        FileFault: the file broke off, or would empty the directory; nothing was changed.
    """
    report = Report()
    with transaction.atomic():
        lock()
        staging.create()
        staging.load(rows)
        staging.check()
        check_departures(register, options)
        report.extend(staging.findings(register))
        staging.take_over(register)
        settle(report, kind, path, options)
    return report


def check_departures(register: School.Register, options: Options) -> None:
    """Stop a file that would empty the directory.

    Raises:
        FileFault: too many schools would leave the register.
    """
    gone, all_ = staging.departures(register)
    if gone > max(FEW, all_ * MOST_DEPARTURES) and not options.accept_departures:
        raise FileFault(
            f"{gone} of {all_} schools would leave the register, which looks like part of a file"
            " (--accept-departures takes it over all the same)"
        )


def settle(report: Report, kind: Import.Kind, path: Path, options: Options) -> None:
    """Keep the transaction's work, or undo it for a rehearsal or a strict import with refusals."""
    if options.dry_run or (options.strict and report.counts[Kind.REFUSED]):
        transaction.set_rollback(True)
    else:
        report.finish(kind, path, dry_run=False)


def flush_index() -> None:
    """Empty the gram index's waiting list into the index after a bulk load: searches read that list whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('school_grams')")
        cursor.execute("ANALYZE directory_school")


def _shown_id(fields: list[str], id_at: int) -> str:
    text = fields[id_at].strip() if id_at < len(fields) else ""
    return text[:20] if text.isprintable() else ""
