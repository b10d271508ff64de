"""An official file, sent from a browser through the real server, and taken over by two people."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from fixtures import boundaries, generate
from tests.browser.people import Desk, owner_of
from tests.stack import Site


@pytest.fixture
def desk(running_site: Site, browser: Any) -> Iterator[Callable[[str], Desk]]:
    opened: list[Desk] = []

    def make(name: str) -> Desk:
        opened.append(Desk(running_site, browser, name))
        return opened[-1].sign_in()

    yield make
    for each in opened:
        each.window.close()


def schools(site: Site) -> tuple[str, str]:
    """One with a public record, and one that nobody reported anything about; both public ones in the register."""
    with owner_of(site) as owner:
        known, unknown = (
            owner.execute(
                "SELECT min(s.id) FROM directory_school s WHERE s.register = 'standard' AND s.founding = 'public'"
                f" AND s.left_register_on IS NULL AND s.id {fits}"
            ).fetchone()[0]
            for fits in (
                "IN (SELECT r.school_id FROM record_impactrecord r WHERE r.status = 'confirmed')",
                "NOT IN (SELECT c.school_id FROM review_case c UNION SELECT school_id FROM corrections_correction)",
            )
        )
    return known, unknown


def file_with(folder: Path, changed: tuple[str, ...]) -> Path:
    """The demo's own file, in which these schools are private ones now."""
    _provinces, districts = boundaries.write(settings.NODE_MODULES, folder)
    before = generate.write(folder / "demo", districts, count=1200, only=[generate.SCHOOLS])
    with before[generate.SCHOOLS].open(encoding="cp949", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["학교ID"] in changed:
            row["설립형태"] = "사립"
    path = folder / "schools.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_file_is_compared_chosen_and_applied_by_two(
    running_site: Site, desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    known, unknown = schools(running_site)
    one = desk("demo-senior1")
    one.go("/register/files/")
    form = one.page.locator("form[enctype='multipart/form-data']")
    form.locator("[name=kind][value=schools]").check()
    form.locator("[name=file]").set_input_files(file_with(tmp_path, (known, unknown)))
    form.locator("[name=passphrase]").fill(one.passphrase)
    form.locator("button").click()
    one.page.wait_for_url("**/register/files/*/")
    address = one.page.url.removeprefix(running_site.staff_url)
    for school in (known, unknown):
        one.go(f"{address}?kind=details")
        one.page.click(f".differences li:has-text('{school}') [value=accept]")
    for kind in ("moved", "details"):  # the demo itself moves some schools that share a point
        one.go(address)
        if one.page.locator(f"form:has([value={kind}])").count():
            one.page.click(f"form:has([value={kind}]) [value=refuse]")
    one.go(address)
    one.step("apply")
    assert "another person has to apply exactly this" in one.said
    two = desk("demo-senior2")
    two.go(address)
    two.step("apply")
    assert "Applied" in two.said
    with owner_of(running_site) as owner:
        founded = owner.execute(
            "SELECT id, founding FROM directory_school WHERE id IN (%s, %s)", [known, unknown]
        ).fetchall()
    assert dict(founded) == {known: "private", unknown: "private"}
