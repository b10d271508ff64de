"""Every code of a request under the Personal Information Protection Act (개인정보 보호법), articles 35 and 36."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Wish(models.TextChoices):
    ERASE = "erase", _("Delete it")
    ACCESS = "access", _("Tell me what is held, and delete nothing")


class State(models.TextChoices):
    """How far a request is; `received` is the absence of any step."""

    RECEIVED = "received", _("Received: somebody of the team looks for what is held")
    PROPOSED = "proposed", _("Looked at by one person: a second one decides")
    DECIDED = "decided", _("Decided by two people")
    WITHDRAWN = "withdrawn", _("Withdrawn by you: what you wrote is deleted")
    LAPSED = "lapsed", _("Ended without an answer, which is our fault: what you wrote is deleted; ask again")


class Verdict(models.TextChoices):
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")


class Ground(models.TextChoices):
    """Why a request is refused, or granted in part alone: coded, so that nobody's words stand in a letter.

    Where the request's words open nothing, `NOT_SHOWN` is the only one, whether something is held or not.
    """

    NOT_SHOWN = (
        "not_shown",
        _(
            "Nothing is held that can be shown to be yours. Alerts by mail were not looked for: the link in each of"
            " them ends them"
        ),
    )
    OTHERS_RIGHTS = "others_rights", _("It is another person's, whose rights it would harm")
    LEGAL_DUTY = "legal_duty", _("Another law says that it has to be kept")
    NOT_PERSONAL = "not_personal", _("It is about a school and not about a person")


# What each ground rests on, for the statement of reasons.
RULES = {
    Ground.NOT_SHOWN: _(
        "Enforcement Decree of the Act, article 46 (1): whoever asks has to be the person, or act for them."
    ),
    Ground.OTHERS_RIGHTS: _("Personal Information Protection Act, article 35 (4), number 2."),
    Ground.LEGAL_DUTY: _("Personal Information Protection Act, article 36 (1), second sentence."),
    Ground.NOT_PERSONAL: _(
        "Personal Information Protection Act, article 2, number 1. A school has a way of its own: corrections."
    ),
}


class Part(models.TextChoices):
    """What can be erased, each by itself; codes of a case are about a school and stay."""

    REPORT_TEXT = "report_text", _("What was written in a report, and all that was computed from it")
    REPORT_CONTACT = "report_contact", _("How to reach the reporter")
    REPORT_ANSWERS = "report_answers", _("What the reporter answered to questions")
    CORRECTION_TEXT = "correction_text", _("The explanation of a school's request")
    CORRECTION_DOCUMENT = "correction_document", _("The document's number in a school's request")
    CORRECTION_MAIL = "correction_mail", _("The mail address of a school's request")
