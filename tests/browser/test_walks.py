"""The ways of readers, each from end to end: without scripts, and without a pointer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_public_pages import known, prepared

__all__ = ["known", "prepared"]
SEARCH = "학교 이름, 지역, 초성(ㄱㅅㅊ)"


@pytest.fixture
def without_scripts(browser: Any) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    yield context.new_page()
    context.close()


def search(page: Any, text: str) -> str:
    page.get_by_label(SEARCH).fill(text)
    page.get_by_role("button", name="학교 찾기").click()
    return str(page.locator("main").inner_text())


def test_finding_a_school_without_scripts(without_scripts: Any, running_site: Any, known: Any) -> None:
    page = without_scripts
    page.goto(f"{running_site.public_url}/ko/")
    assert "목록에도 같은 내용이 있습니다" in page.locator(".map-instead").inner_text()
    assert page.locator("[data-list] li").count() > 10
    several = search(page, "ㅂㄱㄱㅅ")
    assert "이름이 같은 학교가 여럿" in several
    same = page.locator(".rows > li", has_text="보기금성초등학교").all_inner_texts()
    assert len(set(same)) == len(same) > 3, "told apart by district and address"
    assert not any("확인" in each for each in same), "before anything is said of one"
    nobody = search(page, known["name"].replace("학교", "핵교"))
    assert "공식 명부에 없는 학교입니다" in nobody
    assert known["name"] in nobody, "the nearest name is offered"
    page.locator(f'main a[href="/ko/{known["school"]}"]').click()
    assert page.get_by_role("heading", level=1).inner_text() == known["name"]
    assert "확인된 기록" in page.locator("main").inner_text()


def test_the_list_without_scripts(without_scripts: Any, running_site: Any) -> None:
    page = without_scripts
    page.goto(f"{running_site.public_url}/ko/records/")
    page.get_by_label("근거").select_option("A")
    page.get_by_label("차례").select_option("name")
    page.get_by_role("button", name="골라 보기").click()
    assert "grade=A" in page.url and "order=name" in page.url
    assert set(re.findall("근거 ([A-D])", page.locator(".rows").inner_text())) == {"A"}
    names = page.locator(".rows .name").all_inner_texts()
    schools = [name for name in names if name.startswith("보기")]
    assert len(schools) > 5 and names[: len(schools)] == sorted(schools)
    page.goto(page.url)  # the address alone is the view
    assert page.locator(".rows .name").all_inner_texts() == names
    assert page.get_by_label("차례").input_value() == "name"


def test_forms_go_out_without_scripts(without_scripts: Any, running_site: Any, known: Any) -> None:
    """Report, correction and alert are reached by links; what comes back says what is missing and keeps what was given."""
    page = without_scripts
    for start, link, chosen in (
        (f"/ko/report/?q={known['name']}", f"a[href$='/report/{known['id']}/']", "#kind-pupils"),
        (f"/ko/{known['school']}", "main a[href*='/corrections/']", "#kind-wrong_facts"),
    ):
        page.goto(running_site.public_url + start)
        page.locator(link).first.click()
        page.check(chosen)
        page.locator("main form[method=post] button[type=submit]").first.click()
        assert "아직 저장된 것은 없습니다" in page.locator(".error").first.inner_text()
        assert page.locator(".field.wrong").count()
        assert page.locator(chosen).is_checked()
    page.goto(f"{running_site.public_url}/ko/{known['school']}")
    page.locator("main a[href*='/alerts/school/']").click()
    page.fill("#address", "walk@example.org")
    page.locator("main form[method=post] button[type=submit]").first.click()
    assert "사람이 읽는 것보다 빨랐습니다" in page.locator(".error").first.inner_text()
    assert page.locator("#address").input_value() == "walk@example.org"
    assert page.context.cookies() == []


def tab_to(page: Any, selector: str) -> None:
    """Presses Tab until this is what has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector}")


def test_the_way_by_keyboard_from_the_search_to_a_mail(page: Any, running_site: Any, known: Any) -> None:
    page.goto(f"{running_site.public_url}/ko/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(known["name"])
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.count() == 1
    assert page.locator("#q").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ko/schools/X9"))
    tab_to(page, "main a[href*='/alerts/school/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/school/**")
    tab_to(page, "#address")
    page.keyboard.type("keyboard@example.org")
    page.wait_for_timeout(3200)  # the form's minimum delay, milliseconds
    page.keyboard.press("Enter")
    page.get_by_role("link", name="데모 우편함").wait_for()


def test_the_list_and_a_correction_by_keyboard(page: Any, running_site: Any, known: Any) -> None:
    page.goto(f"{running_site.public_url}/ko/records/")
    tab_to(page, "#f-order")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".filters button")
    page.keyboard.press("Enter")
    page.wait_for_url("**order=name**")
    page.goto(f"{running_site.public_url}/ko/{known['school']}")
    tab_to(page, "main a[href*='/corrections/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/corrections/X9**")
    tab_to(page, "input[name=kind]")
    page.keyboard.press("Space")
    assert page.locator("input[name=kind]:checked").count() == 1
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.locator(".error").first.wait_for()  # faster than a person reads
