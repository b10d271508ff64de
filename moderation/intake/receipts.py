"""The words by which a reporter comes back (SAFEGUARDS C5): shown once, stored only as a hash.

Eight words of a BIP-39 list carry 88 bits: 80 random ones and 8 of checksum, so that a mistyped word is
noticed with 255 of 256 chances. Nobody can try 2^80 receipts, which is why a plain SHA-256 of them is enough:
a key or a slow hash protects secrets that can be guessed.
"""

import hashlib
import secrets
import unicodedata
from functools import cache

from mnemonic import Mnemonic

WORDS = 8
_ENTROPY_BYTES = 10
_LISTS = {"ko": "korean", "en": "english"}


class ReceiptUnreadable(ValueError):
    """The words are no receipt: too few, unknown, or mistyped."""


@cache
def _list(language: str) -> list[str]:
    return [unicodedata.normalize("NFC", word) for word in Mnemonic(_LISTS[language]).wordlist]


@cache
def _places() -> dict[str, int]:
    """Where each word stands in its list; the Korean and the English list share no word."""
    return {word: place for language in _LISTS for place, word in enumerate(_list(language))}


def _checksum(entropy: bytes) -> int:
    return hashlib.sha256(b"receipt checksum " + entropy).digest()[0]


def new(language: str) -> str:
    """A fresh receipt: eight words with blanks between, Korean for `ko`, English otherwise."""
    entropy = secrets.token_bytes(_ENTROPY_BYTES)
    number = int.from_bytes(entropy, "big") << 8 | _checksum(entropy)
    words = _list(language if language in _LISTS else "en")
    return " ".join(words[number >> 11 * place & 2047] for place in reversed(range(WORDS)))


def fingerprint(words: str) -> bytes:
    """The 32 bytes by which a receipt is stored; case, blanks, commas and the Unicode form do not matter.

    Raises:
        ReceiptUnreadable: the words are no receipt.
    """
    typed = unicodedata.normalize("NFKC", words).casefold()
    parts = "".join(c if c.isalpha() else " " for c in unicodedata.normalize("NFC", typed)).split()
    if len(parts) != WORDS or not all(part in _places() for part in parts):
        raise ReceiptUnreadable
    number = 0
    for part in parts:
        number = number << 11 | _places()[part]
    entropy = (number >> 8).to_bytes(_ENTROPY_BYTES, "big")
    if number & 255 != _checksum(entropy):
        raise ReceiptUnreadable
    return hashlib.sha256(b"receipt " + entropy).digest()
