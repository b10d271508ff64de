"""The only writer of the inbox. Nothing is stored unscreened (SAFEGUARDS A3–A5)."""

from datetime import date
from typing import NamedTuple

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from geo.directory.models import School
from moderation.intake import receipts, sealing, signatures
from moderation.intake.blobs import carries_a_file
from moderation.intake.form_tokens import FormToken
from moderation.intake.models import SpentChallenge, SpentForm, Submission
from moderation.intake.proofs import Proof
from moderation.intake.screening import Screening, screen

PURPOSE = "casework"


class Refused(Exception):
    """A report that is not taken; nothing of it was stored."""


class SchoolClosed(Refused):
    """The school is closed or has left the register."""


class CarriesFile(Refused):
    """A text holds an encoded picture, film or archive."""


class NeedsEditing(Refused):
    """The text may single a person out; `screening` says where."""

    def __init__(self, screening: Screening) -> None:
        super().__init__("needs editing")
        self.screening = screening


class AlreadyReceived(Refused):
    """This very form has made a submission before."""


class ProofSpent(Refused):
    """This very proof of work has made a submission before."""


class Report(NamedTuple):
    """What a reporter says, already of the right shape (`forms`)."""

    kind: str
    month: date
    how_known: str
    text: str
    contact: str


def reportable(school: School) -> bool:
    """Whether a report may point at this school: it is in the register and not closed."""
    return school.status != School.Status.CLOSED and school.left_register_on is None


def acceptance(text: str) -> str:
    """What a reporter sends back to say "I have read what you found unsure in this very text"."""
    return salted_hmac("intake.acceptance", text, algorithm="sha256").hexdigest()


def check(*, school: School, report: Report, accepted: str = "") -> None:
    """Refuses what must not be stored.

    Raises:
        SchoolClosed, CarriesFile, NeedsEditing
    """
    if not reportable(school):
        raise SchoolClosed
    if carries_a_file(report.contact):
        raise CarriesFile
    check_text(report.text, accepted=accepted)


def check_text(text: str, *, accepted: str) -> None:
    """Refuses a text that must not be stored (SAFEGUARDS A3, A4).

    Raises:
        CarriesFile, NeedsEditing
    """
    if carries_a_file(text):
        raise CarriesFile
    screening = screen(text)
    asked_and_accepted = screening.verdict == "ask" and constant_time_compare(accepted, acceptance(text))
    if screening.verdict != "pass" and not asked_and_accepted:
        raise NeedsEditing(screening)


def submit(
    *,
    school: School,
    report: Report,
    token: FormToken,
    network: bytes,
    language: str,
    accepted: str = "",
    proof: Proof | None = None,
) -> str:
    """Stores a report and spends its form and its proof of work, all or nothing.

    Args:
        network: the keyed hash of `limits`, never an address.
        proof: None in the slow lane.
        accepted: `acceptance(text)` when the reporter confirmed unsure finds.

    Returns:
        the receipt's words, which exist nowhere else.

    Raises:
        SchoolClosed, CarriesFile, NeedsEditing, AlreadyReceived, ProofSpent
    """
    check(school=school, report=report, accepted=accepted)
    words = receipts.new(language)
    submission = Submission(
        school_id=school.pk,
        kind=report.kind,
        month=report.month,
        how_known=report.how_known,
        sealed_text=sealing.seal(report.text, purpose=PURPOSE) if report.text else None,
        sealed_contact=sealing.seal(report.contact, purpose=PURPOSE) if report.contact else None,
        network=network,
        signature=signatures.sign(report.text),
        links=signatures.links(report.text) or None,
        receipt_hash=receipts.fingerprint(words),
        language=language,
    )
    with transaction.atomic():
        spend(token=token, proof=proof)
        submission.save(force_insert=True)
    return words


@transaction.atomic
def spend(*, token: FormToken, proof: Proof | None) -> None:
    """Uses up a form and its proof of work, in the transaction of what they are spent on.

    Raises:
        AlreadyReceived, ProofSpent
    """
    try:
        with transaction.atomic():
            SpentForm.objects.create(token=token.id, expires_at=token.expires_at)
    except IntegrityError as error:
        raise AlreadyReceived from error
    if proof:
        try:
            with transaction.atomic():
                SpentChallenge.objects.create(challenge=proof.id, expires_at=proof.expires_at)
        except IntegrityError as error:
            raise ProofSpent from error


def withdraw(*, receipt: bytes) -> str:
    """Deletes what was written under a receipt's fingerprint; "withdrawn", or "unknown" for no such one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.intake_withdraw(%s)", [receipt])
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("intake_withdraw answered nothing")
    return str(row[0])


def answer(*, receipt: bytes, question: str, code: str, text: str, accepted: str = "") -> str:
    """Answers one question that a reviewer asked, once (SAFEGUARDS C5).

    No proof of work: who answers knows 80 random bits, and each question takes one answer.

    Returns:
        "taken"; "answered" before, "over" since the report was decided or withdrawn, or "unknown".

    Raises:
        CarriesFile, NeedsEditing
    """
    check_text(text, accepted=accepted)
    sealed = sealing.seal(text, purpose=PURPOSE) if text else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.intake_answer_question(%s, %s, %s, %s)", [receipt, question, code, sealed]
        )
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("intake_answer_question answered nothing")
    return str(row[0])
