"""What somebody reported is erased at their wish, from the footer of the first page to the answer; and practice."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.people import DELAY, Desk, owner_of, run_job, wait_for
from tests.browser.test_the_whole_way import reported
from tests.stack import Site

__all__ = ["reported"]


@pytest.fixture
def desk(running_site: Site, browser: Any) -> Iterator[Callable[[str], Desk]]:
    opened: list[Desk] = []

    def make(name: str, **window: Any) -> Desk:
        opened.append(Desk(running_site, browser, name, **window))
        return opened[-1]

    yield make
    for each in opened:
        each.window.close()


def sound(page: Any) -> None:
    """No fault of accessibility and nothing beyond the screen's edge, on a telephone and on a desk."""
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 844})
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, (page.url, width)


def left(site: Site, school: str) -> tuple[bool, bool]:
    """Whether the newest report about a school still has its text, and what was computed from it."""
    with owner_of(site) as owner:
        row = owner.execute(
            "SELECT sealed_text IS NOT NULL, coalesce(signature, links) IS NOT NULL FROM intake_submission"
            " WHERE school_id = %s ORDER BY received_at DESC LIMIT 1",
            [school],
        ).fetchone()
    assert row
    return row


def ask(site: Site, page: Any, receipt: str) -> str:
    """Asks for an erasure as anybody would; returns the reference."""
    page.goto(f"{site.public_url}/ko/")
    page.click("footer a[href$='/erasure/']")
    since = time.monotonic()
    sound(page)
    page.check("#wish-erase")
    page.fill("#words", receipt)
    page.fill("#mail", "eraser@example.net")
    page.wait_for_timeout(max(0.0, DELAY - (time.monotonic() - since)) * 1000)
    page.click("main form button[type=submit] >> nth=0")
    page.locator(".receipt").wait_for()
    page.click("a[href*='/erasure/status/']")
    assert page.locator("[data-state]").get_attribute("data-state") == "received"
    sound(page)
    return str(page.locator("h1 [translate=no]").inner_text())


def test_an_erasure(
    running_site: Site, desk: Callable[..., Desk], reported: dict[str, str], page: Any
) -> None:
    assert left(running_site, reported["id"]) == (True, True)
    reference = ask(running_site, page, reported["receipt"])
    status = page.url

    one = desk("demo-reviewer1", locale="ko-KR").sign_in()
    one.go("/erasure/")
    sound(one.page)
    one.page.click(f"a:has-text('{reference}')")
    item = one.page.locator("[name=items][value^='report_text:']")
    item.check()
    sound(one.page)
    form = one.page.locator("form[action$='/propose/']")
    form.locator("[name=verdict][value=granted]").check()
    form.locator("[name=passphrase]").fill(one.passphrase)
    form.locator("button").click()
    assert one.page.locator(".notice.found").count()
    assert left(running_site, reported["id"]) == (True, True)
    place = one.page.url.removeprefix(running_site.staff_url)

    for name, answer in (("demo-reviewer2", 403), ("demo-senior1", 302)):
        two = desk(name, locale="ko-KR").sign_in()
        two.go(place)
        form = two.page.locator("form[action$='/confirm/']")
        form.locator("[name=passphrase]").fill(two.passphrase)
        with two.page.expect_response("**/confirm/") as came:
            form.locator("button").click()
        assert came.value.status == answer
        sound(two.page)  # once with a refusal, once decided
    assert left(running_site, reported["id"]) == (False, False)

    page.goto(status)
    assert page.locator("[data-state]").get_attribute("data-state") == "decided"
    sound(page)
    for task in ("erasure.note", "erasure.deliver"):
        run_job(running_site, task)
    mails = Path(running_site.mail["MAPSITE_MAIL_SINK"])
    journal = running_site.places.var / "erasures.journal"
    assert wait_for(lambda: any("eraser@example.net" in mail.read_text() for mail in mails.glob("*.eml")), 20)
    assert wait_for(lambda: journal.exists() and "report_text " in journal.read_text(), 20)


def test_practice_looks_like_the_desk_and_says_what_it_is(desk: Callable[..., Desk]) -> None:
    one = desk("demo-reviewer3", locale="ko-KR").sign_in()
    one.go("/training/")
    sound(one.page)
    one.go("/training/same_name/")
    one.page.check("[name=step][value=approve]")
    one.page.select_option("[name=grade]", "A")
    one.page.select_option("[name=reason]", "sufficient")
    one.page.check("[name=shown][value=school]")
    one.page.click("form.verdict button")
    assert one.page.locator("[aria-labelledby=compared] .state.disagreed").count() == 4
    assert one.page.locator(".practice").is_visible()
    sound(one.page)
