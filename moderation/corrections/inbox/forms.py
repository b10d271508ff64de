"""The shape of a request, of its words and of a code; what may be stored is decided in `actions`."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import Reply
from moderation.corrections.inbox import words
from moderation.corrections.inbox.actions import Wish
from moderation.corrections.inbox.vocabulary import Kind
from moderation.intake.forms import TEXT_LENGTH, LinesField
from moderation.intake.receipts import ReceiptUnreadable

_DOCUMENT = re.compile(r"[\w가-힣 ()./-]*\d[\w가-힣 ()./-]*")


class CorrectionForm(forms.Form):
    """One request. Also carries the signed token and, after a question, the sender's acceptance."""

    kind = forms.ChoiceField(
        choices=Kind.choices,
        error_messages={"required": _("Choose what is wrong."), "invalid_choice": _("Choose what is wrong.")},
    )
    record = forms.UUIDField(
        required=False,
        error_messages={"invalid": _("This is not the number of a record. Leave it empty if you have none.")},
    )
    replies = forms.MultipleChoiceField(choices=Reply.choices, required=False)
    text = LinesField(
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={
            "max_length": _("The text is too long: %(show_value)s of %(limit_value)s characters.")
        },
    )
    document = forms.CharField(required=False, max_length=60)
    mail = forms.EmailField(
        required=False,
        max_length=200,
        error_messages={"invalid": _("This is not an e-mail address. Leave it empty if you have none.")},
    )
    right_school = forms.BooleanField(
        error_messages={"required": _("Confirm that this is the right school, in the right district.")}
    )
    token = forms.CharField(required=False)
    proof = forms.CharField(required=False)
    accepted = forms.CharField(required=False)

    def clean_document(self) -> str:
        number: str = self.cleaned_data["document"]
        if number and not _DOCUMENT.fullmatch(number):
            raise forms.ValidationError(
                _("Give the number that stands on the document, for example 보기중-1234.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Kind.REBUTTAL and not data.get("replies"):
            self.add_error("replies", _("Choose at least one sentence that should stand beside the record."))
        return data

    def wish(self) -> Wish:
        """The valid form's content."""
        data = self.cleaned_data
        return Wish(
            data["kind"], data["record"], data["replies"], data["text"], data["document"], data["mail"]
        )


class WordsForm(forms.Form):
    """The words of a request; the value is their fingerprint (bytes), never the words."""

    words = forms.CharField(
        max_length=400, error_messages={"required": _("Enter the eight words of your request.")}
    )

    def clean_words(self) -> bytes:
        try:
            return words.fingerprint(self.cleaned_data["words"])
        except ReceiptUnreadable as error:
            raise forms.ValidationError(
                _("These are not the words of a request. Check each word and their order: there are eight.")
            ) from error
