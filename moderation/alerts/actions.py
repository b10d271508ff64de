"""What the public site can do for a subscriber: ask, confirm, end. The rest is the worker's (`sending`)."""

from django.db import connection, transaction

from moderation.alerts import tokens
from moderation.alerts.models import Request
from moderation.alerts.places import Place
from moderation.alerts.vocabulary import Way
from moderation.intake import sealing
from moderation.intake.actions import spend
from moderation.intake.form_tokens import FormToken
from moderation.intake.proofs import Proof

PURPOSE = "subscribers"


def ask(*, place: Place, address: str, language: str, token: FormToken, proof: Proof | None) -> None:
    """Notes that somebody wants to be told; the worker asks the address's owner (double opt-in).

    Returns nothing and does the same work for every address, so that no answer tells whether one is subscribed.

    Raises:
        AlreadyReceived, ProofSpent
    """
    asked = Request(
        way=Way.MAIL,
        sealed_address=sealing.seal(address, purpose=PURPOSE),
        school=place.school,
        region=place.region,
        language=language,
    )
    with transaction.atomic():
        spend(token=token, proof=proof)
        asked.save(force_insert=True)


def confirm(*, token: str) -> str:
    """The owner of the address says yes; the state afterwards, a code of `vocabulary.State`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.alerts_confirm(%s)", [tokens.fingerprint(token)])
        return str(cursor.fetchone()[0])


def end(*, token: str, every: bool = False) -> None:
    """Ends the subscription of this link, or with `every` all of its address; an unknown link ends none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.alerts_end(%s, %s)", [tokens.fingerprint(token), every])
