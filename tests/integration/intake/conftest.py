"""A small invented register, an empty Redis, and a reporter who fills in the form."""

import re
import uuid
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from geo.directory import keys
from geo.directory.models import Region, School
from moderation.intake.forms import this_month


def make_school(school_id: str, name: str, region: Region, **more: Any) -> School:
    fields: dict[str, Any] = {
        "level": School.Level.MIDDLE,
        "founding": School.Founding.PUBLIC,
        "status": School.Status.OPERATING,
        "branch": School.Branch.MAIN,
        "address_road": f"{region.name_ko} 보기로 {int(school_id[-3:])}",
        "located": School.Located.UNKNOWN,
        "register_date": date(2026, 3, 20),
        "pupils": 400,
    } | more
    return School.objects.create(id=school_id, name=name, region=region, **asdict(keys.of(name)), **fields)


@pytest.fixture
def register(db: None) -> dict[str, School]:
    return fill_register()


def fill_register() -> dict[str, School]:
    """Two schools of one name in two districts, a closed one, and one that left the register."""
    day = date(2024, 1, 1)
    province = Region.objects.create(
        code="99", level="province", name_ko="보기도", name_en="Bogi-do", valid_from=day
    )
    east, west = (
        Region.objects.create(
            code=code, level="district", parent=province, name_ko=ko, name_en=en, valid_from=day
        )
        for code, ko, en in (("99010", "동보기시", "Dongbogi-si"), ("99020", "서보기시", "Seobogi-si"))
    )
    return {
        "east": make_school("X900000001", "보기금성중학교", east),
        "west": make_school("X900000002", "보기금성중학교", west),
        "closed": make_school("X900000003", "보기닫힌중학교", east, status=School.Status.CLOSED),
        "left": make_school("X900000004", "보기떠난중학교", east, left_register_on=date(2026, 1, 1)),
    }


@pytest.fixture(autouse=True)
def keys_of_this_test(settings: Any) -> str:
    """A prefix in Redis that only this test uses; the Redis may be somebody's running site."""
    prefix = uuid.uuid4().hex
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": prefix}}
    return prefix


@pytest.fixture(autouse=True)
def no_delay(settings: Any) -> None:
    settings.INTAKE_MINIMUM_DELAY = 0
    settings.INTAKE_SLOW_DELAY = 0


class Reporter:
    """Somebody with a browser without cookies and without JavaScript."""

    def __init__(self, client: Any, school: School, language: str = "ko") -> None:
        self.client = client
        self.language = language
        self.address = f"/{language}/report/{school.pk}/"
        self.fields: dict[str, str] = {
            "kind": "pupils",
            "month": f"{this_month():%Y-%m}",
            "how_known": "family",
            "text": "",
            "contact": "",
            "right_school": "yes",
        }

    def fetch(self) -> Any:
        response = self.client.get(self.address)
        self.fields["token"] = hidden_token(response)
        return response

    def send(self, **changes: str | None) -> Any:
        if "token" not in self.fields:
            self.fetch()
        data = {name: value for name, value in {**self.fields, **changes}.items() if value is not None}
        return self.post(data)

    def post(self, data: dict[str, str], **headers: Any) -> Any:
        return self.client.post(
            self.address, urlencode(data), content_type="application/x-www-form-urlencoded", **headers
        )


def hidden_token(response: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def receipt_words(response: Any) -> str:
    found = re.search(r'class="receipt"[^>]*>([^<]+)<', response.content.decode())
    assert found, response.content.decode()
    return found[1]


@pytest.fixture
def reporter(public_client: Any, register: dict[str, School]) -> Reporter:
    return Reporter(public_client, register["east"])


def address(name: str, language: str = "ko", **kwargs: str) -> str:
    with translation.override(language):
        return reverse(f"intake:{name}", urlconf=settings.PUBLIC_URLS, kwargs=kwargs)
