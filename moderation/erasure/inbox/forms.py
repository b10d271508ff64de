"""The shape of a request; what may be stored is decided in `actions`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.corrections.inbox import words
from moderation.erasure.inbox.actions import Wanted
from moderation.erasure.inbox.vocabulary import Wish
from moderation.intake.forms import TEXT_LENGTH, LinesField
from moderation.intake.receipts import ReceiptUnreadable


class RequestForm(forms.Form):
    """One request. Also carries the signed token and, after a question, the sender's acceptance."""

    wish = forms.ChoiceField(
        choices=Wish.choices,
        error_messages={"required": _("Choose what you want."), "invalid_choice": _("Choose what you want.")},
    )
    words = forms.CharField(required=False, max_length=400)
    text = LinesField(
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={
            "max_length": _("The text is too long: %(show_value)s of %(limit_value)s characters.")
        },
    )
    mail = forms.EmailField(
        required=False,
        max_length=200,
        error_messages={"invalid": _("This is not an e-mail address. Leave it empty if you have none.")},
    )
    token = forms.CharField(required=False)
    proof = forms.CharField(required=False)
    accepted = forms.CharField(required=False)

    def clean_words(self) -> bytes | None:
        """Their fingerprint, never the words."""
        typed = self.cleaned_data["words"].strip()
        try:
            return words.fingerprint(typed) if typed else None
        except ReceiptUnreadable as error:
            raise forms.ValidationError(
                _("These are not the words of a receipt or a request. Check each word and their order.")
            ) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("words") and not data.get("text"):
            self.add_error("text", _("Give the eight words, or say which report or request it is about."))
        return data

    def wanted(self) -> Wanted:
        """The valid form's content."""
        data = self.cleaned_data
        return Wanted(data["wish"], data["words"], data["text"], data["mail"])
