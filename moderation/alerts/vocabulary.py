"""Codes of alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import Action

# What subscribers are told; that a record is out of sight for some days is not news (SAFEGUARDS B7).
TOLD = (Action.PUBLISHED, Action.CORRECTED, Action.DISPUTED, Action.WITHDRAWN)


class Way(models.TextChoices):
    """How news travels; each is one file in `sending`."""

    MAIL = "mail", _("Mail")


class State(models.TextChoices):
    """What a link says about its subscription; "unknown" for any link that leads to none."""

    UNKNOWN = "unknown", _("This link leads to no subscription: it was ended, or never confirmed.")
    ASKED = "asked", _("Not confirmed yet: nothing is sent.")
    CONFIRMED = "confirmed", _("Confirmed: changes are sent.")
