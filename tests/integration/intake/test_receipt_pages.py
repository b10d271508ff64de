"""What a receipt opens: the state of one report, and its deletion; as the public role where it matters."""

from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from moderation.intake import receipts
from moderation.intake.models import Submission, SubmissionProgress
from tests.integration.intake.conftest import Reporter, address, fill_register, receipt_words

FORM = "application/x-www-form-urlencoded"


def ask(client, page: str, words: str):
    return client.post(address(page), urlencode({"words": words}), content_type=FORM)


def state_in(response) -> str:
    return response.content.decode().partition('data-state="')[2].partition('"')[0]


def test_states_follow_the_steps(reporter):
    words = receipt_words(reporter.send())
    assert state_in(ask(reporter.client, "status", words)) == "received"
    submission = Submission.objects.get()
    for code in ("in_review", "not_published"):
        SubmissionProgress.objects.create(submission=submission, code=code)
        assert state_in(ask(reporter.client, "status", f"  {words.upper()} ")) == code


def test_withdrawing_deletes_text_contact_and_what_was_derived(reporter):
    words = receipt_words(
        reporter.send(text="학교에서 있었던 일을 길게 적은 글입니다. 지워 주세요.", contact="나")
    )
    for _ in range(2):
        answer = ask(reporter.client, "withdraw", words)
        assert (answer.status_code, state_in(answer)) == (200, "withdrawn")
    row = Submission.objects.get()
    assert (row.sealed_text, row.sealed_contact, row.network, row.signature) == (None, None, None, None)
    assert [step.code for step in row.progress.all()] == ["withdrawn"]
    SubmissionProgress.objects.create(submission=row, code="published")
    assert state_in(ask(reporter.client, "status", words)) == "withdrawn"


@pytest.mark.parametrize("page", ["status", "withdraw"])
def test_an_unknown_receipt_has_the_same_shape(reporter, page):
    known = receipt_words(reporter.send())
    right, wrong = ask(reporter.client, page, known), ask(reporter.client, page, receipts.new("ko"))
    assert wrong.status_code == right.status_code == 200
    assert state_in(wrong) == "unknown"
    assert wrong.headers.keys() == right.headers.keys()


@pytest.mark.parametrize("words", ["", "가격 가끔", "a " * 300, "\x00", "<script>alert(1)</script>"])
@pytest.mark.parametrize("page", ["status", "withdraw"])
def test_words_that_are_no_receipt(reporter, page, words):
    answer = ask(reporter.client, page, words)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


@pytest.fixture
def as_public(committed_db, public_client):
    """A reporter whose whole request runs on a connection of the public process's role."""
    reporter = Reporter(public_client, fill_register()["east"])
    connection.close()
    ours = connection.settings_dict
    kept = {name: ours[name] for name in ("USER", "PASSWORD")}
    secret = settings.SECRETS / "db-mapsite_public"
    ours |= {"USER": "mapsite_public", "PASSWORD": secret.read_text(encoding="ascii").strip()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("mapsite_public",)
        yield reporter
    finally:
        connection.close()
        ours |= kept


def test_the_whole_way_with_the_public_role(as_public, as_role):
    """Every statement that the public process makes is within its grants."""
    reporter, owner = as_public, as_role("mapsite_owner")
    words = receipt_words(reporter.send(text="학교 누리집 사진이 쓰였다고 들었습니다. 확인해 주세요."))
    assert owner.execute("SELECT count(*) FROM intake_submission").fetchone() == (1,)
    again = reporter.send()
    assert 'class="receipt"' not in again.content.decode()
    assert owner.execute("SELECT count(*) FROM intake_submission").fetchone() == (1,)
    assert state_in(ask(reporter.client, "status", words)) == "received"
    assert state_in(ask(reporter.client, "withdraw", words)) == "withdrawn"
    assert state_in(ask(reporter.client, "status", words)) == "withdrawn"
    assert owner.execute("SELECT sealed_text FROM intake_submission").fetchone() == (None,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM intake_submission",
        "SELECT received_at FROM intake_submission",
        "SELECT 1 FROM intake_submissionprogress",
        "SELECT 1 FROM intake_spentform",
        "UPDATE intake_submission SET kind = 'other'",
        "DELETE FROM intake_submission",
        "TRUNCATE intake_submission CASCADE",
        "INSERT INTO intake_submissionprogress (submission_id, code) VALUES (gen_random_uuid(), 'published')",
        "DELETE FROM intake_spentform",
        "INSERT INTO intake_spentform VALUES (gen_random_uuid(), now()) RETURNING expires_at",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION public.intake_status(bytea) SECURITY INVOKER",
        "SET ROLE mapsite_owner",
    ],
)
def test_the_public_role_sees_and_changes_nothing(committed_db, as_role, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role("mapsite_public").execute(statement)


def test_a_temporary_table_does_not_shadow_the_inbox(committed_db, as_role):
    public = as_role("mapsite_public")
    try:
        public.execute(
            "CREATE TEMP TABLE intake_submission (id uuid, receipt_hash bytea, received_at timestamptz)"
        )
    except psycopg.errors.InsufficientPrivilege:
        return  # the role may not even make one
    public.execute("INSERT INTO pg_temp.intake_submission VALUES (gen_random_uuid(), '\\x01', now())")
    assert public.execute("SELECT code FROM public.intake_status('\\x01')").fetchone() == ("unknown",)


def test_staff_and_worker_may_not_use_a_receipt(committed_db, as_role):
    for role in ("mapsite_staff", "mapsite_worker"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(role).execute("SELECT public.intake_withdraw('\\x01')")
