"""No file is ever taken (SAFEGUARDS A4): the upload handler of every page refuses before a byte is kept.

The one exception is the registrar's official file, at one address of the staff site, behind the second factor
(`moderation.staff.uploads`).
"""

from typing import Any, NoReturn

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class UploadRefused(StopUpload):
    """A request carried a file; the connection is closed without reading it."""

    def __init__(self) -> None:
        super().__init__(connection_reset=True)


class RefuseUploads(FileUploadHandler):
    """The last line behind the views, which refuse multipart forms before Django parses them."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  (Django's signature)
        raise UploadRefused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:  # noqa: ARG002
        raise UploadRefused

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None
