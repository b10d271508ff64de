"""A school is told before it is on the map, and has time to answer (SAFEGUARDS B10)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mapsite import notice_window
from moderation.audit.models import AuditEvent
from moderation.review import notices
from moderation.review.models import Case, Notice, Proposal
from tests import casework, correctionwork
from tests.casework import PASSPHRASE
from tests.correctionwork import refused


@pytest.fixture
def two_days(db: None, settings: Any) -> None:
    """The default; a demo's database asks for no notice."""
    settings.NOTICE_HOURS = 48
    notice_window.apply()


def drafted(at: Any = None) -> tuple[Case, Proposal]:
    """A draft that a school's own notice stands behind: no authority has made it public."""
    one = casework.member()
    case = casework.case(at or correctionwork.school())
    casework.add_evidence(case, by=one, grade="B", kind="school")
    return case, casework.propose(case, by=one)


def approve(draft: Proposal) -> Any:
    return casework.decide(draft, by=casework.member())


def tell(case: Case, channel: str = "fax", **changed: Any) -> dt.datetime:
    arguments = {"case": case.pk, "channel": channel, "by": casework.member(), "passphrase": PASSPHRASE}
    return notices.notify(**{**arguments, **changed})


def test_publication_waits_for_the_notice_and_for_its_end(two_days: None) -> None:
    case, draft = drafted()
    approve(draft)
    other, _their_draft = drafted()
    tell(other)  # of another school, which this one has not read
    assert not notices.state(case.pk).told_at
    with refused("notice_missing"):
        approve(draft)
    teller = casework.member()
    until = tell(case, by=teller)
    told = AuditEvent.objects.get(action="notified", subject_id=str(case.pk))
    assert (told.member, told.proven, told.detail["channel"]) == (teller.pk, True, "fax")
    assert until - timezone.now() == pytest.approx(dt.timedelta(hours=48), abs=dt.timedelta(minutes=1))
    with refused("notice_window"):
        approve(draft)
    tell(case, "letter")  # told again, the time that runs is the first one's
    assert notices.state(case.pk).ends_at == until
    Notice.objects.filter(case=case).update(ends_at=timezone.now())
    assert approve(draft).state == "published"
    with refused("decided_meanwhile"):
        tell(case)
    with refused("unknown_case"):
        notices.notify(case=uuid.uuid4(), channel="fax", by=teller, passphrase=PASSPHRASE)


def test_what_an_authority_has_published_needs_none(two_days: None) -> None:
    one = casework.member()
    case = casework.case(casework.school())
    casework.add_evidence(case, by=one, grade="A", article="")  # an act that no page shows
    assert notices.state(case.pk).needed
    casework.add_evidence(case, by=one, grade="A")
    assert not notices.state(case.pk).needed
    draft = casework.propose(case, by=one)
    case.notices.all().delete()  # what the builders of tests tell
    approve(draft)
    assert approve(draft).state == "published"


def test_only_the_registers_contacts_and_only_who_may(two_days: None) -> None:
    correctionwork.school()  # has both
    case, _draft = drafted(casework.school())  # the register has neither telephone nor fax
    for channel in ("phone", "fax", "mail", None):
        with refused("no_register_contact"):
            tell(case, channel)
    tied = casework.member()
    tied.ties.create(kind="worked", school=case.school)
    with refused("conflict"):
        tell(case, "letter", by=tied)
    with refused("wrong_role"):
        tell(case, "letter", by=casework.member("auditor"))
    with refused("wrong_passphrase"):
        tell(case, "letter", passphrase="a guess of mine, long")
    assert not case.notices.exists()


def test_the_window_is_the_owners_setting(db: None, settings: Any) -> None:
    settings.NOTICE_HOURS = 0
    notice_window.apply()
    case, _draft = drafted()
    assert not notices.state(case.pk).needed
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM review_noticewindow")  # a lost row asks for the notice, and for two days
    assert notices.state(case.pk).needed


def test_no_process_shortens_the_window(committed_db: str, as_role: Any) -> None:
    for role in ("mapsite_public", "mapsite_staff", "mapsite_worker"):
        with as_role(role) as thief:
            for statement in (
                "UPDATE review_noticewindow SET hours = 0",
                "DELETE FROM review_noticewindow",
                "INSERT INTO review_notice (case_id, channel, member_id, at, ends_at) VALUES (NULL, 'fax', 1, now(), now())",
            ):
                with pytest.raises(Exception, match="permission denied"):
                    thief.execute(statement)
