"""Signs what leaves the desk as a file (Ed25519, RFC 8032), so that it can be shown later to be what was taken."""

import base64
import hashlib
import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.crypto import salted_hmac


@cache
def _key() -> Ed25519PrivateKey:
    """Derived from the staff process's own secret: whoever has that secret can sign, and nobody else."""
    seed = salted_hmac("moderation.staff.signing", "audit", algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """32 bytes in base64, to be noted somewhere else than on the site."""
    return base64.b64encode(_key().public_key().public_bytes_raw()).decode("ascii")


def signed(lines: str) -> str:
    """The lines, and a last one with their SHA-256 and the signature over the bytes before it."""
    content = lines.encode()
    signature = base64.b64encode(_key().sign(content)).decode("ascii")
    last = {"sha256": hashlib.sha256(content).hexdigest(), "key": public_key(), "signature": signature}
    return lines + json.dumps(last, sort_keys=True) + "\n"
