"""Private texts, sealed so that the process that takes them cannot read them (SAFEGUARDS A5).

A sealed text is one version byte, eight bytes that name the key, and a libsodium sealed box (X25519,
XSalsa20-Poly1305) over the padded text, so that its length tells little. The public half of a pair lies in
`seal-{purpose}.public`, the private half in `seal-{purpose}.key`, a rotated one in
`seal-{purpose}-{key id}.key`.
Whoever destroys a private half makes every text under it unreadable for good.

One key a purpose (SAFEGUARDS A5): `casework` is read by the staff process, `subscribers` by the worker alone,
`backups` nowhere on the site. The public process seals and never opens, whatever lies in its folder.
"""

import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

PURPOSES = ("casework", "subscribers", "backups")
_VERSION = b"\x01"
_ID_BYTES = 8
_BLOCK = 256  # bytes; sealed texts differ in length only in steps of this


class SealError(Exception):
    """A text cannot be sealed or opened; the message says why and quotes nothing of it."""


class Key(NamedTuple):
    """One key pair as `seal_keys list` shows it."""

    id: str
    current: bool
    private_here: bool


def _folder() -> Path:
    return Path(settings.SECRETS)


def _check(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise SealError(f"There is no sealing purpose {purpose!r}; known: {', '.join(PURPOSES)}.")


def _key_id(public: PublicKey) -> bytes:
    return hashlib.sha256(b"seal key " + bytes(public)).digest()[:_ID_BYTES]


def _read(path: Path) -> bytes:
    return base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)


def _public(purpose: str) -> PublicKey:
    try:
        return PublicKey(_read(_folder() / f"seal-{purpose}.public"))
    except (OSError, ValueError, TypeError) as error:
        raise SealError(
            f"The public key for {purpose} is missing or damaged; `seal_keys make` makes one."
        ) from error


def seal(text: str, *, purpose: str) -> bytes:
    """`text`, readable from now on only where the private key of `purpose` lies.

    Raises:
        SealError: no such purpose, or its public key is not there.
    """
    _check(purpose)
    public = _public(purpose)
    padded = sodium_pad(purpose.encode() + b"\0" + text.encode(), _BLOCK)
    return _VERSION + _key_id(public) + SealedBox(public).encrypt(padded)


def open_sealed(sealed: bytes, *, purpose: str) -> str:
    """The text in `sealed`; works only in a process that may read the private key.

    Raises:
        SealError: the key is not here, was destroyed, or the bytes were changed or made for another purpose.
    """
    return opener(purpose)(sealed)


def opener(purpose: str) -> Callable[[bytes], str]:
    """`open_sealed` for many texts: it reads each key once, and keeps it as long as it is kept itself.

    Raises:
        SealError: no such purpose, or this is the public site.
    """
    _check(purpose)
    if settings.SITE == "public":
        raise SealError("The public site seals texts and opens none.")
    keys: dict[bytes, PrivateKey] = {}

    def open_one(sealed: bytes) -> str:
        key_id = sealed[1 : 1 + _ID_BYTES]
        if sealed[:1] != _VERSION or len(key_id) != _ID_BYTES:
            raise SealError("These bytes are no sealed text.")
        if key_id not in keys:
            keys[key_id] = _private(purpose, key_id)
        return _opened(sealed, purpose, keys[key_id])

    return open_one


def _opened(sealed: bytes, purpose: str, private: PrivateKey) -> str:
    try:
        opened = sodium_unpad(SealedBox(private).decrypt(sealed[1 + _ID_BYTES :]), _BLOCK)
    except (CryptoError, ValueError, TypeError) as error:
        raise SealError("The sealed text is damaged.") from error
    made_for, _, text = opened.partition(b"\0")
    if made_for != purpose.encode():
        raise SealError("The text was sealed for another purpose.")
    return text.decode()


def _private(purpose: str, key_id: bytes) -> PrivateKey:
    for path in (_folder() / f"seal-{purpose}.key", _folder() / f"seal-{purpose}-{key_id.hex()}.key"):
        try:
            private = PrivateKey(_read(path))
        except (OSError, ValueError, TypeError):
            continue
        if _key_id(private.public_key) == key_id:
            return private
    raise SealError(
        f"The key {key_id.hex()} for {purpose} is not here: it was destroyed or is kept elsewhere."
    )


# --- keeping keys: called by `seal_keys` ---------------------------------------------------------------


def keys(purpose: str) -> list[Key]:
    """The keys of a purpose: the current one first, then the rotated ones whose private half is here."""
    _check(purpose)
    found: list[Key] = []
    if (_folder() / f"seal-{purpose}.public").exists():
        found.append(Key(_key_id(_public(purpose)).hex(), True, (_folder() / f"seal-{purpose}.key").exists()))
    for path in sorted(_folder().glob(f"seal-{purpose}-*.key")):
        found.append(Key(path.stem.rpartition("-")[2], False, True))
    return found


def make(purpose: str) -> str:
    """Makes the first pair of a purpose, unless there is one; returns the current key's id."""
    _check(purpose)
    if not (_folder() / f"seal-{purpose}.public").exists():
        if (
            _folder() / f"seal-{purpose}.key"
        ).exists():  # a stop between the two writes, or a lost public half
            private = PrivateKey(_read(_folder() / f"seal-{purpose}.key"))
            _write(_folder() / f"seal-{purpose}.public", bytes(private.public_key))
        else:
            _install(purpose, PrivateKey.generate())
    return _key_id(_public(purpose)).hex()


def rotate(purpose: str) -> str:
    """Makes a new current pair and keeps the old private half beside it; returns the new id.

    Raises:
        SealError: the current private half is not here, so it cannot be kept for the texts under it.
    """
    _check(purpose)
    path = _folder() / f"seal-{purpose}.key"
    if not path.exists():
        raise SealError(f"The private key for {purpose} is not here; rotate where it is kept.")
    old = PrivateKey(_read(path))
    _write(_folder() / f"seal-{purpose}-{_key_id(old.public_key).hex()}.key", bytes(old))
    return _install(purpose, PrivateKey.generate())


def destroy(purpose: str, key_id: str) -> None:
    """Removes a rotated private half: what was sealed under it is unreadable for good.

    Raises:
        SealError: no such key, or it is the current one (rotate first, or nothing could be sealed and read).
    """
    _check(purpose)
    if any(key.current and key.id == key_id for key in keys(purpose)):
        raise SealError(f"The key {key_id} is the current one; rotate first.")
    path = _folder() / f"seal-{purpose}-{key_id}.key"
    if key_id not in {key.id for key in keys(purpose)}:
        raise SealError(f"There is no key {key_id} for {purpose} here.")
    size = path.stat().st_size
    with path.open("r+b") as file:  # where the disk writes in place, the old bytes go too
        file.write(b"\0" * size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _install(purpose: str, private: PrivateKey) -> str:
    _write(_folder() / f"seal-{purpose}.key", bytes(private))
    _write(_folder() / f"seal-{purpose}.public", bytes(private.public_key))
    return _key_id(private.public_key).hex()


def _write(path: Path, content: bytes) -> None:
    """Replaces a key file whole or not at all, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(content).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
