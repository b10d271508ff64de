"""People at their desks."""

from collections.abc import Callable
from typing import Any

import pytest

from moderation.review.models import Member
from moderation.review.vocabulary import Role
from tests import casework, desk
from tests.stack import staff_client

SeatedAt = Callable[..., tuple[Member, Any]]


@pytest.fixture
def seated(db: None) -> SeatedAt:
    """`seated(role, inviters=…)` → a member and a client that is signed in as them, in English."""

    def make(role: str = Role.REVIEWER, **kwargs: Any) -> tuple[Member, Any]:
        person = casework.member(role, **kwargs)
        client = staff_client(headers={"accept-language": "en"})
        return person, desk.seat(client, person)

    return make
