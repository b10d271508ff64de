"""Somebody who is not the school asks in its name, in forty ways (SAFEGUARDS D1, D3). Nothing public changes, and no answer
tells them how near they were."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geo.directory.models import School
from geo.record.models import ImpactRecord, LogEntry, RecordHide
from geo.record.refusals import Refused
from moderation.corrections import actions, mails
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox import words
from moderation.corrections.inbox.models import Correction
from moderation.corrections.models import Handling, Proof
from moderation.intake import receipts
from moderation.review.models import Member
from tests import casework, correctionwork
from tests.correctionwork import PASSPHRASE, asked, judge, state

pytestmark = pytest.mark.django_db


class Stage(NamedTuple):
    """A school with a public record, somebody's request in its name that was read, and a member of the team."""

    school: School
    correction: Correction
    fingerprint: bytes
    by: Member


@pytest.fixture
def stage() -> Stage:
    return staged()


def staged(mail: str = "") -> Stage:
    school = correctionwork.school()
    correction, fingerprint = asked(school, correctionwork.published(school), mail=mail, document="")
    by = casework.member()
    correctionwork.acknowledge(correction, by=by)
    return Stage(school, correction, fingerprint, by)


def public() -> tuple[Any, ...]:
    """Everything that readers could see change."""
    return (
        list(ImpactRecord.objects.order_by("pk").values()),
        LogEntry.objects.count(),
        RecordHide.objects.count(),
    )


def call(stage: Stage, correction: Correction | None = None) -> str:
    subject = (correction or stage.correction).pk
    return actions.call_back(correction=subject, by=stage.by, passphrase=PASSPHRASE)


def confirm_all(stage: Stage) -> None:
    """A member of the team who confirms whatever can be confirmed, and judges it."""
    for kind in ("callback", "mail", "document"):
        try:
            actions.confirm(correction=stage.correction.pk, kind=kind, by=stage.by, passphrase=PASSPHRASE)
        except Refused:
            continue
    for _person in range(2):
        with pytest.raises(Refused):
            judge(stage.correction, by=casework.member())


ADDRESSES = {
    "own mailbox": "principal@mail.example.net",
    "look-alike domain": "office@{dashed}",
    "one letter more": "office@{host}s",
    "below the host": "office@mail.{host}",
    "above the host": "office@example.kr",
    "host as a beginning": "office@{host}.example.net",
    "Cyrillic letter": "office@{cyrillic}",
    "punycode": "office@xn--{host}",
    "full width": "office@{wide}",
    "plus address": "office+school@{host}",
    "quoted local part": '"a@{host}"@example.net',
    "local part with blanks": '"office desk"@{host}',
    "two at signs": "office@{host}@example.net",
    "percent routing": "office%{host}@example.net",
    "trailing dot": "office@{host}.",
    "port": "office@{host}:25",
    "two addresses": "office@{host},thief@example.net",
    "line break": "office@{host}\nBcc: thief@example.net",
    "NUL": "office@{host}\0.example.net",
    "address literal": "office@[192.0.2.1]",
    "no local part": "@{host}",
    "hidden joiner": "office@{joined}",
}


@pytest.mark.parametrize("way", ADDRESSES)
def test_no_mail_goes_to_an_address_that_is_not_the_schools_own(way: str) -> None:
    stage = staged(mail="placeholder@example.net")
    host = correctionwork.host(stage.school)
    address = ADDRESSES[way].format(
        host=host,
        dashed=host.replace(".", "-", 1),
        cyrillic=host.replace("o", "о"),
        wide=host.replace("b", "ｂ"),
        joined=host[:2] + "\u200d" + host[2:],
    )
    Correction.objects.filter(pk=stage.correction.pk).update(
        sealed_mail=mails.sealing.seal(address, purpose="subscribers")
    )
    before = public()
    actions.ask_mail(correction=stage.correction.pk, by=stage.by, passphrase=PASSPHRASE)
    assert mails.send_codes() == 0
    assert Proof.objects.values_list("failed", "made_at").get(kind="mail") == (True, None)
    confirm_all(stage)
    assert (public(), state(stage.correction)) == (before, "acknowledged")


def shared_host(stage: Stage) -> None:
    other = correctionwork.school()
    School.objects.filter(pk=other.pk).update(
        homepage=stage.school.homepage.replace("www.", "").upper() + "?b=2"
    )
    Correction.objects.filter(pk=stage.correction.pk).update(sealed_mail=b"sealed")
    with pytest.raises(Refused):
        actions.ask_mail(correction=stage.correction.pk, by=stage.by, passphrase=PASSPHRASE)


def no_homepage(stage: Stage) -> None:
    School.objects.filter(pk=stage.school.pk).update(homepage="")
    Correction.objects.filter(pk=stage.correction.pk).update(sealed_mail=b"sealed")
    with pytest.raises(Refused):
        actions.ask_mail(correction=stage.correction.pk, by=stage.by, passphrase=PASSPHRASE)


def guessed(stage: Stage) -> None:
    right = call(stage)
    for guess in range(5):
        asking.type_code(fingerprint=stage.fingerprint, code=f"{(int(right) + guess + 1) % 10**8:08d}")
    asking.type_code(fingerprint=stage.fingerprint, code=right)  # five wrong ones have spent it


def too_late(stage: Stage) -> None:
    right = call(stage)
    Proof.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    asking.type_code(fingerprint=stage.fingerprint, code=right)


def an_older_code(stage: Stage) -> None:
    old = call(stage)
    call(stage)
    asking.type_code(fingerprint=stage.fingerprint, code=old)


def code_of_another_request(stage: Stage) -> None:
    """Somebody at another school lets themselves be called, and types that code here."""
    mine = correctionwork.school()
    theirs, _words = asked(mine, None)
    correctionwork.acknowledge(theirs, by=stage.by)
    asking.type_code(fingerprint=stage.fingerprint, code=call(stage, theirs))


def forwarded(stage: Stage) -> None:
    """The code reaches somebody who has another request's words."""
    mine, other_words = asked(stage.school, None)
    correctionwork.acknowledge(mine, by=stage.by)
    asking.type_code(fingerprint=other_words, code=call(stage))


def without_words(stage: Stage) -> None:
    asking.type_code(fingerprint=words.fingerprint(receipts.new("ko")), code=call(stage))


def stolen_reference(stage: Stage) -> None:
    with pytest.raises(receipts.ReceiptUnreadable):
        words.fingerprint(stage.correction.reference)
    asking.type_code(fingerprint=stage.correction.reference.encode(), code=call(stage))


def no_code(stage: Stage) -> None:
    call(stage)
    for nothing in ("", "0", "%", "' OR ''='"):
        asking.type_code(fingerprint=stage.fingerprint, code=nothing)


def one_proof_twice(stage: Stage) -> None:
    code = call(stage)
    asking.type_code(fingerprint=stage.fingerprint, code=code)
    asking.type_code(fingerprint=stage.fingerprint, code=code)
    with pytest.raises(Refused):  # it holds: there is no second code of this kind
        call(stage)


def spoofed_number(stage: Stage) -> None:
    """Who calls us proves nothing; we call, and only where the register has a number."""
    School.objects.filter(pk=stage.school.pk).update(phone="")
    with pytest.raises(Refused):
        call(stage)


def invented_document(stage: Stage) -> None:
    with pytest.raises(Refused):  # none was given: there is nothing to ask the education office about
        actions.confirm(correction=stage.correction.pk, kind="document", by=stage.by, passphrase=PASSPHRASE)


def unknown_proof(stage: Stage) -> None:
    for kind in ("fax", "", "CALLBACK"):
        with pytest.raises(Refused):
            actions.confirm(correction=stage.correction.pk, kind=kind, by=stage.by, passphrase=PASSPHRASE)


def objection_skipped(stage: Stage) -> None:
    with pytest.raises(Refused):
        actions.notify(correction=stage.correction.pk, channel="fax", by=stage.by, passphrase=PASSPHRASE)


def appeals_at_once(stage: Stage) -> None:
    asking.appeal(fingerprint=stage.fingerprint)


def floods(stage: Stage) -> None:
    """The number of requests moves nothing."""
    for _request in range(20):
        asked(stage.school, stage.correction.record, kind="identifying")
    mails.page_duty()


WAYS = (
    shared_host, no_homepage, guessed, too_late, an_older_code, code_of_another_request, forwarded, without_words,
    stolen_reference, no_code, one_proof_twice, spoofed_number, invented_document, unknown_proof, objection_skipped,
    appeals_at_once, floods,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_impostor_changes_nothing_public(way: Callable[[Stage], None], stage: Stage) -> None:
    before = public()
    way(stage)
    confirm_all(stage)
    assert (public(), state(stage.correction)) == (before, "acknowledged")
    handling = Handling.objects.get(pk=stage.correction)
    assert handling.proved_at is handling.disputed_at is handling.case_id is None


def test_the_right_code_works_once_and_the_proof_needs_a_member(stage: Stage) -> None:
    """What the attempts above come short of."""
    code = call(stage)
    asking.type_code(fingerprint=stage.fingerprint, code=f" {code[:4]}-{code[4:]} ")
    proof = Proof.objects.get(kind="callback")
    assert proof.matched_at and not proof.confirmed_at and proof.code_hash is None
    assert (
        actions.confirm(correction=stage.correction.pk, kind="callback", by=stage.by, passphrase=PASSPHRASE)
        == 1
    )


def masked(page: str) -> str:
    return re.sub(r"20\d\d[^<]*|[2-9A-Z]{4}-[2-9A-Z]{4}", "…", page)


def test_right_wrong_and_useless_codes_are_answered_alike(public_client: Any, settings: Any) -> None:
    """The same words, the same statements and, inside the database, the same two comparisons."""
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "receipt": "6000/h"}
    answers, statements = set(), set()
    for attempt in ("right", "wrong", "none made", "unread"):
        school = correctionwork.school()
        secret = receipts.new("en")
        correction, _ = asked(school, None)
        Correction.objects.filter(pk=correction.pk).update(words_hash=words.fingerprint(secret))
        code = "12345678"
        by = casework.member()
        correctionwork.acknowledge(correction, by=by)
        if attempt in ("right", "wrong"):
            code = actions.call_back(correction=correction.pk, by=by, passphrase=PASSPHRASE)
        if attempt == "wrong":
            code = f"{(int(code) + 1) % 10**8:08d}"
        if attempt == "unread":
            code = "no digits at all"
        with CaptureQueriesContext(connection) as asked_of_the_database:
            answer = public_client.post(
                f"/en/corrections/status/{words.linked(secret)}/",
                f"code={code}",
                content_type="application/x-www-form-urlencoded",
            )
        assert answer.status_code == 200
        answers.add(masked(answer.content.decode().replace(words.linked(secret), "")))
        statements.add(len(asked_of_the_database))
    assert (len(answers), len(statements)) == (1, 1)


COUNTED = """
CREATE TABLE hashing (call bigserial, cost text);
CREATE FUNCTION counted_crypt(typed text, kept text) RETURNS text LANGUAGE sql AS $$
  INSERT INTO public.hashing (cost) VALUES (left(kept, 7)); SELECT public.crypt(typed, kept) $$;
"""


def test_every_code_costs_the_same_two_hashes(stage: Stage) -> None:
    """Elapsed time tells nothing, since the slow work is the same: counted in the function's own text, whatever is typed."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        cursor.execute("SELECT pg_get_functiondef('corrections_type_code(bytea, text)'::regprocedure)")
        (itself,) = cursor.fetchone()
        assert itself.count("public.crypt(") == 1
        cursor.execute(itself.replace("public.crypt(", "public.counted_crypt("))
    waiting, unread, spent, held = stage, staged(), staged(), staged()
    Handling.objects.filter(pk=unread.correction).delete()
    for each in (waiting, spent, held):
        each_code = call(each)
    guessed(spent)
    asking.type_code(fingerprint=held.fingerprint, code=each_code)
    work = set()
    for fingerprint in (
        waiting.fingerprint,
        unread.fingerprint,
        spent.fingerprint,
        held.fingerprint,
        bytes(32),
    ):
        for code in ("12345678", "", "no digits at all"):
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM hashing")
            asking.type_code(fingerprint=fingerprint, code=code)
            with connection.cursor() as cursor:
                cursor.execute("SELECT array_agg(cost ORDER BY call) FROM hashing")
                (costs,) = cursor.fetchone()
            work.add(tuple(costs))
    assert work == {("$2a$08$", "$2a$08$")}
