"""Codes of casework."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REVIEWER = "reviewer", _("Reviewer")
    SENIOR = "senior", _("Senior")
    REGISTRAR = "registrar", _("Registrar")
    AUDITOR = "auditor", _("Auditor")


class TieKind(models.TextChoices):
    """How a member may be too close to a case (SAFEGUARDS B6)."""

    STUDIED = "studied", _("Studied there")
    WORKED = "worked", _("Worked there")
    FAMILY = "family", _("Family there")
    LIVES = "lives", _("Lives in the district")


class CaseState(models.TextChoices):
    OPEN = "open", _("Open")
    DRAFTED = "drafted", _("Draft ready, no verdict yet")
    SECOND = "second", _("Waiting for the second person")
    DISAGREED = "disagreed", _("The two disagree: a senior decides")
    INFORMATION = "information", _("More information needed")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Not published")


class CaseKind(models.TextChoices):
    """Why a case was opened."""

    REPORT = "report", _("A report")
    CHECK = "check", _("A check of a public record")


class ChangeKind(models.TextChoices):
    """A change of the team that two seniors make (SAFEGUARDS B5)."""

    INVITE = "invite", _("Joins")
    LEAVE = "leave", _("Leaves")
    RENEW = "renew", _("Gets new keys")


class GroupedBy(models.TextChoices):
    """Why a report stands in its group (SAFEGUARDS B4)."""

    FIRST = "first", _("The first of its group")
    TEXT = "text", _("Same or near-identical text")
    LINK = "link", _("Same link")
    NETWORK = "network", _("Same network on the same day")
    MINUTE = "minute", _("Same minute, and no text to tell them apart")
    SPLIT = "split", _("Split off by a reviewer")
    JOINED = "joined", _("Joined by a reviewer")


class LinkState(models.TextChoices):
    """What became of a linked page since somebody confirmed that it names nobody (SAFEGUARDS A2)."""

    SAME = "same", _("As it was confirmed")
    EDITED = "edited", _("Edited since it was confirmed")
    GONE = "gone", _("Gone")
    AWAY = "away", _("Could not be read")


class NoticeChannel(models.TextChoices):
    """How a school was told of a coming publication; only what the register has (SAFEGUARDS B10)."""

    PHONE = "phone", _("Call to the register's telephone")
    FAX = "fax", _("Fax to the register's number")
    LETTER = "letter", _("Letter, through the education office")


class ProposalKind(models.TextChoices):
    PUBLISH = "publish", _("Publish")
    CORRECT = "correct", _("Correct")
    WITHDRAW = "withdraw", _("Withdraw")
    RESTORE = "restore", _("Show again")


class Verdict(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    INFORMATION = "information", _("More information needed")


class EvidenceGrade(models.TextChoices):
    """SAFEGUARDS B3; E never leaves casework."""

    A = "A", _("An official act names the school")
    B = "B", _("The school's own verified notice")
    C = "C", _("Two press outlets with independent sourcing")
    D = "D", _("Two independent first-hand reporters and a document that a reviewer saw")
    E = "E", _("A single source, or hearsay")
