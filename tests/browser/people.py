"""People at the two sites, each in a browser window of their own: a member at the desk, and a school that asks."""

import json
import time
import urllib.request
from typing import Any
from urllib.error import HTTPError

from allauth.mfa.models import Authenticator

from tests.desk import fresh_code
from tests.stack import Site, connect

SEAT_LASTS = 240  # seconds; a decision asks for a second factor of the last ten minutes
DELAY = 3.2  # seconds that a person needs for a form, and a little more
_seats: dict[tuple[str, str], tuple[float, Any]] = {}


class Desk:
    """One member at the staff site."""

    def __init__(self, site: Site, browser: Any, name: str, **window: Any) -> None:
        self.site, self.name = site, name
        file = site.places.var / "demo-accounts.txt"
        rows = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
        _email, _, self.password, _, self.passphrase = next(
            row for row in rows if row[0].startswith(f"{name}@")
        )
        self.window = browser.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1360, "height": 900}, **window}
        )
        self.page = self.window.new_page()

    def go(self, path: str) -> Any:
        return self.page.goto(self.site.staff_url + path)

    def type_password(self) -> None:
        self.go("/accounts/login/")
        self.page.fill("[name=login]", f"{self.name}@example.org")
        self.page.fill("[name=password]", self.password)
        self.page.click("form[action='/accounts/login/'] button")
        self.page.wait_for_url("**/accounts/factor/check/")

    def type_code(self, code: str) -> None:
        self.page.fill("[name=code]", code)
        self.page.click("main form:has([name=code]) button")

    def sign_in(self) -> "Desk":
        """At the queue; whoever signed in a moment ago in another window is still signed in."""
        key = (self.site.database, self.name)
        since, cookies = _seats.get(key, (0.0, None))
        if time.monotonic() - since < SEAT_LASTS:
            self.window.add_cookies(cookies)
            self.go("/queue/")
        if not self.page.url.endswith("/queue/"):
            self.type_password()
            self.type_code(self.app_code())
            self.page.wait_for_url("**/queue/**")
            _seats[key] = (time.monotonic(), self.window.cookies())
        return self

    def app_code(self) -> str:
        """What the member's app shows."""
        with owner_of(self.site) as owner:
            (sealed,) = owner.execute(
                "SELECT a.data ->> 'secret' FROM mfa_authenticator a JOIN staff_account u ON u.id = a.user_id"
                " WHERE u.email = %s AND a.type = 'totp'",
                [f"{self.name}@example.org"],
            ).fetchone() or ("",)
        return fresh_code(Authenticator(data={"secret": sealed}))

    def open_case(self, school_name: str, view: str = "unclaimed") -> None:
        self.go(f"/queue/?view={view}")
        self.page.click(f"table.queue a:has-text('{school_name}')")
        self.page.wait_for_url("**/cases/**")

    def add_evidence(self, *, publisher: str, article: str) -> None:
        form = self.page.locator("form[action$='/evidence/']")
        form.locator("[name=grade][value=A]").check()
        form.locator("[name=publisher]").select_option(publisher)
        form.locator("[name=article]").fill(article)
        form.locator("[name=names_nobody]").check()
        form.locator("button").click()

    def draft(self, **chosen: str) -> None:
        """`chosen` is what differs from what the form says by itself."""
        form = self.page.locator("form[action$='/draft/']")
        for name, value in chosen.items():
            field = form.locator(f"[name={name}]")
            field.fill(value) if name == "month" else field.select_option(value)
        form.locator("[name=passphrase]").fill(self.passphrase)
        form.locator("button").click()

    def decide(
        self,
        district: str,
        *,
        verdict: str = "approve",
        reason: str = "sufficient",
        passphrase: str | None = None,
    ) -> None:
        form = self.page.locator("form[action$='/verdict/']")
        form.locator(f"[name=verdict][value={verdict}]").check()
        form.locator("[name=reason]").select_option(reason)
        form.locator("[name=district]").select_option(district)
        if form.locator("[name=opened]").count():
            form.locator("[name=opened]").check()
        form.locator("[name=untied]").check()
        form.locator("[name=passphrase]").fill(passphrase or self.passphrase)
        form.locator("button").click()

    def step(self, name: str, **typed: str) -> None:
        """One step of a school's request, on its page."""
        form = self.page.locator(f"form[action$='/{name}/']")
        for field, value in typed.items():
            if form.locator(f"select[name={field}]").count():
                form.locator(f"[name={field}]").select_option(value)
            else:
                form.locator(f"[name={field}][value={value}]").check()
        if form.locator("[name=untied]").count():
            form.locator("[name=untied]").check()
        form.locator("[name=passphrase]").fill(self.passphrase)
        form.locator("button").click()

    @property
    def said(self) -> str:
        """What the page says came of it."""
        return "\n".join(self.page.locator("main .notice").all_inner_texts())

    @property
    def text(self) -> str:
        return str(self.page.locator("main").inner_text())


class Asker:
    """Somebody at the public site who asks in the name of a school."""

    def __init__(self, site: Site, browser: Any) -> None:
        self.site = site
        self.window = browser.new_context(locale="ko-KR", viewport={"width": 390, "height": 844})
        self.page = self.window.new_page()
        self.since = 0.0
        self.status = ""

    def fill(
        self, school: dict[str, str], *, kind: str, document: str = "", mail: str = "", replies: str = ""
    ) -> None:
        """From the record's page to a form that is ready to be sent."""
        page = self.page
        page.goto(f"{self.site.public_url}/ko/records/{school['record']}/")
        page.click("a[href*='/corrections/?record=']")
        page.fill("[name=q]", school["name"])
        page.click("main form[role=search] button")
        page.click(f"a[href*='/corrections/{school['id']}/']")
        self.since = time.monotonic()
        page.check(f"#kind-{kind}")
        assert page.input_value("#record") == school["record"]
        page.fill("#document", document)
        page.fill("#mail", mail)
        if replies:
            page.check(f"#reply-{replies}")
        page.check("#right_school")

    def send(self) -> None:
        """Sends it no sooner than the form allows, and opens the page of the request."""
        self.page.wait_for_timeout(max(0.0, DELAY - (time.monotonic() - self.since)) * 1000)
        self.page.click("main form button[type=submit] >> nth=0")
        self.page.locator(".receipt").wait_for()
        self.page.click("a[href*='/corrections/status/']")
        self.status = self.page.url

    def type_code(self, code: str) -> None:
        self.page.goto(self.status)
        self.page.fill("#code", code)
        self.page.click("form:has(#code) button")

    @property
    def state(self) -> str:
        self.page.goto(self.status)
        return str(self.page.locator("[data-state]").get_attribute("data-state"))

    @property
    def text(self) -> str:
        return str(self.page.locator("main").inner_text())


def owner_of(site: Site) -> Any:
    """What only the owner can do in a running site: look, and let time pass."""
    return connect("mapsite_owner", site.database, host=site.database_host)


def run_job(site: Site, task: str) -> None:
    """Has the worker do now what it does by itself some minutes later."""
    with owner_of(site) as owner:
        owner.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', %s, 0, NULL, NULL, %s::jsonb, NULL)"
            "::procrastinate_job_to_defer_v1])",
            [task, json.dumps({"timestamp": int(time.time())})],
        )


def fetch(site: Site, path: str) -> tuple[int, str]:
    """Status and text of a public address."""
    try:
        with urllib.request.urlopen(site.public_url + path) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def wait_for(condition: Any, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
