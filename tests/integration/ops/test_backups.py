"""A backup comes back as it was, or says why it does not; nothing of it is readable on the way (SAFEGUARDS C4)."""

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from geo.record.models import LogEntry
from mapsite import backups, grants
from moderation.intake import sealed_streams, sealing
from moderation.intake.models import Submission
from tests import casework, stack

CANARY = "zqcanary@example.org"


@pytest.fixture
def secrets(settings: Any, tmp_path: Path) -> Path:
    """This run's secrets with the pair for backups, which lies where no site runs."""
    own = tmp_path / "secrets"
    shutil.copytree(
        settings.SECRETS, own, ignore=lambda *_: ["public", "staff", "worker", "owner", "database"]
    )
    settings.SECRETS = own
    sealing.make("backups")
    return own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def elsewhere(committed_db: str) -> Iterator[str]:
    """The name of a database that is not there yet; call `move` to make it this site's."""
    name = stack.new_database_name()
    yield name
    connection.close()
    connection.settings_dict["NAME"] = committed_db
    stack.drop_database(name)


def move(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def back_up(folder: Path) -> Path:
    out = io.StringIO()
    call_command("backup", str(folder), stdout=out)
    return Path(out.getvalue().split(" (")[0])


def restored(folder: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("restore", str(folder), stdout=out, **options)
    return out.getvalue()


def refused(folder: Path, **options: Any) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        restored(folder, **options)
    assert str(caught.value).count("\n") == 0
    return caught.value.returncode, str(caught.value)


def exists(name: str) -> bool:
    with stack.connect("mapsite_owner", "postgres") as owner:
        return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def test_there_and_back(committed_db: str, elsewhere: str, secrets: Path, folder: Path, as_role: Any) -> None:
    record = casework.published()
    member = casework.member()
    member.account.email = CANARY
    member.account.save()
    sealed = sealing.seal("학교에서 들은 이야기", purpose="casework")
    casework.submission(casework.school(), sealed_text=sealed)
    made = back_up(folder)
    assert CANARY.encode() not in made.read_bytes() and b"PGDMP" not in made.read_bytes()
    assert made.stat().st_mode & 0o077 == 0, "for its owner alone"
    assert list(folder.iterdir()) == [made]
    before = rows()
    code, said = refused(folder)
    assert code == 2 and "is not empty" in said and rows() == before

    move(elsewhere)
    assert restored(folder).startswith("done: ")
    assert rows() == before
    assert LogEntry.objects.get().record == record
    assert bytes(Submission.objects.exclude(sealed_text=None).get().sealed_text or b"") == sealed
    with as_role("mapsite_public") as public:  # grants are those of the code
        assert public.execute("SELECT count(*) FROM directory_school").fetchone() == (2,)
        with pytest.raises(Exception, match="permission denied"):
            public.execute("SELECT 1 FROM record_impactrecord")
        with pytest.raises(Exception, match="permission denied"):
            public.execute("CREATE TEMP TABLE x (id int)")
    casework.published()  # and the site goes on
    assert LogEntry.objects.count() == 2


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counted = {}
        for table in sorted(grants.TABLES):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


def test_every_damage_is_noticed_before_anything_is_made(
    committed_db: str, elsewhere: str, secrets: Path, folder: Path
) -> None:
    casework.published()
    made = back_up(folder)
    whole = made.read_bytes()
    move(elsewhere)
    for at in (0, 7, 20, 400, len(whole) // 2, len(whole) - 1):
        made.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert refused(folder)[0] == 2, at
    for damaged in (b"", whole[:5], whole[:1000], whole[:-1], whole + b"\0", whole + whole):
        made.write_bytes(damaged)
        assert refused(folder)[0] == 2
    made.write_bytes(whole)
    (secrets / "seal-backups.key").rename(secrets / "elsewhere.key")
    code, said = refused(folder)
    assert code == 2 and "is not here" in said
    (secrets / "elsewhere.key").rename(secrets / "seal-backups.key")
    assert refused(folder, file="mapsite-20200101T000000Z.backup")[0] == 2
    assert refused(folder / "no such")[0] == 2
    assert not exists(elsewhere)
    restored(folder)


def test_what_is_restored_is_counted(
    committed_db: str, elsewhere: str, secrets: Path, folder: Path, monkeypatch: Any
) -> None:
    """A backup that says another thing than it holds: whoever has the public key can seal one."""
    casework.published()
    facts = backups._facts()
    for lie in (
        {**facts, "rows": {**facts["rows"], "record_logentry": 2}},
        {**facts, "log": {"size": 1, "root": "00" * 32}},
    ):
        move(committed_db)
        monkeypatch.setattr(backups, "_facts", lambda lie=lie: lie)
        made = back_up(folder)
        monkeypatch.undo()
        move(elsewhere)
        code, said = refused(folder, file=made.name)
        assert code == 1 and ("rows" in said or "root" in said)
        assert not exists(elsewhere)
        made.unlink()
    move(committed_db)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_logentry SET reason = 'checked'")
    back_up(folder)
    move(elsewhere)
    assert refused(folder)[0] == 1, "a log that was changed before it was saved"


def test_one_that_writes_meanwhile_is_all_in_or_all_out(
    committed_db: str, elsewhere: str, secrets: Path, folder: Path, monkeypatch: Any, as_role: Any
) -> None:
    at = casework.school()
    dump = backups._dump

    def slow(snapshot: str) -> Iterator[bytes]:
        with as_role("mapsite_owner") as other:
            other.execute("DELETE FROM directory_school WHERE id = %s", [at.pk])
        yield from dump(snapshot)

    monkeypatch.setattr(backups, "_dump", slow)
    back_up(folder)
    move(elsewhere)
    restored(folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM directory_school")
        assert cursor.fetchall() == [(at.pk,)], "counts and rows are of one moment"


def test_thirty_days(committed_db: str, elsewhere: str, secrets: Path, folder: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    old = backups.make(folder, now=now - dt.timedelta(days=31))
    young = backups.make(folder, now=now - dt.timedelta(days=29))
    stranger = folder / "mapsite-notes.backup"
    stranger.write_text("somebody else's")
    move(elsewhere)
    code, said = refused(folder, file=old.name)
    assert code == 2 and "30 days" in said
    renamed = folder / now.strftime("mapsite-%Y%m%dT%H%M%SZ.backup")
    shutil.copy(old, renamed)
    assert "30 days" in refused(folder)[1], "the sealed time counts, not the name"
    renamed.unlink()
    move(committed_db)
    made = back_up(folder)
    assert set(folder.iterdir()) == {young, made, stranger}


def test_bad_input(committed_db: str, secrets: Path, folder: Path) -> None:
    for wrong in (folder / "no such", secrets / "log-signing.key"):
        with pytest.raises(CommandError) as caught:
            back_up(wrong)
        assert caught.value.returncode == 2
    (secrets / "seal-backups.public").unlink()
    with pytest.raises(CommandError) as caught:
        back_up(folder)
    assert caught.value.returncode == 2 and "public key" in str(caught.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("length", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
def test_streams_of_every_length(secrets: Path, length: int) -> None:
    out = io.BytesIO()
    data = bytes(range(256)) * (length // 256) + b"x" * (length % 256)
    sealed_streams.write(out, [data[:10], data[10:]], head={"a": 1}, purpose="backups")
    head, pieces = sealed_streams.read(io.BytesIO(out.getvalue()), purpose="backups")
    assert head == {"a": 1} and b"".join(pieces) == data
    with pytest.raises(sealing.SealError):
        sealed_streams.read(io.BytesIO(out.getvalue()), purpose="casework")
