"""What the public may know of how schools' requests are handled (SAFEGUARDS D4)."""

import datetime as dt

from geo.record.vocabulary import DeskWork
from moderation.corrections import querysets
from moderation.corrections.inbox.models import Correction
from moderation.corrections.models import Handling
from moderation.corrections.transitions import OVER
from moderation.review.figures import Done, tell


def note_months(*, now: dt.datetime) -> int:
    """Tells of the requests of each month that is over; returns how many months. The worker calls it."""
    first = Correction.objects.order_by("received_at").values_list("received_at", flat=True).first()
    return tell(DeskWork.REQUESTS, since=first, done=_requests, now=now)


def _requests(start: dt.datetime, end: dt.datetime) -> Done:
    """Overdue is a request of which any clock had run out, whichever step it was waiting for."""
    decided = Handling.objects.filter(decided_at__gte=start, decided_at__lt=end)
    open_then = (
        querysets.handled()
        .filter(received_at__lt=end)
        .exclude(handling__state__in=OVER, handling__since__lt=end)
    )
    return Done(
        [
            (received, at)
            for received, at in decided.values_list("correction__received_at", "decided_at")
            if at
        ],
        sum(1 for correction in open_then if querysets.overdue(correction, end)),
    )
