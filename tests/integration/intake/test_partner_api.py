"""Reports by program: a key opens the inbox and nothing else, and a report passes what every report passes."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from geo.directory.models import School
from moderation.intake import partners
from moderation.intake.forms import this_month
from moderation.intake.models import Partner, Submission

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/submissions/"


class Sender:
    def __init__(self, client: Any, school: School) -> None:
        self.client = client
        self.key = partners.make(name="보기상담소")
        self.body: dict[str, Any] = {
            "school": school.pk,
            "district": school.region_id,
            "kind": "pupils",
            "month": f"{this_month():%Y-%m}",
            "how_known": "family",
            "text": "학교에서 가정통신문을 받았습니다.",
        }

    def send(self, *, key: str | None = None, headers: dict[str, str] | None = None, **changed: Any) -> Any:
        given = {"Authorization": f"Bearer {key or self.key}", **(headers or {})}
        body = {name: value for name, value in {**self.body, **changed}.items() if value is not None}
        answer = self.client.post(ADDRESS, json.dumps(body), content_type="application/json", headers=given)
        assert "no-store" in answer.headers["Cache-Control"] and not answer.cookies
        return answer


@pytest.fixture
def sender(public_client: Any, register: dict[str, School]) -> Sender:
    return Sender(public_client, register["east"])


def test_a_report_comes_into_the_same_inbox_sealed(sender: Sender) -> None:
    answer = sender.send(contact="보기 연락처")
    assert answer.status_code == 201, answer.content.decode()
    held = Submission.objects.get()
    assert held.school_id == sender.body["school"] and held.sealed_text and held.sealed_contact
    assert "가정통신문".encode() not in bytes(held.sealed_text)
    assert len(answer.json()["receipt"].split()) == 8
    for key in (sender.key, sender.key.removeprefix("sim_")):
        assert not Partner.objects.filter(key_hash=key.encode()).exists(), "held as a hash"


def test_reports_of_one_partner_have_one_origin_from_wherever_it_sends(sender: Sender) -> None:
    for number, network in enumerate(("198.51.100.1", "203.0.113.9")):
        sender.client.defaults["REMOTE_ADDR"] = network
        assert sender.send(text=f"보기 {number}").status_code == 201
    assert len({bytes(held.network) for held in Submission.objects.all()}) == 1


def test_the_same_report_sent_again_is_one(sender: Sender) -> None:
    twice = {"Idempotency-Key": "report 17"}
    assert sender.send(headers=twice).status_code == 201
    again = sender.send(headers=twice)
    assert again.status_code == 409 and again.json()["type"].endswith(":already-received")
    assert sender.send(headers={"Idempotency-Key": "report 18"}).status_code == 201
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "sim_" + "A" * 43, "sim_가", "A" * 5000])
def test_without_a_key_that_works_nothing_is_taken(sender: Sender, key: str) -> None:
    for headers in (
        {"Authorization": f"Bearer {key}".encode().decode("latin-1")},
        {"Authorization": key.encode().decode("latin-1")},
        {"Authorization": ""},
    ):
        answer = sender.send(headers=headers)
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Submission.objects.exists()


def test_a_revoked_key_never_works_again(sender: Sender) -> None:
    call_command("partner_keys", "revoke", "보기상담소")
    assert sender.send().status_code == 401
    for verb in ("make", "revoke"):
        with pytest.raises(CommandError) as fault:
            call_command("partner_keys", verb, "보기상담소")
        assert fault.value.returncode == 2


def test_what_singles_a_person_out_is_given_back_with_its_place(sender: Sender) -> None:
    text = "연락처는 010-1234-5678 입니다."
    answer = sender.send(text=text, headers={"Accept-Language": "ko"})
    said = answer.json()
    assert answer.status_code == 422 and said["verdict"] == "block" and "acceptance" not in said
    start, end, kind = said["spans"][0]
    assert (kind, text[start:end].strip()) == ("PHONE", "010-1234-5678")
    assert "010" not in answer.content.decode(), "what was found is not repeated"
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"district": "99999"}, "district"),
        ({"school": "X9NONE"}, "school"),
        ({"school": "X9\0"}, "school"),
        ({"kind": "rumour"}, "kind"),
        ({"month": "2999-01"}, "month"),
        ({"month": "1999-01"}, "month"),
        ({"month": None}, "month"),
        ({"text": "가" * 2001}, "text"),
        ({"text": {"a": 1}}, "text"),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_fault_names_its_field_in_the_senders_language(
    sender: Sender, changed: Any, field: str, language: str
) -> None:
    answer = sender.send(headers={"Accept-Language": language}, **changed)
    said = answer.json()
    assert answer.status_code == 400 and said["field"] == field, said
    assert any("가" <= letter <= "힣" for letter in said["detail"]) == (language == "ko"), said["detail"]
    assert not Submission.objects.exists()


def test_odd_bodies(sender: Sender) -> None:
    given = {"Authorization": f"Bearer {sender.key}"}
    for body, kind, status in (
        ("{", "application/json", 400),
        ("[1]", "application/json", 400),
        ("a=b", "application/x-www-form-urlencoded", 415),
        ("--x--", "multipart/form-data; boundary=x", 415),
        ('{"text": "' + "a" * 70_000 + '"}', "application/json", 413),
    ):
        answer = sender.client.post(ADDRESS, body, content_type=kind, headers=given)
        assert answer.status_code == status, (body[:9], answer.content)
        assert answer.json()["type"].startswith("urn:school-impact-map:problem:")
    assert sender.client.get(ADDRESS).status_code == 405


def test_too_many_are_asked_to_wait(sender: Sender, settings: Any) -> None:
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "partner": "2/h"}
    assert [sender.send().status_code for _ in range(3)] == [201, 201, 429]
    waiting = sender.send(headers={"Accept-Language": "ko"})
    assert 0 < int(waiting.headers["Retry-After"]) <= 3600
    assert "기다려" in waiting.json()["detail"]


def test_the_public_role_can_ask_for_a_key_and_read_none(committed_db: str, as_role: Any) -> None:
    key = partners._hash("sim_key")
    as_role("mapsite_owner").execute(
        "INSERT INTO intake_partner (name, key_hash, active, made_at) VALUES ('a', %s, true, now())", [key]
    )
    public = as_role("mapsite_public")
    assert public.execute("SELECT intake_partner_of(%s)", [key]).fetchone()[0]
    assert public.execute("SELECT intake_partner_of(%s)", [b"x"]).fetchone()[0] is None
    for role in ("mapsite_public", "mapsite_staff", "mapsite_worker"):
        with pytest.raises(Exception, match="permission denied"):
            as_role(role).execute("SELECT * FROM intake_partner")
