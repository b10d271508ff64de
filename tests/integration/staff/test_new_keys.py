"""Somebody lost a passphrase or a second factor: two other seniors, two halves, and the old keys end."""

import re

import pytest

from geo.record.refusals import Refused
from moderation.review import actions, team
from moderation.review.models import TeamChange
from tests import casework, desk
from tests.stack import staff_client

PASS = {"passphrase": casework.PASSPHRASE}
NEW = "entirely other words now"


def half(answer, pattern):
    return re.search(pattern, answer.content.decode())[1]


def renewed(first, second, person):
    """The enrolment path and the code, as the two seniors got them."""
    code = half(
        first.post("/team/changes/renew/", {"member": person.pk, **PASS}), r"<code>([0-9a-f]{20})</code>"
    )
    change = TeamChange.objects.get(kind="renew", confirmed_at=None)
    return half(second.post(f"/team/changes/{change.pk}/", PASS), r"<code>\S+?(/enrol/[^<]+)</code>"), code


def test_new_keys_end_the_old_ones(seated):
    (_one, first), (_two, second) = seated("senior"), seated("senior")
    person, session = seated()
    assert session.get("/queue/").status_code == 200
    path, code = renewed(first, second, person)
    assert (
        session.get("/queue/")["Location"].startswith("/accounts/login/")
        or session.get("/queue/").status_code == 302
    )
    draft = casework.drafted(by=casework.member())
    with casework.refused("wrong_passphrase"):
        casework.decide(draft, by=person)
    newcomer = staff_client()
    typed = {"password": "a long password indeed", "passphrase": NEW, "again": NEW}
    assert newcomer.post(path, typed).status_code == 422, "the link alone opens nothing"
    assert newcomer.post(path, {**typed, "code": code}).status_code == 302
    assert newcomer.post(path, {**typed, "code": code}).status_code == 410
    casework.decide(draft, by=person, passphrase=NEW)


def test_who_gave_the_keys_is_no_second_person(seated):
    (one, first), (_two, second), (person, _session) = seated("senior"), seated("senior"), seated()
    path, code = renewed(first, second, person)
    staff_client().post(
        path, {"password": "a long password indeed", "passphrase": NEW, "again": NEW, "code": code}
    )
    draft = casework.drafted(by=casework.member())
    casework.decide(draft, by=person, passphrase=NEW)
    with casework.refused("invitation_pair"):
        casework.decide(draft, by=one)


def test_nobody_renews_alone_or_for_themselves(seated):
    (one, first), (two, second) = seated("senior"), seated("senior")
    _reviewer, other = seated()
    person = casework.member()
    assert first.post("/team/changes/renew/", {"member": one.pk, **PASS}).status_code == 422
    assert other.post("/team/changes/renew/", {"member": person.pk, **PASS}).status_code == 403
    first.post("/team/changes/renew/", {"member": two.pk, **PASS})
    change = TeamChange.objects.get()
    for client in (first, second):
        assert client.post(f"/team/changes/{change.pk}/", PASS).status_code == 403
    assert not TeamChange.objects.exclude(confirmed_at=None).exists()
    with pytest.raises(Refused):
        team.ask_to_renew(member=one.pk, by=one, passphrase=casework.PASSPHRASE)


def test_the_team_page_says_who_was_last_active(seated):
    person, client = seated()
    quiet = casework.member()
    case = casework.case()
    actions.claim(case=case.pk, by=person, revision=1)
    page = client.get("/team/").content.decode()
    assert page.count("never") >= 1 and f"{casework.current(case).opened_at:%Y-}" in page
    assert quiet.active and desk
