"""What a person answers in an exercise, besides grades and reasons, which are those of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    INFORMATION = "information", _("More information needed")
    TIE = "tie", _("Declare a tie and leave the case to others")


class Shown(models.TextChoices):
    """What readers of the map would see if two people did as you do."""

    SCHOOL = "school", _("The school, by its name")
    REGION = "region", _("Only the region in which it lies")
    NOTHING = "nothing", _("Nothing")
