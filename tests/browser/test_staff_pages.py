"""The desk as people use it: with a security key, on a telephone, with a keyboard, in both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.people import Desk

PAGES = (
    "/queue/?view=open",
    "/corrections/",
    "/map/",
    "/brakes/",
    "/workload/",
    "/register/",
    "/register/files/",
    "/register/schools/",
    "/register/publishers/",
    "/register/publishers/police/",
    "/team/",
    "/team/changes/",
    "/audit/",
    "/settings/",
    "/accounts/factor/",
    "/accounts/factor/keys/",
    "/accounts/password/",
)


@pytest.fixture
def senior(running_site, browser):
    made = Desk(running_site, browser, "demo-senior2")
    yield made.sign_in()
    made.window.close()


def violations(page):
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
    ]


def test_every_page_is_accessible_and_fits_a_telephone(senior):
    senior.go("/queue/?view=open")
    case = senior.page.locator("table.queue a").last.get_attribute("href")
    school = "/schools/X900000026/"
    senior.go("/corrections/")
    requests = [row.get_attribute("href") for row in senior.page.locator("table.queue a").all()][:5:2]
    notice = f"{requests[0]}notice/"
    problems = []
    senior.page.on(
        "console", lambda message: problems.append(message.text) if message.type == "error" else None
    )
    for width in (1360, 390):
        senior.page.set_viewport_size({"width": width, "height": 844})
        for path in (*PAGES, case, school, *requests, notice):
            senior.go(path)
            assert violations(senior.page) == [], path
            overflow = senior.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow == 0, (path, width)
    assert problems == []


def test_the_language_is_changed_by_a_button(senior):
    senior.go("/queue/")
    senior.page.click("form.language button")
    assert senior.page.locator("html").get_attribute("lang") == "ko"


def test_the_skip_link_and_the_queue_work_by_keyboard(senior):
    senior.go("/queue/?view=open")
    senior.page.keyboard.press("Tab")
    senior.page.keyboard.press("Enter")
    assert senior.page.evaluate("document.activeElement.id") == "main"


def test_keys_lead_through_the_queue_and_a_case(senior):
    senior.go("/queue/?view=second")
    page, press = senior.page, senior.page.keyboard.press
    for key in ("j", "j", "k", "x", "?"):
        press(key)
    first = page.locator("[data-row]").first
    assert first.locator("[name=cases]").is_checked() and page.locator("[name=cases]:checked").count() == 1
    assert page.locator("details.keys[open]").count() == 1
    press("j")
    press("Enter")
    page.wait_for_url("**/cases/**")
    reason = page.locator(".verdict [name=reason]")
    for key, verdict, usual in (("a", "approve", "sufficient"), ("r", "reject", "sufficient")):
        press(key)
        assert page.locator(f".verdict [name=verdict][value={verdict}]").is_checked()
        assert reason.evaluate("it => it === document.activeElement") and reason.input_value() == usual
        reason.evaluate("it => it.blur()")  # where something is typed, a letter is a letter
    assert page.locator(".verdict [name=passphrase]").input_value() == ""
    press("u")
    page.wait_for_url("**/queue/**")
    senior.go("/corrections/")
    press("j")
    press("Enter")
    page.wait_for_url("**/corrections/*-*/")
    press("u")
    page.wait_for_url("**/corrections/")
