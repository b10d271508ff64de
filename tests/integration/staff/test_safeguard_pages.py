"""Hides, brakes, the team's changes and ties through the pages, as people meet them (SAFEGUARDS B5–B8)."""

import re
from typing import Any

import pytest

from geo.record.models import Brake, BrakeLimit, ImpactRecord
from moderation.review.models import Case, Member, TeamChange
from moderation.review.vocabulary import CaseState, Role
from tests import casework, desk
from tests.stack import staff_client as new_client

pytestmark = pytest.mark.django_db
PASS = {"passphrase": casework.PASSPHRASE}


def signed_in(member: Member) -> Any:
    return desk.sign_in(new_client(), member)


def verdict(client: Any, draft: Any, **changed: object) -> Any:
    data = {
        "proposal": draft.pk,
        "shown": bytes(draft.hash).hex(),
        "verdict": "approve",
        "reason": "sufficient",
        "district": draft.school.region_id,
        "opened": "on",
        "untied": "on",
        **PASS,
        **changed,
    }
    return client.post(f"/cases/{draft.case_id}/verdict/", data)


class TestRecord:
    def test_one_person_hides(self) -> None:
        record, one = casework.published(), casework.member()
        client = signed_in(one)
        page = client.get(f"/records/{record}/").content.decode()
        assert f"/records/{record}/hide/" in page
        answer = client.post(f"/records/{record}/hide/", {"reason": "identifying", "hours": 72, **PASS})
        assert (answer.status_code, answer["Location"]) == (302, f"/records/{record}/")
        assert ImpactRecord.objects.get(pk=record).hides.count() == 1
        again = client.post(f"/records/{record}/hide/", {"reason": "identifying", "hours": 72, **PASS})
        assert again.status_code == 409
        assert casework.PASSPHRASE not in again.content.decode()

    @pytest.mark.parametrize(
        "data",
        [{"hours": 73}, {"hours": 0}, {"reason": "confirmed"}, {"reason": "a text"}, {"passphrase": ""}],
    )
    def test_shapes(self, data: dict[str, object]) -> None:
        record, client = casework.published(), signed_in(casework.member())
        answer = client.post(
            f"/records/{record}/hide/", {"reason": "identifying", "hours": 5, **PASS, **data}
        )
        assert answer.status_code == 422
        assert not ImpactRecord.objects.get(pk=record).hides.exists()

    def test_opening_a_case(self) -> None:
        record, client = casework.published(), signed_in(casework.member())
        answer = client.post(f"/records/{record}/reopen/", PASS)
        case = Case.objects.get(record=record, decided_at=None)
        assert answer["Location"] == f"/cases/{case.pk}/"
        assert f"/records/{record}/" in client.get(answer["Location"]).content.decode()

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.REGISTRAR])
    def test_not_for_other_roles(self, role: Role) -> None:
        record, client = casework.published(), signed_in(casework.member(role))
        assert client.get(f"/records/{record}/").status_code == 403
        assert client.post(f"/records/{record}/reopen/", PASS).status_code == 403

    def test_not_with_a_tie(self) -> None:
        at, one = casework.school(), casework.member()
        record = casework.published(at=at)
        casework.declare_tie(by=one, kind="family", school=at.pk)
        assert signed_in(one).get(f"/records/{record}/").status_code == 403


class TestTies:
    def test_the_case_leaves_the_queue(self) -> None:
        one, case = casework.member(), casework.case()
        client = signed_in(one)
        assert str(case.pk) in client.get("/queue/?view=open").content.decode()
        declared = client.post(
            "/team/tie/",
            {"kind": "worked", "school": case.school_id, "region": "", "passphrase": casework.PASSPHRASE},
        )
        assert declared.status_code == 302
        assert str(case.pk) not in client.get("/queue/?view=open").content.decode()
        assert client.get(f"/cases/{case.pk}/").status_code == 403

    def test_a_late_one_voids_the_approval(self) -> None:
        one, two = casework.member(), casework.member()
        draft = casework.drafted(by=one)
        first, second = signed_in(one), signed_in(two)
        assert verdict(first, draft).status_code == 302
        first.post(
            "/team/tie/",
            {
                "kind": "lives",
                "school": "",
                "region": draft.school.region_id,
                "passphrase": casework.PASSPHRASE,
            },
        )
        assert verdict(second, draft).status_code == 422
        assert not ImpactRecord.objects.exists()


class TestBrake:
    @pytest.fixture
    def stopped(self) -> tuple[Any, Member]:
        BrakeLimit.objects.filter(level="district").update(per_day=1)
        casework.published(at=casework.school())
        one, two = casework.member(), casework.member()
        draft = casework.drafted(by=one, at=casework.school())
        casework.decide(draft, by=one)
        return draft, two

    def test_refused_shown_released_completed(self, stopped: tuple[Any, Member]) -> None:
        draft, two = stopped
        client, senior = signed_in(two), signed_in(casework.member("senior"))
        assert verdict(client, draft).status_code == 409
        assert "/brakes/" in client.get("/queue/").content.decode()
        brake = Brake.objects.get()
        assert f"/brakes/{brake.pk}/" not in client.get("/brakes/").content.decode(), "a senior's form"
        assert client.post(f"/brakes/{brake.pk}/", {"amount": 1, **PASS}).status_code == 403
        assert senior.post(f"/brakes/{brake.pk}/", {"amount": 0, **PASS}).status_code == 422
        assert senior.post(f"/brakes/{brake.pk}/", {"amount": 1, **PASS}).status_code == 302
        assert senior.post(f"/brakes/{brake.pk}/", {"amount": 1, **PASS}).status_code == 409
        assert verdict(client, draft).status_code == 302
        assert casework.current(draft.case).state == CaseState.PUBLISHED


class TestTeam:
    def test_a_newcomer_with_two_halves(self) -> None:
        first, second = signed_in(casework.member("senior")), signed_in(casework.member("senior"))
        asked = first.post(
            "/team/changes/invite/", {"email": "new@example.org", "name": "New", "role": "reviewer", **PASS}
        )
        code = re.search(r"<code>([0-9a-f]{20})</code>", asked.content.decode())
        assert code
        assert "no-store" in asked["Cache-Control"]
        change = TeamChange.objects.get()
        assert first.post(f"/team/changes/{change.pk}/", PASS).status_code == 403
        confirmed = second.post(f"/team/changes/{change.pk}/", PASS).content.decode()
        path = re.search(r"<code>\S+?(/enrol/[^<]+)</code>", confirmed)
        assert path
        newcomer = new_client()
        typed = {
            "password": "a long password indeed",
            "passphrase": "words that nobody knows",
            "again": "words that nobody knows",
        }
        assert newcomer.post(path[1], typed).status_code == 422, "the link alone opens nothing"
        assert newcomer.post(path[1], {**typed, "code": code[1]}).status_code == 302
        assert Member.objects.get(account__email="new@example.org").secret

    def test_somebody_leaves(self) -> None:
        gone = casework.member()
        first, second = signed_in(casework.member("senior")), signed_in(casework.member("senior"))
        session = signed_in(gone)
        assert session.get("/queue/").status_code == 200
        assert first.post("/team/changes/leave/", {"member": gone.pk, **PASS}).status_code == 302
        assert session.get("/queue/").status_code == 200
        assert second.post(f"/team/changes/{TeamChange.objects.get().pk}/", PASS).status_code == 302
        assert session.get("/queue/").status_code == 403

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.REGISTRAR])
    def test_seniors_alone(self, role: Role) -> None:
        client = signed_in(casework.member(role))
        assert client.get("/team/changes/").status_code == 403
        invitation = {"email": "new@example.org", "name": "New", "role": "reviewer", **PASS}
        assert client.post("/team/changes/invite/", invitation).status_code == 403
        assert not TeamChange.objects.exists()
