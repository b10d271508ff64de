"""Words of the desk: regions, levels, events and ages in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from geo.directory.models import Region
from geo.record.models import Publisher
from geo.record.vocabulary import Reply
from geo.site import shown
from moderation.audit.models import AuditEvent
from moderation.corrections.inbox.vocabulary import State
from moderation.review.vocabulary import CaseState, EvidenceGrade

register = template.Library()

EVENTS = {
    "notified": lambda: _("told the school what is about to be published"),
    "correction_acknowledged": lambda: _("acknowledged the request"),
    "correction_call": lambda: _("made a code for a call"),
    "correction_mail": lambda: _("asked for a code by mail"),
    "correction_confirm": lambda: _("confirmed a proof"),
    "correction_proved": lambda: _("Two proofs hold"),
    "correction_notified": lambda: _("sent the notice to the school"),
    "correction_objected": lambda: _("noted the school's objection"),
    "correction_judged": lambda: _("judged the request"),
    "correction_substantiated": lambda: _("Substantiated: the record is disputed"),
    "correction_unsubstantiated": lambda: _("Not substantiated"),
    "correction_replied": lambda: _("The school's answer is public"),
    "correction_settled": lambda: _("The case was decided, and the request with it"),
    "correction_settled_again": lambda: _("The case was decided after the appeal"),
    "correction_appealed": lambda: _("The school appealed"),
    "correction_upheld": lambda: _("The appeal changed nothing"),
    "correction_granted": lambda: _("The appeal was granted"),
    "correction_granted_reply": lambda: _("The appeal was granted"),
    "correction_given_up": lambda: _("The school ended the request"),
    "correction_lapsed": lambda: _("Thirty days were over"),
    "erasure_proposed": lambda: _("proposed an answer"),
    "erasure_returned": lambda: _("sent it back"),
    "erasure_confirmed": lambda: _("confirmed the answer"),
    "erasure_given_up": lambda: _("The request was withdrawn"),
    "erasure_lapsed": lambda: _("A hundred days were over"),
    "searched": lambda: _("looked for what is held"),
    "practised": lambda: _("practised"),
    "opened": lambda: _("The case was opened"),
    "gathered": lambda: _("A report came in"),
    "claimed": lambda: _("took the case on"),
    "assigned": lambda: _("gave the case to a colleague"),
    "apart": lambda: _("told two schools apart"),
    "asked": lambda: _("asked the reporter a question"),
    "answered": lambda: _("The reporter answered a question"),
    "duplicate": lambda: _("closed the case as a duplicate"),
    "renew_asked": lambda: _("asked for new keys for somebody"),
    "renewed": lambda: _("confirmed new keys for somebody"),
    "evidence": lambda: _("added evidence"),
    "proposed": lambda: _("prepared a draft"),
    "decided": lambda: _("gave a verdict"),
    "split": lambda: _("split reports off a group"),
    "joined": lambda: _("joined groups of reports"),
    "moved": lambda: _("moved the case"),
    "published": lambda: _("The record was published"),
    "revealed": lambda: _("read a sealed text"),
    "tie": lambda: _("declared a tie"),
    "invited": lambda: _("invited a member"),
    "hidden": lambda: _("hid the record"),
    "hide_ended": lambda: _("The time of the hide was over"),
    "lapsed": lambda: _("The check was due: the record is not shown"),
    "braked": lambda: _("Publication in a region stopped"),
    "paused": lambda: _("paused a part of the site"),
    "unpaused": lambda: _("ended a pause"),
    "released": lambda: _("released a brake"),
    "invitation_asked": lambda: _("asked for an invitation"),
    "leave_asked": lambda: _("asked that somebody leaves"),
    "left": lambda: _("confirmed that somebody leaves"),
    "enrolled": lambda: _("set an approval passphrase"),
    "register_asked": lambda: _("asked for a change of a curated table"),
    "register_confirmed": lambda: _("confirmed a change of a curated table"),
    "register_dropped": lambda: _("put a change of a curated table aside"),
    "file_chosen": lambda: _("chose what is taken over of a file"),
    "register_file_opened": lambda: _("opened an official file"),
    "register_file_asked": lambda: _("asked for a second person to apply a file"),
    "register_file_applied": lambda: _("applied an official file"),
    "register_file_dropped": lambda: _("dropped an official file"),
    "looked_again": lambda: _("took a second look"),
    "exported_audit": lambda: _("took the audit trail as a file"),
    "read_audit": lambda: _("read the audit trail"),
}


@register.filter
def region_name(region: Region) -> str:
    """Province and district as an address has them; `region.parent` should be loaded."""
    parts = [region.parent, region] if region.parent_id else [region]
    names = [
        part.name_en if get_language() == "en" and part.name_en else part.name_ko for part in parts if part
    ]
    return ", ".join(reversed(names)) if get_language() == "en" else " ".join(names)


@register.filter
def local(named: Publisher | Region) -> str:
    """The name of a publisher or region alone, in the reader's language."""
    return named.name_en if get_language() == "en" and named.name_en else named.name_ko


@register.filter
def level(code: str) -> str:
    return shown.level(code)


@register.filter
def grade_label(code: str) -> str:
    return str(EvidenceGrade(code).label)


@register.filter
def event(happened: AuditEvent) -> str:
    """What happened; the state that a case moved to follows, which says nothing about a first verdict."""
    words = EVENTS[happened.action]() if happened.action in EVENTS else happened.action
    state = happened.detail.get("state")
    return f"{words}: {CaseState(state).label}" if state in CaseState.values else words


@register.filter
def correction_state(code: str) -> str:
    """The state of a school's request, as the school reads it too."""
    return str(State(code).label)


@register.filter
def correction_next(correction: Any) -> str:
    """What somebody of the team does next with a school's request; `handling` should be loaded."""
    until = correction.handling.objection_until if correction.state == State.NOTIFIED else None
    if until and until > timezone.now():
        day = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
        return _("Wait: the school can object until %(day)s") % {"day": day}
    return {
        State.RECEIVED: _("Read it and acknowledge it"),
        State.ACKNOWLEDGED: _("Find out who asks: two proofs"),
        State.PROVED: _("Send the notice to the school"),
        State.NOTIFIED: _("Two people judge it"),
        State.DISPUTED: _("Two people decide in the case"),
        State.APPEALED: _("Two others judge the appeal"),
    }.get(correction.state, "–")


@register.filter
def reply_label(code: str) -> str:
    return str(Reply(code).label)


@register.filter
def name_of(names: dict[int, str], member: int | None) -> str:
    """The member's name, or the system's where no person acted."""
    return _("the system") if member is None else names.get(member, str(member))


@register.filter
def item(found: Mapping[str, Any], key: str) -> Any:
    """A value by a key that the template holds in a variable."""
    return found.get(key)


@register.filter
def due(at: dt.datetime) -> str:
    """Whole days until a clock runs out, hours on the last day; or how long it has been over."""
    left = at - timezone.now()
    if left < dt.timedelta(0):
        return _("%(age)s late") % {"age": age(at)}
    if left.days:
        return ngettext("in %(count)d day", "in %(count)d days", left.days) % {"count": left.days}
    hours = left.seconds // 3600
    return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}


@register.filter
def age(since: dt.datetime) -> str:
    """Whole days, or hours on the first day."""
    passed = timezone.now() - since
    if passed.days:
        return ngettext("%(count)d day", "%(count)d days", passed.days) % {"count": passed.days}
    hours = passed.seconds // 3600
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
