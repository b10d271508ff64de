"""What became of a school: said by two people, shown on its page, and no record moves (SAFEGUARDS B1, B6)."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geo.directory.models import School, Succession
from geo.record.models import ImpactRecord, LogEntry
from geo.record.refusals import call
from moderation.register import actions
from moderation.register.models import Change
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from tests import casework, desk
from tests.published import build, folder, public
from tests.stack import public_client as new_public_client
from tests.stack import staff_client

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
PASS = {"passphrase": casework.PASSPHRASE}


@pytest.fixture
def registrar() -> Member:
    return casework.member(Role.REGISTRAR)


def closed(**fields: Any) -> School:
    school = casework.school(**fields)
    School.objects.filter(pk=school.pk).update(status="closed")
    return school


def ask(by: Member, school: School, successor: School | None, **other: Any) -> Change:
    wanted = successor and {"successor": successor.pk, "how": "merged", "since": "2026-03-01", **other}
    return Change.objects.get(pk=actions.ask_successor(school=school.pk, wanted=wanted, by=by, **PASS))


def confirm(change: Change, by: Member) -> None:
    actions.confirm(change=change.pk, shown=bytes(change.hash), by=by, **PASS)


def test_two_people_say_it_and_no_record_moves(registrar: Member, folder: Path) -> None:
    gone, goes_on, second = casework.school(), casework.school(name="보기이음중학교"), casework.member()
    record = casework.published(at=gone)
    with casework.refused("school_open"):
        ask(registrar, gone, goes_on)
    School.objects.filter(pk=gone.pk).update(status="closed", version=2)
    before, entries = ImpactRecord.objects.filter(pk=record).values().get(), LogEntry.objects.count()
    assert public().successions == {}
    build()
    path = f"/ko/schools/{gone.pk}/"
    assert "보기이음중학교" not in new_public_client().get(path).content.decode()
    asked = ask(registrar, gone, goes_on)
    with casework.refused("own_request"):
        confirm(asked, registrar)
    assert not Succession.objects.exists()
    confirm(asked, second)
    assert (Succession.objects.get().successor_id, Succession.objects.get().since) == (
        goes_on.pk,
        dt.date(2026, 3, 1),
    )
    assert ImpactRecord.objects.filter(pk=record).values().get() == before, "no record is moved or touched"
    assert LogEntry.objects.count() == entries
    build()
    for address, shown in (
        (path, True),
        (path.replace("ko", "en"), True),
        (f"/ko/schools/{goes_on.pk}/", False),
    ):
        page = new_public_client().get(address).content.decode()
        assert (f"/schools/{goes_on.pk}/" in page and "보기이음중학교" in page) == (
            shown or f"/schools/{goes_on.pk}/" in page
        )
        assert ("became" in page or "통합" in page) == shown, address
    School.objects.filter(pk=gone.pk).update(status="operating")
    assert public().successions == {}, "what is in operation again has become nothing else"
    School.objects.filter(pk=gone.pk).update(status="closed")
    confirm(ask(registrar, gone, None), second)
    assert not Succession.objects.exists() and public().successions == {}


def test_what_nobody_can_say(registrar: Member) -> None:
    gone, other, goes_on = closed(), closed(), casework.school()
    for successor in (gone, other):
        with casework.refused("successor_gone"):
            ask(registrar, gone, successor)
    School.objects.filter(pk=other.pk).update(status="operating", left_register_on=dt.date(2026, 3, 1))
    with casework.refused("successor_gone"):
        ask(registrar, gone, other)
    with casework.refused("nothing_changes"):
        ask(registrar, gone, None)
    fine = {"successor": goes_on.pk, "how": "merged", "since": "2026-03-01"}
    tomorrow = dt.date.today() + dt.timedelta(days=2)
    for wrong in (
        *({"how": "moved"}, {"since": "2026-02-31"}, {"since": "soon"}, {"since": tomorrow.isoformat()}),
        *({"more": "text"}, {"since": None}, {"how": None}),
    ):
        with casework.refused("successor_shape"):
            call(
                "register_ask",
                registrar.pk,
                *PASS.values(),
                "successor",
                gone.pk,
                json.dumps({**fine, **wrong}),
            )
    with casework.refused("unknown_school"):
        call("register_ask", registrar.pk, *PASS.values(), "successor", "X9NONE", json.dumps(fine))
    asked = ask(registrar, gone, goes_on)
    School.objects.filter(pk=goes_on.pk).update(status="closed")
    with casework.refused("successor_gone"):
        confirm(asked, casework.member())


def test_a_tie_to_either_school(registrar: Member) -> None:
    gone, goes_on = closed(district="11110"), casework.school()
    tied = casework.member()
    casework.declare_tie(by=tied, kind="worked", school=goes_on.pk)
    asked = ask(registrar, gone, goes_on)
    with casework.refused("conflict"):
        confirm(asked, tied)
    casework.declare_tie(by=registrar, kind="lives", region="11110")
    with casework.refused("conflict"):
        confirm(asked, casework.member())
    with casework.refused("conflict"):
        ask(registrar, closed(district="11110"), goes_on)
    assert not Succession.objects.exists()


def test_through_the_pages(registrar: Member) -> None:
    gone, goes_on, second = (
        closed(name="보기폐교중학교"),
        casework.school(name="보기이음중학교"),
        casework.member(),
    )
    closed(name="보기하학교"), closed(name="보기가학교")  # nothing is known of these
    School.objects.filter(pk=gone.pk).update(status="operating")
    casework.published(at=gone)
    School.objects.filter(pk=gone.pk).update(status="closed")
    one, two = (
        desk.seat(staff_client(headers={"accept-language": "en"}), each) for each in (registrar, second)
    )
    at = f"/register/schools/{gone.pk}/"
    assert at in one.get(f"/schools/{gone.pk}/").content.decode()
    assert one.get(at).status_code == 200 and "<form" not in two.get(at).content.decode().split("<main")[1]
    form = {"successor": goes_on.pk, "how": "merged", "since": "2026-03-01", **PASS}
    assert one.post(at, {**form, "successor": "X9NONE"}).status_code == 422
    assert two.post(at, form).status_code == 403
    answer = one.post(at, form)
    change = Change.objects.get()
    assert answer["Location"] == f"/register/changes/{change.pk}/"
    page = two.get(answer["Location"]).content.decode()
    assert "보기이음중학교" in page and "보기폐교중학교" in page and "no record moves" in page
    assert "1 public record stays there." in page
    assert "stays there." not in one.get(answer["Location"]).content.decode(), "a registrar sees no counts"
    assert "records 1" in two.get(at).content.decode() and "records 1" not in one.get(at).content.decode()
    shown = {"shown": bytes(change.hash).hex(), **PASS}
    assert two.post(f"{answer['Location']}confirm/", shown).status_code == 302
    assert "보기이음중학교" in one.get(f"/schools/{gone.pk}/").content.decode()
    for client in (one, two):
        listed = client.get("/register/schools/").content.decode()
        found = [listed.index(name) for name in ("보기가학교", "보기폐교중학교", "보기하학교")]
        assert found == sorted(found) and at in listed, "one order, whatever stands behind a school"
        assert "records" not in listed.split('<ul class="rows">')[1], "and no counts"
    taken_back = one.post(at, {"remove": "on", **PASS})
    assert two.post(
        f"{taken_back['Location']}confirm/", {**shown, "shown": bytes(Change.objects.latest("pk").hash).hex()}
    )
    assert not Succession.objects.exists()


def test_queries_do_not_grow_with_rows(registrar: Member) -> None:
    client, counted = desk.seat(staff_client(), registrar), []
    for rows in (1, 3):
        while Succession.objects.count() < rows:
            gone = closed()
            casework.published(at=casework.school())
            Succession.objects.create(
                school=gone, successor=casework.school(), how="merged", since=dt.date(2026, 3, 1)
            )
        with CaptureQueriesContext(connection) as found:
            assert client.get("/register/schools/").status_code == 200
        counted.append(len(found))
    assert counted == [11, 11]
