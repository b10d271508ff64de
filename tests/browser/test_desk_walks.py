"""What the desk and a school do to a public record, walked through real pages: a dispute from the impostor to the
tombstone, a hide that lapses, a brake that holds (SAFEGUARDS B7, B8, D).

What only time does is done by the owner to the rows' moments; the worker is asked for its jobs at once.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.people import Asker, Desk, fetch, owner_of, run_job, wait_for
from tests.stack import Site

PATIENCE = 30  # seconds, on a busy machine; a publication takes two
OGC = "/ogc/collections/records/items?limit=1000"


@pytest.fixture
def desk(running_site: Site, browser: Any) -> Iterator[Callable[[str], Desk]]:
    opened: list[Desk] = []

    def make(name: str) -> Desk:
        opened.append(Desk(running_site, browser, name))
        return opened[-1].sign_in()

    yield make
    for each in opened:
        each.window.close()


@pytest.fixture
def askers(running_site: Site, browser: Any) -> Iterator[tuple[Asker, Asker]]:
    made = Asker(running_site, browser), Asker(running_site, browser)
    yield made
    for each in made:
        each.window.close()


def a_school(site: Site) -> dict[str, str]:
    """A named school with a confirmed record of grade A, a fax and a host of its own, whose name nobody shares."""
    with owner_of(site) as owner:
        row = owner.execute(
            "SELECT s.id, s.name, s.region_id, left(s.region_id, 2), s.fax, corrections_own_host(s.id),"
            " r.public_id::text, r.month::text"
            " FROM record_impactrecord r JOIN directory_school s ON s.id = r.school_id"
            " WHERE r.status = 'confirmed' AND r.grade = 'A' AND s.fax <> '' AND corrections_own_host(s.id) IS NOT NULL"
            " AND (SELECT count(*) FROM directory_school o WHERE o.name LIKE s.name || '%') = 1"
            " AND NOT EXISTS (SELECT FROM record_recordhide h WHERE h.record_id = r.public_id)"
            " AND NOT EXISTS (SELECT FROM corrections_correction c WHERE c.school_id = s.id)"
            " ORDER BY s.id LIMIT 1"
        ).fetchone()
    assert row
    return dict(
        zip(("id", "name", "district", "province", "fax", "host", "record", "month"), row, strict=True)
    )


def correction_of(site: Site, asker: Asker) -> str:
    """The number of a request; what its page shows is the reference alone."""
    (reference,) = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", asker.page.locator("h1").inner_text())
    with owner_of(site) as owner:
        row = owner.execute("SELECT id::text FROM corrections_correction WHERE reference = %s", [reference])
        return str(row.fetchone()[0])


def status_in(site: Site, school: dict[str, str]) -> str:
    """What the data that the map draws say about the record; "" where they are silent."""
    for each in json.loads(fetch(site, "/api/v1/records.geojson")[1])["features"]:
        if each["id"] == school["record"]:
            return str(each["properties"]["status"])
    return ""


def becomes(site: Site, school: dict[str, str], status: str) -> bool:
    return bool(wait_for(lambda: status_in(site, school) == status, PATIENCE))


def mails_to(site: Site, address: str) -> int:
    folder = Path(site.mail["MAPSITE_MAIL_SINK"])
    return sum(address in each.read_text(encoding="utf-8", errors="replace") for each in folder.glob("*.eml"))


def test_an_impostor_the_school_an_appeal_and_a_tombstone(
    running_site: Site, desk: Callable[[str], Desk], askers: tuple[Asker, Asker]
) -> None:
    site, school = running_site, a_school(running_site)
    impostor, asker = askers
    impostor.fill(school, kind="wrong_school", document="보기-1", mail=f"office@{school['host']}.example.net")
    asker.fill(
        school,
        kind="wrong_facts",
        document="보기-2026-77",
        mail=f"office@{school['host']}",
        replies="supported",
    )
    for each in (impostor, asker):
        each.send()
    false, real = correction_of(site, impostor), correction_of(site, asker)
    one, two = desk("demo-reviewer1"), desk("demo-reviewer2")

    an_impostor_gets_nowhere(site, school, one, impostor, false)
    the_school_proves_itself(site, school, one, asker, real)
    for person in (one, two):
        assert status_in(site, school) == "confirmed"
        person.go(f"/corrections/{real}/")
        assert "judged" not in person.page.locator("main .todo").inner_text()  # nobody reads the first one
        person.page.keyboard.press("a")  # yes, for the usual reason
        person.step("judge")
    assert becomes(site, school, "disputed")
    it_is_disputed_everywhere(site, school, asker)

    earlier = str(dt.date.fromisoformat(school["month"]) - dt.timedelta(days=1))[:7]
    decide_in_the_case(
        one, two, real, school, evidence="20260901", kind="correct", month=earlier, reason="wrong_facts"
    )
    assert becomes(site, school, "confirmed")
    assert json.loads(fetch(site, f"/api/v1/records/{school['record']}/")[1])["month"] == earlier
    assert asker.state == "decided"
    assert "기록을 고쳤습니다" in asker.text
    assert mails_to(site, f"To: office@{school['host']}") == 0
    run_job(site, "corrections.deliver")  # the decision and its reasons
    assert wait_for(lambda: mails_to(site, f"To: office@{school['host']}") == 1, PATIENCE)
    asker.page.click("button[name=appeal]")
    assert asker.state == "appealed"

    one.go(f"/appeals/{real}/")
    assert "You had a part in the first decision" in one.text
    one.step("judge", verdict="yes", reason="substantiated")
    assert "part in the first decision" in one.said
    three, four = desk("demo-reviewer3"), desk("demo-reviewer4")
    for person in (three, four):
        person.go(f"/appeals/{real}/")
        person.step("judge", verdict="yes", reason="substantiated")
    assert becomes(site, school, "disputed")
    before = json.loads(fetch(site, "/api/v1/records.geojson")[1])["generation"]
    decide_in_the_case(three, four, real, school, kind="withdraw", reason="wrong_school")
    assert becomes(site, school, "")
    assert asker.state == "closed"
    it_is_a_tombstone_everywhere(site, school, asker, before)


def an_impostor_gets_nowhere(
    site: Site, school: dict[str, str], one: Desk, impostor: Asker, request: str
) -> None:
    """A mail address of their own, a wrong code, a document that is only claimed: nothing changes."""
    one.go("/corrections/")
    one.page.click(f"table.queue a[href*='{request}']")
    one.step("acknowledge")
    one.step("mail")
    run_job(site, "corrections.deliver")
    page = f"/corrections/{request}/"
    refused = "the address is not at the school's own host"
    assert wait_for(lambda: one.go(page) and refused in one.text, PATIENCE)
    assert mails_to(site, f"office@{school['host']}.example.net") == 0
    one.step("call")  # whoever answers the register's telephone gets it, and not who asks
    code = one.page.locator(".receipt").inner_text().strip()
    impostor.type_code(str((int(code) + 1) % 10**8).zfill(8))
    one.go(page)
    one.step("confirm", kind="callback")
    assert "nothing" in one.said.lower(), one.said
    assert one.page.locator("form[action$='/notify/'], form[action$='/judge/']").count() == 0
    assert impostor.state == "acknowledged"
    assert status_in(site, school) == "confirmed"


def the_school_proves_itself(
    site: Site, school: dict[str, str], one: Desk, asker: Asker, request: str
) -> None:
    """A call to the register's number and a document; then the sheet, and a day to object."""
    page = f"/corrections/{request}/"
    one.go(page)
    one.step("acknowledge")
    one.step("call")
    asker.type_code(one.page.locator(".receipt").inner_text().strip())
    one.go(page)
    assert "the code was typed" in one.text
    one.step("confirm", kind="callback")
    assert asker.state == "acknowledged"  # one proof is none
    one.page.click("button[name=part][value=document]")
    assert "보기-2026-77" in one.page.locator(".revealed").inner_text()
    one.go(page)
    one.step("confirm", kind="document")
    assert asker.state == "proved"
    one.page.click("a[href$='/notice/']")
    assert school["fax"] in one.text
    one.page.go_back()
    one.step("notify", channel="fax")
    assert asker.state == "notified"
    assert "can object until" in one.page.locator("main .todo").inner_text()
    assert one.page.locator("form[action$='/judge/']").count() == 0
    with owner_of(site) as owner:
        owner.execute(
            "UPDATE corrections_handling SET objection_until = now() - interval '1 minute' WHERE correction_id = %s",
            [request],
        )


def it_is_disputed_everywhere(site: Site, school: dict[str, str], asker: Asker) -> None:
    """Map, list, school, interfaces, feeds and frame; the school's own answer stands beside it."""
    record = school["record"]
    for path in (
        f"/ko/records/?region={school['province']}&status=disputed",
        f"/ko/schools/{school['id']}/",
        f"/ko/records/{record}/",
    ):
        text = fetch(site, path)[1]
        assert 'class="status disputed"' in text and school["name"] in text, path
    one = json.loads(fetch(site, f"/api/v1/records/{record}/")[1])
    assert (one["status"], one["replies"]) == ("disputed", ["supported"])
    (item,) = [each for each in json.loads(fetch(site, OGC)[1])["features"] if each["id"] == record]
    assert item["properties"]["status"] == "disputed"
    (row,) = [line for line in fetch(site, "/api/v1/records.csv")[1].splitlines() if record in line]
    assert ",disputed," in row and "supported" in row
    for feed in ("/ko/feeds/changes.atom", f"/ko/feeds/schools/{school['id']}.atom"):
        assert record in fetch(site, feed)[1], feed
    page = asker.page
    for path in ("/ko/", "/ko/embed/"):
        page.goto(f"{site.public_url}{path}?status=disputed&region={school['province']}")
        page.locator(f".folium-map .mark.disputed[aria-label^='{school['name']}']").wait_for()
    page.goto(f"{site.public_url}/en/schools/{school['id']}/")
    assert page.locator(".status.disputed").count() == 1
    assert "it offered support" in page.locator("main").inner_text()


def decide_in_the_case(
    one: Desk, two: Desk, request: str, school: dict[str, str], *, evidence: str = "", **draft: str
) -> None:
    """Both reach the case from the request; the first one prepares the draft."""
    for person in (one, two):
        person.go(f"/corrections/{request}/")
        person.page.click("dl.facts a[href*='/cases/']")
        if person is one:
            if evidence:
                person.add_evidence(publisher="police", article=evidence)
            person.draft(**draft)
        person.decide(school["district"])


def it_is_a_tombstone_everywhere(site: Site, school: dict[str, str], asker: Asker, before: int) -> None:
    record = school["record"]
    for path in (
        "/ko/", "/ko/records/", "/ko/changes/", f"/ko/records/{record}/", "/ko/embed/", "/api/v1/changes/",
        f"/ko/regions/{school['district']}/", OGC, "/api/v1/records.csv", "/ko/feeds/changes.atom", "/api/v1/records.geojson",
    ):  # fmt: skip
        status, text = fetch(site, path)
        assert status == 200, path
        assert school["name"] not in text and school["id"] not in text, path
    stones = json.loads(fetch(site, "/api/v1/records.geojson")[1])["withdrawn"]
    (stone,) = [each for each in stones if each["public_id"] == record]
    assert stone["reason"] == "wrong_school"
    assert f"{record},withdrawn," in fetch(site, "/api/v1/records.csv")[1]
    assert record in fetch(site, "/ko/feeds/changes.atom")[1]
    assert fetch(site, f"/api/v1/records-{before}.geojson")[0] == 410
    page = asker.page
    page.goto(f"{site.public_url}/ko/records/{record}/")
    assert page.locator(".status.withdrawn").count() == 1
    page.goto(f"{site.public_url}/ko/schools/{school['id']}/")
    assert page.locator(".status.disputed, .status.confirmed").count() == 0
    page.goto(f"{site.public_url}/ko/")
    page.locator(".folium-map[data-drawn]").wait_for()
    assert school["name"] not in page.locator("main").inner_text()


def test_a_hide_is_one_persons_and_lapses_by_itself(
    running_site: Site, desk: Callable[[str], Desk], askers: tuple[Asker, Asker]
) -> None:
    site, school = running_site, a_school(running_site)
    one = desk("demo-reviewer3")
    one.go(f"/schools/{school['id']}/")
    one.page.click("main a[href*='/cases/']")
    one.page.click("a[href*='/records/']")

    def hide() -> None:
        form = one.page.locator("form[action$='/hide/']")
        form.locator("[name=reason]").select_option("identifying")
        form.locator("[name=hours]").fill("72")
        form.locator("[name=passphrase]").fill(one.passphrase)
        form.locator("button").click()

    hide()
    assert "Hidden until" in one.said
    assert becomes(site, school, "")
    public = askers[0].page
    public.goto(f"{site.public_url}/ko/records/{school['record']}/")
    assert public.locator(".status.confirmed, .status.withdrawn").count() == 0
    assert school["name"] not in public.locator("main").inner_text()
    assert school["name"] not in fetch(site, "/ko/records/")[1]
    hide()
    assert one.page.locator("[role=alert]").count() == 1  # once for each person and record
    with owner_of(site) as owner:
        owner.execute(
            "UPDATE record_recordhide SET starts_at = starts_at - interval '72 hours',"
            " ends_at = ends_at - interval '72 hours' WHERE record_id = %s",
            [school["record"]],
        )
    run_job(site, "record.rebuild_expiries")
    assert becomes(site, school, "confirmed")
    happened = json.loads(fetch(site, "/api/v1/changes/")[1])["results"]
    told = [(each["action"], each["reason"]) for each in happened if each["public_id"] == school["record"]]
    assert {("hidden", "identifying"), ("restored", "ended")} <= set(told)
    public.reload()
    assert public.locator(".status.confirmed").count() == 1


@pytest.fixture
def low_limit(running_site: Site) -> Iterator[dict[str, str]]:
    """A drafted case of the demo, in a province where one more publication a day is too many."""
    with owner_of(running_site) as owner:
        row = owner.execute(
            "SELECT c.id::text, s.id, s.name, s.region_id, g.parent_id, p.record::text FROM review_case c"
            " JOIN directory_school s ON s.id = c.school_id JOIN directory_region g ON g.code = s.region_id"
            " JOIN review_proposal p ON p.case_id = c.id AND p.names_school"
            " WHERE c.state = 'drafted' AND p.grade <> 'E' ORDER BY s.id LIMIT 1"
        ).fetchone()
        assert row
        (usual,) = owner.execute("SELECT per_day FROM record_brakelimit WHERE level = 'province'").fetchone()
        owner.execute("UPDATE record_brakelimit SET per_day = 0 WHERE level = 'province'")
        yield dict(zip(("case", "id", "name", "district", "province", "record"), row, strict=True))
        owner.execute("UPDATE record_brakelimit SET per_day = %s WHERE level = 'province'", [usual])


def test_a_brake_holds_until_a_senior_lets_one_through(
    running_site: Site, desk: Callable[[str], Desk], low_limit: dict[str, str]
) -> None:
    site, school = running_site, low_limit
    one, two = desk("demo-reviewer1"), desk("demo-reviewer2")
    for person in (one, two):
        person.go(f"/cases/{school['case']}/")
        person.decide(school["district"])
    assert "stopped" in two.said, two.said
    two.go("/queue/?view=braked")
    assert school["name"] in two.text
    two.page.click("main .notice a[href='/brakes/']")
    assert two.page.locator("form[action*='/brakes/']").count() == 0  # a reviewer releases nothing
    assert status_in(site, school) == ""

    senior = desk("demo-senior1")
    senior.go("/brakes/")
    form = senior.page.locator("form[action^='/brakes/'] >> nth=0")
    form.locator("[name=amount]").fill("1")
    form.locator("[name=passphrase]").fill(senior.passphrase)
    form.locator("button").click()
    assert "Released" in senior.said
    two.go(f"/cases/{school['case']}/")
    two.decide(school["district"])
    assert becomes(site, school, "confirmed")
