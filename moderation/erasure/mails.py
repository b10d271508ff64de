"""Mails about requests under the privacy act, sent by the worker alone: reminders to the team, decisions to who asked.

Their texts are codes and dates. Sending may happen twice after a crash, with the same Message-ID; it is noted in `Sent`
only when the mail host has taken it.
"""

import datetime as dt
import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from moderation.alerts.sending.channel import Away, Letter, NotTaken
from moderation.alerts.sending.mail import Mail
from moderation.erasure import querysets
from moderation.erasure.inbox import clocks
from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.querysets import progress
from moderation.erasure.inbox.vocabulary import State
from moderation.erasure.models import Sent
from moderation.intake import sealing

logger = logging.getLogger("moderation.erasure")
SOON, LATE, OUTCOME = "soon", "late", "outcome"
BATCH = 200  # mails of one run


def deliver(*, now: dt.datetime) -> int:
    """Sends what is due and was not sent; returns how many mails went out."""
    return remind(now=now) + send_outcomes()


def remind(*, now: dt.datetime) -> int:
    """Tells the team of each request that is due in three days, and of each that is late, once each."""
    told = set(Sent.objects.values_list("request_id", "what"))
    sent = 0
    for request in querysets.waiting():
        due = clocks.due(request.received_at)
        what = LATE if now > due else SOON
        if now >= due - clocks.SOON and (request.pk, what) not in told:
            sent += _mail(request, what, settings.DUTY, {"what": what, "due": due})
    return sent


def send_outcomes() -> int:
    """Mails decisions to the address that was given (Enforcement Decree, article 43 (3))."""
    decided = querysets.handled().filter(
        querysets.unsent(OUTCOME), state=State.DECIDED, sealed_mail__isnull=False
    )
    return sum(_send_outcome(request) for request in decided[:BATCH])


def _send_outcome(request: Request) -> int:
    with translation.override(request.language):
        said = progress(bytes(request.words_hash)).statement  # what the request's own page says, and no more
    try:
        to = [sealing.open_sealed(bytes(request.sealed_mail or b""), purpose="subscribers")]
    except sealing.SealError as fault:
        logger.error("an address in a request cannot be opened: %s", type(fault).__name__)
        to = []
    return _mail(request, OUTCOME, to, {"statement": said})


def _mail(request: Request, what: str, to: list[str], values: dict[str, object]) -> int:
    """How many of these mails the mail host took; noted once all are. With nobody to mail, the
    page alone says it."""
    name = "outcome" if what == OUTCOME else "duty"
    language = request.language if what == OUTCOME else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            "asked": request,
            "public": settings.PUBLIC_ORIGIN,
            "staff": settings.STAFF_ORIGIN,
            "language": language,
            **values,
        }
        said = render_to_string(f"erasure/mail/{name}.txt", context).strip()
    subject, _blank, text = said.partition("\n\n")
    if to and not settings.SMTP_HOST:
        return 0
    try:
        if to:
            with Mail() as host:
                for place, address in enumerate(to):
                    number = f"erasure.{request.pk.hex}.{what}.{place}"
                    host.send(Letter(address, subject.strip(), f"{text.strip()}\n", number, "", ""))
    except (Away, NotTaken) as fault:
        logger.error("a mail about a request could not be sent: %s", type(fault).__name__)
        return 0
    Sent.objects.get_or_create(request=request, what=what)
    return len(to)
