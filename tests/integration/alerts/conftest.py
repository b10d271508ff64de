"""A mail host that keeps what it is given, and somebody who subscribes with a browser without cookies."""

import asyncio
import base64
import re
import threading
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deploy.local import mail_sink
from geo.record import checkpoints
from geo.record.snapshot import load
from moderation.alerts.models import Announcement
from moderation.alerts.sending import delivering, gathering, spreading


class Mailbox:
    """A real SMTP server in a thread of its own."""

    def __init__(self) -> None:
        self.taken: list[mail_sink.Taken] = []
        self.replies: dict[str, str] = {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._serve(), self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _serve(self) -> asyncio.Server:
        return await mail_sink.serve(0, self.taken.append, lambda to: self.replies.get(to, "250 fine"))

    def close(self) -> None:
        async def end() -> None:
            self.server.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def mails(self, to: str = "") -> list[EmailMessage]:
        return [
            message_from_bytes(each.content, policy=policy.default)
            for each in self.taken
            if not to or each.to == [to]
        ]

    def last(self, to: str) -> EmailMessage:
        return self.mails(to)[-1]


@pytest.fixture
def mailbox(settings: Any) -> Any:
    made = Mailbox()
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", made.port, "none"
    settings.MAIL_FROM = "alerts@map.example.org"
    yield made
    made.close()


@pytest.fixture(autouse=True)
def quick_forms(settings: Any) -> None:
    settings.INTAKE_MINIMUM_DELAY = settings.INTAKE_SLOW_DELAY = 0
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


def text(mail: EmailMessage) -> str:
    return base64.b64decode(mail.get_payload()).decode()


def token_in(mail: EmailMessage) -> str:
    return re.search(r"/alerts/link/([A-Za-z0-9_-]{43})/", text(mail))[1]


class Subscriber:
    """Somebody with a mail address, a browser without JavaScript, and patience."""

    def __init__(self, client: Any, mailbox: Mailbox, address: str) -> None:
        self.client, self.mailbox, self.address = client, mailbox, address

    def fill(self, where: str = "all/", *, address: str | None = None, **changes: str) -> Any:
        path = f"/ko/alerts/{where}"
        page = self.client.get(path)
        assert page.status_code == 200, page.content.decode()
        token = re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]
        data = {"address": address or self.address, "language": "ko", "token": token, **changes}
        return self.client.post(path, urlencode(data), content_type="application/x-www-form-urlencoded")

    def ask(self, where: str = "all/", **changes: str) -> str | None:
        """The token of the mail that came, if one came."""
        before = len(self.mailbox.mails(self.address))
        assert self.fill(where, **changes).status_code == 200
        gathering.gather()
        work()
        came = self.mailbox.mails(self.address)[before:]
        assert len(came) <= 1
        return token_in(came[0]) if came else None

    def subscribe(self, where: str = "all/", **changes: str) -> str:
        token = self.ask(where, **changes)
        assert token
        self.press(token, "confirm")
        return token

    def press(self, token: str, button: str) -> Any:
        return self.client.post(
            f"/ko/alerts/link/{token}/", f"{button}=1", content_type="application/x-www-form-urlencoded"
        )

    def news(self) -> list[str]:
        """Subjects of what came, questions aside."""
        return [mail["Subject"] for mail in self.mailbox.mails(self.address) if "/records/" in text(mail)]


@pytest.fixture
def subscriber(public_client: Any, mailbox: Mailbox) -> Any:
    numbers = iter(range(1000))

    def make(name: str = "") -> Subscriber:
        return Subscriber(public_client, mailbox, f"{name or f'reader{next(numbers)}'}@example.org")

    return make


def work() -> list[str]:
    """Does the mail jobs that are due, as the worker does; the tasks that it did. A job that fails stays."""
    actions = {
        "alerts.ask": lambda subscription: delivering.ask(subscription=subscription),
        "alerts.spread": lambda index: spreading.spread(index=index),
        "alerts.send": lambda batch: delivering.send(batch=batch),
    }
    done = []
    while jobs := list(
        ProcrastinateJob.objects.filter(queue_name="mail", status="todo", scheduled_at=None).order_by(
            "-priority", "id"
        )
    ):
        for job in jobs:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            actions[job.task_name](**job.args)
            done.append(job.task_name)
    return done


def tell() -> None:
    """What the worker does after a publication: the public files' checkpoint, then the news."""
    checkpoints.keep(load.load(timezone.now()))
    spreading.announce()
    work()


def spreading_only() -> None:
    """The same up to the batches, whose jobs wait."""
    checkpoints.keep(load.load(timezone.now()))
    spreading.announce()
    for index in Announcement.objects.values_list("index", flat=True):
        spreading.spread(index=index)
