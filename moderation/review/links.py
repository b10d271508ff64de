"""Links that readers are shown, or soon may be, are looked at again on a schedule (SAFEGUARDS A2).

The first look after somebody confirmed that a page names nobody keeps its digest; each later one compares. What
changed tells the team alone: a finding at the draft, and a case of kind "check" for a public record
(`review_open_checks`). The worker looks, since the staff process reaches no other host.
"""

import datetime as dt
from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.record.models import Publisher, RecordSource
from moderation.review import fetching
from moderation.review.models import Evidence, LinkCheck
from moderation.review.transitions import CLOSED
from moderation.review.vocabulary import LinkState

AGAIN = dt.timedelta(days=7)  # between two looks at a page
SOON = dt.timedelta(hours=6)  # after a look that read nothing
BREATH = dt.timedelta(minutes=10)  # between two pages of one publisher
Link = tuple[str, str]  # publisher's code and article number

SENTENCES: dict[LinkState, Promise] = {
    LinkState.GONE: _(
        "A linked page is gone since somebody confirmed it. Open each, and look for another source."
    ),
    LinkState.EDITED: _(
        "A linked page was edited since somebody confirmed it. Open each again: it must name nobody."
    ),
}


def states(linked: Collection[Link]) -> dict[Link, LinkState]:
    """The state of each of these links that was looked at since it was confirmed the last time."""
    found = LinkCheck.objects.filter(article__in={article for _publisher, article in linked})
    confirmed = _confirmed(articles={article for _publisher, article in linked})
    return {
        link: LinkState(check.state)
        for check in found
        if (link := (check.publisher_id, check.article)) in linked
        and check.confirmed_at >= confirmed.get(link, check.confirmed_at)
    }


def check_next() -> bool:
    """Looks at one page whose turn it is; the worker calls it again and again.

    Returns:
        whether there was one.
    """
    if not settings.LINK_CHECKS:
        return False
    now = timezone.now()
    link = _next(now)
    if link is not None:
        look(publisher=link[0], article=link[1], now=now)
    return link is not None


def look(*, publisher: str, article: str, now: dt.datetime) -> LinkCheck:
    """Reads one page and writes down what became of it."""
    source = Publisher.objects.get(pk=publisher)
    confirmed = _confirmed(articles={article}).get((publisher, article), now)
    check = LinkCheck.objects.filter(publisher=source, article=article).first()
    if check is None:
        check = LinkCheck(publisher=source, article=article, since=now, confirmed_at=confirmed)
    if check.confirmed_at < confirmed:
        check.confirmed_at, check.digest = confirmed, None
    state, digest = _seen(source, article, bytes(check.digest) if check.digest else None)
    check.digest = check.digest or digest
    if check.state != state:
        check.state, check.since = state, now
    check.checked_at = now
    check.save()
    return check


def _seen(source: Publisher, article: str, before: bytes | None) -> tuple[LinkState, bytes | None]:
    try:
        page = fetching.fetch(source.link(article), host=urlsplit(source.url).hostname or "")
    except fetching.Unreadable:
        return LinkState.AWAY, None
    if page.digest is None:
        return LinkState.GONE, None
    same = before is None or before == page.digest
    return (LinkState.SAME if same else LinkState.EDITED), page.digest


def _next(now: dt.datetime) -> Link | None:
    """The link that waits longest: never looked at since it was confirmed, or not for a week."""
    checks = {(check.publisher_id, check.article): check for check in LinkCheck.objects.all()}
    resting = {
        publisher for (publisher, _article), check in checks.items() if check.checked_at > now - BREATH
    }
    confirmed = _confirmed()
    due: list[tuple[dt.datetime, Link]] = []
    for link in _wanted():
        check = checks.get(link)
        at = now - AGAIN if check is None else _turn(check, confirmed.get(link))
        if link[0] not in resting and at <= now:
            due.append((at, link))
    return min(due)[1] if due else None


def _turn(check: LinkCheck, confirmed: dt.datetime | None) -> dt.datetime:
    unread = check.state == LinkState.AWAY or (confirmed is not None and confirmed > check.confirmed_at)
    return check.checked_at + (SOON if unread else AGAIN)


def _wanted() -> set[Link]:
    """Links of public records, and of evidence in cases that are still open."""
    records = RecordSource.objects.exclude(article="").values_list("publisher_id", "article")
    evidence = Evidence.objects.filter(names_nobody=True, publisher__active=True).exclude(article="")
    cases = evidence.exclude(case__state__in=CLOSED).values_list("publisher_id", "article")
    return {(publisher, article) for publisher, article in [*records, *cases] if publisher}


def _confirmed(articles: Collection[str] | None = None) -> dict[Link, dt.datetime]:
    """When somebody last confirmed that the page names nobody."""
    evidence = Evidence.objects.filter(names_nobody=True).exclude(article="")
    if articles is not None:
        evidence = evidence.filter(article__in=articles)
    rows = evidence.values_list("publisher_id", "article").annotate(last=Max("added_at"))
    return {(publisher or "", article): last for publisher, article, last in rows}
