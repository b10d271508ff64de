"""Which lane a report takes, and what it costs there (SAFEGUARDS F3).

With a proof of work: the network's budget and the pair's. Without: a longer wait and a smaller budget. A flooded
school, and a network whose budget somebody has used up, ask for dearer work instead of refusing; only the budget
of the pair of network and school ends in a refusal.
"""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from moderation.intake import limits, proofs


class NeedsWork(Exception):
    """A dearer proof would be taken; `seconds` until the budget is back, 0 where the school's load is the reason."""

    def __init__(self, seconds: int = 0) -> None:
        super().__init__("needs work")
        self.seconds = seconds


class Entry(NamedTuple):
    """What `actions.submit` needs to know of where a report came from."""

    network: bytes
    proof: proofs.Proof | None
    delay: int  # seconds that the form must have been open


def admit(request: HttpRequest, *, school: str) -> Entry:
    """Counts one attempt.

    Raises:
        NeedsWork: the proof is too cheap by now.
        LimitReached: the pair's budget, or the slow lane's, is used up.
        LimitsAway: Redis does not answer.
    """
    exhausted: limits.LimitReached | None = None
    limits.spend(request, budget="school", subject=school)
    try:
        limits.spend(request, budget="network")
    except limits.LimitReached as limit:
        exhausted = limit
    network = limits.hashed_network(request)
    proof = proofs.read(request.POST.get("proof", ""), school_id=school)
    if exhausted and (proof is None or proof.level < limits.EXHAUSTED):
        raise NeedsWork(exhausted.seconds)
    level = limits.level(request, school=school)
    if proof is None:
        limits.spend(request, budget="slow")
        return Entry(network, None, settings.INTAKE_SLOW_DELAY << level)
    if proof.level < level:
        raise NeedsWork
    return Entry(network, proof, settings.INTAKE_MINIMUM_DELAY)
