"""What is forgotten, and when, with a moved clock; run as the worker's own role."""

import contextlib
import datetime as dt
import secrets

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.db import connection, models
from django.utils import timezone

from geo.record.models import LogEntry
from mapsite import retention, tasks
from moderation.audit.models import AuditEvent
from moderation.intake import actions as intake
from moderation.intake import sealing, signatures
from moderation.intake.models import SpentChallenge, SpentForm, Submission
from moderation.review.models import Case, GroupMark
from moderation.staff.models import EnrolmentLink
from tests import casework

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
TEXT = "학교에서 가정통신문으로 피해 사실을 알렸고 상담을 안내했습니다. https://www.example.org/a"


@contextlib.contextmanager
def as_worker():
    """Django's connection as the worker's role."""
    usual = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    password = (settings.SECRETS / "db-mapsite_worker").read_text(encoding="ascii").strip()
    connection.close()
    connection.settings_dict.update(USER="mapsite_worker", PASSWORD=password)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


def apply(now):
    with as_worker():
        return retention.apply(now=now)


def submission(at=None, **fields):
    return casework.submission(
        at or casework.school(),
        sealed_text=sealing.seal(TEXT, purpose="casework"),
        sealed_contact=sealing.seal("저녁에 연락", purpose="casework"),
        signature=signatures.sign(TEXT),
        links=signatures.links(TEXT),
        **fields,
    )


def decided_case():
    one, two = casework.member(), casework.member()
    held = submission()
    case = casework.gathered(held)
    casework.add_evidence(case, by=one)
    draft = casework.propose(case, by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    return Case.objects.get(pk=case.pk), held


def test_contact_goes_ninety_days_after_the_decision_and_the_text_after_a_year(committed_db):
    case, held = decided_case()
    for age, text, contact in (
        (90 * DAY - MINUTE, True, True),
        (90 * DAY + MINUTE, True, False),
        (365 * DAY - MINUTE, True, False),
        (365 * DAY + MINUTE, False, False),
    ):
        apply(case.decided_at + age)
        held.refresh_from_db()
        assert (held.sealed_text is not None, held.sealed_contact is not None) == (text, contact), age


def test_an_undecided_report_keeps_its_texts_and_loses_its_network_within_a_day(committed_db):
    held = submission()
    case = casework.gathered(held)
    apply(held.received_at + 22 * HOUR)
    assert GroupMark.objects.filter(case=case, kind="network").count() == 1
    assert Submission.objects.get().network is not None
    apply(held.received_at + 24 * HOUR - 11 * MINUTE)
    held.refresh_from_db()
    assert held.network is None
    assert GroupMark.objects.filter(case=case, kind="network").count() == 0
    apply(held.received_at + 3650 * DAY)
    held.refresh_from_db()
    assert None not in (held.sealed_text, held.sealed_contact, held.signature, held.links)
    assert GroupMark.objects.filter(case=case, kind="text").count() == 16
    assert list(case.gathered.values_list("group", "origin")) == [(1, 1)]


def test_what_the_decision_left_is_caught(committed_db):
    """Signatures that came in while two people decided."""
    case, held = decided_case()
    GroupMark.objects.create(case=case, submission=held, kind="text", value=b"x")
    Submission.objects.update(signature=signatures.sign(TEXT), links=[b"x"], network=secrets.token_bytes(16))
    apply(case.decided_at + MINUTE)
    held.refresh_from_db()
    assert (held.signature, held.links) == (None, None)
    assert not GroupMark.objects.exists()


def test_spent_forms_challenges_sessions_and_links_expire(committed_db):
    now = timezone.now()
    person = casework.member()
    for age in (-HOUR, HOUR, 31 * DAY):
        ended = now - age
        SpentForm.objects.create(token=secrets.token_hex(16), expires_at=ended)
        SpentChallenge.objects.create(challenge=secrets.token_bytes(32), expires_at=ended)
        Session.objects.create(session_key=secrets.token_hex(16), session_data="x", expire_date=ended)
        EnrolmentLink.objects.create(
            account=person.account, token_hash=secrets.token_bytes(32), expires_at=ended
        )
    done = apply(now)
    counted = [done[f"{m._meta.label}"] for m in (SpentForm, SpentChallenge, Session, EnrolmentLink)]
    assert counted == [2, 2, 2, 1]
    assert [m.objects.count() for m in (SpentForm, SpentChallenge, Session, EnrolmentLink)] == [1, 1, 1, 2]


def test_a_withdrawal_waits_for_no_job(committed_db):
    held = submission()
    intake.withdraw(receipt=bytes(held.receipt_hash))
    held.refresh_from_db()
    assert {held.sealed_text, held.sealed_contact, held.network, held.signature, held.links} == {None}


def test_history_is_never_touched(committed_db):
    decided_case()
    before = list(AuditEvent.objects.values()), list(LogEntry.objects.values())
    assert all(before)
    apply(timezone.now() + 40 * 365 * DAY)
    assert (list(AuditEvent.objects.values()), list(LogEntry.objects.values())) == before


def test_twice_is_once(committed_db):
    case, _held = decided_case()
    later = case.decided_at + 400 * DAY
    assert sum(apply(later).values()) > 0
    assert sum(apply(later).values()) == 0


def test_the_job_applies_it(committed_db):
    case, held = decided_case()
    with as_worker():
        tasks.apply_retention.func(int((case.decided_at + 91 * DAY).timestamp()))
    held.refresh_from_db()
    assert held.sealed_contact is None


def test_the_worker_may_forget_and_not_rewrite(committed_db, as_role):
    held = submission()
    worker = as_role("mapsite_worker")
    for forbidden in (
        "UPDATE intake_submission SET school_id = 'X'",
        "UPDATE intake_submission SET how_known = 'victim'",
        "DELETE FROM intake_submission",
        "UPDATE review_casesubmission SET origin = 7",
        "DELETE FROM audit_auditevent",
        "DELETE FROM record_logentry",
    ):
        with pytest.raises(Exception, match="permission denied"):
            worker.execute(forbidden)
    assert Submission.objects.get().pk == held.pk


# --- the check ---------------------------------------------------------------------------------------


def test_every_private_field_has_a_rule():
    assert list(retention.unclassified()) == []
    assert not [problem for problem in run_checks() if problem.id == "mapsite.E002"]


def test_every_rule_says_why():
    reasons = [rule.reason for rules in retention.TABLE.values() for rule in rules]
    assert min(len(reason) for reason in reasons) > 10
    assert set(retention.TABLE) == {apps.get_model(label)._meta.label for label in retention.TABLE}


def test_a_new_field_fails_until_it_is_classified(monkeypatch):
    field = models.TextField(null=True)
    field.set_attributes_from_name("diary")
    monkeypatch.setattr(
        Submission._meta, "concrete_fields", [*Submission._meta.concrete_fields, field], raising=False
    )
    found = [problem.msg for problem in run_checks() if problem.id == "mapsite.E002"]
    assert found == ["mapsite.retention.TABLE: intake.Submission.diary has no rule"]


def test_a_new_table_fails_until_it_is_classified(monkeypatch):
    monkeypatch.delitem(retention.TABLE, "review.Tie")
    assert "review.Tie.kind has no rule" in list(retention.unclassified())


def test_a_star_is_no_rule_for_what_we_keep(monkeypatch):
    monkeypatch.setitem(retention.TABLE, "review.Tie", {retention.CODES: "*"})
    assert "review.Tie.kind has no rule" in list(retention.unclassified())


def test_a_rule_for_a_field_that_is_gone_fails(monkeypatch):
    monkeypatch.setitem(
        retention.TABLE, "review.Tie", {retention.CODES: "id member kind school region declared_at x"}
    )
    assert list(retention.unclassified()) == ["review.Tie.x does not exist"]
