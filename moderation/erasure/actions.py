"""What the team does with a request under the privacy act. What decides asks the database, with the passphrase."""

from uuid import UUID

from django.db import transaction

from geo.record.refusals import call
from moderation.audit import actions as audit
from moderation.erasure import querysets
from moderation.erasure.inbox.models import Request
from moderation.erasure.querysets import Holding
from moderation.intake import sealing
from moderation.review.models import Member
from moderation.review.permissions import check_casework


def propose(
    *, request: UUID, verdict: str, ground: str, items: list[str], by: Member, passphrase: str
) -> bytes:
    """The first of two people: what is to be erased or told, each item "part:id", and why not the rest.

    Returns:
        the salted commitment to all of it, which the second person confirms.
    """
    return bytes(call("erasure_propose", by.pk, passphrase, request, verdict, ground, items))


def send_back(*, request: UUID, by: Member, passphrase: str) -> None:
    """The proposal is no more; nothing was erased."""
    call("erasure_return", by.pk, passphrase, request)


def confirm(*, request: UUID, shown: bytes, by: Member, passphrase: str) -> None:
    """The second person: it takes effect at once, and nothing brings it back."""
    call("erasure_confirm", by.pk, passphrase, request, shown)


@transaction.atomic
def reveal(*, request: Request, by: Member) -> str:
    """Opens what was written in the request; every reading is an audit event."""
    check_casework(by=by)
    audit.record(by=by.pk, action="revealed", subject="erasure", subject_id=request.pk, part="text")
    return sealing.open_sealed(bytes(request.sealed_text), purpose="casework") if request.sealed_text else ""


@transaction.atomic
def search(*, request: Request, text: str, by: Member) -> list[Holding]:
    """Looks for what is held; that it was done is an audit event, what was typed is kept nowhere."""
    check_casework(by=by)
    audit.record(by=by.pk, action="searched", subject="erasure", subject_id=request.pk)
    return querysets.found(text, by=by)
