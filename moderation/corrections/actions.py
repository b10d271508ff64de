"""What the team does with a school's request. Each action is one database function that asks for the passphrase."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from geo.record import publishing
from geo.record.refusals import call
from moderation.audit import actions as audit
from moderation.corrections import permissions
from moderation.corrections.inbox import clocks
from moderation.corrections.inbox.models import Correction
from moderation.intake import sealing
from moderation.review.models import Member


@contextlib.contextmanager
def unchanged_since(*, correction: UUID, seen: int) -> Iterator[None]:
    """What is done inside is done whole, and only if nothing happened to the request after the event `seen` of its history.

    Raises:
        Refused: changed_meanwhile.
    """
    with transaction.atomic():
        call("corrections_unchanged", correction, seen)
        yield


def acknowledge(*, correction: UUID, by: Member, passphrase: str) -> None:
    """Says that somebody of the team has read it; the time for identity runs from now."""
    call("corrections_acknowledge", by.pk, passphrase, correction)


def call_back(*, correction: UUID, by: Member, passphrase: str) -> str:
    """The code to read out to whoever answers the telephone of the register (SAFEGUARDS D1).

    Returns:
        eight digits, shown once; they are valid for 30 minutes.
    """
    return str(call("corrections_call", by.pk, passphrase, correction))


def ask_mail(*, correction: UUID, by: Member, passphrase: str) -> None:
    """Has the worker mail a code, if the address given is at a host that belongs to the school alone."""
    call("corrections_ask_mail", by.pk, passphrase, correction)


def confirm(*, correction: UUID, kind: str, by: Member, passphrase: str) -> int:
    """Confirms one kind of proof; returns how many kinds hold."""
    held: int = call("corrections_confirm", by.pk, passphrase, correction, kind)
    return held


def notify(*, correction: UUID, channel: str, by: Member, passphrase: str) -> dt.datetime:
    """Notes that the notice went out; returns the end of the time to object: one working day, never less than 24 hours."""
    until = clocks.after(timezone.now(), 1)
    call("corrections_notify", by.pk, passphrase, correction, channel, until)
    return until


def object_to(*, correction: UUID, by: Member, passphrase: str) -> None:
    """The school answered the notice that it is not the one who asks: the request ends."""
    call("corrections_object", by.pk, passphrase, correction)


def judge(*, correction: UUID, verdict: str, reason: str, by: Member, passphrase: str) -> str:
    """Judges a request or its appeal; the second person who agrees makes it take effect. Returns the state now."""
    return publishing.judge(
        correction=correction, verdict=verdict, reason=reason, who=by.pk, passphrase=passphrase
    )


@transaction.atomic
def reveal(*, correction: Correction, part: str, by: Member) -> str:
    """Opens the explanation ("text") or the document's number ("document"); every reading is an audit event."""
    permissions.check_correction(by=by, correction=correction)
    sealed = correction.sealed_text if part == "text" else correction.sealed_document
    audit.record(by=by.pk, action="revealed", subject="correction", subject_id=correction.pk, part=part)
    return sealing.open_sealed(bytes(sealed), purpose="casework") if sealed else ""
