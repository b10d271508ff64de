"""Shapes of what staff type to hide a record, release a brake and change the team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import PauseKind, PauseReason, Reason
from moderation.review.vocabulary import Role
from moderation.staff.forms import District, Passphrase

HIDE_REASONS = (
    Reason.IDENTIFYING,
    Reason.WRONG_SCHOOL,
    Reason.WRONG_FACTS,
    Reason.SOURCE_GONE,
    Reason.CHECKING,
)
LONGEST_HIDE = 72  # hours
LONGEST_PAUSE = 168  # hours


class HideForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason, as the public log will say it"),
        choices=[(reason.value, reason.label) for reason in HIDE_REASONS],
    )
    hours = forms.IntegerField(
        label=_("For how many hours"), min_value=1, max_value=LONGEST_HIDE, initial=LONGEST_HIDE
    )
    passphrase = Passphrase()


class PassphraseForm(forms.Form):
    """For an action that needs nothing but to be truly somebody's."""

    passphrase = Passphrase()


class ReleaseForm(forms.Form):
    amount = forms.IntegerField(
        label=_("How many more publications"),
        min_value=1,
        max_value=100,
        initial=1,
        help_text=_("Within seven days."),
    )
    passphrase = Passphrase()


class PauseForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is paused"), choices=PauseKind, widget=forms.RadioSelect)
    region = District(label=_("Where"), required=False, everywhere=_("everywhere"))
    reason = forms.ChoiceField(label=_("Reason, as readers see it"), choices=PauseReason)
    hours = forms.IntegerField(
        label=_("For how many hours"), min_value=1, max_value=LONGEST_PAUSE, initial=24
    )
    passphrase = Passphrase()

    def clean_region(self) -> str | None:
        return self.cleaned_data["region"] or None


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address, for signing in"), max_length=254)
    name = forms.CharField(label=_("Name, as colleagues see it"), max_length=40)
    role = forms.ChoiceField(label=_("Role"), choices=Role)
    passphrase = Passphrase()


class WhoForm(forms.Form):
    member = forms.TypedChoiceField(label=_("Who"), coerce=int)
    passphrase = Passphrase()

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = people  # type: ignore[attr-defined]
