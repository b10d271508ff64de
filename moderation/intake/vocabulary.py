"""Every code that a report carries; the form shows their translations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened."""

    PUPILS = "pupils", _("Deepfake images or videos of pupils")
    TEACHERS = "teachers", _("Deepfake images or videos of teachers")
    THREAT = "threat", _("Threats or extortion with such images")
    CHAT_ROOM = "chat_room", _("A chat room that collects or shares such images")
    OTHER = "other", _("Another sexual crime with edited images")


class HowKnown(models.TextChoices):
    """How the reporter knows; all but a friend's story and hearsay are first hand."""

    VICTIM = "victim", _("It happened to me")
    FAMILY = "family", _("It happened to my child or family")
    FRIEND = "friend", _("It happened to a friend or classmate")
    STAFF = "staff", _("I work at the school")
    WITNESS = "witness", _("I saw it online myself")
    HEARSAY = "hearsay", _("I heard about it")


class Progress(models.TextChoices):
    """What a receipt shows of a report; `received` is the absence of a step."""

    RECEIVED = "received", _("Received: it waits for a reviewer")
    IN_REVIEW = "in_review", _("Under review by two people")
    INFORMATION = "information", _("Two reviewers need more before they can decide")
    PUBLISHED = "published", _("Decided: the school's record is public")
    NOT_PUBLISHED = "not_published", _("Decided: nothing is published")
    WITHDRAWN = "withdrawn", _("Withdrawn by you: text and contact are deleted")


class VerdictReason(models.TextChoices):
    """Why somebody did or did not approve; the reporter sees the code by receipt."""

    SUFFICIENT = "sufficient", _("The evidence is sufficient")
    WRONG_SCHOOL = "wrong_school", _("It may be another school")
    WEAK_EVIDENCE = "weak_evidence", _("The evidence is not strong enough")
    NOT_INDEPENDENT = "not_independent", _("The sources are not independent")
    NAMES_A_PERSON = "names_a_person", _("The source names a student, a victim or a suspect")
    OUT_OF_SCOPE = "out_of_scope", _("It is not about this kind of crime")
    DUPLICATE = "duplicate", _("It is already on the map")


class QuestionCode(models.TextChoices):
    """What a reviewer may ask a reporter, and nothing else (SAFEGUARDS C5)."""

    RIGHT_SCHOOL = "right_school", _("Is it certain that it was this school, and none of a similar name?")
    RIGHT_MONTH = "right_month", _("Did it happen in the month that you chose?")
    FIRST_HAND = "first_hand", _("Do you know it yourself, and not only from what others told?")
    SCHOOL_KNOWS = "school_knows", _("Does the school or the education office know of it?")
    POLICE_KNOW = "police_know", _("Was it reported to the police?")
    PUBLIC_NOTICE = "public_notice", _("Is there a public notice or an article that says so?")
    DOCUMENT = "document", _("Could you show a reviewer a letter or notice, which nobody keeps?")


class AnswerCode(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("I do not know")
