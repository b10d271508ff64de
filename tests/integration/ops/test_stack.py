"""The fixtures themselves: what a test is given is its own, whatever another one left behind."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from geo.directory.models import Region
from tests import stack


@pytest.fixture
def careless(django_db_setup: None) -> Iterator[None]:
    """A connection to the shared test database that some test forgot to close."""
    with stack.connect("mapsite_worker", connection.settings_dict["NAME"]):
        yield


def test_a_forgotten_connection_does_not_stop_the_next_clone(careless: None, committed_db: str) -> None:
    assert connection.settings_dict["NAME"] == committed_db
    assert Region.objects.count() == 0


def test_commits_are_seen_by_other_roles_and_gone_with_the_test(
    committed_db: str, as_role: Callable[..., psycopg.Connection]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (n int); GRANT SELECT ON seen TO mapsite_public")
    public = as_role("mapsite_public")
    assert public.execute("SELECT current_user, current_database()").fetchone() == (
        "mapsite_public",
        committed_db,
    )
    assert public.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("INSERT INTO seen VALUES (1)")


def test_a_clone_is_closed_to_everybody_but_the_four_roles(committed_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datacl::text FROM pg_database WHERE datname = %s", [committed_db])
        (rights,) = cursor.fetchone()
    # An entry without a name before "=" would be everybody's.
    assert not any(entry.startswith("=") for entry in rights.strip("{}").split(","))
