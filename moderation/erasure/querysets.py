"""What the desk and the worker read of requests, and of what is held about somebody."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from geo.directory.models import School
from moderation.corrections.inbox.models import Correction
from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.vocabulary import Part, State
from moderation.erasure.models import Sent
from moderation.erasure.transitions import OVER
from moderation.intake.models import Answer, Submission
from moderation.intake.receipts import ReceiptUnreadable, fingerprint
from moderation.review.models import CaseSubmission, Member, Tie

MOST = 50  # things found at once; who finds more has to be more exact
_REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


class Holding(NamedTuple):
    """A report or a school's request, and the parts of it that are still there."""

    thing: Submission | Correction
    parts: list[Part]
    named: bool = False  # the request gave its words: whoever asks wrote it, or was given them

    @property
    def is_report(self) -> bool:
        return isinstance(self.thing, Submission)

    @property
    def school(self) -> School:
        return self.thing.school

    @property
    def items(self) -> list[tuple[str, str]]:
        """Each part as the desk chooses it, and its label."""
        return [(f"{part.value}:{self.thing.pk}", str(part.label)) for part in self.parts]


def handled() -> "QuerySet[Any]":
    """Requests with their state; one that nobody has touched is `received`."""
    return Request.objects.select_related("handling").annotate(
        state=Coalesce(F("handling__state"), Value(State.RECEIVED.value))
    )


def waiting() -> "QuerySet[Any]":
    """Requests that somebody has to do something about, the oldest first: it is the next one due."""
    found: QuerySet[Any] = handled().exclude(state__in=OVER).order_by("received_at", "pk")
    return found


def unsent(what: str) -> Any:
    """The condition that a mail of this name has not been sent about a request."""
    return ~Exists(Sent.objects.filter(request=OuterRef("pk"), what=what))


def named(request: Request, *, by: Member) -> list[Holding]:
    """What the words in the request are of."""
    return (
        _held(Q(receipt_hash=request.named_hash), Q(words_hash=request.named_hash), by, named=True)
        if (request.named_hash)
        else []
    )


def found(text: str, *, by: Member) -> list[Holding]:
    """What somebody of the team looks for: by words, a reference, the id of a report, request or case, or a school's."""
    text = text.strip()
    if _REFERENCE.fullmatch(text.upper()):
        return _held(None, Q(reference=text.upper()), by)
    try:
        words = fingerprint(text)
        return _held(Q(receipt_hash=words), Q(words_hash=words), by)
    except ReceiptUnreadable:
        pass
    try:
        pk = UUID(text)
    except ValueError:
        return _held(Q(school=text), Q(school=text), by) if text.replace("-", "").isalnum() else []
    gathered = CaseSubmission.objects.filter(case=pk).values("submission")
    return _held(Q(pk=pk) | Q(pk__in=gathered), Q(pk=pk), by)


class Chosen(NamedTuple):
    """One item of a decision; without a `holding` it is `gone`, or a tie keeps it from the reader."""

    label: str
    holding: Holding | None
    gone: bool


def chosen(request: Request, *, by: Member) -> list[Chosen]:
    """What a proposal or a decision is about, all of it; the list goes 90 days after the decision."""
    items = [(item.part, item.target) for item in request.items.all()]
    things = {holding.thing.pk: holding for holding in of_items(items, by=by)} if items else {}
    unseen = {target for _part, target in items} - things.keys()
    hidden = _existing(unseen) if unseen else set()
    return [
        Chosen(str(Part(part).label), things.get(target), target in unseen - hidden) for part, target in items
    ]


def of_items(items: Iterable[tuple[str, UUID]], *, by: Member) -> list[Holding]:
    """What these items, part and id, are of: all of them, since a second person confirms what this shows."""
    ids = [target for _part, target in items]
    return _held(Q(pk__in=ids), Q(pk__in=ids), by, whole=True)


def _existing(ids: set[UUID]) -> set[UUID]:
    """Which of these are still there, whoever may see them."""
    reports = Submission.objects.filter(pk__in=ids).values_list("pk")
    return {pk for (pk,) in reports.union(Correction.objects.filter(pk__in=ids).values_list("pk"))}


def _held(
    reports: Q | None, corrections: Q, by: Member, *, named: bool = False, whole: bool = False
) -> list[Holding]:
    """Without those at schools to which this person has a tie (SAFEGUARDS B6), the newest first."""
    ties = Tie.objects.filter(member=by)
    regions = ties.filter(region__isnull=False).values("region")
    apart = (
        Q(school__in=ties.filter(school__isnull=False).values("school"))
        | Q(school__region__in=regions)
        | Q(school__region__parent__in=regions)
    )
    answered = Answer.objects.filter(question__submission=OuterRef("pk"), sealed_text__isnull=False)
    most = None if whole else MOST
    found: list[Holding] = []
    if reports is not None:
        rows: Any = Submission.objects.filter(reports).exclude(apart).annotate(answered=Exists(answered))
        for report in rows.select_related("school__region__parent").order_by("-received_at")[:most]:
            found.append(Holding(report, _parts_of_report(report), named))
    others = Correction.objects.filter(corrections).exclude(apart).select_related("school__region__parent")
    for correction in others.order_by("-received_at")[:most]:
        found.append(Holding(correction, _parts_of_correction(correction), named))
    return found


def _parts_of_report(report: Any) -> list[Part]:
    written = report.sealed_text or report.signature or report.links or report.network
    held = {
        Part.REPORT_TEXT: written,
        Part.REPORT_CONTACT: report.sealed_contact,
        Part.REPORT_ANSWERS: report.answered,
    }
    return [part for part, value in held.items() if value]


def _parts_of_correction(correction: Correction) -> list[Part]:
    held = {
        Part.CORRECTION_TEXT: correction.sealed_text,
        Part.CORRECTION_DOCUMENT: correction.sealed_document,
        Part.CORRECTION_MAIL: correction.sealed_mail,
    }
    return [part for part, value in held.items() if value]
