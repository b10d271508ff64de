"""Shapes of what staff type about a request under the privacy act."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.erasure.inbox.vocabulary import Ground, Part, Verdict
from moderation.staff.forms import Passphrase

_ITEM = re.compile(rf"({'|'.join(Part.values)}):([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")


class ItemsField(forms.MultipleChoiceField):
    """Items as "part:id", whichever were found; the database looks whether they exist."""

    def valid_value(self, value: Any) -> bool:
        return _ITEM.fullmatch(value) is not None


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("What to look for"),
        max_length=400,
        help_text=_(
            "Eight words of a receipt or request, a reference (7KQ4-M2XP), the id of a report or a case, or a school's."
            " What you type is kept nowhere; that you looked is."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StepForm(forms.Form):
    passphrase = Passphrase()


class ProposeForm(StepForm):
    items = ItemsField(required=False)
    verdict = forms.ChoiceField(label=_("Answer"), choices=Verdict.choices, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("Why not, or not all of it"),
        required=False,
        choices=[("", _("It is granted as it was asked")), *Ground.choices],
    )
    typed = ("verdict", "ground", "passphrase")  # the items stand beside what was found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") and (data["verdict"] == Verdict.GRANTED) != (not data.get("ground")):
            self.add_error("ground", _("This reason does not fit this answer."))
        return data


class ConfirmForm(StepForm):
    shown = forms.RegexField("^[0-9a-f]{64}$", widget=forms.HiddenInput)


def parts(items: list[str]) -> list[tuple[str, str]]:
    """Part and id of each item that is one."""
    return [match.groups() for match in map(_ITEM.fullmatch, items) if match]  # type: ignore[misc]
