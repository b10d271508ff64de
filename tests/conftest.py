"""Fixtures that run the real thing; `tests/stack.py` says what each is for."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from tests import stack

# Playwright keeps an event loop in the test's thread; Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database name of this run's own, so that several runs share one cluster."""
    stack.drop_orphans()
    connection.settings_dict["TEST"]["NAME"] = f"test_mapsite_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """In place of pytest-django's, which makes no database for tests that have `committed_db` alone: those would
    then clone the developer's own."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
        with stack.connect("mapsite_owner", "postgres") as owner:
            stack.close_to_others(owner, connection.settings_dict["NAME"])
        connection.close()
        # PostgreSQL clones only what nobody is connected to; this one is for cloning and nothing else.
        stack.create_database(stack.pristine(), template=connection.settings_dict["NAME"])
    yield
    with django_db_blocker.unblock():
        stack.drop_database(stack.demo_database())
        stack.drop_database(stack.pristine())
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module", autouse=True)
def language_of_no_other_file() -> None:
    """Each file begins in the same language, whichever files its process ran before."""
    translation.deactivate()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    usual = connection.settings_dict["NAME"]
    name = stack.new_database_name()
    connection.close()
    stack.create_database(name, template=stack.pristine())
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield name
            connection.close()
    finally:
        connection.settings_dict["NAME"] = usual
        stack.drop_database(name)


@pytest.fixture
def as_role() -> Iterator[Callable[..., psycopg.Connection]]:
    with contextlib.ExitStack() as opened:

        def connect(role: str, **options: Any) -> psycopg.Connection:
            made = stack.connect(role, connection.settings_dict["NAME"], **options)
            opened.callback(made.close)
            return made

        yield connect


@pytest.fixture
def public_client() -> stack.SiteClient:
    return stack.public_client()


@pytest.fixture
def staff_client() -> stack.SiteClient:
    return stack.staff_client()


@pytest.fixture(scope="session")
def running_site(django_db_setup: None) -> Iterator[stack.Site]:
    with stack.site() as running:
        yield running


@pytest.fixture
def make_site(django_db_setup: None) -> Iterator[stack.MakeSite]:
    with contextlib.ExitStack() as opened:

        def make(*, demo: bool = True, own_cluster: bool = False) -> stack.Site:
            return opened.enter_context(stack.site(demo_data=demo, own_cluster=own_cluster))

        yield make


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=stack.CHROMIUM, args=stack.CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    opened.on("console", lambda message: _note_console(message, problems))
    opened.on("request", lambda request: _note_foreign(request.url, problems))
    yield opened
    context.close()
    assert problems == []


def _note_console(message: Any, problems: list[str]) -> None:
    # A page that answers 404 or 422 on purpose also says so on the console; the test looks at that itself.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        problems.append(f"console: {message.text}")


def _note_foreign(url: str, problems: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")):
        problems.append(f"foreign address: {url}")
