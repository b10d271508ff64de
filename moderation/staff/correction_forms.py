"""Shapes of what staff type about a school's request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.corrections.inbox.vocabulary import Channel, Ground, ProofKind
from moderation.review.vocabulary import NoticeChannel
from moderation.staff.forms import Passphrase, Untied


class StepForm(forms.Form):
    """A step that needs nothing but to be truly somebody's."""

    passphrase = Passphrase()


class ConfirmForm(StepForm):
    kind = forms.ChoiceField(label=_("Which proof holds"), choices=ProofKind)
    field_order = ("kind", "passphrase")


class NotifyForm(StepForm):
    channel = forms.ChoiceField(
        label=_("How the notice went out"),
        choices=Channel,
        help_text=_(
            "To the register's fax number or through the education office; never to what the request names."
        ),
    )
    field_order = ("channel", "passphrase")


class JudgeForm(StepForm):
    verdict = forms.ChoiceField(
        label=_("Is it substantiated?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose the reason")), *Ground.choices])
    untied = Untied()
    field_order = ("verdict", "reason", "untied", "passphrase")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        both = data.get("reason") and data.get("verdict")
        if both and (data["verdict"] == "yes") != (data["reason"] == Ground.SUBSTANTIATED):
            self.add_error("reason", _("This reason does not fit this verdict."))
        data.pop("untied", None)
        return data


class NoticeForm(StepForm):
    channel = forms.ChoiceField(label=_("How the school was told"), choices=NoticeChannel)
    field_order = ("channel", "passphrase")


class PartForm(forms.Form):
    part = forms.ChoiceField(choices=[("text", ""), ("document", "")])
