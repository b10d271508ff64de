"""The public form and status page, the desk's pages, and the mails, as people use them."""

import datetime as dt
import re
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.audit.models import AuditEvent
from moderation.erasure import mails, querysets
from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.vocabulary import Part, State
from moderation.erasure.models import Item, Sent
from moderation.intake.models import Submission
from moderation.review.models import CaseSubmission, Member
from tests import casework, correctionwork, desk
from tests.casework import PASSPHRASE
from tests.erasurework import TEXT, asked, confirm, decided, held, item, propose, state
from tests.stack import staff_client

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def no_delay(settings: Any) -> None:
    settings.INTAKE_MINIMUM_DELAY = settings.INTAKE_SLOW_DELAY = 0
    settings.INTAKE_LIMITS = dict.fromkeys(settings.INTAKE_LIMITS, "60000/h")


def send(client: Any, **typed: str) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/en/erasure/").content.decode())
    assert token
    return client.post(
        "/en/erasure/", urlencode({"wish": "erase", "token": token[1], **typed}), content_type=FORM
    )


def seat(role: str = "reviewer") -> tuple[Member, Any]:
    person = casework.member(role)
    return person, desk.seat(staff_client(headers={"accept-language": "en"}), person)


def test_anybody_asks_follows_and_takes_back(public_client: Any) -> None:
    _report, said = held()
    received = send(public_client, words=said, text="제가 쓴 글을 지워 주세요.", mail="me@example.net")
    assert received.status_code == 200
    stored = Request.objects.get()
    assert stored.named_hash and stored.reference in received.content.decode()
    assert b"me@example.net" not in bytes(stored.sealed_mail or b"")
    own = re.search(r'class="receipt"[^>]*>([^<]+)<', received.content.decode())
    assert own
    typed = public_client.post("/en/erasure/status/", urlencode({"words": own[1]}), content_type=FORM)
    page = public_client.get(typed["Location"])
    assert 'data-state="received"' in page.content.decode()
    assert page["Cache-Control"] == "no-store" and not page.cookies
    public_client.post(typed["Location"], "give_up=1", content_type=FORM)
    assert 'data-state="withdrawn"' in public_client.get(typed["Location"]).content.decode()
    for unknown in ("nonsense", "abandon-" * 7 + "abandon"):
        assert public_client.get(f"/en/erasure/status/{unknown}/").status_code == 404
    assert public_client.get(f"/en/erasure/status/{said.replace(' ', '-')}/").status_code == 404  # a report's


def test_what_names_somebody_or_says_nothing_is_not_stored(public_client: Any) -> None:
    for typed in (
        {},
        {"words": "eight words that are not on the list"},
        {"text": "제 전화는 010-1234-5678 입니다"},
        {"text": "data:image/png;base64," + "iVBORw0KGgo" * 60},
        {"text": "지워 주세요.", "wish": "everything"},
        {"text": "지워 주세요.", "mail": "no address"},
    ):
        assert send(public_client, **typed).status_code == 422, typed
    assert not Request.objects.exists()


def test_the_desk_looks_chooses_and_a_second_person_confirms(public_client: Any) -> None:
    report, said = held()
    case = CaseSubmission.objects.get(submission=report).case_id
    correction, _ = correctionwork.asked(report.school, None)
    request, _ = asked(named=said, text=TEXT)
    _person, client = seat()
    _second, senior = seat("senior")
    address = f"/erasure/{request.pk}/"
    assert request.reference in client.get("/erasure/").content.decode()
    page = client.get(address).content.decode()
    assert item(Part.REPORT_TEXT, report) in page and "theirs" in page and TEXT not in page
    assert TEXT in client.post(f"{address}reveal/").content.decode()
    for looked, finds in (
        (said, item(Part.REPORT_TEXT, report)),
        (str(report.pk), item(Part.REPORT_CONTACT, report)),
        (str(case), item(Part.REPORT_ANSWERS, report)),
        (report.school_id, item(Part.CORRECTION_TEXT, correction)),
        (correction.reference.lower(), item(Part.CORRECTION_DOCUMENT, correction)),
        (str(correction.pk), item(Part.CORRECTION_TEXT, correction)),
    ):
        answer = client.post(f"{address}search/", {"q": looked})
        assert finds in answer.content.decode(), looked
    searched = AuditEvent.objects.filter(action="searched", subject_id=str(request.pk))
    assert searched.count() == 6 and {str(each.detail) for each in searched} == {"{}"}
    assert client.post(f"{address}search/", {"q": "%' OR 1=1 --"}).status_code == 200

    typed = {"verdict": "granted", "ground": "", "passphrase": PASSPHRASE}
    chosen = [item(Part.REPORT_TEXT, report), item(Part.CORRECTION_TEXT, correction)]
    for wrong, status in (
        ({"items": ["report_text:nothing"]}, 422),
        ({"items": chosen, "ground": "legal_duty"}, 422),
        ({"items": []}, 422),
        ({"items": chosen, "passphrase": "not mine at all, really"}, 403),
    ):
        answer = client.post(f"{address}propose/", {**typed, **wrong})
        assert answer.status_code == status, wrong
    assert re.search(rf'value="{chosen[1]}" checked', answer.content.decode()), "nothing typed is lost"
    assert client.post(f"{address}propose/", {**typed, "items": chosen}).status_code == 302
    assert "You proposed this" in client.get(address).content.decode()
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', senior.get(address).content.decode())
    assert shown
    late = {"shown": "0" * 64, "passphrase": PASSPHRASE}
    assert senior.post(f"{address}confirm/", late).status_code == 409  # other content
    assert (
        client.post(f"{address}confirm/", {**late, "shown": shown[1]}).status_code == 403
    )  # the same person
    assert senior.post(f"{address}confirm/", {**late, "shown": shown[1]}).status_code == 302
    report.refresh_from_db()
    correction.refresh_from_db()
    assert (report.sealed_text, correction.sealed_text) == (None, None)
    assert report.sealed_contact is not None
    assert client.post(f"{address}back/", {"passphrase": PASSPHRASE}).status_code == 409
    assert request.reference not in client.get("/erasure/").content.decode()
    for role in ("auditor", "registrar"):
        _person, other = seat(role)
        assert other.get(address).status_code == other.get("/erasure/").status_code == 403


def test_a_tie_hides_what_is_held_and_one_sends_back(public_client: Any) -> None:
    report, said = held()
    request, _ = asked(named=said)
    person, client = seat()
    casework.declare_tie(by=person, kind="lives", region=report.school.region.parent_id)
    address = f"/erasure/{request.pk}/"
    for page in (client.get(address), client.post(f"{address}search/", {"q": said})):
        assert str(report.pk) not in page.content.decode()
    _senior, senior = seat("senior")
    typed = {"verdict": "refused", "ground": "not_shown", "passphrase": PASSPHRASE}
    assert senior.post(f"{address}propose/", typed).status_code == 302
    assert client.post(f"{address}back/", {"passphrase": PASSPHRASE}).status_code == 302
    assert state(request) == State.RECEIVED


def test_the_second_person_is_shown_every_item_and_why_one_cannot_be(monkeypatch: Any) -> None:
    monkeypatch.setattr(querysets, "MOST", 2)
    reports = [held()[0] for _ in range(3)]
    request, _ = asked()
    propose(request, by=casework.member(), items=[item(Part.REPORT_TEXT, each) for each in reports])
    person, client = seat()
    shown = querysets.chosen(request, by=person)
    assert [each.holding.thing.pk for each in shown if each.holding] == sorted(each.pk for each in reports)
    casework.declare_tie(by=person, kind="worked", school=reports[0].school_id)
    Item.objects.create(request=request, part=Part.REPORT_TEXT, target=uuid.uuid4())
    page = client.get(f"/erasure/{request.pk}/").content.decode()
    assert page.count("because of a tie") == page.count("not there any more") == 1
    assert reports[0].school.name not in page and reports[1].school.name in page


def test_pages_ask_as_often_for_one_row_as_for_three() -> None:
    report, said = held()
    request, _ = asked(named=said)
    _person, client = seat()

    def queries(path: str, **typed: str) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            page = client.post(path, typed) if typed else client.get(path)
        assert page.status_code == 200
        return len(asked_for)

    address = f"/erasure/{request.pk}/"
    client.get("/erasure/")
    for rows in (1, 3):
        assert queries("/erasure/") == 9, rows
        assert queries(address) == 14, rows
        assert queries(f"{address}search/", q=report.school_id) == 19, rows
        for _ in range(2):
            asked()
            held(report.school, month=casework.MONTH)
    one, senior = casework.member(), casework.member("senior")
    pages = []
    for amount in (1, 3):
        about, _ = asked()
        reports = Submission.objects.order_by("received_at")[:amount]
        items = [item(Part.REPORT_CONTACT, each) for each in reports]
        confirm(about, by=senior, shown=propose(about, by=one, items=items))
        pages.append(queries(f"/erasure/{about.pk}/"))
    assert pages == [14, 14]


def test_the_clock_reminds_once_and_the_answer_is_mailed_in_codes(settings: Any, mailbox: Any) -> None:
    settings.DUTY = ["duty@example.org"]
    report, said = held()
    request, _ = asked(named=said, mail="me@example.net")
    now = timezone.now()
    for days, mailed in ((0, 0), (6, 0), (10, 1), (10, 0), (20, 1), (20, 0)):
        assert mails.deliver(now=now + dt.timedelta(days=days)) == mailed, days
    subjects = [str(mail["Subject"]) for mail in mailbox.mails("duty@example.org")]
    assert len(subjects) == 2 and all(request.reference in subject for subject in subjects)
    decided(request, items=[item(Part.REPORT_TEXT, report)], verdict="partly", ground="others_rights")
    assert mails.deliver(now=now + dt.timedelta(days=20)) == 1
    assert mails.deliver(now=now + dt.timedelta(days=20)) == 0
    said_in_mail = mailbox.last("me@example.net").get_content()
    assert "35" in said_in_mail and "1833-6972" in said_in_mail and report.school.name not in said_in_mail
    assert set(Sent.objects.values_list("what", flat=True)) == {"soon", "late", "outcome"}


def test_an_address_that_cannot_be_opened_stops_nobody_elses_answer(settings: Any, mailbox: Any) -> None:
    settings.DUTY = []
    report, _ = held()
    broken, _ = asked(mail="lost@example.net")
    Request.objects.filter(pk=broken.pk).update(sealed_mail=b"\x01 of a destroyed key")
    sound, _ = asked(mail="me@example.net")
    decided(broken, items=[], verdict="refused", ground="not_shown")
    decided(sound, items=[item(Part.REPORT_TEXT, report)])
    assert mails.deliver(now=timezone.now()) == 1
    body = mailbox.last("me@example.net").get_content()
    assert "Granted" in body and "report" not in body  # nothing showed that it was theirs
    assert Sent.objects.filter(what="outcome").count() == 2  # neither is tried again
    assert mails.deliver(now=timezone.now()) == 0


def test_a_mail_host_that_is_away_gets_the_answer_later(settings: Any) -> None:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", 1, "none"
    request, _ = asked(mail="me@example.net")
    decided(request, items=[], verdict="refused", ground="not_shown")
    assert mails.send_outcomes() == 0
    assert not Sent.objects.exists()
