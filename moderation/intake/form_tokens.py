"""A signed form instead of a session: who sends one had fetched it, for this school, not long ago.

It carries a random id, which a submission spends (`SpentForm`), and its time of issue. No cookie is involved.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing

_SALT = "intake.form"


class FormProblem(Exception):
    """The form cannot be used as it came."""


class FormExpired(FormProblem):
    """It was fetched more than a day ago."""


class FormTooFast(FormProblem):
    """It came back faster than a person could have read it, or than the slow lane allows: `seconds` is the delay."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too fast")
        self.seconds = seconds


class FormForged(FormProblem):
    """It was not issued here, or for another school."""


@dataclass(frozen=True, slots=True)
class FormToken:
    id: uuid.UUID
    expires_at: datetime


def issue(school_id: str) -> str:
    """The text of the hidden field for a fresh form."""
    return signing.TimestampSigner(salt=_SALT).sign_object([uuid.uuid4().hex, school_id])


def read(text: str, *, school_id: str, delay: int) -> FormToken:
    """The token in `text`, if it was issued for this school, at least `delay` seconds and at most a day ago.

    Raises:
        FormExpired, FormTooFast, FormForged
    """
    signer = signing.TimestampSigner(salt=_SALT)
    lifetime = timedelta(seconds=settings.INTAKE_FORM_LIFETIME)
    try:
        token_id, of_school = signer.unsign_object(text, max_age=lifetime)
    except signing.SignatureExpired as error:
        raise FormExpired from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise FormForged from error
    if of_school != school_id:
        raise FormForged
    try:
        signer.unsign_object(text, max_age=delay)
    except signing.SignatureExpired:
        return FormToken(uuid.UUID(token_id), datetime.now(UTC) + lifetime)
    raise FormTooFast(delay)
