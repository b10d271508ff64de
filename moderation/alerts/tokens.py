"""The links of a subscription: a random token that stands in its mails, kept here as a hash (SAFEGUARDS C4).

Nobody can guess 256 random bits, which is why a plain SHA-256 is enough.
"""

import hashlib
import secrets


def new() -> str:
    """A fresh token: 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """The 32 bytes by which a token is stored."""
    return hashlib.sha256(b"alerts " + token.encode()).digest()
