"""How the staff site says no: one sentence and one status for every refusal."""

from typing import NamedTuple

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from geo.record.refusals import Refused
from moderation.intake.sealing import SealError
from moderation.review.actions import Stale
from moderation.review.transitions import NotAllowed

NO_MEMBER = _("This account belongs to no active member of the team.")
SIGNED_OUT = _(
    "You are signed out. Go back: what you typed is still there."
    " Sign in in another window, then send it again."
)
NOT_FRESH = _(
    "Confirm with your second factor first: the last time was some minutes ago. Nothing was changed."
    " Then go back: what you typed is still there, but for the passphrase."
)
CHANGED = _(
    "Somebody changed this case since you opened the page. Nothing was done; what you typed is below."
)
NOT_IN_THIS_STATE = _("The case is in a state in which this is not possible any more. Nothing was changed.")
AWAY = _("A part of the site is away for the moment. Nothing was changed; try again in a minute.")
KEY_MISSING = _("This text cannot be opened: the key that it was sealed for is not here.")

FORBIDDEN = frozenset(
    {
        "wrong_passphrase",
        "wrong_role",
        "same_person",
        "own_case",
        "invitation_pair",
        "senior_decides",
        "conflict",
        "took_part",
        "one_senior",
        "own_request",
        "file_tie",
    }
)
MEANWHILE = frozenset(
    {
        "other_content",
        "changed_meanwhile",
        "draft_replaced",
        "decided_meanwhile",
        "published_meanwhile",
        "school_changed",
        "small_school",
        "verdict_running",
        "record_exists",
        "case_running",
        "hidden_before",
        "hidden_longer",
        "brake",
        "brake_over",
        "paused",
        "pause_over",
        "is_member",
        "change_over",
        "no_record",
        "already_enrolled",
        "not_in_this_state",
        "proof_holds",
        "time_to_object",
        "notice_missing",
        "notice_window",
        "unknown_item",
        "first_has_left",
        "register_over",
        "file_open",
        "file_over",
        "file_undecided",
        "directory_changed",
        "change_waits",
        "entry_changed",
    }
)
UNKNOWN = frozenset(
    {
        "unknown_case",
        "unknown_school",
        "unknown_proposal",
        "unknown_member",
        "unknown_correction",
        "unknown_request",
    }
)


class Said(NamedTuple):
    sentence: str
    status: int


def said(problem: Exception) -> Said | None:
    """The sentence and HTTP status of a refusal; None for an exception that is no refusal."""
    if isinstance(problem, Refused):
        return Said(str(problem), _status(problem.code))
    if isinstance(problem, Stale):
        return Said(str(CHANGED), 409)
    if isinstance(problem, NotAllowed):
        return Said(str(NOT_IN_THIS_STATE), 409)
    if isinstance(problem, SealError):
        return Said(str(KEY_MISSING), 409)
    if isinstance(problem, RedisError | OperationalError):
        return Said(str(AWAY), 503)
    return None


def _status(code: str) -> int:
    if code in FORBIDDEN:
        return 403
    if code in MEANWHILE:
        return 409
    if code in UNKNOWN:
        return 404
    return 410 if code == "link_spent" else 422


def page(request: HttpRequest, sentence: object, *, status: int, next_step: str = "") -> HttpResponse:
    """`next_step` is the address at which whoever was refused can do something about it."""
    context = {"sentence": sentence, "next_step": next_step}
    return render(request, "staff/sentence.html", context, status=status)
