"""Requests that no browser of ours sends: large, of another type, damaged, and from everywhere at once."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from moderation.intake import limits
from moderation.intake.models import SpentForm, Submission
from tests.integration.intake.conftest import Reporter, address, fill_register

FORM = "application/x-www-form-urlencoded"


class Unread(io.RawIOBase):
    """A body whose reading fails the test."""

    def read(self, *_args):
        raise AssertionError("the body was read")


def test_fifty_megabytes_are_refused_unread(reporter):
    answer = reporter.client.generic(
        "POST",
        reporter.address,
        content_type=FORM,
        **{"CONTENT_LENGTH": str(50 * 1024 * 1024), "wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert 'class="error"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("length", ["", "-1", "ten", "1e3"])
def test_a_body_of_unknown_length_is_refused_unread(reporter, length):
    answer = reporter.client.generic(
        "POST", reporter.address, content_type=FORM, **{"CONTENT_LENGTH": length, "wsgi.input": Unread()}
    )
    assert answer.status_code == 411


def test_multipart_is_refused_with_guidance_and_leaves_nothing_on_disk(reporter, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    picture = SimpleUploadedFile("a.png", b"\x89PNG" + os.urandom(2000), content_type="image/png")
    answer = reporter.client.post(reporter.address, {**reporter.fields, "file": picture})
    assert answer.status_code == 415
    assert "112" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []
    assert Submission.objects.count() == 0


def test_the_upload_handler_itself_refuses_a_file(register):
    """Behind the views: even a view that forgets the guard can receive no file."""
    picture = SimpleUploadedFile("a.png", b"\x89PNG" + os.urandom(200), content_type="image/png")
    request = RequestFactory().post("/", {"file": picture})
    assert dict(request.FILES) == {}


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "", "image/png", "application/octet-stream", "multipart/mixed"],
)
def test_other_content_types(reporter, content_type):
    assert (
        reporter.client.generic("POST", reporter.address, b"text=x", content_type=content_type).status_code
        == 415
    )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods(reporter, method):
    answer = reporter.client.generic(method, reporter.address)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"&".join(b"f%d=1" % n for n in range(500)), FORM),
        (b"text=x", FORM + "; charset=euc-kr"),
        (b"%ff%fe=%00&text=%ff", FORM),
        (b"&&&===", FORM),
    ],
)
def test_damaged_forms_get_a_sentence(reporter, body, content_type):
    answer = reporter.client.generic("POST", reporter.address, body, content_type=content_type)
    assert answer.status_code in {400, 422}
    assert 'class="error"' in answer.content.decode()
    assert Submission.objects.count() == 0


def test_a_used_up_budget_gives_the_text_back(reporter, settings):
    settings.INTAKE_LIMITS = {"network": "9/h", "school": "2/h", "slow": "9/h", "receipt": "2/h"}
    assert reporter.send(kind=None).status_code == 422
    assert reporter.send(kind=None).status_code == 422
    refused = reporter.send(text="제가 쓴 글", contact="나에게")
    page = refused.content.decode()
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 3600
    assert "제가 쓴 글" in page
    assert 'value="나에게"' in page
    assert Submission.objects.count() == 0


def test_a_school_has_a_budget_of_its_own(public_client, register, settings):
    settings.INTAKE_LIMITS = {"network": "100/h", "school": "1/h", "slow": "9/h", "receipt": "2/h"}
    assert Reporter(public_client, register["east"]).send().status_code == 200
    assert Reporter(public_client, register["east"]).send().status_code == 429
    assert Reporter(public_client, register["west"]).send().status_code == 200


def test_receipts_cannot_be_tried_without_end(public_client, register, settings):
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "receipt": "3/h"}
    body = urlencode({"words": "not a receipt"})
    codes = [public_client.post(address("status"), body, content_type=FORM).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 429, 429]


def test_redis_away_loses_nothing_and_stores_nothing(reporter, settings):
    reporter.fetch()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{settings.RUN}/nobody-listens-here.sock",
        }
    }
    answer = reporter.send(text="지금 보내는 글", contact="나에게")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "지금 보내는 글" in page
    assert reporter.fields["token"] in page
    assert (Submission.objects.count(), SpentForm.objects.count()) == (0, 0)
    assert reporter.client.get(reporter.address).status_code == 200  # reading goes on


def request_from(address: str, forwarded: str | None = None):
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().post("/", REMOTE_ADDR=address, **extra)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.8", "203.0.113.8"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_networks(address, network):
    assert limits.network(request_from(address)) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "198.51.100.1", "10.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (1, "", "10.0.0.1"),
        (2, "198.51.100.1", "10.0.0.1"),
        (1, "6.6.6.6, nonsense", "unknown"),
    ],
)
def test_forged_forwarding_headers_gain_nothing(settings, proxies, forwarded, network):
    settings.TRUSTED_PROXIES = proxies
    assert limits.network(request_from("10.0.0.1", forwarded)) == network


def test_hashes_differ_by_network_and_by_day():
    first = limits.hashed_network(request_from("203.0.113.7"))
    assert first == limits.hashed_network(request_from("::ffff:203.0.113.7"))
    assert first != limits.hashed_network(request_from("203.0.113.8"))
    assert cache.delete(f"intake:network-key:{timezone.localtime():%Y%m%d}")  # what midnight does
    assert first != limits.hashed_network(request_from("203.0.113.7"))


def test_the_daily_key_expires_within_the_day(keys_of_this_test):
    limits.hashed_network(request_from("203.0.113.7"))
    client = cache._cache.get_client()
    lifetimes = [client.ttl(key) for key in client.keys(f"{keys_of_this_test}:*intake:network-key*")]
    assert len(lifetimes) == 1
    assert 0 < lifetimes[0] <= 24 * 60 * 60


def test_exactly_the_budget_passes_under_concurrency(monkeypatch):
    monkeypatch.setattr(settings, "INTAKE_LIMITS", {"network": "100/d"})

    def attempt(_number: int) -> bool:
        try:
            limits.spend(request_from("203.0.113.7"), budget="network")
        except limits.LimitReached:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        passed = sum(pool.map(attempt, range(500)))
    assert passed == 100


def test_the_database_away_gives_everything_back(committed_db, public_client):
    reporter = Reporter(public_client, fill_register()["east"])
    reporter.fetch()
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        answer = reporter.send(text="지금 보내는 글", contact="나에게")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "지금 보내는 글" in page
    assert reporter.fields["token"] in page
    assert Submission.objects.count() == 0
    assert reporter.send(text="지금 보내는 글").status_code == 200


def test_logs_hold_nothing_of_a_request(reporter, caplog, settings):
    caplog.set_level("DEBUG")
    canary = "카나리아 010-4821-9937"
    for changes in ({"text": canary}, {"kind": canary}, {"token": canary}, {"month": canary}):
        reporter.send(**changes)
    reporter.post({f"{canary}{number}": "" for number in range(300)})
    reporter.client.generic("POST", reporter.address, canary.encode(), content_type="text/plain")
    reporter.client.get(f"/ko/report/{canary}/")
    settings.SECRETS = settings.VAR / "no-such-folder"
    assert reporter.send(text="봉인할 수 없는 글", contact=canary).status_code == 503
    logged = "\n".join(
        record.getMessage() + str(record.exc_info)
        for record in caplog.records
        if "sql" not in record.__dict__
    )
    assert "SealError" in logged
    for part in ("카나리아", "4821", "봉인할", reporter.fields["token"], "X900000001"):
        assert part not in logged
