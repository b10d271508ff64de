"""What a school can do with a request: send it, type a code, appeal, give it up. Nothing is stored unscreened."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare

from geo.directory.models import School
from moderation.corrections.inbox import words
from moderation.corrections.inbox.models import Correction
from moderation.intake import receipts, sealing
from moderation.intake.actions import CarriesFile, NeedsEditing, acceptance, spend
from moderation.intake.blobs import carries_a_file
from moderation.intake.form_tokens import FormToken
from moderation.intake.proofs import Proof
from moderation.intake.screening import screen

CASEWORK, WORKER = "casework", "subscribers"  # sealing purposes; the worker mails and reads nothing else


class Wish(NamedTuple):
    """What a request says, already of the right shape (`forms`)."""

    kind: str
    record: UUID | None
    replies: list[str]
    text: str
    document: str
    mail: str


class Sent(NamedTuple):
    reference: str
    words: str  # exist nowhere else


def submit(
    *, school: School, wish: Wish, token: FormToken, language: str, accepted: str = "", proof: Proof | None
) -> Sent:
    """Stores a request and spends its form and its proof of work, all or nothing.

    Raises:
        CarriesFile, NeedsEditing, AlreadyReceived, ProofSpent: of `moderation.intake.actions`.
    """
    if any(carries_a_file(part) for part in (wish.text, wish.document, wish.mail)):
        raise CarriesFile
    screening = screen(wish.text)
    if screening.verdict != "pass" and not (
        screening.verdict == "ask" and constant_time_compare(accepted, acceptance(wish.text))
    ):
        raise NeedsEditing(screening)
    sent = Sent(words.reference(), receipts.new(language))
    made = Correction(
        reference=sent.reference,
        words_hash=words.fingerprint(sent.words),
        school=school,
        record=wish.record,
        kind=wish.kind,
        replies=wish.replies,
        sealed_text=_sealed(wish.text, CASEWORK),
        sealed_document=_sealed(wish.document, CASEWORK),
        sealed_mail=_sealed(wish.mail, WORKER),
        language=language,
    )
    with transaction.atomic():
        spend(token=token, proof=proof)
        made.save(force_insert=True)
    return sent


def type_code(*, fingerprint: bytes, code: str) -> None:
    """Notes a code that was read out or mailed; whether it was right is seen by the team alone."""
    _call("corrections_type_code(%s, %s)", fingerprint, "".join(c for c in code if c.isdecimal())[:16])


def appeal(*, fingerprint: bytes) -> None:
    """Appeals a decision, once; the status shows whether it was possible."""
    _call("corrections_appeal(%s)", fingerprint)


def give_up(*, fingerprint: bytes) -> None:
    """Ends a request that nobody has judged yet, and deletes what was written in it."""
    _call("corrections_give_up(%s)", fingerprint)


def _call(function: str, *arguments: bytes | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{function}", arguments)


def _sealed(text: str, purpose: str) -> bytes | None:
    return sealing.seal(text, purpose=purpose) if text else None
