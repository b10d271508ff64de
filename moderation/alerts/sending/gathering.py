"""From a request in the inbox to a subscription that its owner is asked to confirm."""

import logging

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from moderation.alerts import tokens
from moderation.alerts.actions import PURPOSE
from moderation.alerts.forms import AddressField
from moderation.alerts.models import Request, Subscription
from moderation.alerts.sending import addresses, queue
from moderation.intake import sealing

AT_ONCE = 200  # requests in one transaction
QUESTIONS = (
    3  # unconfirmed ones of an address: more are not asked, so that nobody floods another person's mailbox
)
log = logging.getLogger(__name__)


@transaction.atomic
def gather() -> int:
    """Makes subscriptions of what is in the inbox; the worker calls it again and again.

    Returns:
        how many requests it read. A request that is not to be asked about leaves no trace.
    """
    with connection.cursor() as cursor:  # one worker at a time: the count of questions is right
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alerts.gather'))")
    found = list(Request.objects.order_by("received_at")[:AT_ONCE])
    asked = [made.pk for made in map(_gather, found) if made]
    Request.objects.filter(pk__in=[request.pk for request in found]).delete()
    queue.defer("alerts.ask", [{"subscription": pk} for pk in asked], priority=queue.SOON)
    return len(found)


def _gather(request: Request) -> Subscription | None:
    try:
        address = sealing.open_sealed(bytes(request.sealed_address), purpose=PURPOSE)
        address = AddressField(max_length=254).clean(address)  # again: the inbox is as good as its writer
    except (sealing.SealError, ValidationError, UnicodeError) as fault:
        log.warning("a request for alerts is no address (%s)", type(fault).__name__)
        return None
    index = addresses.blind(request.way, address)
    of_address = Subscription.objects.filter(address=index)
    if of_address.filter(school=request.school_id, region=request.region_id).exists():
        return None
    if of_address.filter(confirmed_at=None).count() >= QUESTIONS:
        return None
    opened = addresses.Opened(tokens.new(), address)
    return Subscription.objects.create(
        way=request.way,
        address=index,
        sealed=addresses.seal(opened),
        token_hash=tokens.fingerprint(opened.token),
        school_id=request.school_id,
        region_id=request.region_id,
        language=request.language,
    )
