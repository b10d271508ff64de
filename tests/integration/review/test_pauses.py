"""Intake, publication and reading are switched off separately, and the database holds it (SAFEGUARDS F2)."""

import datetime as dt

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from geo.record.models import ImpactRecord, Pause
from geo.record.refusals import Refused
from geo.record.snapshot.load import load
from geo.record.vocabulary import PauseKind
from geo.site import contexts
from moderation.audit.models import AuditEvent
from moderation.review import actions
from moderation.review.vocabulary import CaseState
from tests import casework


def pause(kind: str, *, region: str | None = None, hours: int = 2, by=None) -> Pause:
    by = by or casework.member("senior")
    actions.pause(
        kind=kind, region=region, reason="attack", hours=hours, by=by, passphrase=casework.PASSPHRASE
    )
    return Pause.objects.latest("pk")


def over(running: Pause) -> None:
    """The clock of the rows runs ahead, as it would in two hours."""
    for name in ("starts_at", "ends_at"):
        setattr(running, name, getattr(running, name) - dt.timedelta(hours=3))
    running.save()


def visible() -> set:
    return set(ImpactRecord.objects.visible(at=timezone.now()).values_list("pk", flat=True))


@pytest.mark.django_db
def test_publication_waits_and_withdrawal_does_not() -> None:
    one, two = casework.member(), casework.member()
    record = casework.published()
    draft = casework.drafted(by=one, at=casework.school(district="26110"))
    casework.decide(draft, by=one)
    pause("reading", region="26110")
    pause("intake", region="26110")
    running = pause("publication", region="26110")
    with casework.refused("paused"):
        casework.decide(draft, by=two)
    assert casework.current(draft.case).state == CaseState.SECOND
    elsewhere = casework.drafted(by=one)
    casework.decide(elsewhere, by=one)
    assert casework.decide(elsewhere, by=two).state == CaseState.PUBLISHED
    pause("publication")
    case = actions.reopen(record=record, by=casework.member(), passphrase=casework.PASSPHRASE)
    gone = casework.propose(case, by=one, kind="withdraw", reason="wrong_school")
    casework.decide(gone, by=one)
    assert casework.decide(gone, by=two).state == CaseState.PUBLISHED
    assert ImpactRecord.objects.get(pk=record).status == "withdrawn"
    Pause.objects.exclude(pk=running.pk).delete()
    over(running)
    assert casework.decide(draft, by=two).state == CaseState.PUBLISHED


@pytest.mark.django_db
def test_reading_is_paused_by_region_and_wholly_and_readers_are_told() -> None:
    here, there = casework.published(at=casework.school(district="26110")), casework.published()
    *_alike, tiny = [casework.school(pupils=40) for _ in range(6)]
    small = casework.published(at=tiny)
    ImpactRecord.objects.filter(pk=small).update(published_at=timezone.now() - dt.timedelta(seconds=5))
    everything = {here, there, small}
    assert visible() == everything
    running = pause("reading", region="26110")
    assert visible() == everything - {here}
    public = load(timezone.now())
    assert {each.public_id for each in public.records} == {str(there), str(small)}
    [said] = contexts.pauses(public)
    assert public.pauses[0].region == "26110" and said["kind"] == PauseKind.READING.label
    over(running)
    assert visible() == everything and load(timezone.now()).pauses == ()
    pause("reading")
    assert visible() == set()


def test_the_public_process_cannot_store_a_report_meanwhile(committed_db, as_role) -> None:
    at = casework.school()
    public = as_role("mapsite_public")
    statement = """INSERT INTO intake_submission (id, school_id, kind, month, how_known, language, receipt_hash, received_at)
                   VALUES (gen_random_uuid(), %s, 'pupils', '2026-08-01', 'victim', 'ko', sha256(%s), now())"""
    pause("publication")
    public.execute(statement, [at.pk, b"one"])
    pause("intake", region=at.region.parent_id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        public.execute(statement, [at.pk, b"two"])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("UPDATE record_pause SET ends_at = now()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("ALTER TABLE intake_submission DISABLE ROW LEVEL SECURITY")
    staff = as_role("mapsite_staff")
    assert staff.execute("SELECT count(*) FROM intake_submission").fetchone() == (1,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staff.execute("DELETE FROM record_pause")
    over(Pause.objects.get(kind="intake"))
    public.execute(statement, [at.pk, b"three"])


@pytest.mark.django_db
def test_seniors_alone_for_a_week_at_most_and_another_one_opens_again() -> None:
    one, two = casework.member("senior"), casework.member("senior")
    with pytest.raises(Refused):
        pause("reading", by=casework.member())
    for hours in (0, 169):
        with casework.refused("pause_length"):
            pause("reading", hours=hours)
    with casework.refused("pause_length"):
        pause("reading", by=one, hours=73)
    running, theirs, intake = (
        pause("publication", by=one),
        pause("reading", by=two),
        pause("intake", by=one),
    )
    for mine in (running, theirs):
        with casework.refused("own_pause"):
            actions.end_pause(
                pause=mine.pk, by=one if mine is running else two, passphrase=casework.PASSPHRASE
            )
    for who, words, code in (
        (casework.member(), casework.PASSPHRASE, "wrong_role"),
        (two, "not the passphrase of this one", "wrong_passphrase"),
    ):
        with casework.refused(code):
            actions.end_pause(pause=running.pk, by=who, passphrase=words)
    with casework.refused("pause_over"):
        actions.end_pause(pause=0, by=two, passphrase=casework.PASSPHRASE)
    AuditEvent.objects.create(
        role="mapsite_staff", member=two.pk, action="paused", subject="record", subject_id=str(running.pk)
    )
    actions.end_pause(pause=intake.pk, by=one, passphrase=casework.PASSPHRASE)
    actions.end_pause(pause=running.pk, by=two, passphrase=casework.PASSPHRASE)
    with casework.refused("pause_over"):
        actions.end_pause(pause=running.pk, by=two, passphrase=casework.PASSPHRASE)
    assert Pause.objects.get(pk=theirs.pk).ends_at == theirs.ends_at
    assert list(
        AuditEvent.objects.filter(subject="pause")
        .order_by("pk")
        .values_list("action", "subject_id", "member")
    ) == [
        *(("paused", str(each.pk), by.pk) for each, by in ((running, one), (theirs, two), (intake, one))),
        ("unpaused", str(intake.pk), one.pk),
        ("unpaused", str(running.pk), two.pk),
    ]
    with connection.cursor() as cursor, pytest.raises(Exception, match="pause_ends_within_a_week"):
        cursor.execute("UPDATE record_pause SET ends_at = starts_at + interval '8 days'")


@pytest.mark.django_db
def test_pages_of_the_desk_and_of_the_public(public_client) -> None:
    from tests import desk
    from tests.stack import staff_client

    senior = desk.seat(staff_client(headers={"accept-language": "en"}), casework.member("senior"))
    reviewer = desk.seat(staff_client(headers={"accept-language": "en"}), casework.member())
    at = casework.school()
    data = {"kind": "intake", "region": "", "reason": "crowd", "hours": 5, "passphrase": casework.PASSPHRASE}
    assert reviewer.post("/brakes/pause/", data).status_code == 403
    for wrong in (
        {"kind": "all"},
        {"hours": 169},
        {"reason": "because"},
        {"region": "zz"},
        {"passphrase": ""},
    ):
        assert senior.post("/brakes/pause/", {**data, **wrong}).status_code == 422
    assert senior.post("/brakes/pause/", data).status_code == 302
    page = reviewer.get("/brakes/").content.decode()
    assert "No reports are taken" in page and "everywhere" in page and "End it now" not in page
    closed = public_client.get(f"/en/report/{at.pk}/")
    assert closed.status_code == 503 and "No reports are taken here until" in closed.content.decode()
    running = Pause.objects.get()
    assert (
        senior.post(f"/brakes/pauses/{running.pk}/", {"passphrase": casework.PASSPHRASE}).status_code == 302
    )
    assert public_client.get(f"/en/report/{at.pk}/").status_code == 200


@pytest.mark.django_db
def test_one_person_hides_nothing_for_longer_than_one_hide_lasts() -> None:
    """Seniors take turns: neither keeps the records out of sight alone, whatever region they name (B7)."""
    one, two = casework.member("senior"), casework.member("senior")
    casework.region("26110")
    pause("reading", by=one, region="26110", hours=72)
    pause("publication", by=one)
    actions.end_pause(pause=Pause.objects.earliest("pk").pk, by=two, passphrase=casework.PASSPHRASE)
    with casework.refused("own_pause_again"):
        pause("reading", by=one, hours=1)
    pause("reading", by=two)
    with casework.refused("own_pause_again"):
        pause("reading", by=two)
    pause("reading", by=one)
    with connection.cursor() as cursor:  # a month later
        cursor.execute("UPDATE audit_auditevent SET at = at - interval '31 days'")
    pause("reading", by=one)
