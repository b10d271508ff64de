"""The two keys of a request: a reference to speak about it, which opens nothing, and the words that open its page.

The words are a receipt (`moderation.intake.receipts`): shown once, stored as a hash. Joined by hyphens they are the end
of the request's own address.
"""

import secrets

from moderation.intake import receipts

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like another


def reference() -> str:
    """Like "7KQ4-M2XP"; 39 random bits, so that it is unique, not so that it is secret."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def linked(words: str) -> str:
    """The words as the last part of an address."""
    return words.replace(" ", "-")


def fingerprint(text: str) -> bytes:
    """The hash by which words, typed or linked, are known.

    Raises:
        ReceiptUnreadable
    """
    return receipts.fingerprint(text)
