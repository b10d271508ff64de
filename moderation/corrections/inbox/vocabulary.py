"""Every code of a correction: what is asked, how far it is, what came of it (SAFEGUARDS D)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is wrong (SAFEGUARDS D2)."""

    WRONG_SCHOOL = "wrong_school", _("It was another school")
    WRONG_FACTS = "wrong_facts", _("The month or the source is wrong")
    RESOLVED = "resolved", _("The matter is resolved")
    IDENTIFYING = "identifying", _("A person can be recognised by it")
    REBUTTAL = "rebuttal", _("Nothing is to be changed: our school's answer should stand beside it")


class State(models.TextChoices):
    """How far a request is; `received` is the absence of any step."""

    RECEIVED = "received", _("Received: it waits to be read")
    ACKNOWLEDGED = "acknowledged", _("Read: we are finding out whether the school itself is asking")
    PROVED = "proved", _("Two proofs hold: the school is told next, by fax or letter")
    NOTIFIED = "notified", _("The school is told and can object; two people judge the request after that")
    DISPUTED = "disputed", _("The record is disputed: two people decide about it")
    DECIDED = "decided", _("Decided")
    APPEALED = "appealed", _("Appealed: two other people look at it")
    CLOSED = "closed", _("Decided for good")
    REFUSED = "refused", _("Ended: the school objected to this request")
    LAPSED = "lapsed", _("Ended: thirty days passed without two proofs and a judgement")
    WITHDRAWN = "withdrawn", _("Withdrawn by you: text, number and address are deleted")


class Outcome(models.TextChoices):
    """What a decision did."""

    WITHDRAWN = "withdrawn", _("The record was withdrawn")
    CORRECTED = "corrected", _("The record was corrected")
    STANDS = "stands", _("The record stands")
    REPLIED = "replied", _("The school's answer stands beside the record")
    REFUSED = "refused", _("Nothing was changed")


class Ground(models.TextChoices):
    """Why two people judged a request as they did; part of the statement of reasons (SAFEGUARDS D5)."""

    SUBSTANTIATED = "substantiated", _("The request is substantiated")
    EVIDENCE_STANDS = "evidence_stands", _("The evidence names this school and stands")
    OTHER_RECORD = "other_record", _("The record is not about this school")
    NOT_A_GROUND = "not_a_ground", _("What was explained is no ground for a change")


class ProofKind(models.TextChoices):
    """What can show that the school itself is asking; two different ones are needed (SAFEGUARDS D1)."""

    CALLBACK = "callback", _("A call to the register's telephone")
    DOCUMENT = "document", _("An official document, confirmed by the education office")
    MAIL = "mail", _("A mail to the school's own host in the register")


class Channel(models.TextChoices):
    """How the school was told that somebody asks in its name; never through what the request itself supplied."""

    FAX = "fax", _("Fax, to the register's number")
    LETTER = "letter", _("Letter, through the education office")


class Appeal(models.TextChoices):
    UPHELD = "upheld", _("The first decision is upheld")
    GRANTED = "granted", _("The appeal is granted")
