"""Linked pages are looked at again, and nothing else is ever reached (SAFEGUARDS A2)."""

import datetime as dt
import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from geo.record.models import Publisher
from mapsite import grants
from moderation.review import actions, fetching, links, safeguards
from moderation.review.models import Case, Evidence, LinkCheck
from tests import casework

STORY = "<p>" + "교육청이 이 학교의 피해 사실을 확인하고 상담과 보호 조치를 시작했다고 밝혔다. " * 8 + "</p>"
EDITED = STORY.replace("학교의", "학교 학생의", 1)


class Host:
    """A publisher's host on this machine: `pages` are answers by path."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append((self.path, self.headers.get("Host", "")))
                status, headers, body = host.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, body: str = "", *, status: int = 200, **headers: str) -> None:
        headers.setdefault("Content-Type", "text/html; charset=utf-8")
        self.pages[path] = status, {k.replace("_", "-"): v for k, v in headers.items()}, body.encode()

    def fetch(self, path: str = "/1", **kwargs: Any) -> fetching.Page:
        return fetching.fetch(
            f"http://localhost{path}",
            host="localhost",
            permitted=lambda address: True,
            ports={"http": self.port, "https": self.port},
            **kwargs,
        )


@pytest.fixture
def host(monkeypatch: Any) -> Iterator[Host]:
    made = Host()
    monkeypatch.setattr(  # this machine has no IPv6 name for itself on which the host listens
        socket,
        "getaddrinfo",
        lambda name, port, *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "ff02::1",
        "::",
        "198.18.0.1",
        "192.0.2.1",
    ],
)
def test_no_private_address_is_public(address: str) -> None:
    assert not fetching.public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are(address: str) -> None:
    assert fetching.public(address)


def test_a_name_that_leads_into_our_own_network_is_not_followed(host: Host) -> None:
    host.put("/1", STORY)
    with pytest.raises(fetching.Unreadable, match="not a public address"):
        fetching.fetch("http://localhost/1", host="localhost", ports={"http": host.port, "https": 443})
    assert host.asked == []


def test_one_private_address_among_public_ones_spoils_all(monkeypatch: Any) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(fetching.Unreadable, match="not a public address"):
        fetching.fetch("http://press.example/1", host="press.example")


@pytest.mark.parametrize(
    "address",
    [
        "http://other.example/1",
        "http://localhost.other.example/1",
        "http://localhost@other.example/1",
        "http://somebody@localhost/1",
        "file:///etc/passwd",
        "ftp://localhost/1",
        "gopher://localhost/1",
        "http://localhost:22/1",
        "//localhost/1",
    ],
)
def test_only_the_publishers_own_host_and_port(host: Host, address: str) -> None:
    host.put("/1", STORY)
    host.put("/start", status=302, Location=address)
    for start in (address, "http://localhost/start"):
        if start == "http://localhost/start" and address == "//localhost/1":
            continue  # the same host
        with pytest.raises(fetching.Unreadable):
            fetching.fetch(
                start, host="localhost", permitted=lambda _: True, ports={"http": host.port, "https": 443}
            )
    assert {path for path, _ in host.asked} <= {"/start"}


def test_redirects_stay_and_end(host: Host) -> None:
    host.put("/1", status=301, Location="/2")
    host.put("/2", STORY)
    assert host.fetch("/1") == host.fetch("/2")
    assert host.asked[0] == ("/1", "localhost")
    host.put("/2", status=302, Location="/1")
    with pytest.raises(fetching.Unreadable, match="too many redirects"):
        host.fetch("/1")


@pytest.mark.parametrize("status", [204, 301, 401, 403, 429, 500, 503])
def test_what_says_nothing_about_the_page(host: Host, status: int) -> None:
    host.put("/1", STORY, status=status)
    with pytest.raises(fetching.Unreadable):
        host.fetch()


def test_too_large_and_too_slow(host: Host, monkeypatch: Any) -> None:
    host.put("/1", "가" * (fetching.LARGEST // 3 + 10))
    with pytest.raises(fetching.Unreadable, match="too large"):
        host.fetch()
    host.put("/1", STORY)
    monkeypatch.setattr(fetching, "LONGEST", -1.0)
    with pytest.raises(fetching.Unreadable, match="too slow"):
        host.fetch()


def test_a_digest_is_of_what_is_read() -> None:
    def of(text: str, kind: str = "text/html; charset=utf-8", charset: str = "utf-8") -> bytes:
        return fetching.digest(text.encode(charset), kind)

    whole = f"<html><head><title>x</title></head><body><nav>홈</nav><article>{STORY}</article><aside>많이 본</aside></body>"
    assert of(whole) == of(whole.replace("홈", "메뉴").replace("많이 본", "새 소식"))
    assert of(whole) == of(
        whole.replace(
            "</article>", "<script>var a='이름';</script> 조회 1,234</article>".replace("조회 ", "")
        )
    )
    assert of(whole) != of(whole.replace("밝혔다", "알렸다", 1))
    assert of(whole) == of(whole, "text/html; charset=cp949", "cp949")
    assert of(whole) == of(whole.replace("<head>", '<head><meta charset="euc-kr">'), "text/html", "euc-kr")
    assert of(whole, "text/html; charset=nonsense") == of(whole)
    assert len(of("")) == len(of("<article>짧다</article>")) == 32
    for odd in ("<![if x]>" + STORY, "<!" + STORY, "&#xfffffff;" + STORY, "<article" * 1000):
        assert len(of(odd)) == 32


# --- what becomes of it ------------------------------------------------------------------------------


@pytest.fixture
def linked(host: Host, settings: Any, monkeypatch: Any) -> tuple[Host, Publisher]:
    settings.LINK_CHECKS = True
    fetch = fetching.fetch
    monkeypatch.setattr(  # the rule about addresses is tried above; a test's host is on this machine
        fetching,
        "fetch",
        lambda address, *, host: fetch(
            address, host=host, permitted=lambda _: True, ports={"https": -1, "http": HOSTS[0].port}
        ),
    )
    HOSTS[:] = [host]
    made = casework.publisher()
    made.url = "http://press.example/{article}"
    made.save()
    return host, made


HOSTS: list[Host] = []


def published(publisher: Publisher, article: str = "20260801") -> Case:
    one, two = casework.member(), casework.member()
    case = casework.case()
    confirm(case, publisher, article)
    draft = casework.propose(casework.current(case), by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    return casework.current(case)


def confirm(case: Case, publisher: Publisher, article: str = "20260801") -> None:
    actions.add_evidence(
        case=case.pk,
        grade="A",
        publisher=publisher,
        article=article,
        names_nobody=True,
        by=casework.member(),
        revision=casework.current(case).revision,
    )


def later(*, days: int = 8) -> None:
    """As if the last looks were some days ago."""
    for check in LinkCheck.objects.all():
        check.checked_at -= dt.timedelta(days=days)
        check.since -= dt.timedelta(days=days)
        check.confirmed_at -= dt.timedelta(days=days)
        check.save()
    for row in Evidence.objects.all():
        Evidence.objects.filter(pk=row.pk).update(added_at=row.added_at - dt.timedelta(days=days))
    for case in Case.objects.all():
        decided = case.decided_at and case.decided_at - dt.timedelta(days=days)
        Case.objects.filter(pk=case.pk).update(
            opened_at=case.opened_at - dt.timedelta(days=days), decided_at=decided
        )


@pytest.mark.django_db
def test_an_edited_page_opens_one_check_and_nothing_public_changes(linked: tuple[Host, Publisher]) -> None:
    host, publisher = linked
    host.put("/20260801", STORY)
    case = published(publisher)
    assert links.check_next() and not links.check_next(), "once a week"
    assert LinkCheck.objects.get().state == "same" and actions.open_checks() == 0
    later()
    assert links.check_next() and LinkCheck.objects.get().state == "same" and actions.open_checks() == 0
    later()
    host.put("/20260801", EDITED)
    assert links.check_next() and LinkCheck.objects.get().state == "edited"
    from geo.record.models import ImpactRecord, LogEntry

    before = list(ImpactRecord.objects.values()), LogEntry.objects.count()
    assert actions.open_checks() == 1 and actions.open_checks() == 0
    assert (list(ImpactRecord.objects.values()), LogEntry.objects.count()) == before
    check = Case.objects.select_related("school__region").get(kind="check", record=case.record)
    confirm(check, publisher)
    draft = casework.propose(casework.current(check), by=casework.member(), kind="restore", reason="checked")
    assert finding(check, draft) == "unknown", "confirmed again, and not looked at since"
    later()
    assert links.check_next() and LinkCheck.objects.get().state == "same"
    assert finding(check, draft) == "green"
    host.pages.clear()
    later()
    assert links.check_next() and LinkCheck.objects.get().state == "gone"
    assert finding(check, draft) == "unknown"
    for person in (casework.member(), casework.member()):
        casework.decide(draft, by=person)
    later()
    assert actions.open_checks() == 0, "the check that was decided answered this change"
    host.put("/20260801", EDITED)
    assert links.check_next() and LinkCheck.objects.get().state == "same"
    host.pages.clear()
    later()
    assert links.check_next() and actions.open_checks() == 1, "gone once more"


def finding(case: Case, draft: Any) -> str:
    found = safeguards.findings(case=case, draft=draft, by=casework.member())
    return next(each.light for each in found if each.code == "linked_pages_unchanged")


@pytest.mark.django_db
def test_whose_turn_it_is(linked: tuple[Host, Publisher], settings: Any) -> None:
    host, publisher = linked
    case = casework.case()
    for article in ("1111", "2222"):
        host.put(f"/{article}", STORY)
        confirm(case, publisher, article)
    assert links.check_next()
    assert not links.check_next(), "one page of a host in ten minutes"
    later(days=1)
    assert links.check_next() and not links.check_next()
    assert sorted(LinkCheck.objects.values_list("article", flat=True)) == ["1111", "2222"]
    later(days=1)
    assert not links.check_next(), "each was looked at within a week"
    host.put("/1111", status=500)
    later()
    assert links.check_next()
    first = LinkCheck.objects.order_by("-checked_at")[0]
    assert first.state in ("away", "same")
    settings.LINK_CHECKS = False
    later()
    asked = len(host.asked)
    assert not links.check_next() and len(host.asked) == asked, "off"


@pytest.mark.django_db
def test_a_host_that_is_away_is_no_edit(linked: tuple[Host, Publisher]) -> None:
    host, publisher = linked
    host.put("/20260801", STORY)
    published(publisher)
    links.check_next()
    host.put("/20260801", status=503)
    later()
    assert links.check_next() and LinkCheck.objects.get().state == "away"
    assert actions.open_checks() == 0
    host.put("/20260801", EDITED)
    later(days=1)
    assert links.check_next() and LinkCheck.objects.get().state == "edited", (
        "compared with what was confirmed"
    )


def test_no_text_of_a_page_is_kept_and_only_the_worker_writes() -> None:
    columns = {field.name for field in LinkCheck._meta.concrete_fields}
    assert columns == {"id", "publisher", "article", "state", "since", "confirmed_at", "digest", "checked_at"}
    assert grants.TABLES["review_linkcheck"] == grants.Grant(staff="SELECT", worker="SELECT, INSERT, UPDATE")
