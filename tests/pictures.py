"""Makes the pictures in `docs/images` from the running demo: `make test ARGS=tests/pictures.py`.

Not part of the suite (pytest collects it only when asked); looked at by a person before they are committed.
"""

from typing import Any

import pytest
from django.conf import settings

from tests.browser.test_the_whole_way import Desk
from tests.stack import Site

IMAGES = settings.ROOT / "docs" / "images"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
PUBLIC = {
    "map": ("/ko/", DESKTOP, "light"),
    "map-phone": ("/ko/", PHONE, "light"),
    "map-dark": ("/en/", PHONE, "dark"),
    "list": ("/ko/records/", DESKTOP, "light"),
    "search": ("/ko/schools/?q=보기금성", PHONE, "light"),
    "report": ("/ko/report/", PHONE, "light"),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name: str, running_site: Site, browser: Any) -> None:
    path, viewport, scheme = PUBLIC[name]
    context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="ko-KR")
    page = context.new_page()
    answer = page.goto(running_site.public_url + path, wait_until="networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()
    assert answer.ok


def test_staff_pages(running_site: Site, browser: Any) -> None:
    desk = Desk(running_site, browser, "demo-reviewer1").sign_in()
    for view in ("second", "all"):
        answer = desk.go(f"/queue/?view={view}")
        if answer.ok and desk.page.locator("table.queue a").count():
            break
    desk.page.screenshot(path=IMAGES / "queue.png")
    desk.page.locator("table.queue a").first.click()
    desk.page.wait_for_url("**/cases/**")
    desk.page.screenshot(path=IMAGES / "case.png", full_page=True)
    desk.window.close()
    assert (IMAGES / "case.png").exists()
