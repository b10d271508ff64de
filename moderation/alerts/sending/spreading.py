"""From an entry of the public log to batches of those who asked to be told of its place.

A record that is shown by its school is told to subscribers of the school, of its regions and of everything; one that
is shown as a region to those of that region, of the province around it and of everything (SAFEGUARDS C2).
"""

import datetime as dt
from enum import Enum, auto
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from geo.directory.models import Region
from geo.record.models import Checkpoint, ImpactRecord, LogEntry
from geo.record.vocabulary import Action, Status
from moderation.alerts.models import Announcement, Batch, Subscription
from moderation.alerts.sending import queue
from moderation.alerts.vocabulary import TOLD

AT_ONCE = 1000  # log entries in one transaction
SIZE = 500  # addresses of a batch: some seconds to a minute of work
NEWS = dt.timedelta(days=7)  # older is not told any more
SECOND = dt.timedelta(seconds=1)  # the log says no instant more exactly


class Due(Enum):
    """What is to be done about an announcement now."""

    TELL = auto()
    WAIT = auto()  # out of sight: it is told when readers see it again
    DROP = auto()  # withdrawn, or shown elsewhere by now, or too old; whatever changed it is told by itself


@transaction.atomic
def announce() -> int:
    """Notes entries of the public log that are to be told; the worker calls it again and again.

    Only entries that a signed checkpoint covers: readers of the mail find them on the site.

    Returns:
        how many it noted.
    """
    with connection.cursor() as cursor:  # one worker at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alerts.announce'))")
    noted = Announcement.objects.aggregate(last=Max("index"))["last"]
    entries = LogEntry.objects.filter(
        action__in=TOLD,
        index__gt=-1 if noted is None else noted,
        index__lt=Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0,
    )
    found = list(entries.order_by("index")[:AT_ONCE])
    if not found:
        return 0
    somebody = Subscription.objects.filter(confirmed_at__isnull=False).exists()
    made = Announcement.objects.bulk_create(
        _announcements(found, settled=None if somebody else timezone.now())
    )
    if somebody:
        queue.defer("alerts.spread", [{"index": each.index} for each in made])
    return len(made)


def _announcements(entries: list[LogEntry], settled: dt.datetime | None) -> list[Announcement]:
    """With the place that readers saw: a withdrawn record has lost it, but what was told before it has not."""
    about = {entry.record for entry in entries}
    places: dict[UUID, tuple[str | None, str | None]] = {
        record: (school, region)
        for record, school, region in Announcement.objects.filter(record__in=about)
        .order_by("index")
        .values_list("record", "school", "region")
    }
    places |= {
        record.pk: (record.school_id, record.region_id)
        for record in ImpactRecord.objects.filter(pk__in=about).exclude(status=Status.WITHDRAWN)
    }
    return [
        Announcement(
            index=entry.index,
            action=entry.action,
            reason=entry.reason,
            record=entry.record,
            school_id=places[entry.record][0] if entry.record in places else None,
            region_id=places[entry.record][1] if entry.record in places else None,
            at=entry.at,
            # Of a record that came and went before anybody was told, nobody needs to be told.
            settled_at=settled if entry.record in places else timezone.now(),
        )
        for entry in entries
    ]


def due(news: Announcement) -> Due:
    """Whether subscribers may be told of this now."""
    now = timezone.now()
    if news.at < now - NEWS:
        return Due.DROP
    if news.action == Action.WITHDRAWN:
        return Due.TELL
    record = ImpactRecord.objects.get(pk=news.record)
    if (record.school_id, record.region_id) != (
        news.school_id,
        news.region_id,
    ):  # withdrawn ones have neither
        return Due.DROP
    if record.status == Status.WITHDRAWN:
        return Due.DROP
    return Due.TELL if ImpactRecord.objects.visible(at=now).filter(pk=news.record).exists() else Due.WAIT


def told(news: Announcement) -> "QuerySet[Subscription]":
    """Whom it is told: confirmed before it happened, each address once, by the narrowest place that it asked for."""
    place = Q(school=None, region=None)
    region: Region | None = news.region
    if news.school:
        place |= Q(school=news.school)
        region = news.school.region
    if region:
        place |= Q(region__in=[code for code in (region.pk, region.parent_id) if code])
    return (
        Subscription.objects.filter(place, confirmed_at__lt=news.at + SECOND)
        .order_by("address", F("school").asc(nulls_last=True), F("region").desc(nulls_last=True))
        .distinct("address")
    )


@transaction.atomic
def spread(*, index: int) -> int:
    """Cuts one announcement into batches, once; returns how many."""
    news = Announcement.objects.select_for_update(of=("self",)).get(pk=index)
    what = Due.DROP if news.settled_at else due(news)
    if what is Due.WAIT:
        return 0
    made: list[int] = []
    if what is Due.TELL:
        made = _cut(news)
        queue.defer("alerts.send", [{"batch": pk} for pk in made])
    if not news.settled_at:
        Announcement.objects.filter(pk=index).update(settled_at=timezone.now())
    return len(made)


def _cut(news: Announcement) -> list[int]:
    addresses, parameters = told(news).values("address").query.sql_with_params()
    statement = f"""
        INSERT INTO {Batch._meta.db_table} (announcement_id, after, until)
        SELECT %s, lag(address, 1, ''::bytea) OVER (ORDER BY address), address
          FROM (SELECT address, row_number() OVER (ORDER BY address) AS place, count(*) OVER () AS all_of_them
                  FROM ({addresses}) AS found) AS placed
         WHERE place %% %s = 0 OR place = all_of_them
        RETURNING id"""  # noqa: S608  (names of ours; values are parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, [news.pk, *parameters, SIZE])
        return [pk for (pk,) in cursor.fetchall()]


def look_again() -> int:
    """Asks for announcements that waited to be spread; returns how many there are."""
    waiting = list(Announcement.objects.filter(settled_at=None).values_list("index", flat=True))
    queue.defer("alerts.spread", [{"index": index} for index in waiting])
    return len(waiting)
