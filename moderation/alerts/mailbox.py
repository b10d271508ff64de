"""The demo's mailbox: the mails that would have left, as the local sink has written them (deploy/local/mail_sink.py)."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

SHOWN = 20  # mails


class Mail(NamedTuple):
    to: str
    subject: str
    text: str


def available() -> bool:
    return settings.DEMO and bool(settings.MAIL_SINK)


def newest() -> list[Mail]:
    """The last mails, the newest first."""
    found = sorted(Path(settings.MAIL_SINK).glob("[0-9]*.eml"), reverse=True)[:SHOWN]
    return [_read(path) for path in found]


def _read(path: Path) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Mail(str(mail["To"]), str(mail["Subject"]), str(mail.get_content()))
