"""The shape of an answer. It asks for no passphrase: what asks for one is never practice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.intake.vocabulary import VerdictReason
from moderation.review.vocabulary import EvidenceGrade
from moderation.training.vocabulary import Shown, Step


class AnswerForm(forms.Form):
    step = forms.ChoiceField(label=_("What you do"), choices=Step.choices, widget=forms.RadioSelect)
    grade = forms.ChoiceField(
        label=_("Grade that the evidence carries for this school"),
        required=False,
        choices=[
            ("", _("Choose the grade")),
            *((code, f"{code}: {label}") for code, label in EvidenceGrade.choices),
        ],
    )
    reason = forms.ChoiceField(
        label=_("Why"), required=False, choices=[("", _("Choose the reason")), *VerdictReason.choices]
    )
    shown = forms.ChoiceField(
        label=_("What readers of the map see if a second person does the same"),
        required=False,
        choices=Shown.choices,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("step") not in (None, Step.TIE):
            for name in ("grade", "reason", "shown"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Answer this too, unless you leave the case to others."))
        return data
