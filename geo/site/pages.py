"""The public site's part of a generation: every page that does not depend on what somebody typed, in both languages.

A page's key is what it shows and nothing wider, so that a publication renders the handful of pages that it touches:
the school, its region, its month, the first screen and the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from geo.record.disclosure import step
from geo.record.snapshot import Page, Pages
from geo.record.snapshot.data import Change, PublicRecord, PublicSet
from geo.site import boundaries, contexts, documents, feeds, figures, helplines
from geo.site.context import frame

HTML = "text/html; charset=utf-8"
GEOJSON = "application/geo+json"
SVG = "image/svg+xml"
SCRIPT = "text/javascript; charset=utf-8"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Pages that are text alone: address and template.
ABOUT = {
    "about/": "site/about/about.html",
    "about/method/": "site/about/method.html",
    "about/coverage/": "site/about/coverage.html",
    "about/accused/": "site/about/accused.html",
    "about/safeguards/": "site/about/safeguards.html",
    "about/log/": "site/about/log.html",
    "about/api/": "site/about/api.html",
    "about/embed/": "site/about/embed.html",
}


def pages(public: PublicSet) -> Iterator[Page | Pages]:
    """Registered with the snapshot (geo.site.apps)."""
    whole = contexts.Whole(public)
    for language in LANGUAGES:
        yield from _pages_of(whole, language)
    yield from _map()
    yield from _documents(whole)


def _pages_of(whole: contexts.Whole, language: str) -> Iterator[Page | Pages]:
    public = whole.public

    def page(address: str, key: object, content: Callable[[], contexts.Content]) -> Page:
        path = f"/{language}/{address}"
        return Page(f"{path[1:]}index.html", HTML, _key(path, key), partial(render, path, content))

    months = tuple(public.by_month)
    newest_change = public.changes[-1:]
    first_screen = (
        _digests(whole.latest),
        step(len(public.records)),
        newest_change[0].index if newest_change else None,
    )
    yield page("", (*first_screen, months, public.pauses), partial(contexts.home, whole))
    yield page("embed/", first_screen, partial(contexts.embed, whole))
    newest_month = public.by_month[months[0]] if months else ()
    yield page(
        "records/",
        (_digests(newest_month[: contexts.LISTED]), len(newest_month), months, public.pauses),
        partial(contexts.records, whole, None),
    )
    for month, records in public.by_month.items():
        yield page(
            f"records/months/{month:%Y-%m}/",
            (_digests(records[: contexts.LISTED]), len(records), months, public.pauses),
            partial(contexts.records, whole, month),
        )
    for code in public.regions:
        inside = public.by_region.get(code, ())
        yield page(
            f"regions/{code}/",
            (_digests(inside[: contexts.LISTED]), len(inside)),
            partial(contexts.region, whole, code),
        )
    yield Pages(
        f"{language}/schools",
        HTML,
        whole.school_keys,
        lambda code: render(
            f"/{language}/schools/{code}/", partial(contexts.school, whole, public.schools[code])
        ),
    )
    yield Pages(
        f"{language}/records",
        HTML,
        whole.record_keys,
        lambda public_id: render(
            f"/{language}/records/{public_id}/", partial(contexts.record, whole, public_id)
        ),
    )
    yield page("changes/", _states(contexts.changes_on(public, None)), partial(contexts.changes, whole, None))
    for number in range(-(-len(public.changes) // contexts.CHANGES)):
        found = contexts.changes_on(public, number)
        is_last = len(public.changes) <= (number + 1) * contexts.CHANGES
        yield page(
            f"changes/pages/{number}/", (_states(found), is_last), partial(contexts.changes, whole, number)
        )
    yield page("figures/", figures.depends(whole), partial(figures.content, whole))
    yield page("help/", "", helplines.content)
    yield Page(
        f"{language}/help/code.svg", SVG, _key(language, "code"), partial(_in, language, helplines.code)
    )
    for address, template in ABOUT.items():
        yield page(address, "", partial(contexts.Content, template, {"contact": settings.CONTACT}))
    yield from _feeds(whole, language)


def _feeds(whole: contexts.Whole, language: str) -> Iterator[Page]:
    with translation.override(language):
        found = [feeds.of_everything(whole), *(feeds.of_region(whole, code) for code in whole.public.regions)]
    for feed in found:
        path = f"{language}/{feed.address}"
        key = _key(path, feed.title, _states(feed.changes))
        yield Page(path, feeds.ATOM, key, partial(_in, language, partial(feeds.atom, whole, feed)))


def _map() -> Iterator[Page]:
    document = contexts.map_document()
    yield Page(f"map/{document.name}", SCRIPT, _key(document.name), document.script.encode)
    yield Page(boundaries.ADDRESS[1:], GEOJSON, _key("boundaries", boundaries.version()), boundaries.geojson)


def _documents(whole: contexts.Whole) -> Iterator[Page]:
    public = whole.public
    yield Page("robots.txt", documents.TEXT, _key("robots"), documents.robots)
    yield Page("verify_log.txt", documents.TEXT, _key("verifier", documents.verifier()), documents.verifier)
    yield Page(".well-known/security.txt", documents.TEXT, _key("security"), documents.security)
    parts = {
        "pages": [
            "",
            "records/",
            "changes/",
            "figures/",
            "help/",
            *ABOUT,
            *(f"regions/{code}/" for code in public.regions),
        ]
    }
    for code, school in public.schools.items():
        parts.setdefault(f"schools-{school.province or 'other'}", []).append(f"schools/{code}/")
    yield Page(
        "sitemap.xml",
        documents.XML,
        _key("index", sorted(parts)),
        partial(documents.sitemap_index, sorted(parts)),
    )
    for name, addresses in parts.items():
        yield Page(
            f"sitemap-{name}.xml", documents.XML, _key(name, addresses), partial(documents.sitemap, addresses)
        )


def render(path: str, content: Callable[[], contexts.Content]) -> bytes:
    """The page at `path` (with its language), as a reader of the snapshot gets it."""
    language = path.split("/")[1]
    with translation.override(language):
        template, values = content()
        return get_template(template).render({**values, **frame(path)}).encode()


def _in(language: str, made: Callable[[], bytes]) -> bytes:
    with translation.override(language):
        return made()


def _key(*parts: object) -> bytes:
    """Everything that a page's bytes depend on, as bytes."""
    return repr(parts).encode()


def _digests(records: Iterable[PublicRecord]) -> list[str]:
    return [record.digest.hex() for record in records]


def _states(changes: Iterable[Change]) -> list[tuple[int, str]]:
    """What a list of changes shows: each entry, and the place that it can name now."""
    return [(change.index, change.now.digest.hex() if change.now else "") for change in changes]
