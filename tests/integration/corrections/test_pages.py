"""The public form and status page, and the desk's pages, as people use them."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from moderation.corrections import actions, mails
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.models import Handling, Proof, Sent
from moderation.review.models import Member
from tests import casework, correctionwork, desk
from tests.correctionwork import PASSPHRASE, at_state, state
from tests.stack import staff_client

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def no_delay(settings: Any) -> None:
    settings.INTAKE_MINIMUM_DELAY = settings.INTAKE_SLOW_DELAY = 0
    settings.INTAKE_LIMITS = dict.fromkeys(settings.INTAKE_LIMITS, "60000/h")


def send(client: Any, school: Any, **changed: Any) -> Any:
    address = f"/en/corrections/{school.pk}/"
    token = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())
    assert token
    fields = {"kind": "wrong_facts", "text": "", "right_school": "yes", "token": token[1], **changed}
    return client.post(address, urlencode(fields, doseq=True), content_type=FORM)


def words_of(answer: Any) -> str:
    found = re.search(r'class="receipt"[^>]*>([^<]+)<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def seat(role: str = "reviewer") -> tuple[Member, Any]:
    person = casework.member(role)
    return person, desk.seat(staff_client(headers={"accept-language": "en"}), person)


def test_a_school_finds_itself_asks_and_follows_its_request(public_client: Any) -> None:
    school = correctionwork.school()
    received = send(
        public_client, school, kind="rebuttal", replies=["supported", "reported"], mail="office@example.net"
    )
    assert received.status_code == 200
    stored = Correction.objects.get()
    assert stored.reference in received.content.decode()
    assert b"office@example.net" not in bytes(stored.sealed_mail)
    typed = public_client.post(
        "/en/corrections/status/", urlencode({"words": words_of(received)}), content_type=FORM
    )
    page = public_client.get(typed["Location"])
    assert "it waits to be read" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not page.cookies
    public_client.post(typed["Location"], "give_up=1", content_type=FORM)
    stored.refresh_from_db()
    assert (stored.sealed_mail, state(stored)) == (None, "withdrawn")


def test_what_may_point_at_a_person_or_is_no_wish_is_not_stored(public_client: Any) -> None:
    school = correctionwork.school()
    for changed in (
        {"text": "담당자 010-1234-5678 로 전화 주세요"},
        {"kind": "rebuttal"},  # without an answer there is nothing to stand beside the record
        {"kind": "delete_it_all"},
        {"replies": ["our own words"]},
        {"record": "the one in spring"},
        {"document": "no number in it"},
        {"right_school": ""},
        {"text": "data:image/png;base64," + "iVBORw0KGgo" * 60},
    ):
        assert send(public_client, school, **changed).status_code == 422, changed
    assert not Correction.objects.exists()
    assert public_client.get("/en/corrections/X9NOSUCH/").status_code == 404
    for unknown in ("nonsense", "abandon-" * 7 + "abandon"):
        assert public_client.get(f"/en/corrections/status/{unknown}/").status_code == 404


def test_the_answer_does_not_tell_whether_a_record_exists_or_is_the_schools(public_client: Any) -> None:
    mine, other = correctionwork.school(), correctionwork.school()
    record = correctionwork.published(other)
    pages = set()
    for named in ("", str(record), "00000000-0000-4000-8000-000000000000"):
        page = send(public_client, mine, record=named).content.decode()
        pages.add(re.sub(r'[2-9A-Z]{4}-[2-9A-Z]{4}|class="receipt"[^>]*>[^<]+<|status/[^"]+/', "…", page))
    assert len(pages) == 1


def test_the_desk_takes_a_request_from_reading_to_the_notice(public_client: Any) -> None:
    correction, fingerprint = at_state(State.RECEIVED)
    person, client = seat()
    address = f"/corrections/{correction.pk}/"
    assert correction.reference in client.get("/corrections/").content.decode()

    def step(name: str, **typed: str) -> Any:
        seen = client.get(address).context["seen"]
        return client.post(
            f"{address}{name}/", {"passphrase": PASSPHRASE, "seen": seen, "untied": "on", **typed}
        )

    assert step("acknowledge").status_code == 302
    code = re.search(r'class="receipt"[^>]*>(\d{8})<', step("call").content.decode())
    assert code
    assert code[1] not in client.get(address).content.decode()  # shown once
    asking.type_code(fingerprint=fingerprint, code=code[1])
    assert step("confirm", kind="mail").status_code == 422
    assert step("confirm", kind="callback").status_code == 302
    assert "기록한 달이 다릅니다" in client.post(f"{address}reveal/", {"part": "text"}).content.decode()
    assert step("confirm", kind="document").status_code == 302
    assert state(correction) == "proved"
    assert correction.school.fax in client.get(f"{address}notice/").content.decode()
    assert step("notify", channel="fax").status_code == 302
    assert (
        step("judge", verdict="yes", reason="substantiated").status_code == 409
    )  # the school can still object
    assert step("judge", verdict="yes", reason="evidence_stands").status_code == 422
    assert step("acknowledge").status_code == 409
    assert step("no-such-step").status_code == 404
    person.ties.create(kind="worked", school=correction.school)
    assert client.get(address).status_code == 403
    assert correction.reference not in client.get("/corrections/").content.decode()


def test_an_identifying_claim_is_first_and_pages_the_team_without_any_proof(
    settings: Any, mailbox: Any
) -> None:
    settings.DUTY = ["duty@example.org"]
    older, _ = at_state(State.RECEIVED)
    urgent, _ = at_state(State.RECEIVED, kind="identifying")
    _person, client = seat()
    page = client.get("/corrections/").content.decode()
    assert page.index(urgent.reference) < page.index(older.reference)
    assert "you can hide it alone" in client.get(f"/corrections/{urgent.pk}/").content.decode()
    assert mails.deliver(now=timezone.now()) == 1
    assert mails.deliver(now=timezone.now()) == 0
    (paged,) = mailbox.mails("duty@example.org")
    assert urgent.reference in str(paged["Subject"])
    assert urgent.school.name not in paged.as_string()
    assert correctionwork.record_of(urgent).status == "confirmed"  # never by itself


def test_the_code_goes_to_the_schools_own_host_and_the_decision_to_the_same_address(
    settings: Any, mailbox: Any
) -> None:
    settings.DUTY = []
    place = correctionwork.school()
    address = f"office@{correctionwork.host(place)}"
    correction, fingerprint = correctionwork.asked(place, correctionwork.published(place), mail=address)
    worker = casework.member()
    correctionwork.acknowledge(correction, by=worker)
    actions.ask_mail(correction=correction.pk, by=worker, passphrase=PASSPHRASE)
    assert mails.send_codes() == 1
    body = mailbox.last(address).get_content()
    code = re.search(r"^\d{8}$", body, re.MULTILINE)
    assert code
    assert "List-Unsubscribe" not in mailbox.last(address)
    asking.type_code(fingerprint=fingerprint, code=code[0])
    for kind in ("mail", "document"):
        actions.confirm(correction=correction.pk, kind=kind, by=worker, passphrase=PASSPHRASE)
    correctionwork.notify(correction, by=worker)
    correctionwork.judged(correction, verdict="no")
    assert mails.send_outcomes() == 1
    assert mails.send_outcomes() == 0
    assert "/ko/corrections/status/" in mailbox.last(address).get_content()
    assert Sent.objects.filter(what="outcome").count() == 1


def test_an_address_that_cannot_be_opened_stops_nobody_elses_mail(settings: Any, mailbox: Any) -> None:
    settings.DUTY = ["duty@example.org"]
    made = []
    for broken in (True, False):
        place = correctionwork.school()
        correction, fingerprint = correctionwork.asked(
            place, correctionwork.published(place), mail=f"office@{correctionwork.host(place)}"
        )
        if broken:
            Correction.objects.filter(pk=correction.pk).update(sealed_mail=b"\x01 of a destroyed key")
        worker = casework.member()
        correctionwork.acknowledge(correction, by=worker)
        actions.ask_mail(correction=correction.pk, by=worker, passphrase=PASSPHRASE)
        made.append((correction, fingerprint))
    assert mails.send_codes() == 1
    assert list(Proof.objects.filter(kind="mail", failed=True).values_list("correction", flat=True)) == [
        made[0][0].pk
    ]
    for correction, fingerprint in made:
        correctionwork.prove(correction, fingerprint, by=casework.member())
        correctionwork.notify(correction, by=casework.member())
        correctionwork.judged(correction, verdict="no")
    at_state(State.RECEIVED, kind="identifying")
    assert mails.deliver(now=timezone.now()) == 2  # the answer that can be sent, and the team's
    assert len(mailbox.mails("duty@example.org")) == 1
    assert Sent.objects.filter(what="outcome").count() == 2  # neither is tried again
    assert mails.deliver(now=timezone.now()) == 0


def test_a_mail_host_that_is_away_leaves_the_code_to_be_sent_again(settings: Any) -> None:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", 1, "none"
    place = correctionwork.school()
    correction, _ = correctionwork.asked(place, None, mail=f"office@{correctionwork.host(place)}")
    worker = casework.member()
    correctionwork.acknowledge(correction, by=worker)
    actions.ask_mail(correction=correction.pk, by=worker, passphrase=PASSPHRASE)
    assert mails.send_codes() == 0
    assert Proof.objects.values_list("made_at", "failed").get() == (None, False)


def test_overdue_clocks_are_told_once_and_shown(settings: Any, mailbox: Any) -> None:
    settings.DUTY = ["duty@example.org"]
    correction, _ = at_state(State.NOTIFIED)
    long_ago = timezone.now() - dt.timedelta(days=20)
    Handling.objects.filter(pk=correction).update(objection_until=long_ago)
    assert mails.remind(now=timezone.now()) == 1
    assert mails.remind(now=timezone.now()) == 0
    assert Sent.objects.get().what == "late_decision"
    _person, client = seat()
    page = client.get("/corrections/").content.decode()
    assert "Decided by two people" in page
    assert 'class="late"' in page
