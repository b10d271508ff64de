"""The shape of a report and of a receipt; what may be stored is decided in `actions`."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.intake import receipts
from moderation.intake.actions import Report
from moderation.intake.vocabulary import AnswerCode, HowKnown, Kind, QuestionCode

TEXT_LENGTH = 2000  # characters
CONTACT_LENGTH = 200
ANSWER_LENGTH = 500
_MONTHS_OFFERED = 60
_EARLIEST = date(2015, 1, 1)


def this_month() -> date:
    """The first day of the month it is in Seoul."""
    return timezone.localdate().replace(day=1)


def months_offered() -> list[date]:
    """First days of the months in the list, the latest first."""
    latest = this_month()
    count = latest.year * 12 + latest.month - 1
    return [date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(_MONTHS_OFFERED)]


class MonthField(forms.Field):
    """`YYYY-MM`, not in the future; its value is the month's first day."""

    default_error_messages = {
        "required": _(
            "Choose the month in which it happened; if you are unsure, the month in which you learned of it."
        ),
        "invalid": _("Choose the month from the list."),
        "future": _("This month has not come yet. Choose the month in which it happened."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", str(value)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        year, month = str(value).split("-")
        return date(int(year), int(month), 1)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > this_month():
            raise forms.ValidationError(self.error_messages["future"], code="future")
        if value and value < _EARLIEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class LinesField(forms.CharField):
    """Text in which a line break is one character, whatever the browser sends."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))


class ReportForm(forms.Form):
    """One report. Also carries the signed token and, after a question, the reporter's acceptance."""

    kind = forms.ChoiceField(
        choices=Kind.choices,
        error_messages={"required": _("Choose what happened."), "invalid_choice": _("Choose what happened.")},
    )
    month = MonthField()
    how_known = forms.ChoiceField(
        choices=HowKnown.choices,
        error_messages={"required": _("Choose how you know."), "invalid_choice": _("Choose how you know.")},
    )
    text = LinesField(
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={
            "max_length": _("The text is too long: %(show_value)s of %(limit_value)s characters.")
        },
    )
    contact = forms.CharField(
        required=False,
        max_length=CONTACT_LENGTH,
        error_messages={
            "max_length": _("The contact is too long: %(show_value)s of %(limit_value)s characters.")
        },
    )
    right_school = forms.BooleanField(
        error_messages={"required": _("Confirm that this is the right school, in the right district.")}
    )
    token = forms.CharField(required=False)
    proof = forms.CharField(required=False)
    accepted = forms.CharField(required=False)

    def report(self) -> Report:
        """The valid form's content."""
        data = self.cleaned_data
        return Report(data["kind"], data["month"], data["how_known"], data["text"], data["contact"])


class ReceiptForm(forms.Form):
    """Receipt words; the value is their fingerprint (bytes), never the words."""

    words = forms.CharField(
        max_length=400, error_messages={"required": _("Enter the words of your receipt.")}
    )

    def clean_words(self) -> bytes:
        try:
            return receipts.fingerprint(self.cleaned_data["words"])
        except receipts.ReceiptUnreadable as error:
            raise forms.ValidationError(
                _("These are not the words of a receipt. Check each word and their order: there are eight.")
            ) from error


class AnswerForm(ReceiptForm):
    """One answer to one coded question, with a text if the reporter wants to say more."""

    question = forms.ChoiceField(choices=QuestionCode.choices)
    answer = forms.ChoiceField(
        choices=AnswerCode.choices,
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
    )
    text = LinesField(
        required=False,
        max_length=ANSWER_LENGTH,
        error_messages={
            "max_length": _("The text is too long: %(show_value)s of %(limit_value)s characters.")
        },
    )
    accepted = forms.CharField(required=False)
