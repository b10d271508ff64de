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
    PUBLISHED = "published", _("Decided: the school's record is public")
    NOT_PUBLISHED = "not_published", _("Decided: nothing is published")
    WITHDRAWN = "withdrawn", _("Withdrawn by you: text and contact are deleted")
