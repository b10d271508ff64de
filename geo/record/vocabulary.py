"""Every code that a public record may carry; labels are translations of codes (SAFEGUARDS A1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """What kind of evidence stands behind a record (SAFEGUARDS B3). E exists in casework only."""

    A = "A", _("An official act names the school")
    B = "B", _("The school's own verified notice")
    C = "C", _("Two press outlets with independent sourcing")
    D = "D", _("Two independent first-hand reporters and a document that a reviewer saw")


class Status(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("The school disputes this")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(models.TextChoices):
    """What the public log may say about a record (SAFEGUARDS E2)."""

    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Corrected")
    DISPUTED = "disputed", _("Disputed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    HIDDEN = "hidden", _("Hidden for now")
    RESTORED = "restored", _("Shown again")
    REPLIED = "replied", _("The school answered")


class Reason(models.TextChoices):
    """Why something happened to a record."""

    CONFIRMED = "confirmed", _("Two reviewers confirmed the evidence")
    WRONG_SCHOOL = "wrong_school", _("It was another school")
    WRONG_FACTS = "wrong_facts", _("The facts were wrong")
    RESOLVED = "resolved", _("The matter is resolved")
    IDENTIFYING = "identifying", _("It could have identified a person")
    SOURCE_GONE = "source_gone", _("The source no longer stands")
    CHECKING = "checking", _("It is being checked again")
    LAPSED = "lapsed", _("The regular re-check is due")
    CHECKED = "checked", _("The check found it true")
    ENDED = "ended", _("The time of the hide is over")


class Reply(models.TextChoices):
    """A school's own answer beside its record, in fixed words (SAFEGUARDS D6)."""

    REPORTED = "reported", _("The school says that it reported the matter to the police")
    SUPPORTED = "supported", _("The school says that it offered support to those affected")
    DELETION = "deletion", _("The school says that it asked for the images to be deleted")
    PREVENTION = "prevention", _("The school says that it held education on prevention")
    DISPUTES = "disputes", _("The school says that this record is not true")


class BrakeKind(models.TextChoices):
    """What made publication in a region stop (SAFEGUARDS B8)."""

    SHARE = "share", _("Many of the region's schools at once")
    DAY = "day", _("Many publications within a day")


class DeskWork(models.TextChoices):
    """What the moderators decide, and the public figures tell of (SAFEGUARDS D4)."""

    CASES = "cases"
    REQUESTS = "requests"  # of schools, to correct or answer a record


class PauseKind(models.TextChoices):
    """What can be switched off by itself (SAFEGUARDS F2)."""

    INTAKE = "intake", _("No reports are taken")
    PUBLICATION = "publication", _("Nothing new is published")
    READING = "reading", _("Records are not shown")


class PauseReason(models.TextChoices):
    CROWD = "crowd", _("More people came than can be served well")
    ATTACK = "attack", _("The site is being attacked")
    ORDER = "order", _("An authority ordered it")
    FAULT = "fault", _("A fault is being looked into")


class PublisherKind(models.TextChoices):
    POLICE = "police", _("Police")
    PROSECUTION = "prosecution", _("Prosecution")
    EDUCATION_OFFICE = "education_office", _("Education office")
    MINISTRY = "ministry", _("Ministry")
    SCHOOL = "school", _("School")
    PRESS = "press", _("Press")


OFFICIAL = (
    PublisherKind.POLICE,
    PublisherKind.PROSECUTION,
    PublisherKind.EDUCATION_OFFICE,
    PublisherKind.MINISTRY,
)

# What an entry of the public log may give as its reason; an answer is logged code by code.
LOG_REASONS = [*Reason.choices, *Reply.choices]


def reason_label(code: str) -> str:
    return str(dict(LOG_REASONS)[code])
