"""The parts of an invented case, with the names that the desk's templates ask for.

None of them is a row: there is nothing here that could be saved, opened or published. Schools begin with 보기 and
ids with X9, as everything invented does.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import PublisherKind
from moderation.intake.vocabulary import HowKnown, Kind, VerdictReason
from moderation.review.vocabulary import EvidenceGrade, GroupedBy
from moderation.training.vocabulary import Shown, Step

MONTH = dt.date(2026, 8, 1)
COLLEAGUE = _("a colleague")
ARRIVED = dt.datetime(2026, 8, 27, 21, 4, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Area:
    name_ko: str
    name_en: str
    parent: "Area | None" = None


@dataclass(frozen=True)
class School:
    pk: str
    name: str
    name_en: str
    region: Area
    address_road: str
    pupils: int
    level: str = "middle"
    address_lot: str = ""


@dataclass(frozen=True)
class Written:
    """What a reporter handed in."""

    kind: Kind
    how_known: HowKnown
    received_at: dt.datetime
    month: dt.date = MONTH
    sealed_text: bool = True
    sealed_contact: bool = False

    @property
    def get_kind_display(self) -> str:
        return str(self.kind.label)

    @property
    def get_how_known_display(self) -> str:
        return str(self.how_known.label)


@dataclass(frozen=True)
class Row:
    submission: Written
    grouped_by: GroupedBy
    texts: dict[str, str | Promise]

    @property
    def get_grouped_by_display(self) -> str:
        return str(self.grouped_by.label)


@dataclass(frozen=True)
class Group:
    number: int
    rows: tuple[Row, ...]
    more: int = 0

    @property
    def reports(self) -> int:
        return len(self.rows) + self.more

    @property
    def reasons(self) -> list[str]:
        found = dict.fromkeys(row.grouped_by for row in self.rows if row.grouped_by != GroupedBy.FIRST)
        return [str(reason.label) for reason in found]


@dataclass(frozen=True)
class Publisher:
    name_ko: str
    name_en: str
    kind: PublisherKind

    @property
    def get_kind_display(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class Evidence:
    """As a colleague entered it."""

    grade: EvidenceGrade
    publisher: Publisher
    article: str
    names_nobody: bool = True
    added_name: str | Promise = COLLEAGUE
    added_at: dt.datetime = ARRIVED


@dataclass(frozen=True)
class Answer:
    """The reference: the first of each is meant, the others are as good; where there is none, it is not asked."""

    steps: tuple[Step, ...]
    grades: tuple[EvidenceGrade, ...] = ()
    reasons: tuple[VerdictReason, ...] = ()
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One invented case. `told` is what a person finds out beside the page; `rule` a section of SAFEGUARDS."""

    code: str
    title: str | Promise
    school: School
    told: str | Promise
    answer: Answer
    why: str | Promise
    rule: str
    groups: tuple[Group, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    look_alikes: tuple[School, ...] = ()
    independent: bool = False
    month: dt.date = field(default=MONTH)


def report(
    text: Any, how_known: HowKnown, *, minute: int = 0, grouped_by: GroupedBy = GroupedBy.FIRST
) -> Row:
    """One report, `minute` minutes after the first one of its case."""
    written = Written(Kind.PUPILS, how_known, ARRIVED + dt.timedelta(minutes=minute))
    return Row(written, grouped_by, {"text": text})
