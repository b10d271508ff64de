"""Makes the secrets that are missing; run with `.venv`'s Python: `python -m deploy.local.keys FOLDER`.

One ASCII file for each, mode 0600, never overwritten. Kinds: a Django key, a database password, a Curve25519 pair
(base64; the private half may be kept elsewhere, then it is not made again), an Ed25519 seed (base64), Fernet keys.
"""

import base64
import contextlib
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

ROLES = ("owner", "public", "staff", "worker")
SEALING = ("casework",)


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


if __name__ == "__main__":
    make(Path(sys.argv[1]))
