"""Who is told what: in codes alone, of the place that readers see, once, whatever breaks in between."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.utils import timezone

from geo.record import publishing
from geo.record.models import ImpactRecord
from moderation.alerts.models import Announcement, Batch
from moderation.alerts.sending import delivering, spreading
from moderation.review import actions
from moderation.review.models import Case
from tests import casework
from tests.integration.alerts.conftest import spreading_only, tell, text, token_in, work

pytestmark = pytest.mark.django_db
PUBLISHED, CORRECTED, WITHDRAWN = (
    "확인된 기록이 공개되었습니다",
    "기록이 정정되었습니다",
    "기록이 철회되었습니다",
)


def change(record, kind, reason):
    """Two people correct or withdraw a record."""
    before = Case.objects.select_related("school").filter(record=record).first()
    case = Case.objects.create(school=before.school, month=before.month, record=record)
    one, two = casework.member(), casework.member()
    casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one, kind=kind, reason=reason)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)


def small_school(district="11680"):
    """A school that is shown as its district, among enough others."""
    made = [casework.school(pupils=20, district=district) for _ in range(8)]
    return made[0]


def released(at):
    record = casework.published(at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_impactrecord SET changed_at = now() - interval '40 days' WHERE public_id = %s",
            [record],
        )
    publishing.release(now=timezone.now())
    return record


def test_a_named_school_is_told_to_its_places_and_no_other(subscriber):
    school, other = casework.school(), casework.school(district="26110", name="보기다른중학교")
    casework.region("26110", parent="26")
    wanted = ["all/", f"school/{school.pk}/", "region/11680/", "region/11/"]
    unwanted = [f"school/{other.pk}/", "region/26110/", "region/26/"]
    readers = {where: subscriber() for where in wanted + unwanted}
    for where, reader in readers.items():
        reader.subscribe(where)
    unconfirmed = subscriber()
    unconfirmed.ask()
    record = casework.published(at=school)
    tell()
    late = subscriber()
    late.subscribe()
    tell()
    for where in wanted:
        assert readers[where].news() == [PUBLISHED], where
        said = text(readers[where].mailbox.last(readers[where].address))
        assert school.name in said
        assert f"/ko/records/{record}/" in said
    for reader in [*(readers[where] for where in unwanted), unconfirmed, late]:
        assert reader.news() == []


def test_a_small_school_is_told_as_its_region_alone(subscriber):
    school = small_school()
    casework.region("26110", parent="26")
    casework.region("11740")
    wanted = ["all/", "region/11680/", "region/11/"]
    unwanted = [f"school/{school.pk}/", "region/11740/", "region/26110/", "region/26/"]
    readers = {where: subscriber() for where in wanted + unwanted}
    for where, reader in readers.items():
        reader.subscribe(where)
    record = casework.published(at=school)
    tell()
    assert all(reader.news() == [] for reader in readers.values()), "it waits for its monthly batch"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_impactrecord SET changed_at = now() - interval '40 days'")
    publishing.release(now=timezone.now())
    tell()
    change(record, "withdraw", "wrong_school")
    tell()
    for where in wanted:
        assert readers[where].news() == [PUBLISHED, WITHDRAWN], where
    for where in unwanted:
        assert readers[where].news() == [], where
    everything = "\n".join(
        text(each) + str(each["Subject"])
        for where in wanted
        for each in readers[where].mailbox.mails(readers[where].address)
    )
    assert school.name not in everything
    assert school.pk not in everything
    assert "중학교" not in everything, "not even its level"


def test_a_province_is_not_told_to_its_districts(subscriber):
    """A district in which the province alone is shown would narrow it down."""
    school = small_school()
    reader, province = subscriber(), subscriber()
    reader.subscribe("region/11680/")
    province.subscribe("region/11/")
    record = casework.published(at=school)
    ImpactRecord.objects.filter(pk=record).update(region="11", published_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_log_append('published', 'confirmed', %s, 1, ''::bytea, '', clock_timestamp())",
            [record],
        )
    tell()
    assert province.news() == [PUBLISHED]
    assert reader.news() == []


def test_corrections_and_withdrawals_follow(subscriber):
    reader, school = subscriber(), casework.school()
    reader.subscribe(f"school/{school.pk}/")
    record = casework.published(at=school)
    tell()
    change(record, "correct", "wrong_facts")
    tell()
    change(record, "withdraw", "identifying")
    tell()
    assert reader.news() == [PUBLISHED, CORRECTED, WITHDRAWN]
    first, second, third = reader.mailbox.mails(reader.address)[-3:]
    assert second["References"] == third["References"] == first["Message-ID"]
    withdrawal = text(third).partition("\n-- \n")[
        0
    ]  # below that stands what the reader themselves had chosen
    assert school.name not in withdrawal
    assert "2026" not in withdrawal, "no month of what is not alleged any more"
    assert str(record) in withdrawal


def test_an_address_is_told_once_however_many_places_it_asked_for(subscriber):
    reader, school = subscriber(), casework.school()
    for where in ("all/", "region/11/", f"school/{school.pk}/"):
        token = reader.subscribe(where)
    casework.published(at=school)
    tell()
    tell()
    assert reader.news() == [PUBLISHED]
    assert token_in(reader.mailbox.last(reader.address)) == token, "by the narrowest of them"


def test_in_the_language_that_was_chosen(subscriber):
    reader = subscriber()
    reader.subscribe(language="en")
    casework.published()
    tell()
    mail_ = reader.mailbox.last(reader.address)
    assert mail_["Subject"] == "A confirmed record was published"
    assert "/en/records/" in text(mail_)
    assert "/en/alerts/link/" in text(mail_)
    unofficial = re.sub(r"보기\d*중학교", "", text(mail_))
    assert not re.search("[가-힣]", unofficial), unofficial


def test_each_mail_ends_itself(subscriber, settings):
    reader = subscriber()
    token = reader.subscribe()
    casework.published()
    tell()
    mail_ = reader.mailbox.last(reader.address)
    assert mail_["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail_["List-Unsubscribe"]
    assert link == f"<{settings.PUBLIC_ORIGIN}/ko/alerts/link/{token}/end/>"
    path = link.strip("<>").removeprefix(settings.PUBLIC_ORIGIN)
    assert (
        reader.client.post(
            path, b"List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        ).status_code
        == 200
    )
    casework.published()
    tell()
    assert len(reader.news()) == 1
    assert mail_["To"] == reader.address
    assert mail_["Auto-Submitted"] == "auto-generated"


def test_what_is_hidden_waits_and_what_is_gone_is_dropped(subscriber):
    reader = subscriber()
    reader.subscribe()
    hidden, withdrawn = casework.published(), casework.published()
    senior = casework.member("senior")
    until = actions.hide(
        record=hidden, reason="identifying", hours=1, by=senior, passphrase=casework.PASSPHRASE
    )
    change(withdrawn, "withdraw", "wrong_facts")
    tell()
    assert reader.news() == [], "neither what is out of sight nor what came and went"
    assert until
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_recordhide SET starts_at = now() - interval '2 h', ends_at = now() - interval '1 s'"
        )
    spreading.look_again()
    work()
    assert reader.news() == [PUBLISHED]


def test_a_batch_stops_when_its_record_goes(subscriber):
    reader = subscriber()
    reader.subscribe()
    record = casework.published()
    spreading_only()
    batch = Batch.objects.get()
    change(record, "withdraw", "wrong_facts")
    delivering.send(batch=batch.pk)
    assert Batch.objects.count() == 0
    assert reader.news() == []


def test_old_news_and_a_second_spread_tell_nobody(subscriber):
    reader = subscriber()
    reader.subscribe()
    casework.published()
    spreading_only()
    spreading_only()
    assert Batch.objects.count() == 1
    news = Announcement.objects.get()
    assert spreading.due(news) is spreading.Due.TELL
    news.at = timezone.now() - spreading.NEWS - dt.timedelta(seconds=1)
    assert spreading.due(news) is spreading.Due.DROP


def test_no_letter_says_what_is_no_code(subscriber):
    """A report's sealed words, its reporter and the team are in no mail, whatever they are."""
    reader, school = subscriber(), casework.school()
    reader.subscribe()
    person = casework.member()
    draft = casework.drafted(by=person, at=school)
    casework.decide(draft, by=person)
    casework.decide(draft, by=casework.member())
    tell()
    said = text(reader.mailbox.last(reader.address))
    for word in ("receipt", "Person", "police", "20260801", str(draft.case_id), str(draft.pk)):
        assert word not in said, word
