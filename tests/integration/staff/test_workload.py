"""The workload page, second looks, and the signed export of the audit."""

import base64
import datetime as dt
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone

from moderation.audit.models import AuditEvent
from moderation.review import looks
from moderation.review.models import Case, SecondLook, Tie
from moderation.review.vocabulary import Role
from tests import casework

WORKLOAD_QUERIES = 20


def decided_last_month(draft):
    before = looks.month_before(timezone.localdate())
    at = dt.datetime.combine(before + dt.timedelta(days=9), dt.time(12), looks.KOREA)
    Case.objects.filter(pk=draft.case_id).update(decided_at=at)


@pytest.fixture
def everything_is_drawn(monkeypatch):
    monkeypatch.setattr(looks, "ONE_IN", 1)


def decided(one, two):
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    decided_last_month(draft)
    return draft


def test_a_second_look_is_somebody_elses(seated, everything_is_drawn, django_assert_num_queries):
    (one, first), (two, _second), (three, third) = seated(), seated(), seated()
    draft = decided(one, two)
    assert str(draft.pk) in third.get("/workload/").content.decode()
    assert str(draft.pk) not in first.get("/workload/").content.decode()
    assert first.post(f"/workload/{draft.pk}/", {"reason": "sufficient"}).status_code == 403
    third.post(f"/workload/{draft.pk}/", {"reason": "because I say so"})
    assert not SecondLook.objects.exists()
    with django_assert_num_queries(WORKLOAD_QUERIES):
        third.get("/workload/")
    for _ in range(2):
        decided(one, two)
    with django_assert_num_queries(WORKLOAD_QUERIES):
        page = third.get("/workload/").content.decode()
    assert "0 of 3" in page
    third.post(f"/workload/{draft.pk}/", {"reason": "weak_evidence"})
    look = SecondLook.objects.get()
    assert (look.agrees, look.member_id) == (False, three.pk)
    assert third.post(f"/workload/{draft.pk}/", {"reason": "sufficient"}).status_code == 409
    fourth, client = seated()
    other = decided(one, two)
    Tie.objects.create(member=fourth, kind="family", school=other.school)
    assert str(other.pk) not in client.get("/workload/").content.decode()
    assert client.post(f"/workload/{other.pk}/", {"reason": "sufficient"}).status_code == 403


def test_the_draw_is_one_in_ten_and_the_same_every_time():
    class Draft:
        def __init__(self, number):
            self.pk = number

    month = dt.date(2026, 10, 1)
    drawn = {number for number in range(5000) if looks.is_drawn(Draft(number), month)}
    assert 400 < len(drawn) < 600
    assert drawn == {number for number in range(5000) if looks.is_drawn(Draft(number), month)}
    assert drawn != {number for number in range(5000) if looks.is_drawn(Draft(number), dt.date(2026, 11, 1))}


def test_what_was_not_drawn_is_not_looked_at(seated, monkeypatch):
    monkeypatch.setattr(looks, "is_drawn", lambda _draft, _month: False)
    (one, _first), (two, _second), (_three, third) = seated(), seated(), seated()
    draft = decided(one, two)
    assert third.post(f"/workload/{draft.pk}/", {"reason": "sufficient"}).status_code == 404


def test_overdue_by_kind(seated):
    _person, client = seated()
    case = casework.case()
    casework.case()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    assert client.get("/workload/").context["work"].overdue == [("A report", 2, 1)]
    for role in (Role.AUDITOR, Role.REGISTRAR):
        _other, away = seated(role)
        assert away.get("/workload/").status_code == 403


def test_the_export_is_signed_and_noted(seated):
    auditor, client = seated(Role.AUDITOR)
    casework.case()
    casework.published()
    answer = client.post("/audit/export/?action=opened")
    *lines, last = answer.content.decode().splitlines(keepends=True)
    content, seal = "".join(lines).encode(), json.loads(last)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(seal["key"]))
    key.verify(base64.b64decode(seal["signature"]), content)
    assert seal["sha256"] == hashlib.sha256(content).hexdigest()
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(seal["signature"]), content + b" ")
    assert {json.loads(line)["action"] for line in lines} == {"opened"} and len(lines) == 2
    assert AuditEvent.objects.get(action="exported_audit").member == auditor.pk
    assert seal["key"] in client.get("/audit/").content.decode()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "No event fits" in client.get(f"/audit/?since={tomorrow}").content.decode()
    assert client.get("/audit/?since=yesterday").status_code == 422
    _reviewer, away = seated()
    assert away.post("/audit/export/").status_code == 403
