"""Named checks of a draft, in the order in which a reviewer reads them (SAFEGUARDS A2, B1–B6, C2).

Each returns a finding: green, red or unknown, with a code and a reason. Unknown never means green.
The database refuses what is red; this list tells a person why, before they try.
"""

import json
from collections.abc import Callable
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.directory import matching
from geo.record.refusals import SENTENCES, call
from moderation.review import links, notices
from moderation.review.models import Case, Member, Proposal
from moderation.review.vocabulary import CaseState, LinkState

Light = Literal["green", "red", "unknown"]


class Finding(NamedTuple):
    code: str
    light: Light
    reason: str


def registered_school(case: Case, draft: Proposal, by: Member) -> Finding:
    school = case.school
    if school.left_register_on or school.status == "closed":
        return Finding("registered_school", "red", _("The school has left the register or is closed."))
    return Finding(
        "registered_school", "green", _("The school is in the official register and in operation.")
    )


def right_school(case: Case, draft: Proposal, by: Member) -> Finding:
    others = len({other.pk for other in matching.look_alikes(case.school)} - matching.told_apart(case.school))
    if others:
        return Finding(
            "right_school",
            "unknown",
            _("%(count)d other schools have this or a similar name. Compare district and address.")
            % {"count": others},
        )
    return Finding(
        "right_school", "green", _("No other school has this or a similar name, or each was told apart.")
    )


def same_register_entry(case: Case, draft: Proposal, by: Member) -> Finding:
    if draft.school_version != case.school.version:
        return Finding(
            "same_register_entry", "red", _("The register's entry changed since the draft was made.")
        )
    return Finding("same_register_entry", "green", _("The register's entry is the one in the draft."))


def sufficient_evidence(case: Case, draft: Proposal, by: Member) -> Finding:
    if draft.grade == "E":
        return Finding("sufficient_evidence", "red", _("A single source or hearsay is never published."))
    return Finding(
        "sufficient_evidence", "green", _("The evidence carries grade %(grade)s.") % {"grade": draft.grade}
    )


def evidence_unchanged(case: Case, draft: Proposal, by: Member) -> Finding:
    now = (
        call("review_grade", case.pk),
        json.loads(call("review_sources", case.pk, draft.grade)),  # jsonb comes as text: Django says so
    )
    if now != (draft.grade, [list(pair) for pair in draft.sources]):
        return Finding(
            "evidence_unchanged", "red", _("Evidence was added since the draft was made. Prepare it again.")
        )
    return Finding("evidence_unchanged", "green", _("The draft holds all evidence of its grade."))


def source_names_nobody(case: Case, draft: Proposal, by: Member) -> Finding:
    linked = [article for _publisher, article in draft.sources if article]
    if linked:
        return Finding(
            "source_names_nobody",
            "unknown",
            _("Open each linked page: it must name no student, victim or suspect."),
        )
    return Finding("source_names_nobody", "green", _("No page is linked."))


def no_tie(case: Case, draft: Proposal, by: Member) -> Finding:
    if call("review_conflicted", by.pk, case.school_id):
        return Finding("no_tie", "red", _("You have declared a tie to this school or its district."))
    return Finding(
        "no_tie", "unknown", _("If you know anybody at this school, declare it instead of deciding.")
    )


def small_school(case: Case, draft: Proposal, by: Member) -> Finding:
    if draft.names_school:
        return Finding("small_school", "green", _("The school is large enough to be named."))
    if draft.region_id:
        return Finding(
            "small_school",
            "green",
            _("The school is small: only a region will be shown, in next month's batch."),
        )
    return Finding("small_school", "green", _("The school is small: no place will be shown at all."))


def linked_pages_unchanged(case: Case, draft: Proposal, by: Member) -> Finding:
    code = "linked_pages_unchanged"
    linked = {(publisher, article) for publisher, article in draft.sources if article}
    if not linked:
        return Finding(code, "green", _("No page is linked."))
    states = links.states(linked)
    for state in (LinkState.GONE, LinkState.EDITED):
        if state in states.values():
            return Finding(code, "unknown", str(links.SENTENCES[state]))
    if set(states.values()) == {LinkState.SAME} and set(states) == linked:
        return Finding(
            code, "green", _("Each linked page is as it was when somebody confirmed that it names nobody.")
        )
    return Finding(code, "unknown", _("Not every linked page could be read again yet. Open each yourself."))


def text_elsewhere(case: Case, draft: Proposal, by: Member) -> Finding:
    schools = call("review_same_text_elsewhere", case.pk)
    if not schools:
        return Finding("text_elsewhere", "green", _("No text of this case arrived about another school."))
    return Finding(
        "text_elsewhere",
        "unknown",
        ngettext(
            "The same text arrived about %(count)d other school. Somebody may be filling the map.",
            "The same text arrived about %(count)d other schools. Somebody may be filling the map.",
            schools,
        )
        % {"count": schools},
    )


def brake(case: Case, draft: Proposal, by: Member) -> Finding:
    said = call("record_brake_says", draft.pk)
    if said == "stopped":
        return Finding("brake", "red", str(SENTENCES["brake"]))
    if said == "released":
        return Finding(
            "brake",
            "unknown",
            _("Publication in this region has stopped; a senior let some more through, while they last."),
        )
    return Finding("brake", "green", _("No jump in this region: publication there goes on."))


def people_left(case: Case, draft: Proposal, by: Member) -> Finding:
    left = call("review_people_left", draft.pk)
    if left:
        return Finding(
            "people_left",
            "green",
            ngettext(
                "%(count)d person can give the next verdict.",
                "%(count)d people can give the next verdict.",
                left,
            )
            % {"count": left},
        )
    if case.state == CaseState.DISAGREED:
        reason = _(
            "No senior can settle this by approving: each has decided, has a tie, or is no pair with the person who"
            " approved. Any senior without a tie can reject; two seniors can invite one more."
        )
    else:
        reason = _(
            "Nobody is left for the next verdict: each has decided, has a tie, entered the case, or is no pair with"
            " the first person. Two seniors can invite somebody."
        )
    return Finding("people_left", "red", reason)


def school_told(case: Case, draft: Proposal, by: Member) -> Finding:
    """SAFEGUARDS B10; a correction or withdrawal needs no notice."""
    needed, told_at, ends_at = notices.state(case.pk)
    if not needed or draft.kind != "publish":
        return Finding("school_told", "green", _("No notice to the school is needed."))
    if told_at is None or ends_at is None:
        return Finding("school_told", "red", _("The school was not told of this publication yet."))
    until = timezone.localtime(ends_at).strftime("%Y-%m-%d %H:%M")
    if ends_at > timezone.now():
        return Finding("school_told", "red", _("The school can answer until %(until)s.") % {"until": until})
    return Finding(
        "school_told", "green", _("The school was told and could answer until %(until)s.") % {"until": until}
    )


CHECKS: tuple[Callable[[Case, Proposal, Member], Finding], ...] = (
    registered_school,
    right_school,
    same_register_entry,
    sufficient_evidence,
    evidence_unchanged,
    source_names_nobody,
    no_tie,
    small_school,
    linked_pages_unchanged,
    text_elsewhere,
    school_told,
    brake,
    people_left,
)


def findings(*, case: Case, draft: Proposal, by: Member) -> list[Finding]:
    return [check(case, draft, by) for check in CHECKS]
