"""Publishers are words that readers see: two people, one exact content, and a pattern that lets no word through."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geo.record.models import Publisher
from geo.record.refusals import call
from moderation.audit.models import AuditEvent
from moderation.register import actions
from moderation.register.models import Change
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from tests import casework, desk
from tests.stack import staff_client

pytestmark = pytest.mark.django_db
PASS = {"passphrase": casework.PASSPHRASE}
ENTRY = {
    "kind": "press",
    "name_ko": "보기일보",
    "name_en": "Example Daily",
    "url": "https://news.example.org/view/{article}",
    "article_pattern": "AKR[0-9]{8,12}",
    "active": True,
}


@pytest.fixture
def registrar() -> Member:
    return casework.member(Role.REGISTRAR)


def ask(by: Member, code: str = "example-daily", **changed: Any) -> Change:
    wanted = {**ENTRY, **changed}
    return Change.objects.get(pk=actions.ask_publisher(code=code, wanted=wanted, by=by, **PASS))


def confirm(change: Change, by: Member, **changed: Any) -> None:
    actions.confirm(**{"change": change.pk, "shown": bytes(change.hash), "by": by, **PASS, **changed})


def test_two_people_add_change_and_end_one(registrar: Member) -> None:
    second = casework.member()
    added = ask(registrar)
    assert not Publisher.objects.exists(), "one person changes nothing"
    with casework.refused("own_request"):
        confirm(added, registrar)
    with casework.refused("other_content"):
        confirm(added, second, shown=bytes(32))
    with casework.refused("wrong_passphrase"):
        confirm(added, second, passphrase="another passphrase altogether")
    with casework.refused("change_waits"):
        ask(casework.member(Role.SENIOR), name_ko="보기신문")
    confirm(added, second)
    made = Publisher.objects.get(pk="example-daily")
    assert made.link("AKR20260801") == "https://news.example.org/view/AKR20260801"
    with casework.refused("register_over"):
        confirm(added, second)
    with casework.refused("nothing_changes"):
        ask(registrar)
    with casework.refused("publisher_kind"):
        ask(registrar, kind="police")
    confirm(ask(registrar, active=False), second)
    assert not Publisher.objects.get().active
    assert list(AuditEvent.objects.order_by("id").values_list("action", "proven"))[-4:] == [
        (f"register_{done}", True) for done in ("asked", "confirmed", "asked", "confirmed")
    ]


def test_who_may(registrar: Member) -> None:
    seniors = casework.member(Role.SENIOR), casework.member(Role.SENIOR)
    invited = casework.member(Role.REVIEWER, inviters=seniors)
    for role in (Role.REVIEWER, Role.AUDITOR):
        with casework.refused("wrong_role"):
            ask(casework.member(role))
    asked = ask(seniors[0])
    with casework.refused("invitation_pair"):
        confirm(asked, invited)
    with casework.refused("wrong_role"):
        confirm(asked, casework.member(Role.AUDITOR))
    Member.objects.filter(pk=seniors[0].pk).update(active=False)
    with casework.refused("register_over"):
        confirm(asked, registrar)
    actions.drop(change=asked.pk, by=invited, **PASS)
    with casework.refused("register_over"):
        actions.drop(change=asked.pk, by=invited, **PASS)
    assert not Publisher.objects.exists()


def test_the_entry_must_be_what_it_was(registrar: Member) -> None:
    second = casework.member()
    confirm(ask(registrar), second)
    asked = ask(registrar, name_en="Another name")
    Publisher.objects.update(name_en="Changed by the owner meanwhile")
    with casework.refused("entry_changed"):
        confirm(asked, second)


WORDS_LET_THROUGH = [
    *(".*", ".+", "[a-z]+", "[a-z-]{3,20}", r"\w+", "[A-Z]{3}[0-9]+", "(kim|[0-9]+)", "[0-9]|kim", "[^/]+"),
    *("[0-9a-z]+", "kimminsu[0-9]", "abc", "[0-9]+.", "[0-9]+\\d", "[[:alpha:]]+[0-9]", "[0-9", "[0-9]*"),
    *("[0-9]+\n", "(?i)[0-9]", "a+[0-9]", "[0-9]{1,99}[가-힣]", "[0-9]$|.*"),
]
NOT_THEIR_OWN = [
    *("http://news.example.org/{article}", "https://{article}.example.org/", "javascript:{article}"),
    *("https://news.example.org/", "https://news.example.org/{article}/{article}", "//example.org/{article}"),
    *(
        "https://a@news.example.org/{article}",
        "https://news.example.org:8443/{article}",
        "https://x/{article}",
    ),
    *('https://news.example.org/"{article}', "https://news.example.org/<{article}", ""),
    f"https://news.example.org/{'a' * 200}{{article}}",
]
OTHER_SHAPES: list[Any] = [
    *(None, {}, {**ENTRY, "more": "text"}, {**ENTRY, "active": "yes"}, {**ENTRY, "kind": None}),
    *(
        {**ENTRY, "kind": "blog"},
        {**ENTRY, "name_ko": ""},
        {**ENTRY, "name_en": "<b>"},
        {**ENTRY, "url": None},
    ),
    *({**ENTRY, "name_ko": "두\n줄"}, {**ENTRY, "name_ko": "가" * 81}),
]


def test_no_pattern_lets_a_word_through_and_no_address_leads_elsewhere(registrar: Member) -> None:
    for pattern in WORDS_LET_THROUGH:
        with casework.refused("publisher_pattern"):
            ask(registrar, article_pattern=pattern)
            raise AssertionError(pattern)
    for url in NOT_THEIR_OWN:
        with casework.refused("publisher_url"):
            ask(registrar, url=url)
            raise AssertionError(url)
    for wanted in OTHER_SHAPES:
        with casework.refused("publisher_shape"):
            call("register_ask", registrar.pk, *PASS.values(), "publisher", "example", json.dumps(wanted))
            raise AssertionError(wanted)
    assert not Change.objects.exists()
    assert ask(registrar, article_pattern="[0-9]{4}-[0-9]+"), "and what is fine is taken"


def test_through_the_pages(registrar: Member) -> None:
    second, auditor = casework.member(), casework.member(Role.AUDITOR)
    one, two, none = (desk.seat(staff_client(), each) for each in (registrar, second, auditor))
    assert one.get("/register/publishers/").status_code == 200
    assert two.get("/register/add-publisher/").status_code == 200
    assert none.get("/register/").status_code == 403
    form = {**ENTRY, "code": "example-daily", "active": "on", **PASS}
    assert one.post("/register/add-publisher/", {**form, "article_pattern": ".*"}).status_code == 422
    assert two.post("/register/add-publisher/", form).status_code == 403
    asked = one.post("/register/add-publisher/", form)
    change = Change.objects.get()
    assert asked["Location"] == f"/register/changes/{change.pk}/"
    page = one.get(asked["Location"]).content.decode()
    assert "confirm/" not in page and "보기일보" in page
    assert f"/register/changes/{change.pk}/" in two.get("/register/").content.decode()
    shown = {"shown": bytes(change.hash).hex(), **PASS}
    assert (
        two.post(f"/register/changes/{change.pk}/confirm/", {**shown, "shown": "0" * 64}).status_code == 409
    )
    assert two.post(f"/register/changes/{change.pk}/confirm/", {"shown": "x"}).status_code == 422
    assert two.post(f"/register/changes/{change.pk}/confirm/", shown).status_code == 302
    page = one.get("/register/publishers/example-daily/").content.decode()
    assert "AKR[0-9]{8,12}" in page
    ended = one.post("/register/publishers/example-daily/", {**form, "active": ""})
    assert two.post(f"{ended['Location']}drop/", PASS).status_code == 302
    assert Publisher.objects.get().active


@pytest.mark.parametrize(("path", "queries"), [("/register/", 11), ("/register/publishers/", 9)])
def test_queries_do_not_grow_with_rows(path: str, queries: int, registrar: Member) -> None:
    client = desk.seat(staff_client(), registrar)
    counted = []
    for rows in (1, 3):
        while Change.objects.count() < rows:
            number = Change.objects.count()
            casework.publisher(code=f"p{number}")
            ask(registrar, code=f"example-{number}")
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        counted.append(len(found))
    assert counted == [queries, queries]
