"""Mail by SMTP (RFC 5321), to one mail host that takes responsibility for each letter."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Callable
from email.header import Header
from email.utils import formatdate
from functools import lru_cache
from types import TracebackType
from typing import Self

from django.conf import settings

from moderation.alerts.sending.channel import Away, Letter, NotTaken, at_once

_SECONDS = 30  # without an answer


class Mail:
    """A session with the mail host."""

    def __enter__(self) -> Self:
        try:
            self._host = self._connect()
        except (OSError, smtplib.SMTPException) as fault:
            raise Away(type(fault).__name__) from fault
        return self

    def _connect(self) -> smtplib.SMTP:
        where = settings.SMTP_HOST, settings.SMTP_PORT
        name = settings.MAIL_FROM.rpartition("@")[2]
        if settings.SMTP_SECURITY == "tls":
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, local_hostname=name, timeout=_SECONDS, context=ssl.create_default_context()
            )
        else:
            host = smtplib.SMTP(*where, local_hostname=name, timeout=_SECONDS)
        if settings.SMTP_SECURITY == "starttls":
            host.starttls(context=ssl.create_default_context())
        host.ehlo_or_helo_if_needed()
        if settings.SMTP_USER:
            host.login(
                settings.SMTP_USER, (settings.SECRETS / "smtp-password").read_text(encoding="ascii").strip()
            )
        return host

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._host.quit()
        except (OSError, smtplib.SMTPException):
            self._host.close()

    def send(self, letter: Letter, before: Callable[[], None] = at_once) -> None:
        content = rendered(letter)
        try:
            if self._host.has_extn("pipelining"):
                self._send_in_two(letter.address, content, before)
            else:
                before()
                self._host.sendmail(settings.MAIL_FROM, [letter.address], content)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
            raise NotTaken from refusal
        except (OSError, smtplib.SMTPException) as fault:
            raise Away(type(fault).__name__) from fault

    def _send_in_two(self, address: str, content: bytes, before: Callable[[], None]) -> None:
        """The commands in one go (RFC 2920): two answers to wait for in place of four."""
        host = self._host
        host.send(f"MAIL FROM:<{settings.MAIL_FROM}>\r\nRCPT TO:<{address}>\r\nDATA\r\n")
        codes = [host.getreply()[0] for _command in range(3)]
        taken = codes == [250, 250, 354]
        if taken:
            try:
                before()
            except BaseException:
                host.close()  # without its end, the host drops what was begun
                raise
        if codes[2] == 354:
            host.send(content + b".\r\n" if taken else b".\r\n")
            codes.append(host.getreply()[0])
        if 421 in codes:
            raise smtplib.SMTPServerDisconnected
        if not taken or codes[3] != 250:
            host.rset()
            raise NotTaken


def rendered(letter: Letter) -> bytes:
    """The letter as a mail (RFC 5322), in which no line begins with a dot.

    What could begin a line of its own is refused, wherever it came from.

    Raises:
        NotTaken: a header would hold a control character or more than ASCII.
    """
    host = settings.MAIL_FROM.rpartition("@")[2]
    headers = {
        "From": settings.MAIL_FROM,
        "To": letter.address,
        "Subject": _encoded(letter.subject),
        "Date": formatdate(),
        "Message-ID": f"<{letter.name}@{host}>",
        **({"References": f"<{letter.follows}@{host}>"} if letter.follows else {}),
        **(
            {
                "List-Unsubscribe": f"<{letter.end_link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
            if letter.end_link
            else {}
        ),
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "base64",
    }
    if not all(value.isascii() and value.replace("\r\n ", "").isprintable() for value in headers.values()):
        raise NotTaken
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = base64.encodebytes(letter.text.encode()).replace(b"\n", b"\r\n")
    return head.encode("ascii") + b"\r\n" + body


@lru_cache(maxsize=64)
def _encoded(subject: str) -> str:
    """RFC 2047, folded; subjects are a few sentences of ours."""
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
