"""Subscribing tells nobody anything: not the page, not the database's roles, not the number of mails."""

import datetime as dt
import re

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mapsite import retention
from moderation.alerts import tokens
from moderation.alerts.models import Announcement, Batch, Request, Subscription
from moderation.alerts.sending import addresses, gathering
from moderation.intake import sealing
from tests import casework
from tests.integration.alerts.conftest import text, token_in, work

pytestmark = pytest.mark.django_db


def test_nothing_is_sent_before_the_owner_says_yes(subscriber, mailbox):
    school = casework.school()
    reader = subscriber()
    page = reader.fill(f"school/{school.pk}/")
    assert page.status_code == 200
    assert not page.cookies
    assert page["Cache-Control"] == "no-store"
    assert Subscription.objects.count() == 0, "the public process makes none"

    gathering.gather()
    assert Request.objects.count() == 0, "the inbox is empty again"
    assert work() == ["alerts.ask"]
    mail = mailbox.last(reader.address)
    token = token_in(mail)
    assert school.name in text(mail)
    assert school.name not in mail["Subject"]

    # To look, as mail programs and scanners do, confirms nothing.
    for path in (f"/ko/alerts/link/{token}/", f"/ko/alerts/link/{token}/end/"):
        assert reader.client.get(path).status_code == 200
        assert reader.client.head(path).status_code == 200
    subscription = Subscription.objects.get()
    assert subscription.confirmed_at is None
    assert 'data-state="asked"' in reader.client.get(f"/ko/alerts/link/{token}/").content.decode()

    assert 'data-state="confirmed"' in reader.press(token, "confirm").content.decode()
    confirmed = Subscription.objects.get().confirmed_at
    assert confirmed
    reader.press(token, "confirm")
    assert Subscription.objects.get().confirmed_at == confirmed, "a second yes changes nothing"


def test_what_is_stored_holds_no_address(subscriber, mailbox):
    reader = subscriber("Dear.Reader")
    reader.subscribe()
    row = Subscription.objects.get()
    held = b"".join(bytes(value) for value in (row.address, row.sealed, row.token_hash))
    assert b"reader" not in held.lower()
    token = token_in(mailbox.last(reader.address))
    assert token.encode() not in held
    assert addresses.unseal(row) == (token, reader.address)
    assert bytes(row.token_hash) == tokens.fingerprint(token)


def test_the_public_site_cannot_open_what_it_sealed(subscriber, settings, mailbox):
    subscriber().fill()
    settings.SITE = "public"
    with pytest.raises(sealing.SealError):
        sealing.open_sealed(bytes(Request.objects.get().sealed_address), purpose="subscribers")


def test_answers_are_the_same_for_every_address(subscriber, mailbox):
    known, stranger = subscriber("known"), subscriber("stranger")
    known.subscribe()

    def answer(reader):
        page = reader.fill()
        body = page.content.decode().replace(reader.address, "")
        return page.status_code, sorted(page.headers), body

    assert answer(known) == answer(stranger)
    mailbox.taken.clear()
    gathering.gather()
    work()
    assert not mailbox.mails(known.address), "who is subscribed is not asked again"
    assert len(mailbox.mails(stranger.address)) == 1


def test_one_subscription_for_one_mailbox_and_place(subscriber, mailbox):
    reader = subscriber("reader")
    assert reader.ask()
    assert reader.ask() is None
    reader.fill(address="READER@example.org")
    gathering.gather()
    assert Subscription.objects.count() == 1
    row = Subscription.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            way="mail", address=bytes(row.address), sealed=b"x", token_hash=b"y", language="ko"
        )
    assert addresses.blind("mail", "a@example.org") != addresses.blind("mail", "b@example.org")
    assert addresses.blind("mail", "a@example.org") == addresses.blind("mail", "A@Example.org")


def test_nobody_floods_another_persons_mailbox(subscriber, mailbox):
    victim = subscriber("victim")
    for _ in range(6):
        victim.ask(f"school/{casework.school().pk}/")
    assert len(mailbox.mails(victim.address)) == gathering.QUESTIONS


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org\r\nSubject: x",
        "a@example.org%0d%0aBcc:b@example.org",
        '"a\r\nBcc: b@example.org"@example.org',
        "a@example.org, b@example.org",
        "A <a@example.org>",
        "한글@example.org",
        "a@exa mple.org",
        "x" * 65 + "@" + "y" * 250 + ".org",
        "a@example.org\u2028Bcc: b@example.org",
        "a@example.org\0",
    ],
)
def test_an_address_that_is_more_than_one_is_refused(subscriber, mailbox, address):
    page = subscriber().fill(address=address)
    assert page.status_code == 422, page.status_code
    # Whoever has taken the public process over writes past the form.
    Request.objects.create(
        way="mail", sealed_address=sealing.seal(address, purpose="subscribers"), language="ko"
    )
    gathering.gather()
    assert (Request.objects.count(), Subscription.objects.count()) == (0, 0)


def test_rubbish_in_the_inbox_stops_nothing(subscriber, mailbox):
    Request.objects.create(way="mail", sealed_address=b"rubbish", language="ko")
    Request.objects.create(
        way="mail", sealed_address=sealing.seal("a@example.org", purpose="casework"), language="ko"
    )
    assert subscriber().ask()
    assert Request.objects.count() == 0


def test_a_form_counts_once_and_only_ours(subscriber, mailbox):
    reader = subscriber()
    page = reader.client.get("/ko/alerts/all/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    for forged in ("", "x", token[:-2] + "xx"):
        assert reader.fill(token=forged).status_code == 422
    report = reader.client.get(f"/ko/report/{casework.school().pk}/").content.decode()
    assert reader.fill(token=re.search(r'name="token" value="([^"]+)"', report)[1]).status_code == 422
    assert Request.objects.count() == 0
    assert reader.fill(token=token).status_code == 200
    assert reader.fill(token=token, address="other@example.org").status_code == 200
    assert Request.objects.count() == 1


def test_forged_and_dead_links(subscriber, mailbox):
    reader = subscriber()
    token = reader.ask()
    row = Subscription.objects.get()
    forged = [tokens.new(), token[:-1], token.swapcase(), bytes(row.token_hash).hex(), "0", "%00", "../" * 9]
    for other in forged:
        for button in ("confirm", "every"):
            reader.press(other, button)
        reader.client.post(f"/ko/alerts/link/{other}/end/")
    assert Subscription.objects.get().confirmed_at is None

    Subscription.objects.update(asked_at=timezone.now() - dt.timedelta(hours=49))
    assert 'data-state="unknown"' in reader.press(token, "confirm").content.decode()
    assert Subscription.objects.get().confirmed_at is None
    retention.apply(now=timezone.now())
    assert Subscription.objects.count() == 0, "what nobody confirmed vanishes"
    assert 'data-state="unknown"' in reader.client.get(f"/ko/alerts/link/{token}/").content.decode()


def test_one_click_ends_it(subscriber, mailbox):
    reader, place = subscriber(), casework.school()
    reader.subscribe()
    token = reader.subscribe(f"school/{place.pk}/")
    end = f"/ko/alerts/link/{token}/end/"
    assert reader.client.get(end).status_code == 200
    assert Subscription.objects.count() == 2, "a GET ends nothing"
    # As mail hosts send it (RFC 8058): multipart, no cookie, no origin, nobody there to press anything.
    bare = reader.client.post(
        end,
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    )
    assert bare.status_code == 200
    assert not bare.cookies
    assert list(Subscription.objects.values_list("school", flat=True)) == [None]
    assert reader.client.post(end).status_code == 200, "twice is once"
    assert reader.client.put(end).status_code == 405


def test_all_of_an_address_end_at_once(subscriber, mailbox):
    reader, other = subscriber(), subscriber()
    other.subscribe()
    reader.subscribe()
    token = reader.subscribe(f"school/{casework.school().pk}/")
    assert 'data-state="unknown"' in reader.press(token, "every").content.decode()
    assert [addresses.unseal(row).address for row in Subscription.objects.all()] == [other.address]


def test_retention_keeps_who_said_yes(subscriber, mailbox):
    subscriber().subscribe()
    Request.objects.create(
        way="mail", sealed_address=b"x", language="ko", received_at=timezone.now() - dt.timedelta(days=2)
    )
    Subscription.objects.update(asked_at=timezone.now() - dt.timedelta(days=900))
    retention.apply(now=timezone.now())
    assert (Subscription.objects.count(), Request.objects.count()) == (1, 0)


def test_what_the_roles_may_do(committed_db, as_role):
    keys = {
        model._meta.db_table: model._meta.pk.column for model in (Request, Subscription, Announcement, Batch)
    }
    tables = list(keys)
    sealed = sealing.seal("a@example.org", purpose="subscribers")
    public, staff, worker = (as_role(f"mapsite_{role}") for role in ("public", "staff", "worker"))
    for role, may_insert in ((public, tables[:1]), (staff, [])):
        for table in tables:
            for statement in (
                f"SELECT 1 FROM {table}",
                f"SELECT count(*) FROM {table}",
                f"UPDATE {table} SET {keys[table]} = NULL",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"INSERT INTO {table} DEFAULT VALUES"
                if table not in may_insert
                else "SELECT * FROM alerts_batch",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    role.execute(statement)
    public.execute(
        "INSERT INTO alerts_request (id, way, sealed_address, language, received_at)"
        " VALUES (gen_random_uuid(), 'mail', %s, 'ko', now())",
        [sealed],
    )
    worker.execute(
        "INSERT INTO alerts_subscription (way, address, sealed, token_hash, language, asked_at)"
        " VALUES ('mail', 'a', 'a', 'hash', 'ko', now())"
    )
    assert public.execute("SELECT state FROM alerts_state('hash')").fetchone() == ("asked",)
    assert public.execute("SELECT state FROM alerts_state('a')").fetchone() == ("unknown",)
    for role in (staff, worker):
        for call in ("alerts_state('hash')", "alerts_confirm('hash')", "alerts_end('hash', true)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(f"SELECT {call}")
    for refused in (
        "UPDATE alerts_subscription SET confirmed_at = now()",
        "UPDATE alerts_announcement SET at = now()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(refused)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):  # no job of another's choice (TWO_PEOPLE)
        public.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('mail', 'alerts.send')"
        )
    connection.close()
