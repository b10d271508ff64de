"""The pages of a generation: what they say, what they never say, and when they are made again."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from geo.record.snapshot.pages import singly
from geo.site.pages import ABOUT, pages
from tests import casework
from tests.published import hide, public, soon, withdraw

pytestmark = pytest.mark.django_db
Rendered = Callable[[], dict[str, str]]
Keyed = Callable[[], dict[str, bytes]]
VOID = {"meta", "link", "input", "br", "path", "img", "hr"}


class Reader(HTMLParser):
    """Collects what a browser would load or run, and the text outside elements marked as Korean."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.english: list[str] = []
        self.ids: list[str] = []
        self.languages: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        lang = given.get("lang") or (self.languages[-1][1] if self.languages else "")
        if tag not in VOID:
            self.languages.append((tag, lang))
        if tag == "script":
            self.loaded.append(given.get("src") or "inline")
        if tag == "link" and given.get("rel") in {"stylesheet", "icon"}:
            self.loaded.append(str(given.get("href")))
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(str(self.get_starttag_text()))
        if given.get("id"):
            self.ids.append(str(given["id"]))

    def handle_endtag(self, tag: str) -> None:
        while self.languages and self.languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.languages and self.languages[-1][1] == "en":
            self.english.append(data)


def html(found: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in found.items() if path.endswith(".html")}


def test_every_page_stands_in_both_languages(rendered: Rendered) -> None:
    casework.published()
    found = html(rendered())
    korean = {path[3:] for path in found if path.startswith("ko/")}
    assert korean == {path[3:] for path in found if path.startswith("en/")}
    assert {"index.html", "records/index.html", "changes/index.html", "help/index.html"} <= korean
    assert {f"{address}index.html" for address in ABOUT} <= korean
    for path, text in found.items():
        assert f'<html lang="{path[:2]}">' in text
        assert text.count("<h1") == 1, path


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(rendered: Rendered) -> None:
    casework.published()
    for path, text in html(rendered()).items():
        reader = Reader(text)
        assert reader.inline == [], path
        assert all(address.startswith(("/static/", "/map/")) for address in reader.loaded), path
        assert len(reader.ids) == len(set(reader.ids)), path


def test_english_pages_hold_no_korean_but_names(rendered: Rendered) -> None:
    casework.published(at=(school := casework.school()))
    for path, text in html(rendered()).items():
        if path.startswith("en/"):
            said = [
                said.replace(school.name, "") for said in Reader(text).english
            ]  # a page's title has no mark-up
            left = [part for part in said if re.search("[가-힣]", part)]
            assert left == [], path


def test_the_same_set_gives_the_same_bytes(rendered: Rendered) -> None:
    casework.published()
    assert rendered() == rendered()


def test_a_publication_makes_only_the_pages_that_it_touches(keyed: Keyed) -> None:
    old = casework.school()
    casework.published(at=old)
    before = keyed()
    new = casework.school(district="26110", name="보기바다중학교")
    record = casework.published(at=new)
    after = keyed()
    touched = {path[3:] for path in after if path.startswith("ko/") and before.get(path) != after[path]}
    assert touched == {
        "index.html",
        "embed/index.html",
        "records/index.html",
        "records/months/2026-08/index.html",
        f"records/{record}/index.html",
        f"schools/{new.pk}/index.html",
        "regions/11/index.html",
        "regions/26110/index.html",
        "changes/index.html",
        "changes/pages/0/index.html",
        "feeds/changes.atom",
        "feeds/regions/11.atom",
        "feeds/regions/26110.atom",
    }


def test_a_page_changes_only_with_its_key(rendered: Rendered, keyed: Keyed) -> None:
    """What one record shows may depend on nothing that its key does not hold."""
    casework.published()
    keys, text = keyed(), rendered()
    casework.published(at=casework.school(district="26110"))
    withdraw(casework.published(at=(school := casework.school())), school)
    changed = keyed()
    for path, made in rendered().items():
        if keyed_same := keys.get(path):
            assert made == text[path] or changed[path] != keyed_same, path


def test_a_small_school_is_named_nowhere(rendered: Rendered) -> None:
    small = [casework.school(pupils=20, name=f"보기작은{number}초등학교") for number in range(5)]
    casework.published(at=small[0])
    from geo.record.models import ImpactRecord

    ImpactRecord.objects.update(published_at=soon())
    found = rendered()
    assert any("보기구의 작은 학교" in text for text in found.values())
    for path, text in found.items():
        assert "보기작은" not in text and small[0].pk not in text, path


def test_a_withdrawn_record_names_no_school(rendered: Rendered) -> None:
    school = casework.school(name="보기철회중학교")
    record = casework.published(at=school)
    assert "보기철회중학교" in rendered()[f"ko/records/{record}/index.html"]
    withdraw(record, school)
    found = rendered()
    assert "다른 학교였음" in found[f"ko/records/{record}/index.html"]
    assert f"ko/schools/{school.pk}/index.html" not in found
    for path, text in found.items():
        assert "보기철회중학교" not in text and school.pk not in text, path


def test_a_hidden_record_keeps_a_page_without_its_place(rendered: Rendered) -> None:
    school = casework.school(name="보기숨은중학교")
    record = casework.published(at=school)
    hide(
        record, starts=soon() - casework.dt.timedelta(minutes=1), ends=soon() + casework.dt.timedelta(hours=1)
    )
    found = rendered()
    assert "지금은 보이지 않는 기록입니다" in found[f"ko/records/{record}/index.html"]
    for path, text in found.items():
        assert "보기숨은중학교" not in text and school.pk not in text, path


def test_a_register_name_is_text_wherever_it_stands(rendered: Rendered) -> None:
    """Nobody types into a record; the register's own text is still not trusted to be harmless."""
    casework.published(at=casework.school(name="보기<script>alert(1)</script>${alert(2)}"))
    for path, text in html(rendered()).items():
        assert "<script>alert" not in text, path
        assert all(address != "inline" for address in Reader(text).loaded), path


def test_the_map_has_no_text_in_its_script(rendered: Rendered) -> None:
    casework.published(at=casework.school(name="보기${alert(1)}중학교"))
    (script,) = [text for path, text in rendered().items() if path.startswith("map/map-")]
    assert "보기" not in script and "${" not in script
    assert "/api/v1/records.geojson" in script and "/map/boundaries.geojson" in script


def test_an_empty_map_says_what_that_means(rendered: Rendered) -> None:
    casework.region()
    found = rendered()
    for path in (
        "ko/index.html",
        "ko/records/index.html",
        "ko/changes/index.html",
        "ko/regions/11680/index.html",
    ):
        assert 'class="empty"' in found[path], path


def test_the_feed_is_atom_and_names_what_is_visible_now(rendered: Rendered) -> None:
    from xml.etree import ElementTree as ET

    school = casework.school(name="보기소식중학교")
    record = casework.published(at=school)
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(rendered()["ko/feeds/changes.atom"])
    (entry,) = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "공개 · 보기소식중학교"
    withdraw(record, school)
    entries = ET.fromstring(rendered()["ko/feeds/changes.atom"]).findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries] == ["철회됨 · 지금은 보이지 않는 기록"]


def test_the_site_map_reaches_every_school_with_a_record(rendered: Rendered, settings: Any) -> None:
    school = casework.school()
    casework.published(at=school)
    found = rendered()
    for name in re.findall(f"{settings.PUBLIC_ORIGIN}/(sitemap-[a-z0-9-]+.xml)", found["sitemap.xml"]):
        assert "<loc>" in found[name]
    assert f"{settings.PUBLIC_ORIGIN}/ko/schools/{school.pk}/" in found["sitemap-schools-11.xml"]
    assert (
        "Contact: " in found[".well-known/security.txt"] and "Expires: " in found[".well-known/security.txt"]
    )


def test_keys_are_made_without_rendering(django_assert_max_num_queries: Any) -> None:
    casework.published()
    known = public()
    with django_assert_max_num_queries(1):
        assert [page.key for page in singly(pages(known))]


def test_long_lists_are_cut_and_say_where_the_rest_is(rendered: Rendered, monkeypatch: Any) -> None:
    monkeypatch.setattr("geo.site.contexts.LISTED", 1)
    monkeypatch.setattr("geo.site.contexts.CHANGES", 1)
    for _ in range(2):
        casework.published()
    found = rendered()
    assert "?month_from=2026-08&amp;month_to=2026-08" in found["ko/records/months/2026-08/index.html"]
    assert "?region=11680" in found["ko/regions/11680/index.html"]
    assert "/ko/changes/pages/1/" in found["ko/changes/index.html"]
    assert "/ko/changes/pages/0/" in found["ko/changes/pages/1/index.html"]
    assert "/ko/changes/pages/1/" in found["ko/changes/pages/0/index.html"]
