"""No page of the staff site opens without a second factor that was passed in this session."""

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from moderation.review.vocabulary import Role
from moderation.staff.middleware import ENROLMENT, OPEN
from tests import casework, desk
from tests.stack import staff_client as new_client

pytestmark = pytest.mark.django_db
VALUES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "str": "X9"}


def every_address() -> list[tuple[str, str]]:
    """Name and path of every address in the staff site's URL map."""

    def walk(patterns, prefix, space):
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(
                    entry.url_patterns, route, [*space, entry.namespace] if entry.namespace else space
                )
            elif isinstance(entry, URLPattern):
                for kind, value in VALUES.items():
                    for name in entry.pattern.converters:
                        route = route.replace(f"<{kind}:{name}>", value)
                yield ":".join([*space, entry.name]), "/" + route

    return sorted(walk(get_resolver(settings.STAFF_URLS).url_patterns, "", []))


ADDRESSES = every_address()


def shut(answer) -> bool:
    """Led to the sign-in, or refused with the sentence for somebody who is signed out."""
    return (answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")) or (
        answer.status_code == 403 and "staff/sentence.html" in [each.name for each in answer.templates]
    )


def test_the_url_map_is_walked_whole():
    names = [name for name, _path in ADDRESSES]
    assert {"staff:queue", "staff:verdict", "mfa_view_recovery_codes", "account_login", "healthz"} <= set(
        names
    )
    assert all("<" not in path for _name, path in ADDRESSES)


@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_people_see_nothing(staff_client, method):
    for name, path in ADDRESSES:
        if name not in OPEN:
            assert shut(getattr(staff_client, method)(path)), (name, path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_leads_to_enrolment_and_nowhere_else(staff_client, method):
    person = casework.member()
    desk.give_password(person)
    desk.type_password(staff_client, person)
    for name, path in ADDRESSES:
        if name in OPEN | ENROLMENT:
            continue
        answer = getattr(staff_client, method)(path)
        assert (answer.status_code, answer.get("Location")) == (302, "/second-factor/"), (name, path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_enrolled_elsewhere_is_not_passed_here(method):
    """A session that was opened before the enrolment stays shut: it never answered a challenge."""
    for name, path in ADDRESSES:
        if name in OPEN:
            continue
        person, client = casework.member(), new_client()
        client.force_login(person.account)
        desk.give_app(person)
        assert shut(getattr(client, method)(path)), (name, path)


def test_between_password_and_code_nothing_is_open(staff_client):
    person = casework.member()
    desk.give_password(person)
    desk.give_app(person)
    answer = desk.type_password(staff_client, person)
    assert answer["Location"] == "/accounts/factor/check/"
    for name, path in ADDRESSES:
        if name not in OPEN:
            assert shut(staff_client.get(path)), (name, path)


def test_with_the_second_factor_every_page_answers(staff_client):
    person = casework.member(Role.SENIOR)
    desk.sign_in(staff_client, person)
    for name, path in ADDRESSES:
        if name in {"account_logout", "readyz"}:  # the one ends the session, the other asks after the worker
            continue
        answer = staff_client.get(path)
        assert not shut(answer) and answer.status_code < 500, (name, path, answer.status_code)
    assert staff_client.get("/queue/").status_code == 200


def test_the_tests_short_cut_is_the_session_of_a_real_sign_in(staff_client):
    person, other = casework.member(), casework.member()
    desk.sign_in(staff_client, person)
    seated = desk.seat(new_client(), other)
    assert seated.get("/queue/").status_code == 200
    methods = "account_authentication_methods"
    real = [step for step in staff_client.session[methods] if step["method"] == "mfa"]
    assert [set(step) for step in real] == [set(step) for step in seated.session[methods]]


def test_a_code_works_once(staff_client):
    person = casework.member()
    desk.give_password(person)
    app = desk.give_app(person)
    used = desk.fresh_code(app)
    desk.type_password(staff_client, person)
    assert staff_client.post("/accounts/factor/check/", {"code": used}).status_code == 302
    second = new_client()
    desk.type_password(second, person)
    assert second.post("/accounts/factor/check/", {"code": used}).status_code == 200
    assert shut(second.get("/queue/"))


def test_a_removed_authenticator_ends_the_session(staff_client):
    person = casework.member()
    desk.sign_in(staff_client, person)
    assert staff_client.get("/queue/").status_code == 200
    person.account.authenticator_set.all().delete()
    desk.give_app(person)
    assert shut(staff_client.get("/queue/"))


def test_an_inactive_member_is_told_so(staff_client):
    person = casework.member()
    desk.sign_in(staff_client, person)
    person.active = False
    person.save()
    assert staff_client.get("/queue/").status_code == 403


def test_the_secret_of_an_app_is_encrypted_at_rest():
    app = desk.give_app(casework.member())
    secret = desk.SealedMFAAdapter().decrypt(app.data["secret"])
    assert secret not in str(app.data) and len(secret) == 32


def test_nothing_is_cached_and_the_policy_is_strict(staff_client):
    desk.sign_in(staff_client, casework.member())
    answer = staff_client.get("/queue/")
    assert "no-store" in answer["Cache-Control"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert b" style=" not in answer.content and b"onclick" not in answer.content


def test_nobody_signs_up(staff_client):
    assert staff_client.get("/accounts/signup/").status_code == 404
    assert staff_client.get("/accounts/password/reset/").status_code == 404
