"""Every word that a subscriber is sent: labels of codes, a month, names of the register, and our own links.

No other text exists that could get in (SAFEGUARDS A1). A subject names no school: it stands on locked screens.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from geo.directory.models import Region, School
from geo.record.models import ImpactRecord
from geo.record.vocabulary import Action, Grade, Reason
from moderation.alerts.models import Announcement, Subscription
from moderation.alerts.sending.addresses import Opened
from moderation.alerts.sending.channel import Letter
from moderation.intake.templatetags.intake import place, school_name, whole_region

Words = tuple[str, str]  # a subject, and a text with {link} in it where the subscription's own link goes


def question(subscription: Subscription, opened: Opened) -> Letter:
    """Asks the owner of an address whether they want to be told (double opt-in)."""
    with override(subscription.language):
        subject = _("Please confirm: be told of changes")
        text = _paragraphs(
            _("Somebody, probably you, asked to be told of changes of this place:"),
            _of(subscription),
            _("If it was you, confirm it here within 48 hours:"),
            "{link}",
            _("If it was not you, do nothing: nothing else will be sent, and the request is deleted."),
        )
    return _letter((subject, text), subscription, opened, name="ask", follows="")


class News:
    """One announcement in words, made once for each language and place that somebody asked for."""

    def __init__(self, announcement: Announcement) -> None:
        self.announcement = announcement
        self._words: dict[tuple[str, str | None, str | None], Words] = {}

    def letter(self, subscription: Subscription, opened: Opened) -> Letter:
        asked = subscription.language, subscription.school_id, subscription.region_id
        if asked not in self._words:
            with override(subscription.language):
                self._words[asked] = self._in_words(subscription)
        earlier = "" if self._before is None else str(self._before)
        return _letter(
            self._words[asked], subscription, opened, name=str(self.announcement.index), follows=earlier
        )

    @cached_property
    def _before(self) -> int | None:
        """The first news about the same record, so that a withdrawal stands below it in the reader's mail."""
        earlier = Announcement.objects.filter(
            record=self.announcement.record, index__lt=self.announcement.index
        )
        return earlier.order_by("index").values_list("index", flat=True).first()

    @cached_property
    def _record(self) -> ImpactRecord:
        return ImpactRecord.objects.get(pk=self.announcement.record)

    def _in_words(self, subscription: Subscription) -> Words:
        news = self.announcement
        address = _public("record", news.record)
        if news.action == Action.WITHDRAWN:  # what it was about is said no more (SAFEGUARDS D7)
            subject = _("A record was withdrawn")
            said = [
                _("A record of which you may have been told was withdrawn. Reason: %(reason)s.")
                % {"reason": Reason(news.reason).label},
                _("If you passed it on, please pass this on as well."),
                address,
            ]
        else:
            subject = {
                Action.PUBLISHED: _("A confirmed record was published"),
                Action.CORRECTED: _("A record was corrected"),
                Action.DISPUTED: _("A school disputes a record"),
            }[Action(news.action)]
            said = [
                _shown(news.school, news.region),
                "\n".join(self._facts()),
                address,
                _(
                    "A record says that this was confirmed, and names nobody. Please do not look for those concerned."
                ),
                _("Help: %(link)s") % {"link": _public("help")},
            ]
        return subject, _paragraphs(f"{subject}.", *said, self._footer(subscription))

    def _facts(self) -> list[str]:
        record = self._record
        assert record.month
        assert record.grade
        facts = [
            _("Month: %(month)s") % {"month": date_format(record.month, "YEAR_MONTH_FORMAT")},
            _("Evidence: %(grade)s, %(label)s") % {"grade": record.grade, "label": Grade(record.grade).label},
        ]
        if self.announcement.action != Action.PUBLISHED:
            facts.append(_("Reason: %(reason)s") % {"reason": Reason(self.announcement.reason).label})
        return facts

    def _footer(self, subscription: Subscription) -> str:
        return "-- \n" + "\n".join(
            [
                _("You asked to be told of changes of: %(place)s") % {"place": _of(subscription)},
                _("See or end this subscription:") + " {link}",
            ]
        )


def _letter(words: Words, subscription: Subscription, opened: Opened, *, name: str, follows: str) -> Letter:
    subject, text = words
    base = f"{settings.PUBLIC_ORIGIN}/{subscription.language}/alerts/link/{opened.token}/"
    return Letter(
        address=opened.address,
        subject=subject,
        text=text.replace("{link}", base),
        name=_name(name, opened.token),
        follows=_name(follows, opened.token) if follows else "",
        end_link=f"{base}end/",
    )


def _name(news: str, token: str) -> str:
    """The same for the same news and subscription; says nothing of either to somebody else."""
    return f"{news}.{hashlib.sha256(f'letter {news} {token}'.encode()).hexdigest()[:32]}"


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text) + "\n"


def _of(subscription: Subscription) -> str:
    if subscription.school:
        return f"{school_name(subscription.school)}, {place(subscription.school)}"
    return whole_region(subscription.region) if subscription.region else _("Everything on the map")


def _shown(school: School | None, region: Region | None) -> str:
    """The place as readers see it (SAFEGUARDS C2)."""
    if school:
        return f"{school_name(school)}, {place(school)}"
    if region:
        return _("A small school in %(region)s") % {"region": whole_region(region)}
    return _("A small school; its place is not shown")


def _public(page: str, record: UUID | None = None) -> str:
    """The address of a public page in the active language."""
    path = reverse(f"site:{page}", urlconf=settings.PUBLIC_URLS, args=[record] if record else [])
    return urljoin(settings.PUBLIC_ORIGIN, path)
