"""The steps that the team takes with a school's request, each a button on its page (SAFEGUARDS D1–D5)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.forms import Form
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.record.refusals import call
from moderation.corrections import actions
from moderation.corrections.inbox.vocabulary import State
from moderation.staff.correction_forms import ConfirmForm, JudgeForm, NotifyForm, StepForm


def _has_phone(found: Any) -> bool:
    return bool(found.school.phone)


def _has_own_mail(found: Any) -> bool:
    return bool(found.sealed_mail and call("corrections_own_host", found.school_id))


def _has_proof(found: Any) -> bool:
    return bool(found.sealed_document) or found.proofs.filter(matched_at__isnull=False).exists()


def _may_be_judged(found: Any) -> bool:
    return bool(found.state == State.APPEALED or found.handling.objection_until < timezone.now())


class Step(NamedTuple):
    """One button: in which states it is shown, what is typed, what it does, what is said then, and what it needs besides
    the state; the database asks for all of it again."""

    states: frozenset[str]
    label: str | Promise
    hint: str | Promise
    form: type[Form]
    action: Callable[..., Any]
    done: str | Promise = ""
    possible: Callable[[Any], bool] = lambda _found: True


STEPS: dict[str, Step] = {
    "acknowledge": Step(
        frozenset({State.RECEIVED}),
        _("Acknowledge it"),
        _("The school sees that somebody has read it; the time for identity runs from now."),
        StepForm,
        actions.acknowledge,
        _("Acknowledged."),
    ),
    "confirm": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Confirm a proof"),
        _("A code that was typed, or a document that the education office confirmed to you. Two kinds are needed."),
        ConfirmForm,
        actions.confirm,
        _("Confirmed."),
        _has_proof,
    ),
    "call": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Make a code for a call"),
        _("Call the register's number, no other one. Ask for the office, then read the code out."),
        StepForm,
        actions.call_back,
        possible=_has_phone,
    ),
    "mail": Step(
        frozenset({State.ACKNOWLEDGED}),
        _("Send a code by mail"),
        _("Goes out only to an address at a host that belongs to this school alone."),
        StepForm,
        actions.ask_mail,
        _("The worker sends it within a minute, or says below that it may not."),
        _has_own_mail,
    ),
    "notify": Step(
        frozenset({State.PROVED}),
        _("The notice has gone out"),
        _("Print the sheet, send it, then say so here. The school has a working day to object."),
        NotifyForm,
        actions.notify,
        _("Noted. Nobody judges before the time to object is over."),
    ),
    "judge": Step(
        frozenset({State.NOTIFIED, State.APPEALED}),
        _("Judge it"),
        _("Two people judge; nobody can read the first judgement. Substantiated: the record is marked or hidden, and a"
          " case opens in which two people decide. An answer in fixed words goes out as it is."),
        JudgeForm,
        actions.judge,
        _("Your judgement is given."),
        _may_be_judged,
    ),
    "object": Step(
        frozenset({State.PROVED, State.NOTIFIED}),
        _("The school objected"),
        _("It was not the school who asked: the request ends and nothing changes."),
        StepForm,
        actions.object_to,
        _("Ended."),
    ),
}  # fmt: skip


class Shown(NamedTuple):
    name: str
    step: Step
    form: Form
    possible: bool  # false: it was tried on a page that was out of date, and is given back to be read


def shown(found: Any, typed: Mapping[str, Form]) -> list[Shown]:
    """The steps of a request's page; `typed` holds a bound form that is given back, whatever the state is now."""
    made = []
    for name, step in STEPS.items():
        possible = found.state in step.states and step.possible(found)
        form = typed.get(name) or step.form(auto_id=f"id_{name}_%s")
        if possible or name in typed:
            made.append(Shown(name, step, form, possible))
    return made
