"""What anybody can do under the privacy act: ask, and take the request back. Nothing is stored unscreened."""

from typing import NamedTuple

from django.db import connection, transaction

from moderation.corrections.inbox import words
from moderation.corrections.inbox.actions import CASEWORK, WORKER, Sent
from moderation.erasure.inbox.models import Request
from moderation.intake import receipts, sealing
from moderation.intake.actions import CarriesFile, check_text, spend
from moderation.intake.blobs import carries_a_file
from moderation.intake.form_tokens import FormToken
from moderation.intake.proofs import Proof


class Wanted(NamedTuple):
    """What a request says, already of the right shape (`forms`)."""

    wish: str
    named: bytes | None  # the fingerprint of a report's or request's words
    text: str
    mail: str


def submit(
    *, wanted: Wanted, token: FormToken, language: str, accepted: str = "", proof: Proof | None
) -> Sent:
    """Stores a request and spends its form and its proof of work, all or nothing.

    Raises:
        CarriesFile, NeedsEditing, AlreadyReceived, ProofSpent: of `moderation.intake.actions`.
    """
    if carries_a_file(wanted.mail):
        raise CarriesFile
    check_text(wanted.text, accepted=accepted)
    sent = Sent(words.reference(), receipts.new(language))
    made = Request(
        reference=sent.reference,
        words_hash=words.fingerprint(sent.words),
        wish=wanted.wish,
        named_hash=wanted.named,
        sealed_text=sealing.seal(wanted.text, purpose=CASEWORK) if wanted.text else None,
        sealed_mail=sealing.seal(wanted.mail, purpose=WORKER) if wanted.mail else None,
        language=language,
    )
    with transaction.atomic():
        spend(token=token, proof=proof)
        made.save(force_insert=True)
    return sent


def give_up(*, fingerprint: bytes) -> None:
    """Ends a request that nobody has decided, and deletes what was written in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.erasure_give_up(%s)", [fingerprint])
