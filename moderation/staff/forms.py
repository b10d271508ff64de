"""Shapes of what staff type. What is allowed is decided by `moderation.review` and by the database."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.directory.models import Region
from geo.record.models import Publisher
from geo.record.vocabulary import OFFICIAL, PublisherKind, Reason
from moderation.intake.vocabulary import QuestionCode, VerdictReason
from moderation.review.vocabulary import EvidenceGrade, ProposalKind, TieKind, Verdict

PASSPHRASE_SHORTEST, PASSPHRASE_LONGEST = 16, 72  # characters, and bytes of UTF-8 (bcrypt reads no more)
ARTICLE = re.compile(r"[A-Za-z0-9._-]{1,40}")  # as the database has it in review_sources
PUBLISHERS_OF = {
    EvidenceGrade.A: frozenset(OFFICIAL),
    EvidenceGrade.B: frozenset({PublisherKind.SCHOOL}),
    EvidenceGrade.C: frozenset({PublisherKind.PRESS}),
}


class Passphrase(forms.CharField):
    """The approval passphrase: never shown again, never stripped, never remembered by the browser."""

    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, max_length=200, label=_("Your approval passphrase"), **kwargs)


class Untied(forms.BooleanField):
    """Said anew with each verdict (SAFEGUARDS B6): ties that were declared before take the case away by themselves."""

    def __init__(self) -> None:
        super().__init__(
            label=_("I have no tie to this school: I know nobody there whom this concerns"),
            error_messages={
                "required": _(
                    "Whoever has a tie does not decide: declare it, and the case leaves your queue."
                )
            },
        )


class District(forms.ChoiceField):
    """A district of the register, chosen again by hand; "" where the register has none.

    `everywhere` names the empty choice of a form in which it means the whole country.
    """

    def __init__(self, *, everywhere: Any = "", **kwargs: Any) -> None:
        super().__init__(choices=partial(_districts, everywhere), **kwargs)

    def clean(self, value: Any) -> str | None:
        chosen = super().clean(value)
        return None if chosen == "none" else chosen


def _districts(everywhere: Any) -> list[tuple[str, Any]]:
    """Districts by province; a province without districts stands for itself."""
    shown = "name_en" if get_language() == "en" else "name_ko"
    regions = list(Region.objects.filter(valid_until=None).values_list("code", "parent_id", shown, "level"))
    inside: dict[str, list[tuple[str, str]]] = {}
    for code, parent, name, _level in regions:
        if parent:
            inside.setdefault(parent, []).append((code, name))
    groups: list[tuple[str, Any]] = [("", everywhere or _("Choose the district"))]
    for code, _parent, name, level in sorted(regions, key=lambda row: row[2]):
        if level == Region.Level.PROVINCE:
            inner = sorted(inside.get(code, []), key=lambda pair: pair[1])
            groups.append((name, [(code, _("%(province)s, no district") % {"province": name}), *inner]))
    return groups if everywhere else [*groups, ("none", _("The register names none"))]


class PublisherField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Publishers of the curated table by name and kind."""

    def label_from_instance(self, publisher: Publisher) -> str:
        name = publisher.name_en if get_language() == "en" else publisher.name_ko
        return f"{name} ({publisher.get_kind_display()})"


class ClaimForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ListOf(forms.Field):
    """Every value that was sent under one name, each as `shape` reads it."""

    widget = forms.MultipleHiddenInput

    def __init__(self, shape: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = shape

    def to_python(self, value: Any) -> list[Any]:
        try:
            return [self.shape(each) for each in value or []]
        except (ValueError, TypeError) as error:
            raise ValidationError(_("Choose from what the page shows."), code="invalid") from error


class SplitForm(ClaimForm):
    submissions = ListOf(UUID, error_messages={"required": _("Choose the reports to split off.")})


class JoinForm(ClaimForm):
    groups = ListOf(int, error_messages={"required": _("Choose at least two groups to join.")})


class RevealForm(forms.Form):
    submission = forms.UUIDField()
    part = forms.ChoiceField(choices=[("text", ""), ("contact", "")])


class AskForm(forms.Form):
    submission = forms.UUIDField()
    question = forms.ChoiceField(choices=QuestionCode)


class EvidenceForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    grade = forms.ChoiceField(
        label=_("What kind of evidence"), choices=EvidenceGrade, widget=forms.RadioSelect
    )
    publisher = PublisherField(
        label=_("Publisher"),
        queryset=Publisher.objects.filter(active=True).order_by("kind", "name_ko"),
        required=False,
        empty_label=_("none"),
        help_text=_("Only publishers of the curated list. None for a document that you saw, or for hearsay."),
    )
    article = forms.CharField(
        label=_("Article number"),
        required=False,
        max_length=300,
        help_text=_("The number in the page's address, or the whole address."),
    )
    names_nobody = forms.BooleanField(
        label=_("I opened the page: it names no student, no victim and no suspect"),
        required=False,
        help_text=_("Otherwise leave this open: the publisher is then shown without a link."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        grade, publisher = data.get("grade"), data.get("publisher")
        data["article"] = data.get("article", "").strip()
        if grade in PUBLISHERS_OF and not publisher:
            self.add_error("publisher", _("This kind of evidence needs a publisher."))
        elif (
            publisher and grade in PUBLISHERS_OF and publisher.kind not in PUBLISHERS_OF[EvidenceGrade(grade)]
        ):
            self.add_error("publisher", _("A publisher of this kind does not carry this grade."))
        elif publisher and data["article"]:
            self._check_article(publisher, data)
        elif data["article"]:
            self.add_error("article", _("An article number needs its publisher."))
        return data

    def _check_article(self, publisher: Publisher, data: dict[str, Any]) -> None:
        article = article_number(publisher, data["article"])
        pattern = publisher.article_pattern
        if not (publisher.url and pattern):
            self.add_error("article", _("Pages of this publisher are not linked: leave the number out."))
        elif not (ARTICLE.fullmatch(article) and re.fullmatch(pattern, article)):
            self.add_error("article", _("This is not an article number of this publisher."))
        data["article"] = article


def article_number(publisher: Publisher, typed: str) -> str:
    """The number in an address of this publisher; anything else comes back as it was typed."""
    before, place, after = publisher.url.partition("{article}")
    if place and typed.startswith(before) and typed.endswith(after):
        return typed[len(before) : len(typed) - len(after)]
    return typed


class DraftForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What the draft does"), choices=ProposalKind)
    month = forms.CharField(
        label=_("Month of the incident"), help_text=_("Year and month, for example 2026-08."), max_length=7
    )
    reason = forms.ChoiceField(label=_("Reason, as the public log will say it"), choices=Reason)
    passphrase = Passphrase(help_text=_("So that the draft is truly yours."))

    def __init__(self, *args: Any, has_record: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        publish = ProposalKind.PUBLISH
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            choice for choice in ProposalKind.choices if (choice[0] == publish) != has_record
        ]
        if not has_record:
            self.fields["reason"].choices = [(Reason.CONFIRMED.value, Reason.CONFIRMED.label)]  # type: ignore[attr-defined]

    def clean_month(self) -> dt.date:
        typed = self.cleaned_data["month"]
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", typed) or typed < "2000":
            raise ValidationError(_("Type the month as year and month, for example 2026-08."))
        return dt.date.fromisoformat(f"{typed}-01")


class VerdictForm(forms.Form):
    proposal = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Your verdict"), choices=Verdict, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose the reason")), *VerdictReason.choices])
    district = District(
        label=_("In which district is the school?"),
        help_text=_("Look it up above and choose it again: it keeps schools of the same name apart."),
    )
    opened = forms.BooleanField(
        label=_("I opened every linked page: none names a student, a victim or a suspect"), required=False
    )
    untied = Untied()
    passphrase = Passphrase()

    def __init__(self, *args: Any, linked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linked = linked
        if not linked:
            del self.fields["opened"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        approves = data.get("verdict") == Verdict.APPROVE
        both = data.get("reason") and data.get("verdict")
        if both and approves != (data["reason"] == VerdictReason.SUFFICIENT):
            self.add_error("reason", _("This reason does not fit this verdict."))
        if approves and self.linked and not data.get("opened"):
            self.add_error("opened", _("Open each linked page before you approve."))
        data.pop("untied", None)  # to have given the verdict is to have said it
        return data


class TieForm(forms.Form):
    kind = forms.ChoiceField(label=_("What ties you to it"), choices=TieKind, widget=forms.RadioSelect)
    school = forms.CharField(
        label=_("School"),
        required=False,
        max_length=20,
        help_text=_("Its number in the register; it stands on the school's page."),
    )
    region = District(label=_("Or a whole district or province"), required=False)
    passphrase = Passphrase()

    def clean_school(self) -> str | None:
        from geo.directory.models import School

        number = self.cleaned_data["school"].strip()
        if number and not School.objects.filter(pk=number).exists():
            raise ValidationError(_("There is no school with this number in the register."))
        return number or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["region"] = data.get("region") or None
        if not self.errors and bool(data.get("school")) == bool(data["region"]):
            raise ValidationError(_("Name one school, or one district."))
        return data


class EnrolForm(forms.Form):
    password = forms.CharField(
        label=_("A new password, for signing in"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters."),
    )
    passphrase = forms.CharField(
        label=_("An approval passphrase, for decisions"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "At least 16 characters, and not the password. Nobody can read it or set it for you again."
        ),
    )
    again = forms.CharField(
        label=_("The approval passphrase again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    code = forms.CharField(
        label=_("The code from the senior who asked for you"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Leave it empty if nobody gave you one: the first members of a site have none."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def clean_passphrase(self) -> str:
        passphrase: str = self.cleaned_data["passphrase"]
        if len(passphrase) < PASSPHRASE_SHORTEST or len(passphrase.encode()) > PASSPHRASE_LONGEST:
            raise ValidationError(_("An approval passphrase has 16 to 72 characters."))
        return passphrase

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passphrase") and data["passphrase"] == data.get("password"):
            self.add_error(
                "passphrase", _("Choose another one: the password alone must not be enough to decide.")
            )
        if data.get("passphrase") and data.get("again") != data["passphrase"]:
            self.add_error("again", _("The two differ."))
        return data


class AuditFilter(forms.Form):
    action = forms.CharField(label=_("What"), required=False, max_length=40)
    subject_id = forms.CharField(label=_("Case, draft, record or person"), required=False, max_length=40)
    member = forms.IntegerField(label=_("Who"), required=False, min_value=1)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=_("Through"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
