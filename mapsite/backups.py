"""Backups and their return: sealed to a key that lies where no site runs, checked before they count (SAFEGUARDS C4).

PostgreSQL's own programs do the work. What a backup says about itself, row counts and the root of the public log, is
counted in the very snapshot that is dumped. Extensions and roles are no part of it: they come from the template
database (deploy/database/roles.sql), and grants from `mapsite.grants`.
"""

import contextlib
import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from psycopg import sql

from geo.record import log
from geo.record.management.commands.verify_log import first_fault, leaf
from geo.record.models import LogEntry
from mapsite import grants
from moderation.erasure import journal
from moderation.intake import sealed_streams
from moderation.intake.sealing import SealError

PURPOSE = "backups"
LONGEST = dt.timedelta(days=30)  # so that what was deleted is gone for good (SAFEGUARDS C4)
FORMAT = 1
_PATTERN = "mapsite-%Y%m%dT%H%M%SZ.backup"
_PIECE = 1024 * 1024  # bytes


class BackupFault(Exception):
    """It cannot be done; the message is one sentence, and nothing was changed."""


class NotTheSame(Exception):
    """What was restored is not what was saved."""


def make(folder: Path, *, now: dt.datetime) -> Path:
    """Writes one sealed backup of the database into `folder` and removes those that are too old.

    Raises:
        BackupFault: the folder, the key or PostgreSQL does not let us.
    """
    if not folder.is_dir():
        raise BackupFault(f"{folder} is no folder.")
    target = folder / now.strftime(_PATTERN)
    draft = folder / f".{target.name}.part"
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with transaction.atomic(), draft.open("wb") as out:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                snapshot = str(cursor.fetchone()[0])
            head = {"format": FORMAT, "made_at": now.isoformat(), **_facts()}
            sealed_streams.write(out, _dump(snapshot), head=head, purpose=PURPOSE)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except (OSError, SealError) as error:
        raise BackupFault(str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    for made_at, old in _found(folder):
        if made_at < now - LONGEST:
            old.unlink()
    return target


class Restored(NamedTuple):
    """What came back, and how many things were deleted again; None: there was no journal to say which."""

    path: Path
    head: dict[str, Any]
    again: int | None


def restore(folder: Path, *, erasures: Path, name: str = "", now: dt.datetime) -> Restored:
    """Fills this site's database, which must be empty or not there yet, from the newest backup or the named one.

    What the journal `erasures` tells of is deleted again before anybody can read it.

    Raises:
        BackupFault: no such backup, too old, damaged, its key is not here, or the database is in use.
        NotTheSame: the rows or the log are not those that were saved; a database that this made is removed again.
    """
    path = folder / name if name else max(_found(folder), default=(now, folder / "a backup"))[1]
    try:
        with path.open("rb") as source:
            head, pieces = sealed_streams.read(source, purpose=PURPOSE)
            _check_head(head, now)
            for _piece in pieces:  # all of it, before anything is touched
                pass
            source.seek(0)
            _head, pieces = sealed_streams.read(source, purpose=PURPOSE)
            with _empty_database():
                _fill(pieces)
                fault = _difference(head)
                if fault:
                    raise NotTheSame(fault)
                again = journal.replay(erasures) if erasures.exists() else None
                grants.apply()
    except FileNotFoundError as error:
        raise BackupFault(f"There is no {path}.") from error
    except (OSError, SealError, ValueError, KeyError, journal.Damaged) as error:
        raise BackupFault(str(error)) from error
    return Restored(path, head, again)


def _found(folder: Path) -> list[tuple[dt.datetime, Path]]:
    """The backups of a folder with the time in their names."""
    found = []
    for path in folder.glob("mapsite-*.backup"):
        try:
            found.append((dt.datetime.strptime(path.name, _PATTERN).replace(tzinfo=dt.UTC), path))
        except ValueError:
            continue
    return found


def _check_head(head: dict[str, Any], now: dt.datetime) -> None:
    if head.get("format") != FORMAT:
        raise BackupFault("This backup was made by another version of the program.")
    if now - dt.datetime.fromisoformat(head["made_at"]) > LONGEST:
        raise BackupFault("This backup is older than 30 days: what it holds was promised to be gone.")


def _facts() -> dict[str, Any]:
    """Rows of each table, and size and root of the public log, in the current transaction."""
    rows = {}
    for table in _tables():
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)).as_string(None))
            rows[table] = cursor.fetchone()[0]
    hashes = [log.leaf_hash(leaf(entry)) for entry in LogEntry.objects.order_by("index").iterator()]
    return {"rows": rows, "log": {"size": len(hashes), "root": log.Tree(hashes).root(len(hashes)).hex()}}


def _tables() -> list[str]:
    """All but those of extensions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1"
        )
        return [str(name) for (name,) in cursor.fetchall()]


def _difference(head: dict[str, Any]) -> str:
    """A sentence about the first thing that is not as it was saved; empty if nothing is."""
    facts = _facts()
    for table, count in head["rows"].items():
        if facts["rows"].get(table) != count:
            return f"{table} has {facts['rows'].get(table, 'no')} rows where {count} were saved."
    if facts["log"] != head["log"]:
        return "The public log has another root than the one that was saved."
    return first_fault()


def _dump(snapshot: str) -> Iterator[bytes]:
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
    with subprocess.Popen(  # noqa: S603
        [
            _program("pg_dump"),
            *options,
            "--exclude-table-data=spatial_ref_sys",
            f"--snapshot={snapshot}",
            *_where(),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=_environment(),
    ) as running:
        assert running.stdout and running.stderr
        while piece := running.stdout.read(_PIECE):
            yield piece
        said = running.stderr.read().decode(errors="replace").strip()
    if running.returncode:
        raise BackupFault(f"pg_dump did not do it: {said.splitlines()[-1] if said else running.returncode}")


def _fill(pieces: Iterator[bytes]) -> None:
    """All of it in one transaction, or nothing."""
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with subprocess.Popen(  # noqa: S603
        [_program("pg_restore"), *options, *_where()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(),
    ) as running:
        assert running.stdin and running.stderr
        try:
            for piece in pieces:
                running.stdin.write(piece)
            running.stdin.close()
        except BrokenPipeError:
            pass  # it says why below
        said = running.stderr.read().decode(errors="replace").strip()
    if running.returncode:
        raise BackupFault(f"pg_restore did not do it: {said.splitlines()[0] if said else running.returncode}")


@contextlib.contextmanager
def _empty_database() -> Iterator[None]:
    """The database, made if it is not there; one that was made goes again where what follows fails."""
    name = str(connection.settings_dict["NAME"])
    made = sql.Identifier(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone() is not None
        if not there:
            others = sql.SQL(", ").join(map(sql.Identifier, grants.ROLES))
            for line in (
                sql.SQL("CREATE DATABASE {} TEMPLATE template_mapsite").format(made),
                sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(made),
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(made, others),
            ):
                cursor.execute(line.as_string(None))
    if there and _tables():
        raise BackupFault(f"The database {name} is not empty: name one that is, or that is not there yet.")
    try:
        yield
    except BaseException:
        connection.close()
        if not there:
            with connection._nodb_cursor() as cursor:
                cursor.execute(sql.SQL("DROP DATABASE {}").format(made).as_string(None))
        raise


def _where() -> list[str]:
    settings = connection.settings_dict
    return [
        f"--host={settings['HOST']}",
        f"--port={settings['PORT']}",
        f"--username={settings['USER']}",
        "--no-password",
        f"--dbname={settings['NAME']}",
    ]


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PG… variables would lead to another server."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}


def _program(name: str) -> str:
    """One of PostgreSQL's programs: the newest of Debian's, or the one on the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(places[-1]) if places else shutil.which(name)
    if not found:
        raise BackupFault(f"{name} is not installed: apt-get install postgresql-client.")
    return found
