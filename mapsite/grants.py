"""What each process may do to each table and function, as data (ARCHITECTURE, Processes and database roles).

Applied by the owner after every migration; the check `mapsite.E001` fails while a table is missing here.
A role has what its row says and nothing more. `owner` means: no running process touches it.
"""

from typing import NamedTuple

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import connection

PUBLIC, STAFF, WORKER = "mapsite_public", "mapsite_staff", "mapsite_worker"
ROLES = (PUBLIC, STAFF, WORKER)


class Grant(NamedTuple):
    """SQL privileges by role, for example "SELECT, UPDATE (state)"; an empty text grants nothing."""

    public: str = ""
    staff: str = ""
    worker: str = ""


READ_ALL = Grant("SELECT", "SELECT", "SELECT")
CASEWORK_READ = Grant(staff="SELECT", worker="SELECT")
OWNER = Grant()
FULL = "SELECT, INSERT, UPDATE, DELETE"
MEMBER_COLUMNS = "SELECT (id, account_id, role, invited_by_id, seconded_by_id, active, joined_at)"
CHANGE_COLUMNS = (  # all but the hash of the first senior's code
    "SELECT (id, kind, email, name, role, member_id, started_by_id, started_at, ends_at,"
    " confirmed_by_id, confirmed_at)"
)
PROOF_COLUMNS = (  # all but the hash of the code
    "SELECT (id, correction_id, kind, made_by_id, made_at, expires_at, tries, failed, matched_at,"
    " confirmed_by_id, confirmed_at)"
)

TABLES: dict[str, Grant] = {
    # directory: read by all, written by imports (the owner) alone
    "directory_region": READ_ALL,
    "directory_regionname": READ_ALL,
    "directory_school": READ_ALL,
    "directory_schoolidentifier": READ_ALL,
    "directory_succession": READ_ALL,
    "directory_notsame": Grant(staff="SELECT, INSERT", worker="SELECT"),  # "A is not B", told once
    "directory_import": CASEWORK_READ,
    "directory_geocodeanswer": OWNER,
    # record: the public process serves snapshot files and needs none of it
    "record_publisher": CASEWORK_READ,
    "record_disclosurethreshold": CASEWORK_READ,
    "record_impactrecord": CASEWORK_READ,
    "record_recordsource": CASEWORK_READ,
    "record_recordhide": CASEWORK_READ,
    "record_logentry": CASEWORK_READ,
    "record_brakelimit": CASEWORK_READ,
    "record_brake": CASEWORK_READ,
    "record_deskmonth": Grant(staff="SELECT", worker="SELECT, INSERT"),
    "record_pause": READ_ALL,
    "record_checkpoint": Grant(staff="SELECT", worker="SELECT, INSERT"),
    # intake: the public process can put in and not look
    "intake_submission": Grant(
        public="INSERT",
        staff="SELECT",
        worker="SELECT, UPDATE (sealed_text, sealed_contact, network, signature, links)",
    ),
    "intake_submissionprogress": Grant(staff="SELECT, INSERT", worker="SELECT, INSERT, DELETE"),
    "intake_question": Grant(staff="SELECT, INSERT", worker="SELECT"),
    "intake_answer": Grant(staff="SELECT", worker="SELECT, UPDATE (sealed_text)"),
    "intake_partner": OWNER,  # the public process asks `intake_partner_of`
    "intake_spentform": Grant(public="INSERT", worker="SELECT, DELETE"),
    "intake_spentchallenge": Grant(public="INSERT", worker="SELECT, DELETE"),
    # alerts: the same; subscribers are the worker's alone
    "alerts_request": Grant(public="INSERT", worker="SELECT, DELETE"),
    "alerts_subscription": Grant(worker="SELECT, INSERT, DELETE"),
    "alerts_announcement": Grant(worker="SELECT, INSERT, UPDATE (settled_at)"),
    "alerts_batch": Grant(worker="SELECT, INSERT, UPDATE (after), DELETE"),
    # corrections: the functions of moderation/corrections/sql write how a request is handled
    "corrections_correction": Grant(
        public="INSERT", staff="SELECT", worker="SELECT, UPDATE (sealed_text, sealed_document, sealed_mail)"
    ),
    "corrections_handling": CASEWORK_READ,
    "corrections_proof": Grant(staff=PROOF_COLUMNS, worker=PROOF_COLUMNS),
    "corrections_judgement": OWNER,
    "corrections_sent": Grant(staff="SELECT", worker="SELECT, INSERT"),
    # erasure: the same
    "erasure_inbox_request": Grant(
        public="INSERT", staff="SELECT", worker="SELECT, UPDATE (named_hash, sealed_text, sealed_mail)"
    ),
    "erasure_handling": Grant(staff="SELECT", worker="SELECT, UPDATE (salt)"),
    "erasure_item": Grant(staff="SELECT", worker="SELECT, DELETE"),
    "erasure_sent": Grant(staff="SELECT", worker="SELECT, INSERT"),
    # casework
    "review_member": Grant(staff=MEMBER_COLUMNS, worker=MEMBER_COLUMNS),
    "review_tie": Grant(staff="SELECT"),
    "review_case": Grant(
        staff="SELECT, UPDATE (claimed_by_id, revision, due_at, grade)",
        worker="SELECT, INSERT, UPDATE (revision, grade)",
    ),
    "review_casesubmission": Grant(
        staff='SELECT, UPDATE ("group", grouped_by)',
        worker='SELECT, INSERT, UPDATE ("group", grouped_by)',
    ),
    "review_groupmark": Grant(worker="SELECT, INSERT, DELETE"),
    "review_evidence": Grant(staff="SELECT, INSERT", worker="SELECT"),
    "review_linkcheck": Grant(staff="SELECT", worker="SELECT, INSERT, UPDATE"),
    "review_proposal": CASEWORK_READ,
    "review_noticewindow": CASEWORK_READ,
    "review_notice": Grant(staff="SELECT"),
    "review_approval": OWNER,
    "review_secondlook": Grant(staff="SELECT, INSERT"),
    "review_hide": Grant(staff="SELECT"),
    "review_brakerelease": Grant(staff="SELECT"),
    "review_teamchange": Grant(staff=CHANGE_COLUMNS),
    "review_decided": Grant(staff="SELECT"),
    "audit_auditevent": CASEWORK_READ,
    # the registrar's desk: the functions of moderation/register/sql write it
    "register_change": Grant(staff="SELECT"),
    "register_officialfile": Grant(staff="SELECT"),
    "register_filerows": OWNER,
    "register_difference": Grant(staff="SELECT"),
    "training_attempt": Grant(staff="SELECT, INSERT", worker="SELECT, DELETE"),
    # accounts
    "staff_account": Grant(staff="SELECT, UPDATE"),
    "staff_enrolmentlink": Grant(staff="SELECT", worker="SELECT, DELETE"),
    "django_session": Grant(staff=FULL, worker="SELECT, DELETE"),
    "mfa_authenticator": Grant(staff=FULL),
    "account_emailaddress": Grant(staff=FULL),
    "account_emailconfirmation": OWNER,
    "auth_group": OWNER,
    "auth_group_permissions": OWNER,
    "auth_permission": OWNER,
    "django_content_type": OWNER,
    "django_migrations": OWNER,
}
# procrastinate's own functions run as the caller, and a job runs as the worker: only the worker makes one. The one job
# that a publication needs is made by `record_want_snapshot`.
PROCRASTINATE = Grant(worker=FULL)

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "intake_partner_of(bytea)": (PUBLIC,),
    "intake_status(bytea)": (PUBLIC,),
    "intake_withdraw(bytea)": (PUBLIC,),
    "corrections_status(bytea)": (PUBLIC,),
    "corrections_type_code(bytea, text)": (PUBLIC,),
    "corrections_appeal(bytea)": (PUBLIC,),
    "corrections_give_up(bytea)": (PUBLIC,),
    "corrections_acknowledge(bigint, text, uuid)": (STAFF,),
    "corrections_own_host(text)": (STAFF, WORKER),
    "corrections_host(text)": (STAFF, WORKER),
    "corrections_call(bigint, text, uuid)": (STAFF,),
    "corrections_ask_mail(bigint, text, uuid)": (STAFF,),
    "corrections_mail_code(uuid, boolean)": (WORKER,),
    "corrections_confirm(bigint, text, uuid, text)": (STAFF,),
    "corrections_notify(bigint, text, uuid, text, timestamptz)": (STAFF,),
    "corrections_object(bigint, text, uuid)": (STAFF,),
    "corrections_judge(bigint, text, uuid, text, text)": (STAFF,),
    "corrections_took_part(bigint, uuid)": (STAFF,),
    "corrections_bars(bigint, uuid)": (STAFF,),
    "corrections_unchanged(uuid, bigint)": (STAFF,),
    "corrections_settle_rejected(uuid)": (STAFF,),
    "corrections_tidy()": (WORKER,),
    "erasure_status(bytea)": (PUBLIC, WORKER),
    "erasure_give_up(bytea)": (PUBLIC,),
    "erasure_tidy()": (WORKER,),
    "erasure_propose(bigint, text, uuid, text, text, text[])": (STAFF,),
    "erasure_return(bigint, text, uuid)": (STAFF,),
    "erasure_confirm(bigint, text, uuid, bytea)": (STAFF,),
    "review_propose(bigint, text, uuid, text, date, text)": (STAFF,),
    "review_decide(uuid, bytea, bigint, text, text, text, text)": (STAFF,),
    "record_publish(uuid)": (STAFF,),
    "review_notify(bigint, text, uuid, text)": (STAFF,),
    "review_notice_state(uuid)": (STAFF,),
    "record_want_snapshot()": (STAFF, WORKER),
    "record_keep_time()": (WORKER,),
    "intake_questions(bytea)": (PUBLIC,),
    "intake_answer_question(bytea, text, text, bytea)": (PUBLIC,),
    "alerts_state(bytea)": (PUBLIC,),
    "alerts_confirm(bytea)": (PUBLIC,),
    "alerts_end(bytea, boolean)": (PUBLIC,),
    "audit_note(bigint, text, text, text, jsonb)": (STAFF, WORKER),
    "record_brake_note(uuid)": (STAFF,),
    "record_brake_says(uuid)": (STAFF,),
    "review_people_left(uuid)": (STAFF,),
    "review_same_text_elsewhere(uuid)": (STAFF,),
    "review_open_checks()": (WORKER,),
    "review_hide(bigint, text, uuid, text, integer)": (STAFF,),
    "review_reopen(bigint, text, uuid)": (STAFF,),
    "record_paused(text, text)": (PUBLIC, STAFF),
    "review_pause(bigint, text, text, text, text, integer)": (STAFF,),
    "review_end_pause(bigint, text, bigint)": (STAFF,),
    "review_release_brake(bigint, text, bigint, integer)": (STAFF,),
    "review_ask_to_invite(bigint, text, text, text, text)": (STAFF,),
    "review_ask_to_leave(bigint, text, bigint)": (STAFF,),
    "review_confirm_change(bigint, text, bigint)": (STAFF,),
    "review_enrol(bytea, text, text)": (STAFF,),
    "review_ask_to_renew(bigint, text, bigint)": (STAFF,),
    "review_declare_tie(bigint, text, text, text, text)": (STAFF,),
    "record_about(text, date)": (STAFF,),
    "register_ask(bigint, text, text, text, jsonb)": (STAFF,),
    "register_confirm(bigint, text, bigint, bytea)": (STAFF,),
    "register_drop(bigint, text, bigint)": (STAFF,),
    "register_may_open(bigint, text)": (STAFF,),
    "register_open_file(bigint, text, text, text, jsonb)": (STAFF,),
    "register_choose(bigint, bigint, bigint[], text)": (STAFF,),
    "register_file_hash(bigint)": (STAFF,),
    "register_touched(bigint)": (STAFF,),
    "register_apply_file(bigint, text, bigint, bytea)": (STAFF,),
    "register_drop_file(bigint, text, bigint)": (STAFF,),
    "review_grade(uuid)": (STAFF, WORKER),
    "review_independent(uuid)": (STAFF,),
    "review_forget(uuid)": (STAFF, WORKER),
    "review_move(uuid, text)": (STAFF,),
    "review_sources(uuid, text)": (STAFF,),
    "review_conflicted(bigint, text)": (STAFF,),
    "review_invitation_pair(bigint, bigint)": (STAFF,),
    "record_place(text)": (STAFF, WORKER),
    "record_is_small(text, integer)": (STAFF, WORKER),
    "record_candidates()": (STAFF, WORKER),
    "record_content(text, text, date, text, jsonb)": (STAFF, WORKER),
    "record_place_code(boolean, text, text)": (STAFF, WORKER),
    "record_leaf(record_logentry)": (STAFF, WORKER),
    "record_sources(uuid)": (STAFF, WORKER),
    "record_release(timestamptz)": (WORKER,),
}


def statements() -> list[str]:
    """The SQL that makes the grants so, whatever they were before."""
    lines = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {', '.join(ROLES)}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {', '.join(ROLES)}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {', '.join(ROLES)}",
        f"GRANT SELECT ON spatial_ref_sys TO {', '.join(ROLES)}",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        )
        existing = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND pg_get_userbyid(p.proowner) = current_user"
        )
        functions = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT s.relname, t.relname FROM pg_class s"
            " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
            " JOIN pg_class t ON t.oid = d.refobjid"
            " WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace"
        )
        sequences = cursor.fetchall()
    for table in existing:
        grant = PROCRASTINATE if table.startswith("procrastinate") else TABLES.get(table, OWNER)
        for role, privileges in zip(ROLES, grant, strict=True):
            if privileges:
                lines.append(f"GRANT {privileges} ON {table} TO {role}")
            for sequence, owner in sequences:
                if owner == table and "INSERT" in privileges:
                    lines.append(f"GRANT USAGE ON SEQUENCE {sequence} TO {role}")
    for function in functions:
        lines.append(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {', '.join(ROLES)}")
        if function.startswith("procrastinate"):
            lines.append(f"GRANT EXECUTE ON FUNCTION {function} TO {WORKER}")
    for function, roles in FUNCTIONS.items():
        if function.partition("(")[0] not in {name.partition("(")[0] for name in functions}:
            continue  # an early migration: its function comes later
        lines.append(f"GRANT EXECUTE ON FUNCTION {function} TO {', '.join(roles)}")
    return lines


def apply(**_: object) -> None:
    """Makes the database's grants equal to the tables above; runs after every migration."""
    with connection.cursor() as cursor:
        for line in statements():
            cursor.execute(line)


@register()
def every_table_is_classified(**_: object) -> list[CheckMessage]:
    """A new table fails until somebody has decided who may touch it."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label != "gis"  # PostGIS's own catalogue
    }
    return [
        Error(f"{table} has no row in mapsite.grants.TABLES", id="mapsite.E001")
        for table in sorted(tables)
        if table not in TABLES and not table.startswith("procrastinate")
    ]
