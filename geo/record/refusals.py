"""Calls of the database functions that hold the rules, and their refusals as one exception."""

from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

REFUSED = "MS000"  # the SQLSTATE that our functions raise; the message is a code

SENTENCES = {
    "wrong_passphrase": _("This is not your approval passphrase. Nothing was changed."),
    "wrong_role": _("Your role does not allow this."),
    "same_person": _("You have already given your verdict; another person has to give the second one."),
    "own_case": _("You entered this case; two other people have to decide it."),
    "invitation_pair": _("One of you invited the other. A third person has to give the second verdict."),
    "senior_decides": _("The two verdicts differ. A senior decides now."),
    "conflict": _("You have declared a tie to this school or its district; somebody else has to decide."),
    "other_district": _("The district that you chose is not this school's. Please check which school it is."),
    "other_content": _("The draft is not the one that you were shown. Reload the page and read it again."),
    "draft_replaced": _("A newer draft exists. Reload the page and read it again."),
    "decided_meanwhile": _("This case was decided meanwhile. Nothing was changed."),
    "published_meanwhile": _("The record was changed meanwhile. Prepare the draft again."),
    "school_changed": _("The school's entry in the register changed meanwhile. Prepare the draft again."),
    "no_room": _(
        "Too few small schools of this region are left that could be meant: publishing another would name it."
    ),
    "small_school": _("The school has become too small to be named. Prepare the draft again."),
    "grade_never_public": _(
        "A single source or hearsay is never published. Add evidence, or do not approve."
    ),
    "evidence_changed": _("The evidence changed since the draft was made. Prepare the draft again."),
    "verdict_running": _(
        "A verdict on the current draft exists; the draft stays as it is until the second one."
    ),
    "two_people": _("Two people without ties have to approve exactly this content first."),
    "record_exists": _(
        "There is a record of this school and month already. Open its page and ask for a check there:"
        " this case is then about that record."
    ),
    "no_pair": _(
        "You and the person who approved are no pair: one of you invited the other. Another senior has to approve;"
        " you can still reject, and two seniors can invite one more."
    ),
    "no_record": _("There is no public record that this could change."),
    "month": _("The month has to be a past or the present month."),
    "unknown_school": _("There is no such school here."),
    "unknown_case": _("There is no such case."),
    "unknown_proposal": _("There is no such draft."),
    "unknown_kind": _("There is no such kind of draft."),
    "unknown_role": _("There is no such role."),
    "link_spent": _("This link was used already or is too old. Ask two seniors for a new one."),
    "passphrase_length": _("An approval passphrase has 16 to 72 characters."),
    "already_enrolled": _("This account has an approval passphrase already."),
    "release_in_the_future": _("A release cannot lie in the future."),
    "unknown_reason": _("This reason does not fit what is done."),
    "unknown_verdict": _("There is no such verdict."),
    "isolation": _("Decisions are made on what is true now. Nothing was changed; please try again."),
    "case_running": _("Another case about this school and month is open. Decide that one first."),
    "hide_length": _("A hide lasts from 1 to 72 hours."),
    "hidden_before": _("You have hidden this record once before. Another person has to do it now."),
    "hidden_longer": _("The record is hidden for longer than that already."),
    "brake": _(
        "Much was published in this region in a short time, so publication there has stopped."
        " A senior who gave no verdict here has to release it; then give your verdict again."
    ),
    "brake_over": _("This brake is released or over already."),
    "release_amount": _("A release lets from 1 to 100 publications through."),
    "unknown_member": _("There is no such active member."),
    "is_member": _("There is an account with this address already."),
    "change_over": _(
        "This change of the team was confirmed already, is too old, or has lost its first senior."
    ),
    "no_duplicate": _("No record of this school and month is on the map: this case is no duplicate."),
    "unknown_tie": _("A tie is to one school or one region of the register."),
    "unknown_question": _("There is no such question, or no such report in this case."),
    "asked_before": _("This was asked before; the reporter sees it with the receipt."),
    "notice_missing": _(
        "The school was not told yet. Tell it through the register's contact, and say so in the case."
    ),
    "notice_window": _("The school can still answer. Give your verdict again when its time is over."),
    "no_register_contact": _("The register has no such contact of this school."),
    "unknown_correction": _("There is no such request."),
    "unknown_request": _("There is no such request."),
    "unknown_item": _("One of these is not there any more. Look for it again."),
    "not_theirs": _(
        "Only what the request's own words open is told: otherwise anybody could ask whether somebody reported a school."
    ),
    "ground_tells": _(
        "The request's words open nothing, so there is one reason alone: any other would tell that something is held."
    ),
    "too_many_items": _("At most 50 parts in one answer, so that a second person can look at each of them."),
    "items_and_verdict": _("Choose what it is about, or refuse it with a reason and choose nothing."),
    "one_senior": _("One of the two has to be a senior."),
    "first_has_left": _("The first person is no member any more. Send it back and look at it again."),
    "not_in_this_state": _("The request is in a state in which this is not possible. Nothing was changed."),
    "no_register_phone": _("The register has no telephone number of this school: use the other two proofs."),
    "no_register_fax": _("The register has no fax number of this school: send a letter through the office."),
    "no_own_host": _(
        "No mail can prove anything here: the school has no host of its own in the register, or no address was given."
    ),
    "proof_holds": _("This proof holds already."),
    "nothing_to_confirm": _("There is nothing to confirm: the code was not typed, or no number was given."),
    "two_proofs": _("Two different proofs have to hold first."),
    "time_to_object": _("The school can still object. Nothing can be judged before that time is over."),
    "changed_meanwhile": _(
        "Somebody did something to this request since you opened the page. Nothing was done; what you chose is below."
    ),
    "took_part": _("You had a part in the first decision. Two others decide about the appeal."),
    "paused": _("Publication is paused here. Nothing was changed; give your verdict when the pause is over."),
    "pause_length": _("A pause lasts from one hour to seven days, one of reading three days at most."),
    "own_pause_again": _("You began the last pause of reading; a longer one needs another senior."),
    "pause_over": _("This pause is over already."),
    "own_pause": _("You began this pause; another senior has to end it before its time."),
    "own_request": _("You asked for this; another person has to confirm it."),
    "register_over": _(
        "This was confirmed or put aside already, or whoever asked for it has left the team. Ask for it again."
    ),
    "change_waits": _(
        "A change of this entry waits for its second person already. Confirm it or put it aside."
    ),
    "entry_changed": _("The entry was changed since this was asked for. Put it aside and ask again."),
    "nothing_changes": _("The entry is like that already."),
    "publisher_shape": _(
        "A publisher has a code of small letters, digits and hyphens, a kind and two names."
    ),
    "publisher_kind": _("The kind stays: grades rest on it. Add another publisher and end this one."),
    "publisher_url": _(
        "The address begins with https:// and the publisher's own host, and has {article} once, after the host;"
        " with it comes a pattern, without it none."
    ),
    "publisher_pattern": _(
        "An article number is digits: write [0-9] with how many, and fixed signs around it. Whatever lets words"
        " through would let a name through."
    ),
    "file_open": _("A file of this kind is open already. Apply it or drop it first."),
    "file_over": _("This file was applied or dropped already."),
    "file_part": _(
        "More than a fifth of the schools would leave the register: this looks like part of a file. Nothing was taken."
    ),
    "file_undecided": _("Some differences are neither accepted nor refused yet."),
    "file_tie": _(
        "You, or the first of the two, have a tie to a school that this file changes. Keep that school as it is, or let"
        " others apply the file."
    ),
    "directory_changed": _(
        "The directory was changed since the file was compared. Drop it and send it again."
    ),
    "school_open": _(
        "The school is in operation in the register. Only one that closed or left it can have become another one."
    ),
    "successor_gone": _("That is no other school in operation. Name the one that it is part of today."),
    "successor_shape": _("Say which school it became, how, and from which day on."),
    "wrong_code": _("This is not the code that the other senior gave you."),
}


class Refused(Exception):
    """The database refused an action; `code` says why, `str()` is a sentence in the reader's language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(SENTENCES.get(self.code, self.code))


def call(function: str, *arguments: Any) -> Any:
    """The single value of `SELECT function(arguments)`, inside the caller's transaction or one of its own.

    Bound on the server, so that a passphrase is never part of a statement's text (TWO_PEOPLE, traps).

    Raises:
        Refused: the function said no; everything it did is undone.
    """
    places = ", ".join(["%s"] * len(arguments))
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            try:
                cursor.execute(f"SELECT {function}({places})", arguments)
            except psycopg.DatabaseError as error:
                if error.sqlstate == REFUSED:
                    raise Refused(str(error.diag.message_primary)) from None
                raise
            row = cursor.fetchone()
    return row[0] if row else None
