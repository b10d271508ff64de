"""Mails about corrections, sent by the worker alone: to the team on duty, and to the address that a school gave.

Their texts are codes and dates; no name of a school stands in a subject. Sending may happen twice after a crash, with
the same Message-ID; it is noted in `Sent` only when the mail server has taken it.
"""

import datetime as dt
import logging
import re

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from geo.record.refusals import call
from moderation.alerts.sending.channel import Away, Letter, NotTaken
from moderation.alerts.sending.mail import Mail
from moderation.corrections import querysets
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.querysets import Progress
from moderation.corrections.inbox.vocabulary import Kind, State
from moderation.corrections.models import Proof, Sent
from moderation.corrections.transitions import OVER, UNDECIDED
from moderation.intake import sealing

logger = logging.getLogger("moderation.corrections")
PAGE, OUTCOME, APPEAL = "page", "outcome", "appeal"
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")  # no plus, no quotes, no second @
BATCH = 200  # mails of one run


def deliver(*, now: dt.datetime) -> int:
    """Sends what is due and was not sent; returns how many mails went out."""
    return remind(now=now) + page_duty() + send_codes() + send_outcomes()


def page_duty() -> int:
    """A claim that a person can be recognised reaches the team at once, whoever makes it (SAFEGUARDS D3)."""
    claims = querysets.handled().filter(querysets.unsent(PAGE), kind=Kind.IDENTIFYING, state__in=UNDECIDED)
    return sum(_to_duty(correction, PAGE) for correction in claims[:BATCH])


def remind(*, now: dt.datetime) -> int:
    """Tells the team of each clock that ran out, once each (SAFEGUARDS D4)."""
    running = querysets.handled().exclude(state__in=[*OVER, State.DECIDED])
    told = set(Sent.objects.values_list("correction_id", "what"))
    return sum(
        _to_duty(correction, f"late_{late.clock}")
        for correction in running
        for late in querysets.overdue(correction, now)
        if (correction.pk, f"late_{late.clock}") not in told
    )


def send_codes() -> int:
    """Mails the codes that the desk asked for, where the address is the school's own (SAFEGUARDS D1)."""
    wanted = Proof.objects.filter(kind="mail", made_at=None, failed=False).values("correction")
    return sum(_send_code(correction) for correction in Correction.objects.filter(pk__in=wanted)[:BATCH])


def at_own_host(address: str, school: str) -> bool:
    """Whether an address is at the host that the register gives to this school, and to no other one.

    The host has to be the very same, in ASCII: not below it, not like it. The part before the @ is plain, since a mail
    server may deliver what follows a plus to somebody else.
    """
    local, _at, host = address.rpartition("@")
    own = call("corrections_own_host", school)
    return bool(own) and address.isascii() and host.lower() == own and _LOCAL.fullmatch(local) is not None


def _send_code(correction: Correction) -> int:
    """The code is made in the transaction that ends when the mail host has taken it: no code waits for its mail."""
    address = _address(correction)  # none is at nobody's host, and the proof has failed
    with transaction.atomic():
        code = call("corrections_mail_code", correction.pk, at_own_host(address, correction.school_id))
        if code is None:
            return 0
        sent = _mail(correction, "code", [address], "code", {"code": code})
        transaction.set_rollback(not sent)
    return sent


def send_outcomes() -> int:
    """Mails decisions to the address that was given; by then two proofs held (SAFEGUARDS D5)."""
    decided = querysets.handled().filter(
        state__in=[State.DECIDED, State.CLOSED], sealed_mail__isnull=False, handling__proved_at__isnull=False
    )
    over = decided.filter(state=State.CLOSED, handling__appealed_at__isnull=False)
    first = [(each, OUTCOME) for each in decided.filter(querysets.unsent(OUTCOME))]
    second = [(each, APPEAL) for each in over.filter(querysets.unsent(APPEAL))]
    return sum(_send_outcome(correction, what) for correction, what in [*first, *second][:BATCH])


def _send_outcome(correction: Correction, what: str) -> int:
    handling = correction.handling
    progress = Progress(
        handling.state,
        {
            "kind": correction.kind,
            "outcome": handling.outcome,
            "reason": handling.reason,
            "grade": handling.grade,
            "decided_at": handling.decided_at,
            "appealed_at": handling.appealed_at,
            "appeal": handling.appeal,
        },
    )
    address = _address(correction)
    sent = _mail(correction, what, [address], "outcome", {"progress": progress}) if address else 0
    if sent or not address:  # without an address, the page of the request alone says it
        Sent.objects.get_or_create(correction=correction, what=what)
    return sent


def _to_duty(correction: Correction, what: str) -> int:
    sent = _mail(correction, what, settings.DUTY, "duty", {"what": what}) if settings.DUTY else 0
    if sent or not settings.DUTY:  # without anybody to mail, the queue alone says it
        Sent.objects.get_or_create(correction=correction, what=what)
    return sent


def _address(correction: Correction) -> str:
    """Empty where none was given, or where it cannot be opened: that must not stop the others' mails."""
    if not correction.sealed_mail:
        return ""
    try:
        return sealing.open_sealed(bytes(correction.sealed_mail), purpose="subscribers")
    except sealing.SealError as fault:
        logger.error("an address in a correction cannot be opened: %s", type(fault).__name__)
        return ""


def _mail(correction: Correction, what: str, to: list[str], name: str, values: dict[str, object]) -> int:
    """How many of these mails the mail host took."""
    language = correction.language if name != "duty" else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            "correction": correction,
            "public": settings.PUBLIC_ORIGIN,
            "staff": settings.STAFF_ORIGIN,
            "language": language,
            **values,
        }
        said = render_to_string(f"corrections/mail/{name}.txt", context).strip()
    subject, _blank, text = said.partition("\n\n")
    number = f"correction.{correction.pk.hex}.{what}"
    if not settings.SMTP_HOST:
        return 0
    try:
        with Mail() as host:
            for place, address in enumerate(to):
                host.send(Letter(address, subject.strip(), f"{text.strip()}\n", f"{number}.{place}", "", ""))
    except (Away, NotTaken) as fault:
        logger.error("a mail about a correction could not be sent: %s", type(fault).__name__)
        return 0
    return len(to)
