"""Makes the pictures in `docs/images` from the running demo, and the card that shared links show:
`make test ARGS=tests/pictures.py`.

Not part of the suite (pytest collects it only when asked); looked at by a person before they are committed.
"""

import base64
import json
import re
from string import Template
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from deploy.local.web_font import CUT
from tests.browser.people import Asker, Desk
from tests.browser.test_desk_walks import a_school
from tests.stack import Site

IMAGES = settings.ROOT / "docs" / "images"
CARD = Template((settings.ROOT / "tests" / "card.html").read_text(encoding="utf-8"))
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
PUBLIC = {
    "map": ("/ko/", DESKTOP, "light"),
    "map-dark": ("/ko/", DESKTOP, "dark"),
    "map-phone": ("/ko/", PHONE, "light"),
    "map-phone-dark": ("/en/", PHONE, "dark"),
    "school": ("/ko/schools/{school}/", DESKTOP, "light"),
    "school-phone": ("/ko/schools/{school}/", PHONE, "dark"),
    "list": ("/ko/records/", DESKTOP, "light"),
    "search": ("/ko/schools/?q=보기금성", PHONE, "light"),
    "help-phone": ("/ko/help/", PHONE, "light"),
    "report-phone": ("/ko/report/", PHONE, "light"),
    "figures": ("/en/figures/", DESKTOP, "light"),
    "alerts-phone": ("/ko/alerts/", PHONE, "dark"),
}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_card(language: str, browser: Any) -> None:
    """What others show of a link: the same for every page, so that it names no school."""
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    font = base64.b64encode((CUT / "bold.woff2").read_bytes()).decode()
    mark = re.findall("<path[^>]+>", (settings.ROOT / "mapsite/templates/parts/masthead.html").read_text())
    with translation.override(language):
        page.set_content(
            CARD.substitute(
                language=language,
                font=f"data:font/woff2;base64,{font}",
                mark="".join(mark),
                name=_("Verified School-Impact Map"),
                line=_("Confirmed by two people, and no individual is ever named."),
            )
        )
    page.wait_for_function("document.fonts.status === 'loaded'")
    path = settings.ROOT / f"mapsite/static/card-{language}.png"
    page.screenshot(path=path)
    page.close()
    assert path.stat().st_size < 60_000


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name: str, running_site: Site, browser: Any) -> None:
    path, viewport, scheme = PUBLIC[name]
    context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="ko-KR")
    page = context.new_page()
    with urlopen(f"{running_site.public_url}/api/v1/records.geojson") as records:
        said = [each["properties"]["school_id"] for each in json.load(records)["features"]]
    address = running_site.public_url + path.format(school=next(filter(None, said)))
    answer = page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()
    assert answer.ok


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_pages(language: str, running_site: Site, browser: Any) -> None:
    """The handbook's, in the language of the handbook that shows them."""
    end = "" if language == "en" else f"-{language}"
    desk = Desk(running_site, browser, "demo-senior1", viewport=DESKTOP, locale=language).sign_in()
    for name, path, row, height in (
        ("queue", "/queue/?view=open", None, DESKTOP["height"]),
        ("case", "/queue/?view=second", 0, 1600),
        ("request", "/corrections/", 2, 1200),
    ):
        desk.go(path)
        if row is not None:
            desk.page.locator("table.queue a").nth(row).click()
            desk.page.locator("main .casehead").wait_for()
        desk.page.set_viewport_size({**DESKTOP, "height": height})
        desk.page.screenshot(path=IMAGES / f"{name}{end}.png")
    desk.window.close()


def test_a_school_asks(running_site: Site, browser: Any) -> None:
    school = a_school(running_site)
    asker = Asker(running_site, browser)
    asker.fill(school, kind="wrong_facts")
    asker.page.evaluate("window.scrollTo(0, 0)")
    asker.page.screenshot(path=IMAGES / "correction-phone.png")
    asker.send()
    asker.page.screenshot(path=IMAGES / "correction-status-phone.png")
    asker.window.close()
