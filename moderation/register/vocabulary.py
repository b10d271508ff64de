"""Codes of the registrar's desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """What of the curated tables a change is about (SAFEGUARDS A1)."""

    PUBLISHER = "publisher", _("Publisher")
