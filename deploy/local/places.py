"""Where a copy of the site keeps its things, and the system user that its services run as."""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.say import Refused

ROOT = Path(__file__).resolve().parents[2]
SOCKET_BYTES = 90  # the kernel allows 107 for a socket's path; PostgreSQL adds "/.s.PGSQL.5432"
SERVICE_USER = (
    "postgres"  # who runs PostgreSQL and Redis when the set-up runs as root, which PostgreSQL refuses
)


@dataclass(frozen=True)
class Places:
    """The folders of one copy."""

    var: Path
    run: Path  # sockets, 0700
    data: Path  # the PostgreSQL cluster
    secrets: Path
    log: Path
    why_elsewhere: str = ""  # one sentence, if some of them are not below `var`

    @property
    def setup_log(self) -> Path:
        return self.log / "setup.log"

    @property
    def env_file(self) -> Path:
        return self.var / "env"


def find(var: Path | None = None, environ: Mapping[str, str] = os.environ) -> Places:
    """The folders that the environment asks for (`MAPSITE_VAR`, `MAPSITE_RUN`, `MAPSITE_SECRETS`), made.

    A folder whose path is too long for a socket, or that the service user cannot reach, is replaced by a
    short one elsewhere. Who that user is may only be known once the packages are installed: ask again then.

    Raises:
        Refused: a folder cannot be made or belongs to somebody else.
    """
    var = (var or var_folder(environ)).absolute()
    run = Path(environ["MAPSITE_RUN"]).absolute() if environ.get("MAPSITE_RUN") else var / "run"
    secrets = (
        Path(environ["MAPSITE_SECRETS"]).absolute() if environ.get("MAPSITE_SECRETS") else var / "secrets"
    )
    make_folder(var)
    data = var / "pg"
    elsewhere, why = _elsewhere(var), ""
    if os.geteuid() == 0 and not _reachable(var):
        data, run = elsewhere / "pg", elsewhere / "run"
        why = f"the user {SERVICE_USER} cannot reach {var}; the database and its sockets live in {elsewhere}"
    elif len(os.fsencode(run)) > SOCKET_BYTES:
        run = elsewhere / "run"
        why = f"the path of {var} is too long for a socket; the sockets live in {run}"
    if why:
        make_folder(elsewhere, mode=0o711)
    places = Places(var=var, run=run, data=data, secrets=secrets, log=var / "log", why_elsewhere=why)
    make_folder(places.log)
    make_folder(places.secrets, mode=0o700)
    return places


def var_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of this copy, not made yet."""
    return Path(environ.get("MAPSITE_VAR") or ROOT / "var")


def make_folder(path: Path, *, mode: int = 0o755) -> None:
    """Makes a folder, or checks that it is ours when it is meant to be private.

    Raises:
        Refused: it cannot be made, or is a link or somebody else's.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if mode != 0o755:
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), service_ids()[0]}:
                raise Refused(
                    f"{path} belongs to somebody else; remove it or set MAPSITE_VAR to another folder."
                )
            path.chmod(mode)
    except OSError as error:
        raise Refused(
            f"{path} cannot be used ({error.strerror}); set MAPSITE_VAR to a folder of yours."
        ) from None


def own_by_service(path: Path, *, mode: int = 0o700) -> None:
    """Makes a folder that only the service user can enter (and root, where that is who asks)."""
    make_folder(path, mode=mode)
    if os.geteuid() == 0:
        os.chown(path, *service_ids())


def service_ids() -> tuple[int, int]:
    """User and group number of whoever runs PostgreSQL and Redis: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return 0, 0
    return entry.pw_uid, entry.pw_gid


def service_name() -> str:
    return pwd.getpwuid(service_ids()[0]).pw_name


def as_service(command: Sequence[str], *, ends_with_us: str = "") -> list[str]:
    """A command line run as the service user.

    Args:
        ends_with_us: the signal (as `setpriv` spells it) that the process gets should its parent be killed.
    """
    line = ["setpriv"]
    if os.geteuid() == 0:
        user, group = service_ids()
        line += [f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if ends_with_us:
        line.append(f"--pdeathsig={ends_with_us}")
    # setpriv without options would print its state: nothing to change means nothing to prepend.
    return [*(line if len(line) > 1 else []), *command]


def _reachable(path: Path) -> bool:
    """Whether the service user can pass every folder above and including `path`."""
    user, group = service_ids()
    for folder in [path, *path.parents]:
        found = folder.stat()
        if found.st_uid == user:
            allowed = found.st_mode & 0o100
        elif found.st_gid == group:
            allowed = found.st_mode & 0o010
        else:
            allowed = found.st_mode & 0o001
        if not allowed:
            return False
    return True


def _elsewhere(var: Path) -> Path:
    """A short folder of this copy's own, the same at every start."""
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path(f"/var/lib/mapsite-{name}" if os.geteuid() == 0 else f"/tmp/mapsite-{os.geteuid()}-{name}")
