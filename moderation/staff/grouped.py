"""A case's reports as a moderator reads them: by group, with the reasons, and never more than a page holds."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case as When_
from django.db.models import Count, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber

from moderation.review.models import Case, CaseSubmission
from moderation.review.vocabulary import GroupedBy

PAGE = 20  # groups
SHOWN = 4  # reports of each group
# Copies tell a reader least, so they come last.
_LAST = When_(
    When(grouped_by=GroupedBy.FIRST, then=Value(0)),
    When(grouped_by=GroupedBy.TEXT, then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)


class Group(NamedTuple):
    number: int
    reports: int
    reasons: list[str]
    rows: list[Any]  # CaseSubmission, with the page's opened texts as `texts`

    @property
    def more(self) -> int:
        """Reports that are not shown."""
        return self.reports - len(self.rows)


class Groups:
    """The groups of one case in the order of their numbers; asks five questions for any slice.

    `also` are submissions that are shown wherever they stand in their group: somebody has just opened them.
    """

    def __init__(self, case: Case, *, also: Collection[UUID] = ()) -> None:
        self._rows = CaseSubmission.objects.filter(case=case)
        self._also = list(also)

    def __len__(self) -> int:
        return self._rows.values("group").distinct().count()

    def __getitem__(self, wanted: slice) -> list[Group]:
        numbers = list(self._rows.order_by("group").values_list("group", flat=True).distinct()[wanted])
        counts: dict[int, dict[str, int]] = {number: {} for number in numbers}
        found = (
            self._rows.filter(group__in=numbers).values_list("group", "grouped_by").annotate(n=Count("pk"))
        )
        for number, reason, count in found:
            counts[number][reason] = count
        rows = (
            self._rows.filter(group__in=numbers)
            .annotate(
                place=Window(RowNumber(), partition_by=F("group"), order_by=[_LAST.asc(), F("pk").asc()])
            )
            .filter(Q(place__lte=SHOWN) | Q(submission__in=self._also))
            .select_related("submission")
            .prefetch_related("submission__questions__answer")
            .order_by("group", "place")
        )
        shown: dict[int, list[CaseSubmission]] = {number: [] for number in numbers}
        for row in rows:
            shown[row.group].append(row)
        return [
            Group(number, sum(reasons.values()), _labels(reasons), shown[number])
            for number, reasons in counts.items()
        ]


def _labels(reasons: Collection[str]) -> list[str]:
    return [str(reason.label) for reason in GroupedBy if reason in reasons and reason != GroupedBy.FIRST]
