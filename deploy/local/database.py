"""A private PostgreSQL with PostGIS: a cluster in a folder, reached through a socket."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from deploy.local.packages import POSTGRES_HOME, postgres_versions
from deploy.local.places import ROOT, Places, as_service, own_by_service, service_ids, service_name
from deploy.local.processes import Child
from deploy.local.say import Refused, run_quietly, short, step, tell

COMPLETE = "cluster-complete"  # written when initdb is done; a folder without it never held data
START_SECONDS = 120  # recovery after a power cut included
# Fast and unsafe: only for clusters whose data nobody wants back.
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
    "shared_buffers=128MB",
    # A failed statement is not logged: its parameters could be a passphrase (TWO_PEOPLE.md).
    "log_min_error_statement=panic",
    # Nor its message or row, which quote values; the process that asked logs the kind of error (mapsite/logs.py).
    "log_min_messages=log",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_connections=off",
)


def start(places: Places, *, durable: bool) -> Child:
    """Makes the cluster if it is not there, starts it, and waits until it answers.

    The caller holds this copy's lock, so that no other PostgreSQL of ours runs in the folder.

    Raises:
        Refused: PostgreSQL cannot run, or somebody else runs one in our folder.
    """
    binaries = _binaries(places)
    _make_cluster(places, binaries)
    _clear_stale_locks(places)
    own_by_service(places.run)
    _write_access_rules(places)
    settings = [*SETTINGS, f"unix_socket_directories={places.run}", *(() if durable else UNSAFE)]
    options = [part for setting in settings for part in ("-c", setting)]
    child = Child(
        name="PostgreSQL",
        command=as_service(
            [str(binaries / "postgres"), "-D", str(places.data), *options], ends_with_us="INT"
        ),
        log=places.log / "postgresql.log",
        env=_plain_environment(),
        stop_signal=signal.SIGINT,  # "fast": sessions end, nothing is lost
        cwd=Path("/"),
    )
    child.start()
    try:
        _wait(child, places, binaries)
    except BaseException:
        child.stop()
        raise
    return child


def prepare(places: Places) -> None:
    """Roles, template and database (`deploy/database/roles.sql`), as the superuser. Idempotent."""
    passwords = {
        f"MAPSITE_DB_{role.upper()}": (places.secrets / f"db-mapsite_{role}")
        .read_text(encoding="ascii")
        .strip()
        for role in ("owner", "public", "staff", "worker")
    }
    as_superuser(places, (ROOT / "deploy/database/roles.sql").read_bytes(), **passwords)


def as_superuser(places: Places, script: bytes, **environment: str) -> None:
    """Runs SQL as the superuser, who is whoever owns the cluster's files.

    Raises:
        Refused: PostgreSQL did not take it.
    """
    psql = [
        str(_binaries(places) / "psql"),
        "-X",
        "-q",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
        *_address(places),
    ]
    done = subprocess.run(
        as_service([*psql, "-d", "postgres"]),
        input=script,
        env={**_plain_environment(), **environment},
        capture_output=True,
        check=False,
        cwd="/",
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(f"The database could not be prepared (PostgreSQL said: “{said[-1] if said else ''}”).")


def _binaries(places: Places) -> Path:
    """The programs of the version that made the cluster, or of the newest one."""
    versions = postgres_versions()
    made_by = places.data / "PG_VERSION"
    if (places.data / COMPLETE).exists() and made_by.exists():
        version = int(made_by.read_text())
        if version not in versions:
            raise Refused(
                f"{short(places.data)} was made by PostgreSQL {version}, which is not installed any more; "
                f"install it with: apt-get install postgresql-{version}-postgis-3"
            )
    else:
        version = versions[-1]
    return POSTGRES_HOME / str(version) / "bin"


def _make_cluster(places: Places, binaries: Path) -> None:
    if (places.data / COMPLETE).exists():
        return
    if places.data.exists():
        tell(f"{short(places.data)} was never completed; it is made anew")
        shutil.rmtree(places.data)
    with step("making a database cluster"):
        draft = places.data.with_name(places.data.name + ".new")
        if draft.exists():
            shutil.rmtree(draft)
        own_by_service(draft)
        run_quietly(
            as_service(
                [
                    *(str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "-E", "UTF8"),
                    *("--locale=C.UTF-8", "--auth=scram-sha-256", "--auth-local=peer", "--no-instructions"),
                ]
            ),
            log=places.setup_log,
            refusal="The database cluster could not be made; look at the space left with: df -h",
            env=_plain_environment(),
            cwd=Path("/"),
        )
        (draft / COMPLETE).touch()
        os.sync()
        draft.rename(places.data)


def _write_access_rules(places: Places) -> None:
    """The superuser is whoever owns the files, and has no password; everybody else shows one (SCRAM)."""
    texts = {
        "pg_hba.conf": "local all postgres peer map=setup\nlocal all all scram-sha-256\n",
        "pg_ident.conf": f"setup {service_name()} postgres\n",
    }
    for name, text in texts.items():
        path = places.data / name
        path.write_text(text)
        if os.geteuid() == 0:
            os.chown(path, *service_ids())


def _clear_stale_locks(places: Places) -> None:
    """Removes lock files whose process is gone or is something else: PostgreSQL looks at the number only.

    Raises:
        Refused: a PostgreSQL that we did not start runs in the folder.
    """
    for lock in (places.data / "postmaster.pid", places.run / ".s.PGSQL.5432.lock"):
        deadline = time.monotonic() + 10  # one whose supervisor was killed is just ending
        while lock.exists():
            first = (lock.read_text().split() or ["0"])[0]
            pid = abs(int(first)) if re.fullmatch(r"-?\d+", first) else 0
            if not _is_postgres(pid):
                lock.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                raise Refused(
                    f"Another PostgreSQL runs in {short(places.data)}; end it with: kill -INT {pid}"
                )
            else:
                time.sleep(0.1)


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False


def _wait(child: Child, places: Places, binaries: Path) -> None:
    probe = as_service([str(binaries / "pg_isready"), "-q", *_address(places)])
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(probe, env=_plain_environment(), check=False, cwd="/").returncode:
        if not child.alive:
            raise Refused(f"The database did not start: {child.obituary()}.")
        if time.monotonic() > deadline:
            raise Refused(f"The database does not answer; see {short(places.log)}/postgresql.log.")
        time.sleep(0.05)


def _address(places: Places) -> list[str]:
    return ["-h", str(places.run), "-p", "5432", "-U", "postgres"]


def _plain_environment() -> dict[str, str]:
    """Nothing of the caller's: PG… variables would send us to another server."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8"}
