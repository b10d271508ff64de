"""Who is not wholly signed in gets nowhere, by any method, at any address of the staff site.

The addresses are walked out of the URL map: a page that is added tomorrow is tried here by itself.
"""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache

from moderation.review.models import Member
from moderation.review.vocabulary import Role
from moderation.staff.middleware import ENROLMENT, OPEN
from tests import casework, desk
from tests.integration.staff.test_doors import ADDRESSES, shut
from tests.stack import SiteClient
from tests.stack import staff_client as new_client

pytestmark = pytest.mark.django_db
METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]
CLOSED = [(name, path) for name, path in ADDRESSES if name not in OPEN]


@pytest.fixture(autouse=True)
def nobody_was_counted(settings: Any) -> None:
    """A prefix in Redis that only this test uses; the Redis may be somebody's running site."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


def newer_code(person: Member) -> str:
    """A code as the app shows it half a minute later: one that opened nothing yet."""
    found = desk.fresh_code(Authenticator.objects.get(user=person.account, type="totp"))
    cache.delete(f"allauth.mfa.totp.used?user={person.account_id}&code={found}")
    return found


def records(client: SiteClient, **changed: Any) -> None:
    """Changes what the session says about its answered challenges, as time would."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, **changed} for record in session["account_authentication_methods"]
    ]
    session.save()


# --- the state that each kind of half-signed-in person is in ------------------------------------------


def anonymous() -> SiteClient:
    return new_client()


def with_password_alone() -> SiteClient:
    person, client = casework.member(Role.SENIOR), new_client()
    desk.give_password(person)
    desk.give_app(person)
    desk.type_password(client, person)
    return client


def with_a_replayed_code() -> SiteClient:
    person = casework.member(Role.SENIOR)
    desk.sign_in(new_client(), person)
    app = Authenticator.objects.get(user=person.account, type="totp")
    client = new_client()
    desk.type_password(client, person)
    client.post("/accounts/factor/check/", {"code": desk.code(app)})
    return client


def with_a_worn_out_session() -> SiteClient:
    client = new_client()
    desk.sign_in(client, casework.member(Role.SENIOR))
    records(client, at=time.time() - settings.STAFF_SESSION_LONGEST - 1)
    return client


def with_a_key_of_ones_own() -> SiteClient:
    """A session key that somebody else chose and planted."""
    client = new_client()
    client.cookies["desk"] = "a" * 32
    return client


@pytest.mark.parametrize(
    "state",
    [anonymous, with_password_alone, with_a_replayed_code, with_a_worn_out_session, with_a_key_of_ones_own],
)
def test_nothing_opens(state: Callable[[], SiteClient]) -> None:
    client = state()
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for name, path in CLOSED:
        for method in METHODS:
            for (
                key,
                value,
            ) in cookies.items():  # what a refusal does to the session must not help the next try
                client.cookies[key] = value
            assert shut(getattr(client, method)(path)), (name, path, method)


def test_an_unfinished_enrolment_leads_to_itself_and_nowhere_else() -> None:
    person, client = casework.member(Role.SENIOR), new_client()
    desk.give_password(person)
    desk.type_password(client, person)
    for name, path in CLOSED:
        if name not in ENROLMENT:
            for method in METHODS:
                answer = getattr(client, method)(path)
                assert (answer.status_code, answer.get("Location")) == (302, "/second-factor/"), (
                    name,
                    method,
                )


def test_a_deactivated_member_with_a_live_session_is_refused() -> None:
    person, client = casework.member(Role.SENIOR), new_client()
    desk.sign_in(client, person)
    person.active = False
    person.save()
    for name, path in CLOSED:
        for method in METHODS:
            answer = getattr(client, method)(path)
            assert answer.status_code == 403, (name, method)
            assert b"<form" not in answer.content.split(b"</header>")[-1]


def test_an_account_that_is_switched_off_is_signed_out_at_once(seated: Any) -> None:
    person, client = seated()
    person.account.is_active = False
    person.account.save()
    assert shut(client.get("/queue/"))


# --- a second factor that is not fresh ----------------------------------------------------------------


def stale(role: str = Role.SENIOR) -> SiteClient:
    client = new_client(headers={"accept-language": "en"})
    desk.sign_in(client, casework.member(role))
    records(client, at=time.time() - settings.STAFF_STEP_UP - 1)
    return client


def test_reading_needs_no_fresh_factor() -> None:
    assert stale().get("/queue/").status_code == 200


def test_every_form_with_a_passphrase_needs_a_fresh_factor() -> None:
    client = stale()
    for name, path in CLOSED:
        if name.startswith("staff:"):
            answer = client.post(path, {"passphrase": casework.PASSPHRASE})
            assert answer.status_code == 403 and b"Confirm with your second factor first" in answer.content, (
                name
            )


def test_a_decision_is_refused_until_the_factor_was_asked_for_again() -> None:
    person = casework.member(Role.SENIOR)
    draft = casework.drafted(by=person)
    client = new_client(headers={"accept-language": "en"})
    desk.sign_in(client, person)
    fields = {
        "proposal": str(draft.pk),
        "shown": bytes(draft.hash).hex(),
        "verdict": "approve",
        "reason": "sufficient",
        "district": draft.school.region_id,
        "opened": "on",
        "untied": "on",
        "passphrase": casework.PASSPHRASE,
    }
    address = f"/cases/{draft.case_id}/verdict/"
    records(client, at=time.time() - settings.STAFF_STEP_UP - 1)
    assert b"/accounts/factor/again/?next=" in client.get(f"/cases/{draft.case_id}/").content
    assert client.post(address, fields).status_code == 403
    assert casework.current(draft.case).state == "drafted"
    assert casework.PASSPHRASE not in str(dict(client.session))

    asked = client.post(f"/accounts/factor/again/?next=/cases/{draft.case_id}/", {"code": newer_code(person)})
    assert asked["Location"] == f"/cases/{draft.case_id}/"
    assert client.post(address, fields).status_code == 302
    assert casework.current(draft.case).state == "second"


def test_a_password_is_no_fresh_factor() -> None:
    person, client = casework.member(), new_client()
    desk.sign_in(client, person)
    records(client, at=time.time() - settings.STAFF_STEP_UP - 1)
    client.post("/accounts/again/", {"password": desk.PASSWORD})
    assert (
        client.post("/cases/00000000-0000-4000-8000-000000000000/verdict/", {"passphrase": "x"}).status_code
        == 403
    )


def test_factors_and_password_change_with_a_fresh_factor_only() -> None:
    client = stale()
    for name, path in CLOSED:
        of_factors = name.startswith("mfa_") and not re.search("reauthenticate|index|list", name)
        if of_factors or name == "account_change_password":
            assert client.get(path)["Location"].startswith("/accounts/factor/again/?next="), name
            assert client.post(path, {}).status_code == 403, name


def test_the_challenge_leads_to_no_foreign_address() -> None:
    person, client = casework.member(), new_client()
    desk.sign_in(client, person)
    answer = client.post("/accounts/factor/again/?next=https://example.org/", {"code": newer_code(person)})
    assert "example.org" not in answer["Location"]


# --- sessions -----------------------------------------------------------------------------------------


def test_idle_sessions_end(seated: Any) -> None:
    _, client = seated()
    assert client.get("/queue/").status_code == 200
    row = Session.objects.get()
    left = (row.expire_date - row.expire_date.now(row.expire_date.tzinfo)).total_seconds()
    assert left == pytest.approx(settings.SESSION_COOKIE_AGE, abs=30) and left <= 30 * 60
    row.expire_date = row.expire_date.now(row.expire_date.tzinfo)
    row.save()
    assert shut(client.get("/queue/"))


def test_the_cookie_is_for_this_site_and_no_script() -> None:
    client = new_client()
    desk.sign_in(client, casework.member())
    cookie = client.cookies["desk"]
    assert (
        cookie["httponly"]
        and cookie["samesite"] == "Strict"
        and not cookie["expires"]
        and not cookie["domain"]
    )


def test_a_dump_holds_no_key_that_opens_a_session() -> None:
    client = new_client()
    desk.sign_in(client, casework.member())
    key = client.cookies["desk"].value
    stored = Session.objects.get().session_key
    assert stored != key and key not in Session.objects.get().session_data
    thief = new_client()
    thief.cookies["desk"] = stored
    assert shut(thief.get("/queue/"))


def test_signing_in_changes_the_key_at_both_steps() -> None:
    person, client = casework.member(), new_client()
    desk.give_password(person)
    app = desk.give_app(person)
    client.get("/accounts/login/")
    keys = [client.cookies["desk"].value if "desk" in client.cookies else ""]
    desk.type_password(client, person)
    keys.append(client.cookies["desk"].value)
    client.post("/accounts/factor/check/", {"code": desk.fresh_code(app)})
    keys.append(client.cookies["desk"].value)
    assert keys[2] not in keys[:2]
    thief = new_client()
    thief.cookies["desk"] = keys[1]
    assert shut(thief.get("/queue/"))


def test_a_planted_key_is_never_adopted() -> None:
    person, client = casework.member(), new_client()
    client.cookies["desk"] = "planted0planted0planted0planted0"
    desk.sign_in(client, person)
    assert client.cookies["desk"].value != "planted0planted0planted0planted0"


def test_logging_out_ends_the_session_for_a_thief_too(seated: Any) -> None:
    _, client = seated()
    thief = new_client()
    thief.cookies["desk"] = client.cookies["desk"].value
    assert thief.get("/queue/").status_code == 200
    client.post("/accounts/logout/")
    assert shut(thief.get("/queue/")) and not Session.objects.exists()


def test_a_new_password_ends_every_other_session() -> None:
    person, mine = casework.member(), new_client()
    desk.sign_in(mine, person)
    other = new_client()
    desk.type_password(other, person)
    other.post("/accounts/factor/check/", {"code": newer_code(person)})
    assert other.get("/queue/").status_code == 200
    new = "another desk for careful people"
    changed = mine.post(
        "/accounts/password/", {"oldpassword": desk.PASSWORD, "password1": new, "password2": new}
    )
    assert changed.status_code == 302
    assert mine.get("/queue/").status_code == 200
    assert shut(other.get("/queue/"))


def test_every_form_needs_its_token() -> None:
    client = new_client(enforce_csrf_checks=True)
    person = casework.member(Role.SENIOR)
    desk.give_password(person)
    assert (
        client.post(
            "/accounts/login/", {"login": person.account.email, "password": desk.PASSWORD}
        ).status_code
        == 403
    )
    signed_in = new_client(enforce_csrf_checks=True)
    plain = new_client()
    desk.sign_in(plain, person)
    for name, path in ADDRESSES:
        if name in {"healthz", "readyz"}:
            continue
        for method in ("post", "put", "patch", "delete"):
            signed_in.cookies["desk"] = plain.cookies["desk"].value
            answer = getattr(signed_in, method)(
                path, {"passphrase": "x"}, headers={"origin": "https://example.org"}
            )
            assert answer.status_code == 403, (name, method, answer.status_code)


# --- guessing -----------------------------------------------------------------------------------------


def plain_words(answer: Any, *secrets: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    for secret in secrets:
        text = text.replace(secret, "…")
    return text


def test_a_sign_in_does_not_say_who_has_an_account() -> None:
    enrolled, fresh, gone = casework.member(), casework.member(), casework.member()
    for person in (enrolled, gone):
        desk.give_password(person)
    desk.give_app(enrolled)
    gone.account.is_active = False
    gone.account.save()
    said = set()
    for email in (enrolled.account.email, fresh.account.email, gone.account.email, "nobody@example.org"):
        answer = new_client().post("/accounts/login/", {"login": email, "password": "not the password"})
        said.add((answer.status_code, plain_words(answer, email)))
    assert len(said) == 1


@pytest.mark.parametrize("known", [True, False])
def test_guesses_are_counted_and_then_the_right_one_does_not_help_either(known: bool) -> None:
    person = casework.member()
    desk.give_password(person)
    email = person.account.email if known else "nobody@example.org"
    said = [
        plain_words(
            new_client().post("/accounts/login/", {"login": email, "password": f"guess {number}"}), email
        )
        for number in range(6)
    ]
    assert len(set(said[:5])) == 1 and said[5] != said[0]
    if known:
        assert desk.type_password(new_client(), person).status_code == 200, (
            "the right password is refused as well"
        )


def test_codes_are_counted_by_account_over_all_sessions() -> None:
    person = casework.member()
    desk.give_password(person)
    app = desk.give_app(person)
    for _ in range(5):
        client = new_client()
        desk.type_password(client, person)
        assert client.post("/accounts/factor/check/", {"code": "000000"}).status_code == 200
    client = new_client()
    desk.type_password(client, person)
    assert client.post("/accounts/factor/check/", {"code": desk.fresh_code(app)}).status_code == 200
    assert shut(client.get("/queue/"))
