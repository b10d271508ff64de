"""The public process as it really runs: nothing touches the disk, exactly a budget passes, Redis goes away."""

import http.client
import json
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest
from redis import Redis

from tests import stack

FORM = "application/x-www-form-urlencoded"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + os.urandom(64)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="module")
def site(scratch, django_db_setup):
    """One site for this file; its processes have a folder for temporary files that nobody else uses."""
    with ExitStack() as stack_of_sites:
        with pytest.MonkeyPatch.context() as while_it_starts:
            while_it_starts.setenv("TMPDIR", str(scratch))
            running = stack_of_sites.enter_context(stack.site())
        yield running


@pytest.fixture(scope="module")
def address(site):
    found = site.manage(
        "shell", "-v", "0", "-c",
        "from geo.directory.models import School; print(School.objects.filter(status='operating')[0].pk)",
    )  # fmt: skip
    return f"/ko/report/{found.stdout.strip().splitlines()[-1]}/"


def ask(site, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.public_port, timeout=60)
    try:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace"), answer.headers
    except (BrokenPipeError, ConnectionResetError):
        return 0, "", {}  # the server has hung up instead of reading on: nothing was read
    finally:
        connection.close()


def reports(site):
    with stack.connect("mapsite_owner", site.database) as owner:
        return owner.execute("SELECT count(*) FROM intake_submission").fetchone()[0]


def spent(site):
    with stack.connect("mapsite_owner", site.database) as owner:
        return owner.execute("SELECT count(*) FROM intake_spentchallenge").fetchone()[0]


class Watch(threading.Thread):
    """Notes every file that appears where a process puts temporary ones, or that a process holds open unnamed."""

    def __init__(self, site, *folders):
        super().__init__(daemon=True)
        self.pid, self.folders, self.seen, self.over = site.public.pid, folders, set(), False
        self.before = self.look()

    def look(self):
        found = {str(path) for folder in self.folders for path in folder.rglob("*")}
        for pid in [self.pid, *children(self.pid)]:
            for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
                try:
                    target = str(descriptor.readlink())
                    flags = int(Path(f"/proc/{pid}/fdinfo/{descriptor.name}").read_text().split()[3], 8)
                except OSError:
                    continue
                temporary = "deleted" in target or target.startswith("/tmp")  # also one without a name
                if temporary and flags & os.O_ACCMODE != os.O_RDONLY:
                    found.add(target)
        return found

    def run(self):
        while not self.over:
            self.seen |= self.look() - self.before
            time.sleep(0.005)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.join()


def children(pid):
    return [int(p) for path in Path(f"/proc/{pid}/task").glob("*/children") for p in path.read_text().split()]


def multipart(content):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head + content + b"\r\n--x--\r\n"


def chunked(content):
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


BIG = JPEG + bytes(8 * 1024 * 1024)
UPLOADS = {
    "a picture": (multipart(JPEG), "multipart/form-data; boundary=x", {415}),
    "a large picture": (multipart(BIG), "multipart/form-data; boundary=x", {0, 413}),
    "a large picture in chunks": (chunked(multipart(BIG)), "multipart/form-data; boundary=x", {0, 411, 413}),
    "a large form in chunks": (chunked(b"text=" + b"a" * 9_000_000), FORM, {0, 411, 413}),
    "a large form": (b"text=" + b"a" * 9_000_000, FORM, {0, 413}),
    "a picture as such": (BIG, "image/jpeg", {0, 413, 415}),
    "an archive": (b"PK\x03\x04" + bytes(50_000), "application/zip", {415}),
    "a picture that says it is a form": (JPEG * 20, FORM, {400, 422}),
    "a file that says it is a form's text": (multipart(JPEG), "text/plain; boundary=x", {415}),
    "mixed": (multipart(JPEG), "multipart/mixed; boundary=x", {415}),
    "two types": (multipart(JPEG), f"{FORM}, multipart/form-data; boundary=x", {400, 415}),
}


@pytest.mark.parametrize("what", UPLOADS)
def test_no_file_touches_the_disk(site, address, scratch, what):
    body, content_type, expected = UPLOADS[what]
    before = reports(site)
    with Watch(site, scratch) as watch:
        status, page, _ = ask(site, "POST", address, body, Content_Type=content_type)
    assert status in expected
    if status:
        assert 'class="error"' in page or "112" in page
    assert watch.seen == set()
    assert reports(site) == before
    assert ask(site, "GET", "/healthz")[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/ko/report/status/", "/ko/report/withdraw/", "/ko/report/", "/ko/", "/api/v1/records/", "/ko/schools/"],
)
def test_no_other_address_takes_a_file(site, scratch, path):
    with Watch(site, scratch) as watch:
        status, _, _ = ask(
            site, "POST", path, multipart(JPEG), Content_Type="multipart/form-data; boundary=x"
        )
    assert status in {403, 405, 415}
    assert watch.seen == set()


def test_the_public_process_finds_no_private_key(site):
    pairs = [
        dict(
            line.partition("=")[::2]
            for line in Path(f"/proc/{pid}/environ").read_text().split("\0")
            if "=" in line
        )
        for pid in [site.public.pid, *children(site.public.pid)]
    ]
    assert pairs
    for environ in pairs:
        assert environ["MAPSITE_SITE"] == "public"
        names = {path.name for path in Path(environ["MAPSITE_SECRETS"]).iterdir()}
        assert {"seal-casework.public", "signature.key"} <= names
        assert [name for name in names if name.startswith("seal-") and name.endswith(".key")] == []
        assert not names & {"log-signing.key", "mfa.key", "db-mapsite_owner", "db-mapsite_staff"}
        assert not any("PRIVATE" in name or "seal-" in value for name, value in environ.items())
    opened = site.manage(
        "shell", "-v", "0", "-c",
        "from moderation.intake import sealing as s; s.open_sealed(s.seal('x', purpose='casework'), purpose='casework')",
        site="public", check=False,
    )  # fmt: skip
    assert opened.returncode != 0
    assert "seals texts and opens none" in opened.stderr


def test_a_browser_works_for_its_report_and_takes_the_fast_lane(site, address, page):
    before, proofs = reports(site), spent(site)
    page.goto(f"{site.public_url}{address}")
    page.locator("input[name=kind]").first.check()
    page.locator("#month").select_option(index=2)
    page.locator("input[name=how_known]").first.check()
    page.locator("#right_school").check()
    page.wait_for_timeout(3200)  # INTAKE_MINIMUM_DELAY; the slow lane would ask for ten seconds
    page.locator(".actions button").first.click()  # answered already or not: the page sees to it
    page.locator(".receipt").wait_for(timeout=30_000)
    assert (reports(site), spent(site)) == (before + 1, proofs + 1)


def test_exactly_the_budget_passes_of_five_hundred_at_once_whoever_they_say_they_are(site, address):
    Redis(unix_socket_path=str(site.places.run / "redis.sock")).flushall()  # a fresh window
    page = ask(site, "GET", address)[1]
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    body = urlencode({"token": token, "kind": "nonsense"})  # refused after it was counted: stores nothing

    def send(number):
        claimed = f"198.51.{number // 250}.{number % 250}"
        return ask(
            site,
            "POST",
            address,
            body,
            Content_Type=FORM,
            X_Forwarded_For=claimed,
            Forwarded=f"for={claimed}",
        )

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(500)))
    codes = [status for status, _, _ in answers]
    assert set(codes) == {422, 429}
    assert codes.count(422) == 60  # INTAKE_LIMITS["slow"]
    late = next(headers for status, _, headers in answers if status == 429)
    assert 1 <= int(late["Retry-After"]) <= 3600


def test_redis_away_is_a_sentence_and_reading_goes_on(site, address):
    """Last in this file: it takes the site's Redis away."""
    token = re.search(r'name="token" value="([^"]+)"', ask(site, "GET", address)[1])[1]
    before = reports(site)
    site.redis.stop()
    status, page, headers = ask(
        site, "POST", address, urlencode({"token": token, "text": "잃으면 안 되는 글"}), Content_Type=FORM
    )
    assert status == 503
    assert "잃으면 안 되는 글" in page
    assert headers["Retry-After"] == "120"
    assert ask(site, "GET", address)[0] == 200
    assert ask(site, "GET", "/ko/")[0] == 200
    assert json.loads(ask(site, "GET", "/readyz")[1])["redis"] is False
    assert reports(site) == before
