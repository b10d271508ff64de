"""From the official register to a marker that two people confirmed, through real pages of real processes."""

import re
import time

import pytest

from tests.browser.people import Desk, fetch, wait_for
from tests.stack import connect

ANSWERED = "학교가 보호자에게 안내문을 보냈습니다."
TYPED = "학교에서 가정통신문으로 피해 사실을 알렸고 상담을 안내했습니다."


@pytest.fixture
def desk(running_site, browser):
    opened = []

    def make(name):
        opened.append(Desk(running_site, browser, name))
        return opened[-1]

    yield make
    for each in opened:
        each.window.close()


def unreported_school(site):
    """A large school of one name alone that no case is about."""
    with connect("mapsite_owner", site.database, host=site.database_host) as owner:
        row = owner.execute(
            "SELECT s.id, s.name FROM directory_school s JOIN directory_region r ON r.code = s.region_id"
            " WHERE s.pupils >= 300 AND s.status = 'operating' AND s.level = 'middle' AND r.level = 'district'"
            " AND NOT EXISTS (SELECT FROM review_case c WHERE c.school_id = s.id)"
            " AND (SELECT count(*) FROM directory_school o WHERE o.name = s.name) = 1"
            " ORDER BY s.id LIMIT 1"
        ).fetchone()
    assert row
    return dict(zip(("id", "name"), row, strict=True))


def mentions(site, school):
    """Which public addresses speak of the school's record."""
    places = {
        "data": "/api/v1/records.geojson",
        "list": "/ko/records/",
        "changes": "/ko/changes/",
        "feed": "/api/v1/changes/",
    }
    texts = {name: fetch(site, path)[1] for name, path in places.items()}
    found = {name for name, text in texts.items() if school["id"] in text or school["name"] in text}
    page = fetch(site, f"/ko/schools/{school['id']}/")[1]
    return found | {"page"} if re.search(r"/ko/records/[0-9a-f-]{36}/", page) else found


def report(site, page, school):
    """Finds the school and reports it as anybody would."""
    page.goto(f"{site.public_url}/ko/schools/?q={school['name']}")
    assert page.locator(f"a[href*='{school['id']}']").count()
    page.goto(f"{site.public_url}/ko/report/?q={school['name']}")
    page.locator(f"a[href$='/report/{school['id']}/']").first.click()
    page.check("#kind-pupils")
    page.select_option("#month", index=1)  # the list's first page is the newest month
    page.check("#how-victim")
    page.fill("#text", TYPED)
    page.check("#right_school")
    page.wait_for_timeout(3200)  # the form's minimum delay, milliseconds
    page.click("main form button[type=submit] >> nth=0")
    return page.locator(".receipt").inner_text().strip()


@pytest.fixture
def reported(running_site, page):
    """A school that was just reported; its name occurs once."""
    assert wait_for(lambda: fetch(running_site, "/api/v1/records.geojson")[0] == 200, 60)
    school = unreported_school(running_site)
    return school | {"receipt": report(running_site, page, school)}


def ask_and_answer(site, one, page, reported):
    """The reviewer asks, and the reporter answers by receipt; neither learns who the other is."""
    asking = one.page.locator("form[action$='/ask/']").first
    one.page.locator("details:has(form[action$='/ask/']) summary").first.click()
    asking.locator("[name=question]").select_option("school_knows")
    asking.locator("button").click()
    page.goto(f"{site.public_url}/ko/report/status/")
    page.fill("[name=words]", reported["receipt"])
    page.click("main form button[type=submit]")
    page.check("[name=answer][value=yes]")
    page.fill("main textarea", ANSWERED)
    page.click("form[action$='/answer/'] button")
    assert page.locator("[data-answer=yes]").count() == 1
    one.page.reload()
    assert ANSWERED not in one.page.content()
    one.page.click("form[action$='/answer/'] button")
    assert ANSWERED in one.page.locator(".revealed").inner_text()


def test_the_whole_way(running_site, desk, reported, page):
    one, two = desk("demo-reviewer1").sign_in(), desk("demo-reviewer2").sign_in()
    one.go("/queue/?view=unclaimed")
    assert wait_for(lambda: one.go("/queue/?view=unclaimed") and reported["name"] in one.page.content(), 10)
    one.open_case(reported["name"])
    case = re.search(r"/cases/([0-9a-f-]{36})/", one.page.url)[1]

    assert TYPED not in one.page.content()
    one.page.click("form[action$='/reveal/'] button")
    assert TYPED in one.page.locator(".revealed").inner_text()
    ask_and_answer(running_site, one, page, reported)

    one.add_evidence(publisher="police", article="https://police.example.org/notice/20260822")
    one.draft()
    preview = one.page.locator(".preview").inner_text()
    assert reported["name"] in preview and "https://police.example.org/notice/20260822" in preview
    district = reported_district(one, reported)
    one.decide(district)
    assert one.page.locator(".notice.found").count()
    time.sleep(2)
    assert mentions(running_site, reported) == set()

    two.go(f"/cases/{case}/")
    assert "The evidence is sufficient" not in two.page.locator("main").inner_text().replace(
        two.page.locator("form[action$='/verdict/']").inner_text(), ""
    )
    assert two.page.locator("h3:text-is('Verdicts')").count() == 0
    two.decide(district)
    everywhere = {"data", "list", "page", "changes", "feed"}
    assert wait_for(lambda: mentions(running_site, reported) == everywhere, 10), mentions(
        running_site, reported
    )


def reported_district(one, school):
    """The code of the school's district, looked up in the list as a person would: by its name."""
    place = one.page.locator(".casehead .lead").inner_text().split("·")[0].strip()
    options = one.page.locator("form[action$='/verdict/'] [name=district] option").all()
    words = re.split(r"[ ,]+", place)
    for option in options:
        group = option.evaluate("o => o.parentElement.label || ''")
        if option.inner_text() in words and (not group or group in words):
            return option.get_attribute("value")
    raise AssertionError(place)


def test_what_is_refused(running_site, desk, reported):
    one = desk("demo-reviewer3").sign_in()
    assert wait_for(lambda: one.go("/queue/?view=unclaimed") and reported["name"] in one.page.content(), 10)
    one.open_case(reported["name"])
    case = re.search(r"/cases/([0-9a-f-]{36})/", one.page.url)[1]
    one.add_evidence(publisher="education", article="20260823")
    one.draft()
    district = reported_district(one, reported)
    one.decide(district, passphrase="not my passphrase at all")
    assert "not your approval passphrase" in one.page.locator("[role=alert]").inner_text()

    late = desk("demo-reviewer4").sign_in()
    late.go(f"/cases/{case}/")
    second_window = one.window.new_page()
    second_window.goto(f"{running_site.staff_url}/cases/{case}/")
    one.decide(district)
    first, one.page = one.page, second_window
    with one.page.expect_response("**/verdict/") as refused:
        one.decide(district)
    assert refused.value.status == 403
    assert "another person has to give the second" in one.page.locator("[role=alert]").inner_text()

    two = desk("demo-reviewer2").sign_in()
    two.go(f"/cases/{case}/")
    two.decide(district, verdict="reject", reason="weak_evidence")
    senior = desk("demo-senior1").sign_in()
    senior.go(f"/cases/{case}/")
    assert "Reject" in senior.page.locator("[aria-labelledby=decision]").inner_text()
    senior.decide(district, verdict="reject", reason="weak_evidence")
    with late.page.expect_response("**/verdict/") as refused:
        late.decide(district)
    assert refused.value.status == 409
    assert mentions(running_site, reported) == set()
    assert first


def test_no_role_and_no_second_factor(desk):
    auditor = desk("demo-auditor")
    auditor.type_password()
    assert auditor.go("/queue/").url.endswith("/accounts/factor/check/")
    auditor.page.fill("[name=code]", auditor.site.manage("demo_code", auditor.name).stdout.strip())
    auditor.page.click("main form:has([name=code]) button")
    auditor.page.wait_for_url("**/audit/**")
    answer = auditor.go("/queue/")
    assert answer.status == 403
    assert "Your role does not allow this" in auditor.page.locator("[role=alert]").inner_text()
