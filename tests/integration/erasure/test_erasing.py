"""What two people erase is gone, and one person erases nothing, whatever runs with the application's roles."""

import contextlib
import datetime as dt
import hashlib
import secrets
import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from geo.record.refusals import call
from mapsite import retention
from moderation.audit.models import AuditEvent
from moderation.erasure import actions, tasks
from moderation.erasure.inbox import actions as asking
from moderation.erasure.inbox.clocks import due
from moderation.erasure.inbox.querysets import progress
from moderation.erasure.inbox.vocabulary import Ground, Part, State
from moderation.erasure.models import Handling, Item
from moderation.erasure.transitions import OVER, TABLE
from moderation.intake import receipts
from moderation.intake.models import Answer, Submission
from moderation.review.models import GroupMark
from tests import casework, correctionwork, erasurework
from tests.casework import PASSPHRASE, refused
from tests.erasurework import asked, confirm, decided, held, item, propose, state
from tests.integration.corrections.test_roles import working_as

KST = dt.timezone(dt.timedelta(hours=9))


def everything(of: Any) -> list[str]:
    return [item(part, of) for part in (Part.REPORT_TEXT, Part.REPORT_CONTACT, Part.REPORT_ANSWERS)]


def left(of: Submission) -> set[str]:
    of.refresh_from_db()
    kept = {
        name
        for name in ("sealed_text", "sealed_contact", "network", "signature", "links")
        if getattr(of, name) is not None
    }
    if Answer.objects.filter(question__submission=of, sealed_text__isnull=False).exists():
        kept.add("answers")
    if GroupMark.objects.filter(submission=of).exists():
        kept.add("marks")
    return kept


ALL = {"sealed_text", "sealed_contact", "network", "signature", "links", "answers", "marks"}


def test_nothing_goes_before_two_distinct_people_of_whom_one_is_a_senior(db: None) -> None:
    report, said = held()
    request, _ = asked(named=said)
    one, two, senior = casework.member(), casework.member(), casework.member("senior")
    with refused("wrong_passphrase"):
        actions.propose(
            request=request.pk,
            verdict="granted",
            ground="",
            items=everything(report),
            by=one,
            passphrase="x" * 20,
        )
    for role in ("registrar", "auditor"):
        with refused("wrong_role"):
            propose(request, by=casework.member(role), items=everything(report))
    with refused("unknown_item"):
        propose(request, by=one, items=["report_text:00000000-0000-4000-8000-000000000000"])
    with refused("unknown_item"):  # a report is no school's request
        propose(request, by=one, items=[item(Part.CORRECTION_TEXT, report)])
    with refused("items_and_verdict"):
        propose(request, by=one, items=[])
    with refused("items_and_verdict"):
        propose(request, by=one, items=everything(report), verdict="refused", ground="not_shown")
    with refused("unknown_reason"):
        propose(request, by=one, items=everything(report), ground="legal_duty")
    shown = propose(request, by=one, items=everything(report))
    with refused("not_in_this_state"):
        propose(request, by=two, items=everything(report))
    with refused("same_person"):
        confirm(request, by=one, shown=shown)
    with refused("one_senior"):
        confirm(request, by=two, shown=shown)
    with refused("other_content"):
        confirm(request, by=senior, shown=secrets.token_bytes(32))
    other, _ = held()
    slipped_in = Item.objects.create(request=request, part=Part.REPORT_TEXT, target=other.pk)
    with refused("other_content"):  # the list is not the one that was hashed
        confirm(request, by=senior, shown=shown)
    slipped_in.delete()
    casework.declare_tie(by=one, kind="worked", school=report.school_id)
    with refused("conflict"):  # a tie of the first person, declared since
        confirm(request, by=senior, shown=shown)
    assert left(report) == ALL
    actions.send_back(request=request.pk, by=two, passphrase=PASSPHRASE)  # nothing is lost by it
    assert (state(request), Item.objects.count()) == (State.RECEIVED, 0)
    with refused("conflict"):
        propose(request, by=one, items=everything(report))
    shown = propose(request, by=senior, items=everything(report))
    type(senior).objects.filter(pk=senior.pk).update(active=False)
    with refused("first_has_left"):
        confirm(request, by=two, shown=shown)
    type(senior).objects.filter(pk=senior.pk).update(active=True)
    invited = casework.member(
        inviters=(senior, casework.member("senior"))
    )  # as nearly everybody in a small team
    confirm(request, by=invited, shown=shown)
    assert left(report) == set()
    assert left(other) == ALL
    for again in (propose, lambda *_args, **_kw: confirm(request, by=two, shown=shown)):
        with refused("not_in_this_state"):
            again(request, by=senior, items=everything(other))


def test_each_part_goes_alone_and_a_mark_passes_to_the_next_report_of_its_text(db: None) -> None:
    place = casework.school()
    minutes_ago = timezone.now() - dt.timedelta(minutes=3)
    first, said = held(place, received_at=minutes_ago)
    second, _ = held(place)
    request, _ = asked(named=said)
    decided(request, items=[item(Part.REPORT_CONTACT, first)])
    assert left(first) == ALL - {"sealed_contact"}
    texts = GroupMark.objects.filter(submission=first, kind="text").count()
    assert texts and not GroupMark.objects.filter(submission=second, kind="text").exists()
    request, _ = asked(named=said)
    decided(request, items=[item(Part.REPORT_TEXT, first)], verdict="partly", ground="others_rights")
    assert left(first) == {"answers"}
    assert GroupMark.objects.filter(submission=second, kind="text").count() == texts
    correction, _ = correctionwork.asked(place, None, mail="office@example.net")
    request, _ = asked()
    decided(request, items=[item(part, correction) for part in (Part.CORRECTION_TEXT, Part.CORRECTION_MAIL)])
    correction.refresh_from_db()
    assert (correction.sealed_text, correction.sealed_mail) == (None, None)
    assert correction.sealed_document is not None


def test_the_audit_keeps_a_commitment_that_nobody_opens_once_the_list_is_gone(committed_db: str) -> None:
    report, said = held()
    request, secret = asked(named=said, text="그 제보를 지워 주세요.", mail="who@example.net")
    decided(request, items=everything(report))
    event = AuditEvent.objects.get(action="erasure_confirmed")
    handling = Handling.objects.get(pk=request)
    assert event.detail == {
        "verdict": "granted",
        "ground": "",
        "commitment": bytes(handling.commitment or b"").hex(),
    }
    listed = "\n".join([str(request.pk), "erase", "granted", "", *sorted(everything(report))])
    opened = hashlib.sha256(bytes(handling.salt or b"") + listed.encode()).digest()
    assert opened == bytes(handling.commitment or b"")
    told = AuditEvent.objects.filter(action__startswith="erasure_")
    assert all(str(report.pk) not in str(each.detail) for each in told)
    with working_as("mapsite_worker"):
        retention.apply(now=timezone.now() + dt.timedelta(days=91))
    handling.refresh_from_db()
    request.refresh_from_db()
    assert (handling.salt, Item.objects.count()) == (None, 0)
    assert {request.named_hash, request.sealed_text, request.sealed_mail} == {None}
    assert progress(secret).row["verdict"] == "granted"
    assert AuditEvent.objects.get(pk=event.pk).detail["commitment"]


def test_access_tells_and_deletes_nothing_and_a_refusal_says_by_which_rule(db: None) -> None:
    report, said = held()
    other, _ = held(report.school)
    for words in ("", said):  # whoever has no words, or others, learns nothing of what was reported
        request, secret = asked(wish="access", named=words)
        with refused("not_theirs"):
            propose(request, by=casework.member(), items=everything(other))
    partly = {"verdict": "partly", "ground": "others_rights"}
    shown = propose(request, by=casework.member(), items=everything(report), **partly)
    assert progress(secret).statement == {}  # nothing of one person's proposal
    assert {name: progress(secret).row[name] for name in ("verdict", "ground", "parts")} == {
        "verdict": None,
        "ground": "",
        "parts": [],
    }
    confirm(request, by=casework.member("senior"), shown=shown)
    assert left(report) == ALL
    assert progress(secret).row["parts"] == ["report_answers", "report_contact", "report_text"]
    request, secret = asked(named=said, text="제가 쓴 것이 있다면")
    decided(request, items=[], verdict="refused", ground="legal_duty")
    assert "36" in str(progress(secret).statement["rule"])
    asking.give_up(fingerprint=secret)  # too late, and without an error
    assert state(request) == State.DECIDED


def test_an_answer_tells_nobody_whether_somebody_else_reported(db: None) -> None:
    report, said = held()
    other, _ = held(report.school)
    one = casework.member()
    for words in ("", receipts.new("ko")):  # none, and some that open nothing
        for wish in ("erase", "access"):
            request, _ = asked(wish=wish, named=words, text="그 학교에 제보가 있다면")
            for ground in set(Ground) - {Ground.NOT_SHOWN}:
                with refused("ground_tells"):
                    propose(request, by=one, items=[], verdict="refused", ground=ground)
        with refused("ground_tells"):
            propose(request, by=one, items=everything(other), verdict="partly", ground="others_rights")
        request, secret = asked(named=words)
        decided(request, items=[item(Part.REPORT_CONTACT, other)])
        assert (progress(secret).state, progress(secret).row["parts"]) == ("decided", [])
    request, secret = asked(named=said)  # words of one's own open nobody else's
    decided(request, items=[item(Part.REPORT_TEXT, report), item(Part.REPORT_ANSWERS, other)])
    assert progress(secret).row["parts"] == ["report_text"]
    assert left(other) == ALL - {"sealed_contact", "answers"}


def test_no_more_is_proposed_than_a_second_person_can_look_at(db: None) -> None:
    request, _ = asked()
    for amount, code in ((51, "too_many_items"), (50, "unknown_item")):
        items = [f"report_text:{uuid.uuid4()}" for _ in range(amount)]
        with refused(code):
            propose(request, by=casework.member(), items=items)


def test_what_nobody_answers_is_kept_until_it_lapses_and_no_longer(committed_db: str) -> None:
    report, said = held()
    senior = casework.member("senior")
    now = timezone.now()

    def days_ago(days: int, *, since: int | None = None) -> tuple[Any, bytes]:
        """A request of that age; `since` days ago it was proposed and sent back."""
        made, secret = asked(named=said, text="지워 주세요.", mail="who@example.net")
        type(made).objects.filter(pk=made.pk).update(received_at=now - dt.timedelta(days=days))
        if since is not None:
            propose(made, by=senior, items=everything(report))
            actions.send_back(request=made.pk, by=senior, passphrase=PASSPHRASE)
            Handling.objects.filter(pk=made).update(since=now - dt.timedelta(days=since))
        return made, secret

    kept = [days_ago(99), days_ago(200, since=95)]
    over = [days_ago(101), days_ago(300, since=101)]
    proposed, _ = days_ago(300)
    propose(proposed, by=senior, items=everything(report))
    Handling.objects.filter(pk=proposed).update(since=now - dt.timedelta(days=101))
    answered, _ = asked(mail="who@example.net")
    decided(answered, items=[], verdict="refused", ground="not_shown")
    with working_as("mapsite_worker"):
        for _ in range(2):
            tasks.deliver.func(int(now.timestamp()))
            retention.apply(now=now)
    for made, secret in (*kept, *over):
        made.refresh_from_db()
        left_of_it = {made.named_hash, made.sealed_text, made.sealed_mail}
        alive = (made, secret) in kept
        assert progress(secret).state == ("received" if alive else "lapsed")
        assert (left_of_it == {None}) != alive and (None in left_of_it) != alive
    assert (state(proposed), Item.objects.count()) == ("lapsed", 0)
    assert AuditEvent.objects.filter(action="erasure_lapsed").count() == 3
    assert left(report) == ALL
    for again in (over[0][0], proposed):
        with refused("not_in_this_state"):
            propose(again, by=senior, items=everything(report))


def test_whoever_asked_takes_it_back_and_what_they_wrote_is_gone(db: None) -> None:
    report, said = held()
    for touched in (False, True):
        request, secret = asked(named=said, text="지워 주세요.", mail="who@example.net")
        if touched:
            propose(request, by=casework.member(), items=everything(report))
        asking.give_up(fingerprint=secret)
        request.refresh_from_db()
        assert {request.named_hash, request.sealed_text, request.sealed_mail} == {None}
        assert (state(request), Item.objects.count()) == (State.WITHDRAWN, 0)
    assert left(report) == ALL


def test_the_table_is_that_of_the_database_and_no_state_is_forgotten(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, event, target FROM erasure_transitions()")
        assert set(cursor.fetchall()) == {(row.source.value, row.event, row.target.value) for row in TABLE}
    assert {row.source for row in TABLE} == set(State) - OVER


@pytest.mark.parametrize(
    ("arrived", "last"),
    [
        ((2026, 11, 2, 9, 0), (2026, 11, 12)),  # ten days, the first one not counted
        ((2026, 11, 2, 23, 59), (2026, 11, 12)),
        ((2026, 11, 4, 9, 0), (2026, 11, 16)),  # the tenth is a Saturday
        ((2026, 9, 14, 9, 0), (2026, 9, 28)),  # and here Chuseok
        ((2026, 12, 15, 9, 0), (2026, 12, 28)),  # Christmas is a Friday
    ],
)
def test_ten_days_and_the_next_working_day(arrived: tuple[int, ...], last: tuple[int, ...]) -> None:
    end = due(dt.datetime(*arrived, tzinfo=KST))  # type: ignore[arg-type]
    assert (end.year, end.month, end.day, end.hour, end.minute) == (*last, 23, 59)


REFUSED = {
    "mapsite_public": (
        "SELECT 1 FROM erasure_inbox_request",
        "DELETE FROM erasure_inbox_request",
        "SELECT 1 FROM erasure_item",
        "SELECT erasure_confirm(1, 'x', gen_random_uuid(), '')",
        "SELECT erasure_shred('report_text', gen_random_uuid())",
        "SELECT intake_unmark(gen_random_uuid())",
        "SELECT erasure_tidy()",
        "SELECT erasure_opens('x')",
    ),
    "mapsite_staff": (
        "UPDATE intake_submission SET sealed_text = NULL",
        "UPDATE erasure_handling SET state = 'decided'",
        "INSERT INTO erasure_handling (request_id, state, since) VALUES (gen_random_uuid(), 'proposed', now())",
        "INSERT INTO erasure_item (request_id, part, target) VALUES (gen_random_uuid(), 'report_text', gen_random_uuid())",
        "DELETE FROM erasure_item",
        "UPDATE erasure_inbox_request SET named_hash = NULL",
        "SELECT erasure_shred('report_text', gen_random_uuid())",
        "SELECT erasure_replay('report_text', gen_random_uuid())",
        "SELECT erasure_unpropose(gen_random_uuid(), 'received')",
        "SELECT erasure_end(gen_random_uuid(), 'lapsed', 'lapsed')",
        "SELECT erasure_opens('x')",
        "SELECT intake_unmark(gen_random_uuid())",
    ),
    "mapsite_worker": (
        "SELECT erasure_propose(1, 'x', gen_random_uuid(), 'granted', '', '{}')",
        "SELECT erasure_shred('report_text', gen_random_uuid())",
        "SELECT erasure_replay('report_text', gen_random_uuid())",
        "UPDATE erasure_handling SET state = 'decided'",
    ),
}


def test_each_role_does_its_part_and_no_other(committed_db: str, as_role: Any) -> None:
    report, said = held()
    for role, statements in REFUSED.items():
        with as_role(role) as thief:
            for statement in statements:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    thief.execute(statement)
            if role != "mapsite_public":
                with pytest.raises(psycopg.Error, match="told_by_functions"):
                    thief.execute("SELECT audit_note(1, 'erasure_confirmed', 'erasure', 'x', '{}')")
    with working_as("mapsite_public"):
        request, secret = asked(named=said)  # RETURNING would be refused
        assert progress(secret).state == "received"
    one, senior = casework.member(), casework.member("senior")
    with working_as("mapsite_staff"):
        shown = propose(request, by=one, items=everything(report))
        assert erasurework.state(request) == "proposed"
        confirm(request, by=senior, shown=shown)
    assert left(report) == set()
    with pytest.raises(psycopg.errors.CheckViolation), contextlib.closing(as_role("mapsite_owner")) as owner:
        owner.execute(
            "UPDATE erasure_handling SET decided_by_id = proposed_by_id"
        )  # not even the owner, by mistake
    assert call("erasure_replay", "report_text", report.pk) is True  # the owner's, after a restore
