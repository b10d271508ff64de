"""SQL as the roles of the running processes: whoever holds their passwords publishes nothing (TWO_PEOPLE)."""

from typing import Any

import psycopg
import pytest

from geo.record.models import ImpactRecord
from tests import casework

ATTACKS = [
    "INSERT INTO record_impactrecord (public_id, status, version, changed_at)"
    " VALUES (gen_random_uuid(), 'confirmed', 1, now())",
    "UPDATE record_impactrecord SET grade = 'A'",
    "DELETE FROM record_impactrecord",
    "TRUNCATE record_impactrecord CASCADE",
    "INSERT INTO review_approval (proposal_id, hash, member_id, verdict, reason, at)"
    " SELECT id, hash, 1, 'approve', 'sufficient', now() FROM review_proposal",
    "SELECT * FROM review_approval",
    "SELECT secret FROM review_member",
    "UPDATE review_member SET role = 'senior'",
    "INSERT INTO review_member (account_id, role, active) VALUES (1, 'senior', true)",
    "UPDATE review_proposal SET grade = 'A'",
    "INSERT INTO review_proposal SELECT * FROM review_proposal",
    "UPDATE review_case SET entered_by_id = NULL",
    "UPDATE audit_auditevent SET action = 'nothing'",
    "DELETE FROM audit_auditevent",
    "TRUNCATE audit_auditevent",
    "DELETE FROM review_tie",
    "UPDATE record_logentry SET action = 'restored'",
    "DELETE FROM record_logentry",
    "SELECT record_log_append('published', 'confirmed', gen_random_uuid(), 1, ''::bytea, '', now())",
    "SELECT record_release(now())",
    "UPDATE directory_school SET pupils = 5000",
    "UPDATE record_publisher SET article_pattern = '.*'",
    "UPDATE record_disclosurethreshold SET pupils = 0",
    "SET session_replication_role = replica",
    "SET ROLE mapsite_owner",
    "ALTER TABLE review_approval DISABLE TRIGGER ALL",
    "CREATE FUNCTION public.crypt(text, text) RETURNS text LANGUAGE sql AS $$ SELECT '' $$",
    "CREATE TABLE public.anything (id int)",
    "CREATE TEMP TABLE review_approval (proposal_id uuid)",
]


@pytest.mark.parametrize("role", ["mapsite_staff", "mapsite_public"])
def test_sql_as_a_running_process_is_refused(role: str, committed_db: str, as_role: Any) -> None:
    one = casework.member()
    casework.published()
    casework.decide(casework.drafted(by=one), by=one)
    with as_role(role) as attacker:
        for attack in ATTACKS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(attack)


def test_staff_sql_with_one_passphrase_publishes_nothing(committed_db: str, as_role: Any) -> None:
    one = casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    with as_role("mapsite_staff") as attacker:
        for attack in (
            ("SELECT public.record_publish(%s)", [draft.pk]),
            (
                "SELECT public.review_decide(%s, %s, %s, %s, 'approve', 'sufficient', %s)",
                [draft.pk, bytes(draft.hash), one.pk, casework.PASSPHRASE, draft.school.region_id],
            ),
        ):
            with pytest.raises(psycopg.DatabaseError) as caught:
                attacker.execute(*attack)
            assert caught.value.sqlstate == "MS000"
    assert not ImpactRecord.objects.exists()


def test_public_process_reads_not_one_row_of_casework(committed_db: str, as_role: Any) -> None:
    casework.published()
    casework.submission(casework.school(), sealed_text=b"sealed")
    private = [
        "intake_submission",
        "review_case",
        "review_casesubmission",
        "review_evidence",
        "review_proposal",
        "review_approval",
        "review_decided",
        "review_member",
        "review_tie",
        "audit_auditevent",
        "staff_account",
        "staff_enrolmentlink",
        "django_session",
        "mfa_authenticator",
        "procrastinate_jobs",
        "record_impactrecord",
    ]
    with as_role("mapsite_public") as public:
        for table in private:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                public.execute(f"SELECT 1 FROM {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            public.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x')")
