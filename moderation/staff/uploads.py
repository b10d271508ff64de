"""The one address at which a file is taken: an official file, from a registrar or senior (SAFEGUARDS A4)."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from moderation.register.permissions import ASKERS
from moderation.staff import members, second_factor

MOST = 16 * 1024 * 1024  # bytes; Korea's register of schools has 4 MiB


class TakeOfficialFile(TemporaryFileUploadHandler):
    """One CSV file of at most `MOST` bytes, on disk until the request ends; anything else is left out."""

    taken = 0  # bytes

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        if self.taken or field_name != "file" or not file_name.lower().endswith(".csv"):
            raise SkipFile
        super().new_file(field_name, file_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken = start + len(raw_data)
        if self.taken > MOST:
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


class OfficialFileMiddleware:
    """Takes the file of somebody who passed a second factor a moment ago.

    It works before anything reads the form, so that for everybody else the file is refused before a byte is kept
    (`mapsite.uploads.RefuseUploads`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path == reverse("staff:files") and _may(request):
            request.upload_handlers = [TakeOfficialFile(request)]
        return self.get_response(request)


def _may(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or second_factor.worn_out(request):
        return False
    fresh = second_factor.fresh(request, second_factor.authenticators(request.user))
    asker = members.members().filter(account=request.user, active=True, role__in=ASKERS)
    return fresh and asker.exists()
