"""The queue: its views, orders and filters, each read through an index, so that its length costs nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.record.models import Brake, ImpactRecord
from geo.record.vocabulary import Status
from moderation.audit.models import AuditEvent
from moderation.review.models import Case, CaseSubmission, Member, Proposal
from moderation.review.vocabulary import CaseState, Role
from moderation.staff.querysets import visible

PAGE = 100  # cases on one page
COUNTED = 100  # what a view holds is counted no further
OPEN = Q(decided_at=None)

# Oldest, most urgent or best founded first; each has its index in `review.Case`.
ORDERS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "age": (_("Age"), ("opened_at", "pk")),
    "clock": (_("Clock"), ("due_at", "pk")),
    "grade": (_("Grade"), ("grade", "opened_at", "pk")),
}


class View(NamedTuple):
    """A condition, or what makes one for the person who looks."""

    label: Promise
    holds: Q | Callable[[Member], Q]
    roles: frozenset[Role] = frozenset({Role.REVIEWER, Role.SENIOR})

    def condition(self, by: Member) -> Q:
        return self.holds if isinstance(self.holds, Q) else self.holds(by)


class Queue(NamedTuple):
    """One page of the queue: rows, the cursor of the next page, and how many cases each view holds."""

    cases: Sequence[Case]
    after: UUID | None
    counts: dict[str, int]


def _second(by: Member) -> Q:
    """Cases whose newest draft has one verdict, not this person's; verdicts are unreadable, so the audit tells."""
    newest = Proposal.objects.filter(case=OuterRef(OuterRef("pk"))).order_by("-created_at")
    mine = AuditEvent.objects.filter(
        action="decided",
        subject="proposal",
        member=by.pk,
        subject_id=Subquery(newest.values(text=Cast("pk", CharField()))[:1]),
    )
    return OPEN & Q(state=CaseState.SECOND) & Q(~Exists(mine))


_BRAKED = Brake.objects.filter(ended_at=None).values("region")
VIEWS: dict[str, View] = {
    "second": View(_("Second person"), _second),
    "mine": View(_("Mine"), lambda by: OPEN & Q(claimed_by=by)),
    "unclaimed": View(
        _("Unclaimed"),
        OPEN & Q(state__in=[CaseState.OPEN, CaseState.DRAFTED, CaseState.INFORMATION], claimed_by=None),
    ),
    "overdue": View(_("Overdue"), OPEN & Q(due_at__lt=Now())),
    "disagreed": View(_("The two disagree"), OPEN & Q(state=CaseState.DISAGREED), frozenset({Role.SENIOR})),
    "disputed": View(
        _("Disputed"), OPEN & Q(record__in=ImpactRecord.objects.filter(status=Status.DISPUTED).values("pk"))
    ),
    # a first publication in a region where publication has stopped (SAFEGUARDS B8)
    "braked": View(
        _("Held by a brake"),
        OPEN
        & Q(state__in=[CaseState.DRAFTED, CaseState.SECOND], record=None)
        & (Q(school__region__in=_BRAKED) | Q(school__region__parent__in=_BRAKED)),
    ),
    "open": View(_("All open"), OPEN),
    "closed": View(_("Decided"), Q(decided_at__isnull=False)),
}


def views(by: Member) -> dict[str, View]:
    """The views that this person has, in the order in which they are shown."""
    return {name: view for name, view in VIEWS.items() if by.role in view.roles}


def page(
    *, by: Member, view: str, order: str = "age", grade: str = "", region: str = "", after: UUID | None = None
) -> Queue:
    """Cases without those that a tie takes away (SAFEGUARDS B6)."""
    cases = visible(by)
    chosen = cases.filter(VIEWS[view].condition(by))
    if grade:
        chosen = chosen.filter(grade=grade)
    if region:
        chosen = chosen.filter(Q(school__region=region) | Q(school__region__parent=region))
    fields = ("decided_at", "pk") if view == "closed" else ORDERS[order][1]
    if after:
        chosen = _after(chosen, fields, after, backwards=view == "closed")
    chosen = chosen.order_by(*(f"-{name}" if view == "closed" else name for name in fields))
    rows = list(_with_reports(chosen.select_related("school__region__parent"))[: PAGE + 1])
    return Queue(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None, _counts(cases, by))


def _counts(cases: "QuerySet[Case]", by: Member) -> dict[str, int]:
    """How many cases each view holds, up to `COUNTED` and one more; one question for all."""
    first, *others = (
        cases.filter(view.condition(by))
        .order_by()
        .values_list(Value(name, output_field=CharField()), "pk")[: COUNTED + 1]
        for name, view in views(by).items()
    )
    found = Counter(name for name, _pk in first.union(*others, all=True))
    return {name: found[name] for name in views(by)}


def _with_reports(cases: "QuerySet[Case]") -> "QuerySet[Any]":
    """Scalar questions per row, since a join would count the whole queue before its first page."""
    of_case = CaseSubmission.objects.filter(case=OuterRef("pk")).order_by().values("case")
    return cases.annotate(
        reports=Subquery(of_case.annotate(n=Count("pk")).values("n")),
        groups=Subquery(of_case.annotate(n=Count("group", distinct=True)).values("n")),
        claimed_name=F("claimed_by__account__name"),
    )


def _after(cases: "QuerySet[Case]", fields: tuple[str, ...], after: UUID, *, backwards: bool) -> Any:
    """What comes later in the order than this case; all, where it is gone."""
    last = Case.objects.filter(pk=after).values(*fields).first()
    if last is None or None in last.values():
        return cases
    beyond = "lt" if backwards else "gt"
    later, same = Q(), Q()
    for name in fields:
        later |= same & Q(**{f"{name}__{beyond}": last[name]})
        same &= Q(**{name: last[name]})
    return cases.filter(later, **{f"{fields[0]}__{beyond}e": last[fields[0]]})
