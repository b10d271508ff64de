"""The way in: one link, two secrets, then a second factor; and the commands that make accounts."""

import datetime as dt
import io
import stat

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from fixtures import demo_team
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from moderation.staff import actions
from moderation.staff.models import Account, EnrolmentLink
from tests import casework, desk

pytestmark = pytest.mark.django_db
SECRETS = {
    "password": "a password of length",
    "passphrase": "a passphrase of length",
    "again": "a passphrase of length",
}


def new_member(role: str = Role.REVIEWER) -> Member:
    account = Account.objects.create_user(email="new@example.org", name="New")
    return Member.objects.create(account=account, role=role)


def secret_of(member: Member) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM review_member WHERE id = %s", [member.pk])
        return cursor.fetchone()[0]


def test_from_the_link_to_the_queue(staff_client):
    member = new_member()
    token = actions.make_link(account=member.account)
    assert staff_client.get(f"/enrol/{token}/").status_code == 200
    assert staff_client.post(f"/enrol/{token}/", SECRETS)["Location"] == "/accounts/login/"
    assert secret_of(member).startswith("$2a$12$")
    assert staff_client.get(f"/enrol/{token}/").status_code == 410

    staff_client.post("/accounts/login/", {"login": "new@example.org", "password": SECRETS["password"]})
    assert staff_client.get("/queue/")["Location"] == "/second-factor/"
    staff_client.get("/accounts/factor/app/")
    secret = staff_client.session["mfa.totp.secret"]
    code = code_of(secret)
    key_before = staff_client.session.session_key
    assert staff_client.post("/accounts/factor/app/", {"code": code})["Location"] == "/accounts/factor/codes/"
    assert staff_client.session.session_key != key_before
    assert staff_client.get("/accounts/factor/codes/").status_code == 200
    assert staff_client.get("/queue/").status_code == 200
    staff_client.post("/accounts/logout/")
    staff_client.post("/accounts/login/", {"login": "new@example.org", "password": SECRETS["password"]})
    refused = staff_client.post("/accounts/factor/check/", {"code": code})
    assert refused.status_code == 200, "the code that proved the app is spent"


def code_of(secret: str) -> str:
    import time

    if desk.PERIOD - time.time() % desk.PERIOD < 4:
        time.sleep(4)
    return desk.format_hotp_value(desk.hotp_value(secret, int(time.time()) // desk.PERIOD))


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "short"},
        {"passphrase": "too short", "again": "too short"},
        {"passphrase": "가" * 30, "again": "가" * 30},
        {"again": "something else entirely"},
        {"password": "a passphrase of length"},
        {"password": ""},
    ],
)
def test_weak_secrets_are_given_back_and_set_nothing(staff_client, changed):
    member = new_member()
    token = actions.make_link(account=member.account)
    assert staff_client.post(f"/enrol/{token}/", {**SECRETS, **changed}).status_code == 422
    assert secret_of(member) == "" and EnrolmentLink.objects.get().used_at is None


def test_links_that_lead_nowhere(staff_client):
    member = new_member()
    old = actions.make_link(account=member.account)
    EnrolmentLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for token in (old, "nonsense", "%00", "A" * 500, old[:-1] + "_"):
        for answer in (staff_client.get(f"/enrol/{token}/"), staff_client.post(f"/enrol/{token}/", SECRETS)):
            assert answer.status_code == 410
    assert secret_of(member) == ""


def test_the_token_is_kept_as_a_hash_only():
    token = actions.make_link(account=new_member().account)
    stored = bytes(EnrolmentLink.objects.get().token_hash)
    assert len(stored) == 32 and token.encode() not in stored


# --- commands ----------------------------------------------------------------------------------------


def create(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_two_seniors_need_no_inviters_and_the_rest_do():
    for number in (1, 2):
        assert "/enrol/" in create(f"s{number}@example.org", "--name", "S", "--role", "senior")
    with pytest.raises(CommandError, match="two seniors invite") as refused:
        create("s3@example.org", "--name", "S", "--role", "senior")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="no enrolled senior"):
        create(
            "r@example.org",
            "--name",
            "R",
            "--role",
            "reviewer",
            "--invited-by",
            "s1@example.org",
            "--seconded-by",
            "s2@example.org",
        )
    one, two = casework.member(Role.SENIOR), casework.member(Role.SENIOR)
    create(
        "r@example.org",
        "--name",
        "R",
        "--role",
        "reviewer",
        "--invited-by",
        one.account.email,
        "--seconded-by",
        two.account.email,
    )
    made = Member.objects.get(account__email="r@example.org")
    assert (made.invited_by, made.seconded_by) == (one, two)


def test_a_second_call_voids_the_first_link(staff_client):
    first = create("s@example.org", "--name", "S", "--role", "senior").split("/enrol/")[1].split("/")[0]
    create("s@example.org", "--name", "S", "--role", "senior")
    assert Member.objects.count() == 1
    assert staff_client.get(f"/enrol/{first}/").status_code == 410


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody", "--name", "N", "--role", "senior"),
        ("n@example.org", "--name", "N", "--role", "king"),
        ("n@example.org", "--name", "N" * 41, "--role", "senior"),
        ("n@example.org", "--name", "N", "--role", "reviewer"),
        ("n@example.org", "--name", "N", "--role", "reviewer", "--invited-by", "a@example.org"),
        (
            "n@example.org",
            "--name",
            "N",
            "--role",
            "reviewer",
            "--invited-by",
            "a@example.org",
            "--seconded-by",
            "A@example.org",
        ),
    ],
)
def test_bad_input_to_create_staff(arguments):
    with pytest.raises(CommandError) as refused:
        create(*arguments)
    assert refused.value.returncode == 2
    assert not Account.objects.exists() and not Member.objects.exists()


def test_demo_commands_are_refused_outside_the_demo(settings):
    settings.DEMO = False
    for command in (["demo_code", "demo-senior1"], ["demo_accounts"], ["load_demo"]):
        with pytest.raises(CommandError) as refused:
            call_command(*command)
        assert refused.value.returncode == 2


def test_the_demo_team(tmp_path):
    file = tmp_path / "demo-accounts.txt"
    team = demo_team.ensure(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(person.member.role for person in team.values()).count(Role.REVIEWER) == 4
    again = demo_team.ensure(file)
    assert {name: person[1:] for name, person in again.items()} == {
        name: person[1:] for name, person in team.items()
    }
    assert Member.objects.count() == len(team) == 8


def test_demo_code_prints_codes_that_work(settings, staff_client, tmp_path):
    settings.DEMO = True
    team = demo_team.ensure(tmp_path / "demo-accounts.txt")
    out = io.StringIO()
    call_command("demo_code", "demo-reviewer1", stdout=out)
    staff_client.post(
        "/accounts/login/",
        {"login": "demo-reviewer1@example.org", "password": team["demo-reviewer1"].password},
    )
    assert staff_client.post("/accounts/factor/check/", {"code": out.getvalue().strip()}).status_code == 302
    with pytest.raises(CommandError) as refused:
        call_command("demo_code", "demo-nobody")
    assert refused.value.returncode == 2


def test_a_stranger_to_the_demo_gets_no_code(settings):
    settings.DEMO = True
    desk.give_app(casework.member())
    with pytest.raises(CommandError):
        call_command("demo_code", Account.objects.get().email)


def test_redis_away_is_one_clear_sentence(staff_client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    answer = desk.type_password(staff_client, casework.member())
    assert answer.status_code == 503
    assert "staff/sentence.html" in [each.name for each in answer.templates]


assert settings.MFA_TOTP_TOLERANCE == 0
