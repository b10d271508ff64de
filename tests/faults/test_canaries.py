"""Names go in everywhere, and come out nowhere but to whoever sent them (SAFEGUARDS A1, A5, C4).

One real site with a PostgreSQL and a Redis of its own: every private column is filled with canaries, every public
input is fed with them, things are broken so that real errors happen, and then everything that the site sends, writes
and keeps is searched.
"""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
import psycopg
import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.db import models
from psycopg import sql

from tests import stack
from tests.faults.canaries import HEADERS, NAME, PARAMETERS, SPELLINGS, WORD, Answer, Sender, canaries, routes

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PRIVATE = ("moderation.", "allauth.", "django.contrib.sessions")
PUBLISH = f"""
from tests import casework
from django.db import transaction
one, two = casework.member(), casework.member()
with transaction.atomic():  # or the worker gathers the report as well
    case = casework.case()
casework.add_evidence(case, by=one, article="{WORD}")
draft = casework.propose(case, by=one)
casework.decide(draft, by=one)
casework.decide(draft, by=two)
print(draft.record)
"""


@dataclass
class Crawl:
    site: stack.Site
    sender: Sender
    filled: set[str] = field(default_factory=set)
    seen_by_redis: list[bytes] = field(default_factory=list)
    kept_by_redis: list[bytes] = field(default_factory=list)
    others: list[Answer] = field(default_factory=list)
    record: str = ""

    def status(self, *numbers: int) -> list[Answer]:
        return [answer for answer in self.sender.answers if answer.status in numbers]


@pytest.fixture(scope="module")
def crawl() -> Iterator[Crawl]:
    with stack.site(own_cluster=True) as site:
        made = Crawl(site, Sender(site.public_port))
        address = f"{site.places.run}/redis.sock"
        watching = threading.Thread(target=watch, args=(address, made.seen_by_redis), daemon=True)
        watching.start()
        fill_private_columns(made)
        publish(made)
        ask(made.sender)
        report(made.sender)
        sign_in_to_the_desk(site)
        read_as_somebody_else(made)
        break_things(made)
        made.kept_by_redis = dump(redis.Redis(unix_socket_path=address))
        assert site.redis and site.postgres
        site.redis.stop()
        watching.join(10)
        made.sender.send("POST", "/ko/report/status/", urlencode({"words": WORD}).encode(), FORM)
        site.postgres.stop()
        made.sender.send("GET", f"/ko/schools/?q={WORD}")
        made.sender.send("GET", f"/api/v1/schools/?q={WORD}")
        time.sleep(0.5)  # the logs' last lines
        yield made


def owner(site: stack.Site) -> psycopg.Connection:
    password = (site.places.secrets / "db-mapsite_owner").read_text().strip()
    return psycopg.connect(
        host=str(site.places.run), user="mapsite_owner", dbname="mapsite", password=password, autocommit=True
    )


def wordy(column: Any) -> bool:
    kinds: Any = models.CharField | models.TextField | models.JSONField | models.BinaryField
    long_enough = (column.max_length or 1000) >= len(WORD) + 8
    return isinstance(column, kinds) and not column.choices and not column.is_relation and long_enough


def fill_private_columns(made: Crawl) -> None:
    """A canary into each text that only the desk may see; each of its own, since some have to be unique."""
    values: dict[Any, str] = {
        models.BinaryField: "convert_to(%(word)s::text || md5(random()::text), 'UTF8')",
        models.JSONField: "jsonb_build_object(%(word)s::text, %(word)s::text)",
        models.CharField: "left(%(word)s::text || md5(random()::text), %(length)s::int)",
        models.TextField: "%(word)s::text || md5(random()::text)",
    }
    with owner(made.site) as database:
        for model in apps.get_models():
            if not model.__module__.startswith(PRIVATE) or not model._meta.managed:
                continue
            for column in filter(wordy, model._meta.concrete_fields):
                value = next(made for kind, made in values.items() if isinstance(column, kind))
                statement = sql.SQL("UPDATE {} SET {} = " + value).format(
                    sql.Identifier(model._meta.db_table), sql.Identifier(str(column.column))
                )
                try:
                    database.execute(statement, {"word": WORD, "length": column.max_length})
                except psycopg.errors.CheckViolation:
                    continue  # a code after all
                made.filled.add(f"{model._meta.label}.{column.name}")


def publish(made: Crawl) -> None:
    """Builds the public files anew, with a record whose evidence names an article that is none."""
    before = generation(made.site)
    made.record = made.site.manage("shell", "--no-imports", "-c", PUBLISH).stdout.split()[-1]
    deadline = time.monotonic() + 90
    while generation(made.site) == before:
        assert time.monotonic() < deadline, "no new generation"
        time.sleep(0.1)


def generation(site: stack.Site) -> str:
    return (site.places.var / "snapshot" / "current").readlink().name


def ask(sender: Sender) -> None:
    """Every address with canaries in path, query, headers and method."""
    for route, free in routes(settings.PUBLIC_URLS):
        query = urlencode(dict.fromkeys(PARAMETERS, WORD))
        sender.send("GET", route.replace("{}", WORD) + f"?{query}", headers=HEADERS)
        sender.send(
            "GET", route.replace("{}", "X900000001"), headers={**HEADERS, "Accept": f"application/{WORD}"}
        )
        for method in ("POST", "OPTIONS", WORD.upper()):
            sender.send(method, route.replace("{}", WORD), WORD.encode(), HEADERS)
        for spelling in SPELLINGS.values() if free else ():
            sender.send("GET", route.replace("{}", spelling))
    for spelling in SPELLINGS.values():
        for start in ("/", "/ko/", "/en/schools/", "/api/v1/", "/static/", "/.well-known/", "/map/"):
            sender.send("GET", f"{start}{spelling}", headers=HEADERS)
            sender.send("GET", f"{start}{spelling}/?{spelling}={spelling}")
        for path in (
            "ko/records/?grade=A&",
            "en/records/?",
            "api/v1/records/?",
            "api/v1/schools/?",
            "ko/schools/?",
        ):
            for name in ("q", "region", "near", "month", "page", "format", WORD):
                sender.send("GET", f"/{path}{name}={spelling}")
    for path in ("/", "/schools/", "/ko/schools/X900000001", "/ko/schools/X900000001/", "/ko/records"):
        sender.send("GET", f"{path}?q={WORD}&{WORD}&page={WORD}", headers=HEADERS)
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "HEAD"):
        for path in ("/ko/", "/ko/report/", "/api/v1/schools/", f"/{WORD}"):
            sender.send(method, path, headers=HEADERS)
    sender.send("GET", "/api/v1/records-0.geojson", headers=HEADERS)
    sender.send("GET", "/ko/", headers={"Host": WORD})
    sender.send("GET", "/ko/", headers={"Host": f"127.0.0.1:{WORD}"})
    sender.send("GET", f"/{WORD * 2000}")
    sender.send("GET", "/ko/", headers={f"X-{WORD}": WORD * 9000})
    for data in (
        f"{WORD} {WORD}\r\n\r\n",
        f"GET /{WORD} HTTP/9.9\r\n\r\n",
        f"GET /{WORD}\0 HTTP/1.1\r\nHost: {WORD}\r\n\r\n",
    ):
        sender.raw(data.encode())


def report(sender: Sender) -> None:
    """The report form and the receipts, filled in by honest people, by clumsy ones, and by machines."""
    for language in ("ko", "en"):
        address = f"/{language}/report/X900000001/"
        page = sender.send("GET", address).body.decode()
        token = re.search(r'name="token" value="([^"]+)"', page)
        fields = {"kind": "pupils", "how_known": "family", "right_school": "yes", "month": "2026-10"}
        fields["token"] = token[1] if token else ""
        time.sleep(settings.INTAKE_MINIMUM_DELAY + 0.1)
        honest = {**fields, "text": f"{WORD} {NAME}", "contact": f"{WORD}@example.org"}
        for changed in (
            {"text": f"{WORD} 피해를 보았다"},
            {},
            dict.fromkeys((*fields, "accepted", "mask", WORD), WORD),
            {"mask": "1"},
            {"text": f"{NAME} 010-1234-5678"},
        ):
            sender.send("POST", address, urlencode({**honest, **changed}).encode(), FORM)
        sender.send("POST", address, urlencode({"text": WORD * 9000}).encode(), FORM)
        for kind in ("application/json", "multipart/form-data; boundary=zq", WORD, "text/plain"):
            body = f'--zq\r\nContent-Disposition: form-data; name="f"; filename="{WORD}.jpg"\r\n\r\n{WORD}\r\n--zq--\r\n'
            sender.send("POST", address, body.encode(), {"Content-Type": kind})
        sender.send("POST", address, b"0\r\n\r\n", {**FORM, "Content-Length": WORD})
    answer = {"words": f"{WORD} {NAME}", "question": WORD, "answer": WORD, "text": f"{WORD} {NAME}"}
    for page_name in ("status", "answer", "withdraw"):
        for _ in range(40):  # until the network's budget is used up
            sender.send("POST", f"/en/report/{page_name}/", urlencode(answer).encode(), FORM)


def sign_in_to_the_desk(site: stack.Site) -> None:
    """Nobody gets in; what was typed must not stand in a log."""
    desk = Sender(site.staff_port)
    for path in (
        "/accounts/login/",
        f"/enrol/{WORD}/",
        f"/cases/{WORD}/",
        f"/{WORD}/",
        f"/queue/?view={WORD}",
    ):
        desk.send("GET", path, headers={**HEADERS, "Host": f"localhost:{site.staff_port}"})
        desk.send("POST", path, urlencode({"login": f"{WORD}@example.org", "password": WORD}).encode(), FORM)
    desk.send("GET", "/", headers={"Host": WORD})


def read_as_somebody_else(made: Crawl) -> None:
    """Every public address as a reader who sends nothing unusual, in every form that there is."""
    reader = Sender(made.site.public_port)
    www = made.site.places.var / "snapshot" / "current" / "www"
    names = sorted(
        path.relative_to(www).as_posix() for path in files(www) if path.suffix not in {".gz", ".br"}
    )
    addresses = [re.sub(r"(schools|records)/../([^/]+)\.(html|json)$", r"\1/\2/", name) for name in names]
    addresses = [re.sub(r"index\.(html|json)$", "", address) for address in addresses]
    plain = [address for address in addresses if "/schools/" not in address and "/regions/" not in address]
    some = [address for address in addresses if address not in plain][:60]
    for address in [*plain, *some, "healthz", "readyz"]:
        reader.send("GET", f"/{address}")
    for route, _ in routes(settings.PUBLIC_URLS):
        for language in ("ko", "en"):
            reader.send("GET", route.replace("{}", "X900000001"), headers={"Accept-Language": language})
    for kind in ("json", "geojson", "csv"):
        reader.send("GET", f"/api/v1/records/?format={kind}")
    made.others = reader.answers


def break_things(made: Crawl) -> None:
    """Real server errors: the tables are not what the code thinks, and the database names what it was asked for."""
    with owner(made.site) as database:
        database.execute("ALTER TABLE directory_school RENAME COLUMN initials TO initials_gone")
        database.execute("ALTER TABLE staff_account RENAME COLUMN name TO name_gone")
        for path in ("/ko/schools/", "/ko/report/", "/api/v1/schools/"):
            made.sender.send("GET", f"{path}?q={WORD}", headers=HEADERS)
            made.sender.send("GET", f"{path}{WORD}/", headers=HEADERS)
        sign_in_to_the_desk(made.site)
        database.execute("ALTER TABLE directory_school RENAME COLUMN initials_gone TO initials")
        # An error whose message and detail quote what came in, and the row that it came to.
        with pytest.raises(psycopg.errors.CheckViolation):
            database.execute(
                "UPDATE intake_submission SET language = 'zq', receipt_hash = convert_to(%s, 'UTF8')"
                " WHERE id = (SELECT id FROM intake_submission LIMIT 1)",
                [WORD],
            )
        with pytest.raises(psycopg.DataError):
            database.execute("SELECT %s::text::uuid", [WORD])
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host=str(made.site.places.run), user="mapsite_public", dbname="mapsite", password=WORD
        )


def watch(address: str, seen: list[bytes]) -> None:
    """Every command that Redis gets, until it ends."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        connection.sendall(b"MONITOR\r\n")
        with connection.makefile("rb") as lines:
            seen.extend(lines)


def dump(connection: redis.Redis) -> list[bytes]:
    return [part for key in connection.scan_iter() for part in (key, connection.dump(key) or b"")]


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, through the links that a snapshot is made of."""
    for path in folder.iterdir():
        if path.is_dir():
            yield from files(path)
        elif path.is_file():
            yield path


# --- what came in ------------------------------------------------------------------------------------


def test_the_canaries_were_there(crawl: Crawl) -> None:
    assert {
        "staff.Account.email",
        "staff.Account.name",
        "intake.Submission.sealed_text",
        "intake.Submission.receipt_hash",
        "review.Evidence.article",
        "audit.AuditEvent.detail",
        "mfa.Authenticator.data",
    } <= crawl.filled
    with_canary = [answer for answer in crawl.sender.answers if canaries(answer.body)]
    assert any("/schools/?q=" in answer.asked for answer in with_canary), "a search shows what was typed"


@pytest.mark.parametrize("status", [200, 301, 302, 400, 404, 405, 406, 410, 413, 415, 422, 429, 500, 503])
def test_every_kind_of_answer_came(crawl: Crawl, status: int) -> None:
    assert crawl.status(status), f"nothing was answered with {status}"


# --- what came out -----------------------------------------------------------------------------------


def test_no_answer_carries_a_canary_to_anybody_else(crawl: Crawl) -> None:
    leaks = [
        (answer.asked, answer.status, answer.leaks()) for answer in crawl.sender.answers if answer.leaks()
    ]
    assert leaks == [], f"{len(leaks)} of {len(crawl.sender.answers)} answers"


def test_nobody_else_reads_one(crawl: Crawl) -> None:
    assert len(crawl.others) > 150
    assert [(answer.asked, canaries(answer.body)) for answer in crawl.others if canaries(answer.body)] == []
    assert [answer.headers for answer in crawl.others if answer.leaks()] == []


def test_the_record_is_public_and_its_article_is_not(crawl: Crawl) -> None:
    page = next(answer for answer in crawl.others if crawl.record in answer.asked and "/ko/" in answer.asked)
    assert page.status == 200


def test_only_what_was_broken_fails(crawl: Crawl) -> None:
    """However odd an address is, it is answered; the errors are those of `break_things` and of the services away."""
    first = next(place for place, answer in enumerate(crawl.sender.answers) if answer.status == 500)
    before = [answer.asked for answer in crawl.sender.answers[:first] if answer.status >= 500]
    assert before == []
    assert all("?q=" in answer.asked or WORD in answer.asked for answer in crawl.status(500))


def test_errors_say_nothing_of_themselves(crawl: Crawl) -> None:
    for answer in crawl.status(500, 503):
        assert not answer.kept
        for word in (b"Traceback", b"psycopg", b"initials", b"/site-packages/", b"directory_school"):
            assert word not in answer.body, answer.asked


def test_no_public_file_holds_one(crawl: Crawl) -> None:
    read = {".gz": gzip.decompress, ".br": brotli.decompress}
    found = list(files(crawl.site.places.var / "snapshot" / "current"))
    assert len(found) > 100
    for path in found:
        assert canaries(read.get(path.suffix, bytes)(path.read_bytes())) == [], path


@pytest.mark.parametrize("log", ["public", "staff", "worker", "postgresql", "redis"])
def test_no_log_holds_one(crawl: Crawl, log: str) -> None:
    text = (crawl.site.places.log / f"{log}.log").read_bytes()
    assert canaries(text) == []
    if log in {"public", "staff"}:  # the errors happened, and whoever runs the site learns where
        assert b"ERROR django.request" in text and b"ProgrammingError" in text and b"42703" in text
    assert b"Failing row" not in text


def test_redis_neither_heard_nor_kept_one(crawl: Crawl) -> None:
    assert len(crawl.seen_by_redis) > 50
    assert [line for line in crawl.seen_by_redis if canaries(line)] == []
    assert [part for part in crawl.kept_by_redis if canaries(part)] == []
    assert [line for line in crawl.seen_by_redis if b"203.0.113.7" in line] == [], "an address"


def test_nothing_is_left_in_the_processes_folders(crawl: Crawl) -> None:
    """No file beside the database's own holds a canary: no temporary upload, no crash report."""
    listed = subprocess.run(
        ["grep", "-rlia", WORD, str(crawl.site.places.var), "--exclude-dir=pg"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
