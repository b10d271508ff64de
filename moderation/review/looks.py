"""Second looks: one decision in ten is read again by somebody who had no part in it. A look changes nothing by itself;
whoever disagrees opens a case about the record."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac

from geo.record.refusals import Refused
from moderation.audit import actions as audit
from moderation.audit.models import AuditEvent
from moderation.review import permissions
from moderation.review.models import Case, Member, Proposal, SecondLook
from moderation.review.vocabulary import CaseState

ONE_IN = 10
KOREA = ZoneInfo("Asia/Seoul")


def month_before(today: dt.date) -> dt.date:
    """The first day of the month before, which is the one whose decisions are looked at now."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def is_drawn(proposal: Proposal, month: dt.date) -> bool:
    """The same for everybody and every time, and unknown before: a keyed hash of draft and month."""
    value = salted_hmac(
        "moderation.review.looks", f"{proposal.pk} {month:%Y-%m}", algorithm="sha256"
    ).digest()
    return int.from_bytes(value[:8], "big") % ONE_IN == 0


def drawn(month: dt.date) -> list[Proposal]:
    """The last drafts of the cases that two people decided in this month, one in ten, oldest first."""
    begin = dt.datetime.combine(month, dt.time(), KOREA)
    end = dt.datetime.combine((month + dt.timedelta(days=31)).replace(day=1), dt.time(), KOREA)
    later = Proposal.objects.filter(case=OuterRef("case"), created_at__gt=OuterRef("created_at"))
    decided = Proposal.objects.filter(
        ~Exists(later),
        case__state__in=[CaseState.PUBLISHED, CaseState.REJECTED],
        case__decided_at__gte=begin,
        case__decided_at__lt=end,
    ).select_related("case__school__region__parent")
    return [draft for draft in decided.order_by("case__decided_at") if is_drawn(draft, month)]


@transaction.atomic
def give(*, proposal: Proposal, agrees: bool, reason: str, by: Member, today: dt.date) -> SecondLook:
    """One person's second look at a decision of the month before.

    Raises:
        Refused: it was not drawn, is looked at already, or this person decided it or has a tie.
    """
    case = Case.objects.select_related("school__region").get(pk=proposal.case_id)
    permissions.check_case(by=by, case=case)
    if proposal not in drawn(month_before(today)):
        raise Refused("unknown_proposal")
    if SecondLook.objects.filter(proposal=proposal).exists():
        raise Refused("decided_meanwhile")
    given = AuditEvent.objects.filter(action="decided", subject="proposal", subject_id=str(proposal.pk))
    if given.filter(member=by.pk).exists() or case.entered_by_id == by.pk:
        raise Refused("same_person")
    look = SecondLook.objects.create(proposal=proposal, member=by, agrees=agrees, reason=reason)
    audit.record(
        by=by.pk,
        action="looked_again",
        subject="proposal",
        subject_id=proposal.pk,
        agrees=agrees,
        reason=reason,
    )
    return look
