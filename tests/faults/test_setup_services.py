"""PostgreSQL and Redis of one copy: half-made, killed, doubled, out of reach."""

import os
import re
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import database, keys
from deploy.local.packages import Need, ensure
from deploy.local.places import Places
from deploy.local.say import Refused
from tests.faults.setup_runs import Copy, copy_in, new_copy, within


@pytest.fixture
def copy() -> Iterator[Copy]:
    with new_copy() as made:
        yield made


def connect(copy: Copy, role: str = "mapsite_owner", *, password: str | None = None) -> psycopg.Connection:
    run = re.search(r"^MAPSITE_RUN=(.*)$", (copy.var / "env").read_text(), re.MULTILINE)
    assert run
    return psycopg.connect(
        host=run[1],
        user=role,
        password=(copy.var / f"secrets/db-{role}").read_text().strip() if password is None else password,
        dbname="mapsite",
        autocommit=True,
    )


def start_and_stop(copy: Copy) -> str:
    """`make services`, one look into the database, `make services-stop`; what the first one said."""
    started = copy.run("services")
    assert started.returncode == 0, started.stderr
    with connect(copy) as owner:
        assert owner.execute("SELECT count(*) FROM spatial_ref_sys").fetchone() != (0,)
    assert copy.run("services-stop").returncode == 0
    copy.assert_nothing_left()
    return started.stderr


def test_services_start_twice_and_end_without_a_trace(copy: Copy) -> None:
    start_and_stop(copy)
    first = copy.run("services")
    again = copy.run("services")
    assert (first.returncode, again.returncode) == (0, 0)
    assert "already run" in again.stderr
    with connect(copy) as owner:
        for name, value in {
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "lc_collate": "C.UTF-8",
            "log_min_error_statement": "panic",
            "fsync": "on",
        }.items():
            assert owner.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,), name
        assert owner.execute(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid IN (m.member, m.roleid)"
            " WHERE r.rolname LIKE 'mapsite%'"
        ).fetchone() == (0,)
        assert (
            owner.execute(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'mapsite%'"
                " AND (rolsuper OR rolcreaterole OR rolbypassrls)"
            ).fetchall()
            == []
        )
        # Hangul has trigrams only where the locale knows that it is text.
        assert owner.execute("SELECT show_trgm('금성초') <> '{}'").fetchone() == (True,)
    for wrong in ("", "wrong", (copy.var / "secrets/db-mapsite_public").read_text().strip()):
        with pytest.raises(psycopg.OperationalError):
            connect(copy, "mapsite_staff", password=wrong)
    with pytest.raises(psycopg.OperationalError):
        connect(copy, "postgres", password="")
    with connect(copy, "mapsite_public") as public, pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("CREATE TEMPORARY TABLE shadow ()")
    assert stat.S_IMODE((copy.var / "run").stat().st_mode) == 0o700
    assert copy.run("services-stop").returncode == 0
    copy.assert_nothing_left()


def test_a_cluster_that_was_never_completed_is_made_anew(copy: Copy) -> None:
    (copy.var / "pg/base").mkdir(parents=True)
    (copy.var / "pg/PG_VERSION").write_text("15\n")
    (copy.var / "pg.new").mkdir()
    assert "never completed" in start_and_stop(copy)


def test_an_initdb_that_is_killed_leaves_nothing_in_the_way(copy: Copy) -> None:
    process = copy.start("deploy/local/run.sh", "hold-services")
    assert within(60, lambda: (copy.var / "pg.new/base").exists())
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    copy.assert_nothing_left(30)
    assert not (copy.var / "pg").exists()
    start_and_stop(copy)


def test_a_template_cut_short_is_completed(copy: Copy) -> None:
    holder = copy.hold()
    places = Places(
        var=copy.var,
        run=copy.var / "run",
        data=copy.var / "pg",
        secrets=copy.var / "secrets",
        log=copy.var / "log",
    )
    database.as_superuser(
        places, b"ALTER DATABASE template_mapsite IS_TEMPLATE false; DROP DATABASE mapsite;"
    )
    holder.terminate()
    holder.wait()
    start_and_stop(copy)


def test_a_stale_process_number_of_somebody_else_does_not_matter(copy: Copy) -> None:
    start_and_stop(copy)
    pid_file = copy.var / "pg/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{copy.var}/pg\n1700000000\n5432\n{copy.var}/run\n\n")
    (copy.var / "run/.s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{copy.var}/pg\n")
    (copy.var / "run/redis.sock").touch()
    (copy.var / "services.pid").write_text(str(os.getpid()))
    start_and_stop(copy)


def test_when_the_supervisor_is_killed_its_services_end_and_start_again_with_their_data(copy: Copy) -> None:
    holder = copy.hold()
    with connect(copy) as owner:
        owner.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    holder.kill()
    holder.wait()
    copy.assert_nothing_left(30)
    copy.hold()
    with connect(copy) as owner:
        assert owner.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_second_set_of_services_on_one_folder_is_refused_by_name(copy: Copy) -> None:
    holder = copy.hold()
    second = copy.run("hold-services")
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"process {holder.pid}" in second.stderr
    assert holder.poll() is None


def test_a_service_that_dies_ends_the_others_and_is_named(copy: Copy) -> None:
    holder = copy.hold()
    pid = int((copy.var / "pg/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    _, said = holder.communicate(timeout=30)
    assert holder.returncode == 2
    assert "PostgreSQL ended" in said.splitlines()[-1]
    copy.assert_nothing_left()


def test_a_path_too_long_for_a_socket_gets_a_short_folder_and_says_so(copy: Copy) -> None:
    deep = copy.var / ("a-folder-with-quite-a-long-name-" * 2) / ("학교" * 10)
    with copy_in(deep) as far:
        said = start_and_stop(far)
        assert "too long for a socket" in said
        shutil.rmtree(elsewhere_of(said))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the services to another user")
def test_a_folder_that_the_service_user_cannot_reach_is_replaced_and_said(copy: Copy) -> None:
    copy.var.mkdir(parents=True)
    private = copy.var / "private"
    private.mkdir(mode=0o700)
    with copy_in(private / "var") as hidden:
        said = start_and_stop(hidden)
        assert "cannot reach" in said
        shutil.rmtree(elsewhere_of(said))


def test_secrets_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    keys.make(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pairs = {f"seal-{purpose}.{half}" for purpose in keys.SEALING for half in ("public", "key")}
    assert set(before) == {*keys.SINGLE, *pairs}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    (tmp_path / "mfa.key").unlink()
    (tmp_path / "seal-casework.public").unlink()
    keys.make(tmp_path)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert after.pop("mfa.key") != before.pop("mfa.key")
    assert after == before  # the public half is the same again: it belongs to the private one
    (tmp_path / "seal-casework.key").unlink()  # kept elsewhere: not replaced by one that opens nothing
    keys.make(tmp_path)
    assert not (tmp_path / "seal-casework.key").exists()


@pytest.mark.parametrize("holder", ["public", "worker", "owner"])
def test_no_process_but_the_staffs_reads_the_casework_key(holder: str) -> None:
    assert "seal-casework.key" not in keys.HOLDERS[holder]
    assert {name for name in keys.HOLDERS[holder] if name.startswith("db-")} == {f"db-mapsite_{holder}"}


def test_what_cannot_be_installed_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get, no sudo
    places = Places(var=tmp_path, run=tmp_path, data=tmp_path, secrets=tmp_path, log=tmp_path)
    with pytest.raises(Refused, match=r"^Missing: a flux capacitor; "):
        ensure([Need("a flux capacitor", "flux", lambda: False)], places=places)
    ensure([Need("a flux capacitor", "flux", lambda: True)], places=places)


def test_an_unknown_command_and_an_unusable_folder_are_one_sentence(tmp_path: Path) -> None:
    assert Copy(tmp_path).run("dance").returncode == 2
    (tmp_path / "file").touch()
    refused = Copy(tmp_path / "file/var").run("hold-services")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "MAPSITE_VAR" in refused.stderr


def elsewhere_of(said: str) -> Path:
    found = re.search(r"live in (\S+)$", said, re.MULTILINE)
    assert found
    folder = Path(found[1])
    return folder.parent if folder.name == "run" else folder
