"""Every page of the desk that lists something asks the same number of questions for one row and for three.

The queue, a case, the requests and the workload have theirs beside their other tests.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from geo.record.models import Brake
from moderation.review import actions, team
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from tests import casework, desk
from tests.casework import PASSPHRASE


class Scene:
    """What a page is about; each call of a `grow` below adds one row to it."""

    def __init__(self) -> None:
        self.school = casework.school()
        self.case = casework.case(self.school)
        self.record = casework.published(at=casework.school())
        self.rows = 0

    def one_more_member(self) -> None:
        made = casework.member()
        desk.give_app(made)
        casework.declare_tie(by=made, kind="studied", school=casework.school().pk, region=None)

    def one_more_change(self) -> None:
        team.ask_to_leave(member=casework.member().pk, by=self.senior(), passphrase=PASSPHRASE)

    def one_more_brake_and_pause(self) -> None:
        self.rows += 1
        region = casework.region(f"2611{self.rows}", parent="26")
        Brake.objects.create(region=region, kind="day", shown=True, started_at=timezone.now())
        actions.pause(
            kind="intake", region=region.pk, reason="crowd", hours=5, by=self.senior(), passphrase=PASSPHRASE
        )

    def one_more_case(self) -> None:
        casework.published(at=casework.school())
        casework.case()

    def one_more_hide(self) -> None:
        self.rows += 1
        actions.hide(
            record=self.record,
            reason="checking",
            hours=self.rows,
            by=casework.member(),
            passphrase=PASSPHRASE,
        )

    def one_more_of_the_school(self) -> None:
        self.rows += 1
        casework.school(name=self.school.name, district="26110")
        casework.case(self.school, month=dt.date(2026, self.rows, 1))

    def senior(self) -> Member:
        return casework.member(Role.SENIOR)


class Page(NamedTuple):
    address: str  # with the parts of a scene in it
    grow: Callable[[Scene], None]
    queries: int  # the functions of the database are not among them


PAGES = (
    Page("/team/", Scene.one_more_member, 13),
    Page("/team/changes/", Scene.one_more_change, 12),
    Page("/brakes/", Scene.one_more_brake_and_pause, 13),
    Page("/audit/", Scene.one_more_case, 12),
    Page("/map/places.geojson", Scene.one_more_case, 10),
    Page("/cases/{scene.case.pk}/around.geojson", Scene.one_more_case, 17),
    Page("/records/{scene.record}/", Scene.one_more_hide, 17),
    Page("/schools/{scene.school.pk}/", Scene.one_more_of_the_school, 18),
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_three_rows_cost_what_one_does(seated: Any, django_assert_num_queries: Any, page: Page) -> None:
    _senior, client = seated(Role.SENIOR)
    scene = Scene()
    address = page.address.format(scene=scene)
    for more in (1, 2):
        for _ in range(more):
            page.grow(scene)
        assert client.get(address).status_code == 200
        with django_assert_num_queries(page.queries):
            client.get(address)
