"""Proof of work by ALTCHA: a page asks the reader's device for a calculation, and takes each answer once.

The page carries a signed challenge for one school; `static/intake/proof.js` solves it while the form is filled
in. Nothing is asked of a foreign host and nothing is stored before a report is (`SpentChallenge`). Whoever has
no JavaScript sends no proof and takes the slow lane (`limits`, `form_tokens`).

The price doubles with each level. At level 0 a telephone calculates for about a second; the server checks an
answer in the two-hundred-and-fifty-sixth part of the time.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import altcha
from django.conf import settings
from django.utils.crypto import salted_hmac

LEVELS = range(6)
_ALGORITHM = "PBKDF2/SHA-256"  # what every browser has built in (WebCrypto)
_PREFIX = "00"  # one of 256 answers begins so
_LONGEST = 2000  # characters of an honest answer are some 600
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError, binascii.Error)


@dataclass(frozen=True, slots=True)
class Proof:
    """A right answer: `id` (32 bytes) is the same however it is written down."""

    id: bytes
    level: int
    expires_at: datetime


def _key() -> bytes:
    return salted_hmac("intake.proof", "challenge", algorithm="sha256").digest()


def issue(school_id: str, *, level: int) -> str:
    """A fresh challenge as JSON, for the page of one school."""
    challenge = altcha.create_challenge(
        _ALGORITHM,
        settings.INTAKE_PROOF_COST << min(level, LEVELS[-1]),
        key_prefix=_PREFIX,
        expires_at=datetime.now(UTC) + timedelta(seconds=settings.INTAKE_PROOF_LIFETIME),
        data={"school": school_id, "level": level},
        hmac_secret=_key(),
    )
    return json.dumps(challenge.to_dict())


def read(text: str, *, school_id: str) -> Proof | None:
    """The proof in what a form sent; None if there is none, or it is wrong, too old or of another school."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        payload = altcha.Payload.from_dict(json.loads(base64.b64decode(text, validate=True)))
        if not altcha.verify_solution(payload, _key()).verified:
            return None
    except _BROKEN:
        return None
    # Below here everything was signed by `issue`.
    parameters = payload.challenge.parameters
    data = parameters.data or {}
    if data.get("school") != school_id:
        return None
    return Proof(
        hashlib.sha256(str(payload.challenge.signature).encode()).digest(),
        int(data["level"]),
        datetime.fromtimestamp(int(parameters.expires_at or 0), UTC),
    )
