"""The shape of a request to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

_MESSAGE = _("Enter a mail address, for example name@example.org.")


class AddressField(forms.EmailField):
    """A mail address in ASCII: a host in other letters is written as mail hosts write it (IDNA)."""

    default_error_messages = {"required": _MESSAGE, "invalid": _MESSAGE}

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        local, _at, host = address.rpartition("@")
        try:
            found = f"{local}@{host.encode('idna').decode()}"
        except UnicodeError:
            found = address
        if not found.isascii() or not found.isprintable():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class AskForm(forms.Form):
    """Also carries the signed token and the proof of work."""

    address = AddressField(max_length=254)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    token = forms.CharField(required=False)
    proof = forms.CharField(required=False)
