"""SQL as the roles of the running processes: whoever holds their passwords publishes nothing (TWO_PEOPLE)."""

from typing import Any

import psycopg
import pytest

from geo.record.models import BrakeLimit, ImpactRecord
from mapsite.grants import FUNCTIONS, ROLES
from moderation.review.models import Proposal
from tests import casework
from tests.two_people import Subject, Team, as_staff

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
    "UPDATE review_case SET state = 'rejected', decided_at = '2020-01-01'",
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
    "CREATE TEMP VIEW review_tie AS SELECT 1",
    "CREATE SCHEMA anything",
    # hides, brakes, the team
    "INSERT INTO record_recordhide (record_id, reason, starts_at, ends_at)"
    " SELECT public_id, 'checking', now(), now() + interval '9 years' FROM record_impactrecord",
    "UPDATE record_recordhide SET ends_at = now()",
    "DELETE FROM record_recordhide",
    "DELETE FROM review_hide",
    "INSERT INTO review_hide (hide_id, record, member_id, until) VALUES (1, gen_random_uuid(), 1, now())",
    "UPDATE record_brakelimit SET per_day = 100000",
    "DELETE FROM record_brakelimit",
    "UPDATE record_brake SET ended_at = now()",
    "INSERT INTO record_brake (region_id, kind, shown, started_at) VALUES ('11', 'day', true, now())",
    'INSERT INTO review_brakerelease (brake_id, member_id, amount, "left", at, ends_at) VALUES (1, 1, 9, 9, now(), now())',
    'UPDATE review_brakerelease SET "left" = 100',
    "INSERT INTO review_teamchange (kind, started_by_id) VALUES ('leave', 1)",
    "UPDATE review_teamchange SET confirmed_by_id = 2",
    "SELECT code_hash FROM review_teamchange",
    "SELECT * FROM review_teamchange",
    "INSERT INTO staff_enrolmentlink (account_id, token_hash, expires_at) VALUES (1, 'x', now())",
    "INSERT INTO staff_account (email, name, password, is_active, joined_at) VALUES ('a', 'b', 'c', true, now())",
    "INSERT INTO review_tie (member_id, kind, school_id) SELECT 1, 'family', id FROM directory_school",
    "INSERT INTO audit_auditevent (role, member, proven, action, subject, subject_id)"
    " VALUES ('mapsite_staff', 1, true, 'decided', 'proposal', '')",
    "INSERT INTO intake_answer (question_id, code) VALUES (1, 'yes')",
    "UPDATE intake_answer SET code = 'no'",
    "UPDATE intake_question SET code = 'document'",
    # the functions that only functions call
    "SELECT record_log_seen('restored', 'ended', gen_random_uuid(), now())",
    "SELECT review_case_about(gen_random_uuid(), 1)",
    "SELECT record_brake_pass(gen_random_uuid(), '')",
    "SELECT review_team_ask(1, 'leave', '', '', '', 1, NULL)",
    "SELECT review_audit(1, 'decided', 'proposal', '', '{}')",
    "SELECT review_authenticate(1, '', ARRAY['senior'])",
    "SELECT crypt('a', secret) FROM review_member",
    # other ways to the same rows
    "COPY review_approval TO STDOUT",
    "COPY record_impactrecord TO PROGRAM 'cat'",
    "COPY record_logentry FROM STDIN",
    "DO $$ BEGIN UPDATE public.record_impactrecord SET grade = 'A'; END $$",
    "DO $$ BEGIN EXECUTE 'INSERT INTO public.review_approval (member_id) VALUES (1)'; END $$",
    "PREPARE hidden AS DELETE FROM record_logentry; EXECUTE hidden",
    "WITH gone AS (DELETE FROM record_logentry RETURNING 1) SELECT * FROM gone",
    "MERGE INTO record_impactrecord r USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "SELECT * FROM record_impactrecord FOR UPDATE",
    "DO $$ BEGIN LOCK TABLE public.record_logentry IN ACCESS EXCLUSIVE MODE; END $$",
    "CREATE RULE anything AS ON DELETE TO record_logentry DO INSTEAD NOTHING",
    "CREATE POLICY anything ON record_logentry",
    "ALTER FUNCTION record_publish(uuid) OWNER TO CURRENT_USER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE mapsite_owner GRANT ALL ON TABLES TO CURRENT_USER",
    "GRANT mapsite_owner TO CURRENT_USER",
    "SET SESSION AUTHORIZATION mapsite_owner",
    "ALTER DATABASE template_mapsite SET search_path = pg_temp",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/dev/null')",
    "SELECT pg_read_file('PG_VERSION')",
]
# what a stolen password of the staff process could have made the worker do, or the worker's own could do
STAFF_ATTACKS = [
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'record.release_month',"
    """ '{"timestamp": 0}')""",
    "SELECT procrastinate_defer_jobs_v1(ARRAY[]::procrastinate_job_to_defer_v1[])",
    "UPDATE procrastinate_jobs SET args = '{}'",
    "DELETE FROM procrastinate_jobs",
    "SELECT procrastinate_cancel_job_v1(1, true, true)",
    "SELECT record_keep_time()",
    "SELECT review_open_checks()",
]
WORKER_ATTACKS = [
    "SELECT record_publish(gen_random_uuid())",
    "SELECT review_decide(gen_random_uuid(), '', 1, '', 'approve', '', '')",
    "SELECT review_propose(1, '', gen_random_uuid(), 'publish', '2026-01-01', 'confirmed')",
    "SELECT review_hide(1, '', gen_random_uuid(), 'checking', 1)",
    "SELECT review_confirm_change(1, '', 1)",
    "SELECT review_release_brake(1, '', 1, 1)",
    "SELECT * FROM review_decided",
    "UPDATE review_case SET record = gen_random_uuid()",
    "INSERT INTO review_tie (member_id, kind) VALUES (1, 'family')",
    "UPDATE record_checkpoint SET note = ''",
    "DELETE FROM record_checkpoint",
]


@pytest.mark.parametrize("role", ["mapsite_staff", "mapsite_public", "mapsite_worker"])
def test_sql_as_a_running_process_is_refused(role: str, committed_db: str, as_role: Any) -> None:
    one = casework.member()
    casework.published()
    casework.decide(casework.drafted(by=one), by=one)
    more = {"mapsite_staff": STAFF_ATTACKS, "mapsite_worker": WORKER_ATTACKS}
    attacks = ATTACKS + more.get(role, STAFF_ATTACKS + WORKER_ATTACKS)
    with as_role(role) as attacker:
        for attack in attacks:
            if role == "mapsite_worker" and "record_release" in attack:
                continue  # its own work
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(attack)
                raise AssertionError(f"{role} may: {attack}")


def test_every_function_of_ours_is_listed_or_nobodys(committed_db: str, as_role: Any) -> None:
    """A function that somebody forgets to list can be called by no process."""
    listed = {name.partition("(")[0] for name in FUNCTIONS}
    for role in ROLES:
        with as_role(role) as process:
            may = process.execute(
                "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
                " AND pg_get_userbyid(p.proowner) = 'mapsite_owner' AND p.proname !~ '^procrastinate'"
                " AND has_function_privilege(p.oid, 'EXECUTE')"
            ).fetchall()
        assert {name for (name,) in may} == {
            name.partition("(")[0] for name, roles in FUNCTIONS.items() if role in roles
        } & listed


def test_functions_with_rights_find_nothing_but_what_they_name(committed_db: str, as_role: Any) -> None:
    with as_role("mapsite_owner") as owner:
        loose = owner.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND pg_get_userbyid(proowner) = 'mapsite_owner'"
            " AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)"
        ).fetchall()
    assert loose == [("record_want_snapshot",)], (
        "procrastinate's own names need the schema; nobody may write in it"
    )


HOSTILE = [
    "search_path = pg_temp, public",
    "timezone = 'Pacific/Kiritimati'",
    "datestyle = 'German, DMY'",
    "intervalstyle = 'sql_standard'",
    "bytea_output = 'escape'",
    "extra_float_digits = -15",
    "standard_conforming_strings = off",
    "backslash_quote = on",
    "transform_null_equals = on",
    "row_security = off",
    "check_function_bodies = off",
    "plan_cache_mode = force_generic_plan",
    "default_transaction_deferrable = on",
    "quote_all_identifiers = on",
    "array_nulls = off",
    "client_encoding = 'UHC'",
    "xmloption = document",
    "jit = off",
]


def test_session_settings_change_nothing(committed_db: str, as_role: Any) -> None:
    """Neither what is refused nor one byte of what is published."""
    BrakeLimit.objects.all().delete()
    casework.school()
    team, publisher = Team.gather(), casework.publisher().pk
    one, two = team.people[2:4]
    decide = "SELECT public.review_decide(%s, %s, %s, %s, 'approve', 'sufficient', '11680')"
    with as_staff(committed_db) as owner:
        for setting in HOSTILE:
            subject = Subject(owner, team, publisher)
            subject.open()
            subject.evidence(one, "A")
            with as_role("mapsite_staff") as attacker:
                attacker.execute(f"SET {setting}")
                (draft,) = attacker.execute(
                    "SELECT public.review_propose(%s, %s, %s, 'publish', '2026-08-01'::date, 'confirmed')",
                    [one.pk, casework.PASSPHRASE, subject.case],
                ).fetchone()
                shown = bytes(Proposal.objects.get(pk=draft).hash)
                attacker.execute(decide, [draft, shown, one.pk, casework.PASSPHRASE])
                for refused, values in (
                    (decide, [draft, shown, one.pk, casework.PASSPHRASE]),
                    (decide, [draft, shown, two.pk, "another passphrase"]),
                    ("SELECT public.record_publish(%s)", [draft]),
                ):
                    with pytest.raises(psycopg.DatabaseError) as caught:
                        attacker.execute(refused, values)
                    assert caught.value.sqlstate == "MS000", setting
                attacker.execute(decide, [draft, shown, two.pk, casework.PASSPHRASE])
                attacker.execute("SELECT public.record_publish(%s)", [draft])
            subject.entries = 1
            subject.check()
            due = owner.execute(
                "SELECT review_due - (now() AT TIME ZONE 'UTC')::date FROM record_impactrecord WHERE school_id = %s",
                [subject.school],
            ).fetchone()
            assert due == (365,), setting


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
