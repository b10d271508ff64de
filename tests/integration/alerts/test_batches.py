"""Batches of letters and the mail host: nobody is left out, and a worker that dies repeats one letter at most."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from moderation.alerts import tokens
from moderation.alerts.models import Announcement, Batch, Subscription
from moderation.alerts.sending import addresses, delivering, letters, mail, spreading
from moderation.alerts.sending.channel import Away, Letter, NotTaken
from tests import casework
from tests.integration.alerts.conftest import spreading_only, work

pytestmark = pytest.mark.django_db


def subscriptions(count):
    """Confirmed ones, without their mails."""
    made = []
    for number in range(count):
        opened = addresses.Opened(tokens.new(), f"many{number}@example.org")
        made.append(
            Subscription(
                way="mail",
                address=addresses.blind("mail", opened.address),
                sealed=addresses.seal(opened),
                token_hash=tokens.fingerprint(opened.token),
                language="ko",
                confirmed_at=timezone.now() - dt.timedelta(days=1),
            )
        )
    return Subscription.objects.bulk_create(made)


@pytest.mark.parametrize("pipelining", [True, False])
def test_batches_hold_everybody_once(monkeypatch, mailbox, pipelining):
    if not pipelining:  # a mail host that cannot take several commands at once
        monkeypatch.setattr("smtplib.SMTP.has_extn", lambda *_: False)
    monkeypatch.setattr(spreading, "SIZE", 7)
    subscriptions(30)
    casework.published()
    spreading_only()
    assert Batch.objects.count() == 5
    work()
    assert len({each.to[0] for each in mailbox.taken}) == len(mailbox.taken) == 30
    assert Batch.objects.count() == 0


def test_a_worker_that_dies_repeats_one_letter_at_most(mailbox, monkeypatch):
    """Between the host's yes and our note of it: the worst moment."""
    subscriptions(10)
    casework.published()
    spreading_only()
    batch = Batch.objects.get().pk
    send = mail.Mail.send

    class Killed(BaseException):
        pass

    def dying(self, letter, before):
        send(self, letter, before)
        raise Killed

    for kills in range(1, 4):
        monkeypatch.setattr(mail.Mail, "send", dying)
        with pytest.raises(Killed):
            delivering.send(batch=batch)
        monkeypatch.setattr(mail.Mail, "send", send)
        assert len(mailbox.taken) == kills
    delivering.send(batch=batch)
    names = [each["Message-ID"] for each in mailbox.mails()]
    assert len(names) == 13
    assert len(set(names)) == 10, "a repeated letter has the name that it had"


def test_two_workers_at_one_batch_notice_it(mailbox, monkeypatch):
    subscriptions(10)
    casework.published()
    spreading_only()
    batch = Batch.objects.get().pk
    send = mail.Mail.send

    def overtaken(self, letter, before):
        monkeypatch.setattr(mail.Mail, "send", send)
        send(self, letter, before)
        delivering.send(batch=batch)  # the other worker goes through all of it

    monkeypatch.setattr(mail.Mail, "send", overtaken)
    delivering.send(batch=batch)
    assert len(mailbox.taken) == 11
    assert len({each.to[0] for each in mailbox.taken}) == 10


def test_who_is_not_taken_keeps_nobody_waiting(mailbox):
    subscriptions(5)
    casework.published()
    spreading_only()
    batch = Batch.objects.get()
    mailbox.replies["many3@example.org"] = "450 later"
    delivering.send(batch=batch.pk)
    assert len(mailbox.taken) == 4
    alone = Batch.objects.get()
    job = ProcrastinateJob.objects.get(args={"batch": alone.pk})
    assert job.scheduled_at > timezone.now() + dt.timedelta(minutes=9)
    with pytest.raises(NotTaken):  # so that the job is tried again, and given up some day
        delivering.send(batch=alone.pk)
    mailbox.replies.clear()
    delivering.send(batch=alone.pk)
    assert sorted(each.to[0] for each in mailbox.taken) == [f"many{n}@example.org" for n in range(5)]
    assert Batch.objects.count() == 0


def test_a_mail_host_that_is_away_loses_nothing(mailbox, settings):
    subscriptions(3)
    casework.published()
    spreading_only()
    batch = Batch.objects.get()
    port, settings.SMTP_PORT = settings.SMTP_PORT, 1
    with pytest.raises(Away):
        delivering.send(batch=batch.pk)
    settings.SMTP_PORT = port
    delivering.send(batch=batch.pk)
    assert len(mailbox.taken) == 3


@pytest.mark.parametrize("part", Letter._fields)
def test_no_line_of_its_own_gets_into_a_mail(part):
    """Subject and text are encoded; whatever stands in a header as it is may not begin another."""
    letter = Letter("a@example.org", "s", "t", "name", "earlier", "https://example.org/")
    hostile = mail.Letter(**{**letter._asdict(), part: "x\r\nBcc: b@example.org\r\n\r\nhello"})
    if part in {"subject", "text"}:
        assert b"\nBcc" not in mail.rendered(hostile)
    else:
        with pytest.raises(NotTaken):
            mail.rendered(hostile)


def test_a_letter_is_made_without_asking_for_each(mailbox, django_assert_num_queries):
    made = subscriptions(20)
    casework.published()
    spreading_only()
    news = letters.News(Announcement.objects.get())
    news.letter(made[0], addresses.unseal(made[0]))
    with django_assert_num_queries(0):
        for each in made:
            news.letter(each, addresses.unseal(each))
