"""Shapes of what is typed at the registrar's desk; the rules are in moderation/register/sql."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from geo.directory.models import School
from geo.record.models import Publisher
from geo.record.vocabulary import PublisherKind
from moderation.register.vocabulary import Choice, DifferenceKind, FileKind, How
from moderation.staff.forms import Passphrase

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
FIELDS = ("kind", "name_ko", "name_en", "url", "article_pattern", "active")


class PublisherForm(forms.Form):
    """One entry of the curated list; code and kind of an existing one stay as they are."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Small letters, digits and hyphens; it never changes.")
    )
    kind = forms.ChoiceField(label=_("Kind of publisher"), choices=PublisherKind)
    name_ko = forms.CharField(label=_("Korean name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    url = forms.CharField(
        label=_("Address of an article"),
        required=False,
        max_length=200,
        help_text=_(
            "With {article} where the number goes: https://www.example.org/news/{article}."
            " Empty: its pages are never linked."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    article_pattern = forms.CharField(
        label=_("Pattern of the number"),
        required=False,
        max_length=100,
        help_text=_("[0-9] with how many, and fixed signs: [0-9]{8,12} or AKR[0-9]{17}. Never words."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    active = forms.BooleanField(
        label=_("May be cited as new evidence"),
        required=False,
        initial=True,
        help_text=_("Take it off to end this publisher: what cites it stays, nothing new can."),
    )
    passphrase = Passphrase()

    def __init__(self, *args: Any, publisher: Publisher | None = None, **kwargs: Any) -> None:
        if publisher:
            kwargs["initial"] = {name: getattr(publisher, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        self.publisher = publisher
        if publisher:
            del self.fields["code"], self.fields["kind"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not CODE.fullmatch(code):
            raise ValidationError(_("Small letters, digits and hyphens only."))
        if Publisher.objects.filter(pk=code).exists():
            raise ValidationError(_("There is a publisher with this code already."))
        return code

    def wanted(self) -> dict[str, Any]:
        """The whole entry, as `register_ask` takes it."""
        kind = {"kind": self.publisher.kind} if self.publisher else {}
        return {name: value for name, value in (self.cleaned_data | kind).items() if name in FIELDS}


class ConfirmForm(forms.Form):
    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    passphrase = Passphrase()


class SuccessorForm(forms.Form):
    """What became of a school that closed or left."""

    successor = forms.CharField(
        label=_("Which school it became"),
        max_length=20,
        help_text=_("Its number in the register; it stands on the school's page."),
    )
    how = forms.ChoiceField(label=_("How"), choices=How, widget=forms.RadioSelect)
    since = forms.DateField(
        label=_("From which day on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    passphrase = Passphrase()

    def clean_successor(self) -> str:
        number: str = self.cleaned_data["successor"].strip()
        if not School.objects.filter(pk=number).exists():
            raise ValidationError(_("There is no school with this number in the register."))
        return number

    def wanted(self) -> dict[str, str]:
        """The whole entry, as `register_ask` takes it."""
        data = self.cleaned_data
        return {"successor": data["successor"], "how": data["how"], "since": data["since"].isoformat()}


class FileForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the file is"), choices=FileKind, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("The official file, as it was downloaded"),
        help_text=_("CSV in UTF-8 or CP949, at most 16 MB. A larger one is imported from the command line."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a CSV file of at most 16 MB.")},
    )
    passphrase = Passphrase()


class ChoiceForm(forms.Form):
    """One difference, or all of a kind."""

    choice = forms.ChoiceField(choices=[*Choice.choices, ("undo", "")])
    difference = forms.IntegerField(required=False, min_value=1)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *DifferenceKind.choices])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("difference")) == bool(data.get("kind")):
            raise ValidationError(_("Choose from what the page shows."))
        if data.get("kind") and data.get("choice") == "undo":
            raise ValidationError(_("Choose from what the page shows."))
        return data


class DifferenceFilter(forms.Form):
    kind = forms.ChoiceField(required=False, choices=[("", ""), *DifferenceKind.choices])
    choice = forms.ChoiceField(required=False, choices=[("", ""), ("none", ""), *Choice.choices])
    touched = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1)
