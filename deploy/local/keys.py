"""Makes the secrets that are missing, and deals each process its own; run with `.venv`'s Python:
`python -m deploy.local.keys make FOLDER`, or `… deal FOLDER TO`, which makes them and fills `TO/<holder>`.

One ASCII file for each, mode 0600, never overwritten: Django keys, database passwords, a Curve25519 pair
(base64; the private half may be kept elsewhere, then it is not made again), an Ed25519 seed (base64) and a
Fernet key.
"""

import base64
import contextlib
import os
import pwd
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

ROLES = ("owner", "public", "staff", "worker")
# One pair a purpose. That of backups is not made here: its private half is made and kept where no site runs.
SEALING = ("casework", "subscribers")


def _random_base64() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _fernet() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SINGLE: dict[str, Callable[[], str]] = {
    **{f"django-{role}": lambda: secrets.token_urlsafe(50) for role in ROLES},
    **{f"db-mapsite_{role}": lambda: secrets.token_urlsafe(24) for role in ROLES},
    "log-signing.key": _random_base64,  # an Ed25519 seed
    "mfa.key": _fernet,
    "signature.key": _random_base64,
    "alerts-index.key": _random_base64,
}


# Who reads what (ARCHITECTURE, Processes and database roles). `database` sets the four passwords.
HOLDERS: dict[str, tuple[str, ...]] = {
    "database": tuple(f"db-mapsite_{role}" for role in ROLES),
    "owner": ("django-owner", "db-mapsite_owner", "mfa.key", "seal-casework.public"),
    "public": (
        *("django-public", "db-mapsite_public", "signature.key"),
        *("seal-casework.public", "seal-subscribers.public"),
    ),
    "staff": ("django-staff", "db-mapsite_staff", "mfa.key", "seal-casework.key", "seal-casework.public"),
    "worker": (
        *("django-worker", "db-mapsite_worker", "log-signing.key"),
        *("alerts-index.key", "seal-subscribers.key", "seal-subscribers.public"),
    ),
}


def missing(folder: Path) -> list[str]:
    """Names of the secrets that the set-up would make."""
    pairs = [f"seal-{purpose}.public" for purpose in SEALING]
    return [name for name in [*SINGLE, *pairs] if not (folder / name).exists()]


def make(folder: Path) -> None:
    """Makes what is missing and nothing else."""
    for name in missing(folder):
        if name.startswith("seal-"):
            _make_sealing_pair(folder, name.removeprefix("seal-").removesuffix(".public"))
        else:
            put(folder / name, SINGLE[name]())


def put(path: Path, text: str) -> None:
    """Writes one secret whole or not at all, and never over one that is there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _make_sealing_pair(folder: Path, purpose: str) -> None:
    from nacl.public import PrivateKey  # only here: the rest works before anything is installed

    key_file = folder / f"seal-{purpose}.key"
    if not key_file.exists():
        put(key_file, _random_base64())
    private = PrivateKey(base64.b64decode(key_file.read_text(encoding="ascii")))
    put(folder / f"seal-{purpose}.public", base64.b64encode(bytes(private.public_key)).decode())


def deal(folder: Path, to: Path) -> None:
    """Copies to each holder's folder what it reads, for its user alone (`mapsite-<holder>`, or root)."""
    for holder, names in HOLDERS.items():
        own = to / holder
        own.mkdir(mode=0o700, exist_ok=True)
        user = 0 if holder == "database" else pwd.getpwnam(f"mapsite-{holder}").pw_uid
        for name in names:
            if not (own / name).exists():
                put(own / name, (folder / name).read_text(encoding="ascii").strip())
            os.chown(own / name, user, -1)
        os.chown(own, user, -1)
        own.chmod(0o700)


def own_folder(folder: Path, holder: str) -> Path:
    """A folder in which `holder` finds what it reads and nothing else, as links to `folder`.

    For processes that share one system user: there it keeps a process from its own mistakes, not from an intruder;
    `deal` is for processes with users of their own.
    """
    own = folder / holder
    own.mkdir(mode=0o700, exist_ok=True)
    for name in HOLDERS[holder]:
        with contextlib.suppress(FileExistsError):
            (own / name).symlink_to(Path("..") / name)
    return own


def main(arguments: list[str]) -> int:
    match arguments:
        case ["make", folder]:
            make(Path(folder))
        case ["deal", folder, to]:
            make(Path(folder))
            deal(Path(folder), Path(to))
        case _:
            print("usage: python -m deploy.local.keys make FOLDER | deal FOLDER TO", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
