"""A reader who keeps every public address of every day, and knows the rule and the register of each day (SAFEGUARDS C2, C3).

The days are made by real publications, withdrawals and batches; what a reader gets is asked of the public site, whose
files are built anew after each step. Nothing here asks the rule itself except for whom a reader could think of
(`disclosure.pools`), before the publication in question.
"""

import datetime as dt
import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db import connection, transaction
from hypothesis import strategies as st

from geo.directory.models import School
from geo.record import disclosure
from geo.record.models import ImpactRecord, Publisher
from geo.record.refusals import Refused, call
from moderation.review import actions
from moderation.review.models import Case
from tests import casework
from tests.published import build, withdraw

LEAST = STEP = 5  # schools that could be meant; of sums
LAYOUT = {"11110": "11", "11140": "11", "11170": "11", "26110": "26", "26140": "26"}  # district → province
EVERYBODY = (
    "/ko/",
    "/ko/records/",
    "/ko/changes/",
    "/ko/figures/",
    "/ko/embed/",
    "/ko/feeds/changes.atom",
    "/sitemap.xml",
    "/api/v1/regions/",
    "/api/v1/records/",
    "/api/v1/records.geojson",
    "/api/v1/records.csv",
    "/api/v1/changes/",
    "/api/v1/log/entries?start=0&end=99",
    "/ogc/collections/records/items?limit=999",
    "/api/v1/records/?grade=A",
    "/api/v1/records/?status=confirmed",
)
OF_A_LEVEL = "/api/v1/records/?level={0}", "/ko/records/?level={0}"
OF_A_REGION = (
    *("/ko/regions/{0}/", "/ko/feeds/regions/{0}.atom"),
    *("/api/v1/records/?region={0}", "/ko/records/?region={0}"),
)
OF_A_SCHOOL = "/ko/schools/{0}/", "/ko/feeds/schools/{0}.atom", "/api/v1/schools/{0}/"

STEP_OF_A_DAY = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, 40)),
    st.tuples(st.just("withdraw"), st.integers(0, 40)),
    st.tuples(st.just("resize"), st.integers(0, 40), st.sampled_from([20, 300, None])),
    st.tuples(st.just("close"), st.integers(0, 40)),
    st.tuples(st.just("month")),
)
COUNTS = st.lists(st.integers(0, 7), min_size=5, max_size=5)


def small_schools(district: str, count: int) -> list[School]:
    casework.region(district, parent=LAYOUT.get(district, "11"))
    return [casework.school(pupils=50, district=district) for _ in range(count)]


def release() -> int:
    """The batch of the next month: everything decided so far is moved into the month before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_impactrecord SET changed_at = changed_at - interval '40 days' WHERE published_at IS NULL"
        )
    return int(call("record_release", dt.datetime.now(dt.UTC)))


@dataclass
class Reader:
    """What was published, and what somebody outside can work out from what they kept."""

    client: Any
    schools: list[School]
    publisher: Publisher = field(default_factory=casework.publisher)
    hidden: dict[str, UUID] = field(
        default_factory=dict
    )  # schools that no address may tell, and their records
    meant: dict[str, set[str]] = field(default_factory=dict)  # record → schools that could be meant by it
    sums: set[int] = field(default_factory=set)  # every sum of every day
    days: list[dict[str, bytes]] = field(default_factory=list)

    def get(self, address: str) -> bytes:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)

    def look(self) -> dict[str, bytes]:
        """Everything that a reader can ask for today and that is about no single school."""
        build()
        regions = {code for pair in LAYOUT.items() for code in pair}
        addresses = [
            *EVERYBODY,
            *(address.format(level) for address in OF_A_LEVEL for level in ("elementary", "middle", "high")),
            *(address.format(code) for address in OF_A_REGION for code in sorted(regions)),
        ]
        return {address: self.get(address) for address in addresses}

    def step(self, kind: str, *rest: Any) -> None:
        school = self.schools[rest[0] % len(self.schools)] if rest else None
        quiet = False  # nothing that happened is public yet
        if kind == "publish" and school:
            quiet = self.publish(School.objects.get(pk=school.pk))
        elif kind == "withdraw" and school:
            quiet = self.withdraw(school)
        elif kind == "resize" and school:
            School.objects.filter(pk=school.pk).update(pupils=rest[1])
        elif kind == "close" and school:
            School.objects.filter(pk=school.pk).update(status="closed")
        else:
            release()
        today = self.look()
        if quiet:
            changed = [name for name in today if today[name] != self.days[-1][name]]
            assert not changed, f"the day of a hidden decision is seen in {changed}"
        self.days.append(today)
        self.check(today)

    def publish(self, school: School) -> bool:
        """Tries to publish; whether it is now on the map, or waits to be, without its name."""
        before = disclosure.pools()
        try:
            with transaction.atomic():
                record = ImpactRecord.objects.get(pk=self.decide(casework.case(school)))
        except Refused:
            return True
        if record.school_id:
            return False
        self.hidden[school.pk] = record.pk
        self.meant[str(record.pk)] = before[record.region_id]
        return True

    def decide(self, case: Case) -> UUID:
        """As `casework.published`, but with a publisher that was there before: readers see the table of publishers."""
        one, two = casework.member(), casework.member()
        revision = casework.current(case).revision
        evidence = {"grade": "A", "publisher": self.publisher, "article": "20260801", "names_nobody": True}
        actions.add_evidence(case=case.pk, by=one, revision=revision, **evidence)
        draft = casework.propose(case, by=one)
        for person in (one, two):
            casework.decide(draft, by=person)
        return draft.record

    def withdraw(self, school: School) -> bool:
        """Two people withdraw this school's hidden record, if it has one; whether it was not shown yet."""
        public_id = self.hidden.pop(school.pk, None)
        if public_id is None:
            return True
        waited = ImpactRecord.objects.get(pk=public_id).published_at is None
        withdraw(public_id, School.objects.get(pk=school.pk))
        return waited

    def check(self, today: dict[str, bytes]) -> None:
        by_name = set(ImpactRecord.objects.filter(school__isnull=False).values_list("school_id", flat=True))
        for school in School.objects.filter(pk__in=self.hidden.keys() - by_name):
            for address, answer in today.items():
                found = re.search(rb"\b(%s|%s)\b" % (school.pk.encode(), school.name.encode()), answer)
                assert not found, f"a hidden school is in {address}"
            self.compare_with_another(school)
        self.check_places(today)
        self.check_sums(today)

    def compare_with_another(self, hidden: School) -> None:
        """What is told of it alone is what is told of a school of the same place about which nobody knows anything."""
        free = School.objects.filter(
            region=hidden.region, status=hidden.status, pupils=hidden.pupils
        ).exclude(
            pk__in={
                *self.hidden,
                *ImpactRecord.objects.values_list("school_id", flat=True).exclude(school=None),
            }
        )
        other = free.filter(left_register_on=None).first()
        if other is None:
            return
        for address in OF_A_SCHOOL:
            mine, theirs = self.get(address.format(hidden.pk)), self.get(address.format(other.pk))
            assert _without(mine, hidden) == _without(theirs, other), f"{address} tells a hidden school"

    def check_places(self, today: dict[str, bytes]) -> None:
        """At worst the reader knows every other record's school: enough are left to think of."""
        everything = b"".join(today.values())
        shown = [record for record in self.meant if record.encode() in everything]
        places = {
            str(record.pk): record.region_id
            for record in ImpactRecord.objects.filter(pk__in=shown).exclude(status="withdrawn")
        }
        for record, region in places.items():
            others = Counter(places.values())[region] - 1
            assert len(self.meant[record]) - others >= LEAST
        for address, answer in today.items():
            if "level=" in address:
                assert not any(record.encode() in answer for record in self.meant), (
                    "a small school's level is told"
                )

    def check_sums(self, today: dict[str, bytes]) -> None:
        """No sum, and no difference of two of whatever days and places, is a number of one to four."""
        regions = json.loads(today["/api/v1/regions/"])["results"]
        self.sums |= {region["at_least"] for region in regions}
        self.sums |= {
            int(number) for number in re.findall(rb'data-number="(\d+)"', _ours(today["/ko/figures/"]))
        }
        for one, two in itertools.combinations(self.sums | {0}, 2):
            assert not 0 < abs(one - two) < STEP, (one, two)


def _ours(page: bytes) -> bytes:
    """The figures without those of the state."""
    return page.partition(b'data-chart="percent"')[0]


def _without(answer: bytes, school: School) -> bytes:
    """An answer without what the register says of this school and of no other."""
    assert school.point
    for own in (school.pk, school.name, quote(school.name), f"{school.point.x}", f"{school.point.y}"):
        answer = answer.replace(own.encode(), b"-")
    return answer


def attack(client: Any, counts: list[int], large: int, steps: list[tuple[Any, ...]]) -> None:
    """One sequence of days, read whole."""
    schools = [
        s for district, count in zip(LAYOUT, counts, strict=True) for s in small_schools(district, count)
    ]
    schools += [casework.school(pupils=400, district="11110") for _ in range(large)]
    if not schools:
        return
    reader = Reader(client, schools)
    reader.days.append(reader.look())
    for step in steps:
        reader.step(*step)
