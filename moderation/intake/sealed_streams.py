"""What is too long for one box, sealed piece by piece: a backup (SAFEGUARDS A5, C4).

A sealed stream is six bytes of name, the length of its head (four bytes, big-endian), the head, and libsodium's
secretstream (XChaCha20-Poly1305) in pieces of a mebibyte, the last one marked as the last. The head is a sealed text of
the stream's purpose and carries the stream's key. So a piece that is changed, moved, left out or cut off is noticed,
and only the private key of the purpose opens any of it.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError

from moderation.intake.sealing import SealError, open_sealed, seal

_NAME = b"MSSS1\n"
_PIECE = 1024 * 1024  # bytes, before sealing
_MORE = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_BETWEEN = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_LONGEST_HEAD = 1024 * 1024  # bytes


def write(out: BinaryIO, pieces: Iterable[bytes], *, head: dict[str, Any], purpose: str) -> None:
    """Seals `pieces`, with `head` (JSON) readable before them.

    Raises:
        SealError: no such purpose, or its public key is not there.
    """
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    sealed = seal(json.dumps({**head, "key": base64.b64encode(key).decode()}), purpose=purpose)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    out.write(_NAME + len(sealed).to_bytes(4, "big") + sealed + header)
    waiting = b""
    for piece in pieces:
        waiting += piece
        while len(waiting) > _PIECE:
            out.write(_push(state, waiting[:_PIECE], _BETWEEN))
            waiting = waiting[_PIECE:]
    out.write(_push(state, waiting, _LAST))


def _push(state: Any, piece: bytes, tag: int) -> bytes:
    return bytes(bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, None, tag))


def read(source: BinaryIO, *, purpose: str) -> tuple[dict[str, Any], Iterator[bytes]]:
    """The head, and the pieces as they are asked for.

    Raises:
        SealError: the private key is not here, or a byte was changed or is missing; what came before is then worth
            nothing.
    """
    length = int.from_bytes(source.read(4), "big") if source.read(len(_NAME)) == _NAME else 0
    if not 0 < length <= _LONGEST_HEAD:
        raise SealError("This is no sealed stream, or its beginning is damaged.")
    head: dict[str, Any] = json.loads(open_sealed(source.read(length), purpose=purpose))
    key = base64.b64decode(head.pop("key"))
    return head, _pieces(source, key)


def _pieces(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(_HEADER), key)
        while True:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, source.read(_PIECE + _MORE)
            )
            yield piece
            if tag == _LAST:
                break
    except (CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise SealError("The sealed stream is damaged or cut off.") from error
    if source.read(1):
        raise SealError("Something was added to the sealed stream.")
