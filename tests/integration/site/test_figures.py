"""The page of figures: sums in steps, what the desk did, and the state's own numbers with their source."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from geo.record.models import DeskMonth
from geo.record.snapshot.load import load
from moderation.corrections import figures as of_requests
from moderation.corrections.models import Handling
from moderation.review.figures import note_months
from moderation.review.models import Case, Member
from tests import casework, correctionwork
from tests.published import soon, withdraw

pytestmark = pytest.mark.django_db
Rendered = Callable[[], dict[str, str]]
NOW = dt.datetime(2026, 10, 1, 0, 20, tzinfo=dt.UTC)


def table(page: str, caption: str) -> dict[str, str]:
    """The rows of a table by their heading: the first number, or the words in its place."""
    body = page[page.index(caption) :].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="number"[^>]*>(.*?)</td>', body)
    return {re.sub("<[^>]+>", "", label): re.sub("<[^>]+>", "", cell) for label, cell in rows}


def test_numbers_are_steps_and_the_table_is_the_truth(rendered: Rendered) -> None:
    for number in range(7):
        casework.published(at=casework.school(level="high" if number < 6 else "middle"))
    gone = casework.school()
    withdraw(casework.published(at=gone), gone)
    pages = rendered()
    assert "At least 5 confirmed records" in pages["en/index.html"]
    assert not re.search(r"\b[67]\b[^<]*record", pages["en/index.html"])
    page = pages["en/figures/index.html"]
    assert table(page, "Records by month of the incident") == {"August 2026": "5"}
    kinds = table(page, "Records of named schools by kind of school")
    assert (kinds["High school"], kinds["Middle school"]) == ("5", "fewer than 5")
    assert table(page, "Records by province")["Example"] == "5"
    assert table(page, "What was changed after publication")["Withdrawn"] == "1"
    assert re.search(r'href="/en/regions/11/"', page)
    assert "style=" not in page and "<script>" not in page


def test_the_states_numbers_stand_with_their_source_and_date(rendered: Rendered) -> None:
    pages = rendered()
    for number in ("59.8 %", "527", "65.4 %", "75.8 %", "73.6 %", "1,374", "780,000"):
        assert number in pages["ko/figures/index.html"] and number in pages["en/figures/index.html"]
    assert "Sept. 1, 2024" in pages["en/figures/index.html"]
    assert "2024년 9월 1일" in pages["ko/figures/index.html"]
    assert "Korean National Police Agency" in pages["en/figures/index.html"]


def decided(days: int, at: dt.datetime) -> Case:
    case = casework.case()
    Case.objects.filter(pk=case.pk).update(
        state="rejected",
        opened_at=at - dt.timedelta(days=days),
        due_at=at + dt.timedelta(days=1),
        decided_at=at,
    )
    return case


def test_a_month_of_the_desk_is_told_when_it_is_over_and_never_of_a_few(rendered: Rendered) -> None:
    august = dt.datetime(2026, 8, 20, tzinfo=dt.UTC)
    for days in (1, 2, 3, 4, 9, 30):
        decided(days, august)
    last_minute = timezone.make_aware(dt.datetime(2026, 8, 31, 23, 59))
    for days in (2, 2, 2):
        decided(days, last_minute + dt.timedelta(minutes=2))  # September's, in Korea
    waiting = [casework.case() for _ in range(5)]
    Case.objects.filter(pk__in=[case.pk for case in waiting]).update(opened_at=august, due_at=august)
    assert note_months(now=NOW) == 3
    assert note_months(now=NOW) == 0, "told once"
    july, august_told, september = DeskMonth.objects.all()
    assert (july.decided, july.median_days) == (0, None)
    assert (august_told.decided, august_told.median_days, august_told.slow_days, august_told.overdue) == (
        5,
        4,
        30,
        5,
    )
    assert (september.decided, september.median_days, september.overdue) == (0, None, 5)
    page = rendered()["en/figures/index.html"]
    assert table(page, "Decisions by month") == {
        "September 2026": "fewer than 5",
        "August 2026": "5",
        "July 2026": "fewer than 5",
    }
    assert [each.month.month for each in load(soon()).desk] == [7, 8, 9]


def requested(by: Member, received: dt.datetime, state: str, **moments: dt.datetime) -> None:
    """A request that went this far; the steps before its last moment took no time."""
    request, _words = correctionwork.asked(correctionwork.school(), None)
    type(request).objects.filter(pk=request.pk).update(received_at=received)
    last = max(moments.values())
    proved: dict[str, Any] = {}
    if "decided_at" in moments:
        told = {"notified_at": last, "notified_by": by, "channel": "fax", "objection_until": last}
        proved = {"proved_at": last, "outcome": "stands", "reason": "evidence_stands", **told}
    Handling.objects.create(
        correction=request, state=state, since=last, **{"acknowledged_at": received, **moments, **proved}
    )


def test_requests_of_schools_are_told_with_what_was_overdue_then(rendered: Rendered) -> None:
    """A clock that ran out in August counts for August, though somebody stopped it in September."""
    by, day = casework.member(), dt.timedelta(days=1)
    start, end = (timezone.make_aware(dt.datetime(2026, month, 1)) for month in (8, 9))
    for days in (1, 2, 3, 4, 8):
        requested(by, start, "decided", decided_at=start + days * day)
    for _ in range(4):
        requested(
            by, start + day, "decided", decided_at=end + day
        )  # its decision was late at the end of August
    requested(by, start + day, "acknowledged", acknowledged_at=end + day)  # nobody had even answered it
    for _ in range(5):
        requested(
            by, end - 40 * day, "lapsed", acknowledged_at=end - 10 * day
        )  # ended by then: no clock runs
        requested(by, end - day, "acknowledged", acknowledged_at=end - day / 2)  # in time until September
    assert of_requests.note_months(now=NOW) == 3
    assert of_requests.note_months(now=NOW) == note_months(now=NOW) == 0, "told once, and there were no cases"
    _july, august, september = DeskMonth.objects.filter(work="requests")
    assert (august.decided, august.median_days, august.slow_days, august.overdue) == (5, 3, 8, 5)
    assert (september.decided, september.median_days, september.overdue) == (0, None, 5)
    page = rendered()["en/figures/index.html"]
    assert table(page, "Requests of schools by month")["August 2026"] == "5"
    assert "Decisions by month" not in page


@pytest.mark.parametrize(
    "row",
    [
        {"decided": 3, "overdue": 0, "median_days": 2, "slow_days": 2},
        {"decided": 0, "overdue": 0, "median_days": 2, "slow_days": 2},
        {"decided": 7, "overdue": 0, "median_days": 2, "slow_days": 2},
        {"decided": 5, "overdue": 1, "median_days": 2, "slow_days": 2},
        {"decided": 5, "overdue": 0, "median_days": None, "slow_days": 2},
    ],
)
def test_the_database_refuses_a_few(row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskMonth.objects.create(work="cases", month=dt.date(2026, 8, 1), **row)


def test_only_the_worker_tells(committed_db: str, as_role: Any) -> None:
    statement = (
        "INSERT INTO record_deskmonth (work, month, decided, overdue) VALUES ('requests', '2026-08-01', 0, 0)"
    )
    for role in ("mapsite_public", "mapsite_staff"):
        with pytest.raises(Exception, match="permission denied"):
            as_role(role).execute(statement)
    worker = as_role("mapsite_worker")
    worker.execute(statement)
    with pytest.raises(Exception, match="permission denied"):
        worker.execute("UPDATE record_deskmonth SET overdue = 0")
