"""Which reports of a case count as one, found as they arrive (SAFEGUARDS B4).

A report joins the group of an earlier one with which it shares a near-identical text, a link, or its network of
that day; a report that says nothing to tell it apart joins those of its minute. A report that shares something
with two groups makes them one, unless a reviewer has split or joined them: people are not overruled.

What is compared are marks (`GroupMark`): keyed values, each stored once a case, with the first report that had
it. So a batch costs one look-up of its own values, however many reports the case holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Max

from moderation.intake import signatures
from moderation.intake.models import Submission
from moderation.review.models import Case, CaseSubmission, GroupMark
from moderation.review.vocabulary import GroupedBy

LIKE = 0.5  # share of common runs from which two texts count as one; unrelated texts stay below 0.15
_REVIEWERS = (GroupedBy.SPLIT, GroupedBy.JOINED)
Mark = tuple[str, bytes]  # GroupMark.Kind and value


def marks_of(submission: Submission) -> list[Mark]:
    """What a report can have in common with another one."""
    kind = GroupMark.Kind
    found: list[Mark] = []
    if submission.signature is not None:
        found += [(kind.TEXT.value, value) for value in signatures.bands(_bytes(submission.signature) or [])]
    found += [(kind.LINK.value, bytes(value)) for value in submission.links or ()]
    if submission.network is not None:
        found.append((kind.NETWORK.value, bytes(submission.network)))
    if submission.signature is None:
        found.append((kind.MINUTE.value, b"%d" % (submission.received_at.timestamp() // 60)))
    return found


def _bytes(values: Sequence[bytes | memoryview] | None) -> list[bytes] | None:
    """As Python compares them; the database's driver gives views of memory."""
    return None if values is None else [bytes(value) for value in values]


@dataclass
class _Member:
    """An earlier report that is the first with some mark."""

    group: int
    origin: int | None
    signature: list[bytes] | None


@dataclass
class _Grouping:
    """The groups of one case, as far as a batch can meet them."""

    case: Case
    next_group: int
    next_origin: int
    firsts: dict[Mark, UUID]
    members: dict[UUID, _Member]
    kept: frozenset[int]  # groups that a reviewer made
    merged: dict[int, tuple[int, GroupedBy]] = field(default_factory=dict)
    new_marks: list[GroupMark] = field(default_factory=list)

    def add(self, submission: Submission) -> CaseSubmission:
        marks = marks_of(submission)
        shared = self._shared(submission, marks)
        if shared:
            reason, strongest = shared[0]
            group = self._now(self.members[strongest].group)
            self._merge(group, {self._now(self.members[first].group) for _reason, first in shared}, reason)
            group = self._now(group)
        else:
            reason, group = GroupedBy.FIRST, self.next_group
            self.next_group += 1
        origin = self._origin(submission)
        self.members[submission.pk] = _Member(group, origin, _bytes(submission.signature))
        for mark in marks:
            if mark not in self.firsts:
                self.firsts[mark] = submission.pk
                self.new_marks.append(
                    GroupMark(case=self.case, submission=submission, kind=mark[0], value=mark[1])
                )
        return CaseSubmission(
            case=self.case, submission=submission, group=group, grouped_by=reason, origin=origin
        )

    def _merge(self, group: int, groups: set[int], reason: GroupedBy) -> None:
        """One group of those that a report connects, but for those that a reviewer made."""
        if group in self.kept:
            return
        one = min(groups - self.kept)
        for other in groups - self.kept - {one}:
            self.merged[other] = (one, reason)

    def _shared(self, submission: Submission, marks: Iterable[Mark]) -> list[tuple[GroupedBy, UUID]]:
        """The earlier reports that this one counts as one with, and why; text before link before network.

        The minute is too weak a reason to connect groups: it counts where there is no other.
        """
        found: dict[UUID, GroupedBy] = {}
        for kind, value in marks:
            first = self.firsts.get((kind, value))
            if first is None or first in found:
                continue
            if kind == GroupMark.Kind.TEXT and not self._alike(submission, first):
                continue
            found[first] = GroupedBy(kind)
        every = [(reason, first) for first, reason in found.items()]
        return [pair for pair in every if pair[0] != GroupedBy.MINUTE] or every

    def _alike(self, submission: Submission, first: UUID) -> bool:
        other = self.members[first].signature
        mine = _bytes(submission.signature)
        return mine is not None and other is not None and signatures.likeness(mine, other) >= LIKE

    def _origin(self, submission: Submission) -> int | None:
        """The number of the report's network in this case; None where the network is not known."""
        if submission.network is None:
            return None
        first = self.firsts.get((GroupMark.Kind.NETWORK.value, bytes(submission.network)))
        if first is not None:
            return self.members[first].origin
        self.next_origin += 1
        return self.next_origin - 1

    def _now(self, group: int) -> int:
        while group in self.merged:
            group = self.merged[group][0]
        return group


def add(*, case: Case, submissions: Sequence[Submission]) -> list[CaseSubmission]:
    """Puts reports into the groups of a case, which the caller has locked; returns their new rows."""
    grouping = _load(case, submissions)
    rows = [grouping.add(submission) for submission in submissions]
    for row in rows:
        row.group = grouping._now(row.group)
    for other in grouping.merged:
        group, reason = grouping._now(other), grouping.merged[other][1]
        moved = CaseSubmission.objects.filter(case=case, group=other)
        moved.filter(grouped_by=GroupedBy.FIRST).update(grouped_by=reason)
        moved.update(group=group)
    CaseSubmission.objects.bulk_create(rows)
    GroupMark.objects.bulk_create(grouping.new_marks, batch_size=2000)
    return rows


def _load(case: Case, submissions: Sequence[Submission]) -> _Grouping:
    values = {value for submission in submissions for _kind, value in marks_of(submission)}
    known = GroupMark.objects.filter(case=case, value__in=values).values_list(
        "kind", "value", "submission_id"
    )
    firsts = {(kind, bytes(value)): first for kind, value, first in known}
    rows = CaseSubmission.objects.filter(case=case)
    members = {
        pk: _Member(group, origin, _bytes(signature))
        for pk, group, origin, signature in rows.filter(submission__in=set(firsts.values())).values_list(
            "submission_id", "group", "origin", "submission__signature"
        )
    }
    last = rows.aggregate(group=Max("group"), origin=Max("origin"))
    return _Grouping(
        case=case,
        next_group=(last["group"] or 0) + 1,
        next_origin=(last["origin"] or 0) + 1,
        firsts=firsts,
        members=members,
        kept=frozenset(rows.filter(grouped_by__in=_REVIEWERS).values_list("group", flat=True)),
    )
