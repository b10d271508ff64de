"""What the desk and the worker read of corrections."""

import datetime as dt
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from moderation.corrections.inbox import clocks
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.vocabulary import Kind, State
from moderation.corrections.transitions import OVER, UNDECIDED
from moderation.review.models import Member, Tie

MOMENTS = (
    "acknowledged_at",
    "proved_at",
    "objection_until",
    "decided_at",
    "appealed_at",
)  # what clocks count from, besides the arrival


def handled() -> "QuerySet[Any]":
    """Requests with their state; one that nobody has touched is `received`."""
    return Correction.objects.select_related("school__region__parent", "handling").annotate(
        state=Coalesce(F("handling__state"), Value(State.RECEIVED.value))
    )


def waiting(*, by: Member) -> "QuerySet[Any]":
    """Requests that somebody has to do something about, without those that a tie takes away: what may identify a person
    first, then the oldest (SAFEGUARDS B6, D3)."""
    ties = Tie.objects.filter(member=by)
    regions = ties.filter(region__isnull=False).values("region")
    urgent = Q(kind=Kind.IDENTIFYING, state__in=UNDECIDED)
    found: QuerySet[Any] = (
        handled()
        .exclude(state__in=[*OVER, State.DECIDED])
        .exclude(school__in=ties.filter(school__isnull=False).values("school"))
        .exclude(school__region__in=regions)
        .exclude(school__region__parent__in=regions)
        .annotate(urgent=Case(When(urgent, then=Value(True)), default=Value(False)))
        .order_by("-urgent", "received_at", "pk")
    )
    return found


def urgent(*, by: Member) -> "QuerySet[Any]":
    """Claims, of anybody, that a record identifies a person, which nobody has judged yet (SAFEGUARDS D3)."""
    return waiting(by=by).filter(urgent=True)


def proofs(correction: Correction) -> "QuerySet[Any]":
    """Without the hash of the code, which nobody may read."""
    return correction.proofs.defer("code_hash")


def moments(correction: Correction) -> dict[str, Any]:
    handling = getattr(correction, "handling", None)
    return {
        "received_at": correction.received_at,
        **{name: getattr(handling, name) if handling else None for name in MOMENTS},
    }


def due(correction: Correction) -> list[clocks.Due]:
    return clocks.due(moments(correction))


def next_due(correction: Correction) -> clocks.Due | None:
    """The running clock that ends first."""
    running = [clock for clock in due(correction) if clock.done is None]
    return min(running, key=lambda clock: clock.at, default=None)


def overdue(correction: Correction, now: dt.datetime) -> list[clocks.Due]:
    """The clocks that had run out at this instant and that nobody had stopped; it may be a past one."""
    known = {name: at if at and at <= now else None for name, at in moments(correction).items()}
    return [clock for clock in clocks.due(known) if clock.done is None and clock.overdue(now)]


def unsent(what: str) -> Any:
    """The condition that a mail of this name has not been sent about a request."""
    from moderation.corrections.models import Sent

    return ~Exists(Sent.objects.filter(correction=OuterRef("pk"), what=what))
