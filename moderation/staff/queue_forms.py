"""Shapes of the queue's address and of what is done to many cases at once."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.directory.models import Region
from moderation.review.vocabulary import EvidenceGrade
from moderation.staff import queue
from moderation.staff.forms import ListOf


def _provinces() -> list[tuple[str, str]]:
    shown = "name_en" if get_language() == "en" else "name_ko"
    found = Region.objects.filter(level=Region.Level.PROVINCE, valid_until=None).order_by(shown)
    return [("", str(_("everywhere"))), *found.values_list("code", shown)]


class QueueFilter(forms.Form):
    """What a queue's address says; an empty part means what comes first."""

    view = forms.ChoiceField(choices=[(name, name) for name in queue.VIEWS], required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[(name, label) for name, (label, _f) in queue.ORDERS.items()],
        required=False,
    )
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=[("", _("every grade")), *((grade.value, grade.value) for grade in EvidenceGrade)],
        required=False,
    )
    region = forms.ChoiceField(label=_("Province"), choices=_provinces, required=False)
    after = forms.UUIDField(required=False)

    @property
    def wanted(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "view": data["view"] or "second", "order": data["order"] or "age"}

    @property
    def address(self) -> str:
        """The filters without the view and the page, as the links to other views carry them."""
        kept = QueryDict(mutable=True)
        kept.update(
            {name: self.wanted[name] for name in ("order", "grade", "region") if self.cleaned_data[name]}
        )
        return kept.urlencode()


def _case_and_revision(text: str) -> tuple[UUID, int]:
    pk, _colon, revision = text.partition(":")
    return UUID(pk), int(revision)


class BulkForm(forms.Form):
    do = forms.ChoiceField(choices=[("assign", ""), ("duplicate", "")])
    to = forms.TypedChoiceField(label=_("Assign to"), coerce=int, required=False, empty_value=None)
    cases = ListOf(_case_and_revision, error_messages={"required": _("Choose cases first.")})

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """The cases that were chosen, to be given back so; other revisions of them as well."""
        return {each.partition(":")[0] for each in self["cases"].value() or []}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("do") == "assign" and "to" not in self.errors and not data.get("to"):
            self.add_error("to", _("Choose a person."))
        return data
