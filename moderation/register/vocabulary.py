"""Codes of the registrar's desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """What of the curated tables a change is about (SAFEGUARDS A1)."""

    PUBLISHER = "publisher", _("Publisher")
    SUCCESSOR = "successor", _("Successor of a school")


class How(models.TextChoices):
    """What became of a school; codes of geo.directory.models.Succession.How."""

    MERGED = "merged", _("It became part of the other one")
    RENUMBERED = "renumbered", _("It is the same school under another number")


class FileKind(models.TextChoices):
    """Official files that the desk takes; a kind of geo.directory.models.Import each."""

    SCHOOLS = "schools", _("Schools: 전국초중등학교위치표준데이터")
    CONTACTS = "contacts", _("Contacts: NEIS 학교기본정보")
    UNIVERSITIES = "universities", _("Campuses: 전국대학및전문대학정보표준데이터")


class DifferenceKind(models.TextChoices):
    """What a file would change at one school; codes of geo.directory.report.Kind."""

    ADDED = "added", _("Added")
    RENAMED = "renamed", _("Renamed")
    MOVED = "moved", _("Moved more than 1 km")
    DISTRICT = "district", _("In another district")
    CLOSED = "closed", _("Closed")
    LEFT = "left", _("No longer in the file")
    RETURNED = "returned", _("Back in the file")
    CONTACT = "contact", _("Contact")
    DETAILS = "details", _("Changed otherwise")
    DOUBTFUL = "doubtful", _("Doubtful")
    REFUSED = "refused", _("Left out")


class Choice(models.TextChoices):
    """What was decided about one difference."""

    ACCEPT = "accept", _("Accept")
    REFUSE = "refuse", _("Keep as it is")
