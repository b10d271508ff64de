"""SQL as the staff process at the registrar's desk: it asks functions, and writes nothing itself (SAFEGUARDS A1)."""

import datetime as dt
from typing import Any

import psycopg
import pytest

from geo.directory.models import RegionName, School
from moderation.register import actions, querysets
from moderation.register.models import Difference
from moderation.register.vocabulary import Choice
from moderation.review.vocabulary import Role
from tests import casework
from tests.integration.directory.conftest import SCHOOL
from tests.integration.register.test_publishers import ENTRY
from tests.two_people import as_staff

PASS = {"passphrase": casework.PASSPHRASE}
ATTACKS = [
    "UPDATE register_change SET confirmed_by_id = 2, confirmed_at = now()",
    "INSERT INTO register_change (kind, subject, hash, asked_by_id) VALUES ('publisher', 'x', '', 1)",
    "DELETE FROM register_change",
    "SELECT register_check_pair(1, 2)",
    "SELECT register_check_publisher('x', NULL, '{}')",
    "UPDATE register_officialfile SET asked_hash = ''",
    "INSERT INTO register_officialfile (kind, digest, base) VALUES ('schools', '', 0)",
    "SELECT rows FROM register_filerows",
    "UPDATE register_filerows SET rows = '[]'",
    "UPDATE register_difference SET changes = '{}'",
    "UPDATE register_difference SET choice = 'accept', chosen_by_id = 1",
    "SELECT register_lock_file(1)",
    "INSERT INTO register_difference (file_id, school) VALUES (1, 'X9')",
    "DELETE FROM register_difference",
    "SELECT register_take_over(f) FROM register_officialfile f",
    "SELECT directory_take_over('standard')",
    "SELECT directory_stage()",
    "CREATE TEMP TABLE staged (id text)",
    "INSERT INTO directory_import (kind, digest, finished_at, counts) VALUES ('schools', '', now(), '{}')",
    "UPDATE directory_school SET name = 'x'",
]


@pytest.mark.parametrize("role", ["mapsite_staff", "mapsite_public", "mapsite_worker"])
def test_sql_as_a_running_process_is_refused(role: str, committed_db: str, as_role: Any) -> None:
    registrar = casework.member(Role.REGISTRAR)
    actions.ask_publisher(code="example", wanted=ENTRY, by=registrar, **PASS)
    with as_role(role) as attacker:
        for attack in ATTACKS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(attack)
                raise AssertionError(f"{role} may: {attack}")
        if role != "mapsite_public":
            with pytest.raises(psycopg.Error, match="told_by_functions"):
                attacker.execute("SELECT audit_note(1, 'register_confirmed', 'change', '1', '{}')")


def test_the_staff_role_can_do_its_work_and_no_more(committed_db: str, write: Any, as_role: Any) -> None:
    """The whole way with the staff role's own rights: what a school is called changes through one function alone."""
    registrar, second = casework.member(Role.REGISTRAR), casework.member()
    casework.case(casework.school())
    for code, name in (("11", "서울특별시"), ("11680", "강남구")):
        RegionName.objects.create(region_id=code, name=name, valid_from=dt.date(2024, 1, 1))
    with as_staff(committed_db):
        file = actions.open_file(kind="schools", path=write("schools", SCHOOL), by=registrar, **PASS)
        actions.choose_all(file=file, kind="added", choice=Choice.ACCEPT, by=registrar)
        left = list(Difference.objects.filter(kinds=["left"]).values_list("pk", flat=True))
        actions.choose(file=file, differences=left, choice=Choice.ACCEPT, by=registrar)
        shown = querysets.shown(file)
        assert not actions.apply_file(file=file, shown=shown, by=registrar, **PASS)
        assert actions.apply_file(file=file, shown=shown, by=second, **PASS)
        change = actions.ask_publisher(code="example", wanted=ENTRY, by=registrar, **PASS)
        shown = bytes(querysets.waiting().get(pk=change).hash)
        actions.confirm(change=change, shown=shown, by=second, **PASS)
    assert School.objects.get(pk=SCHOOL["학교ID"]).left_register_on is None
    assert School.objects.exclude(pk=SCHOOL["학교ID"]).get().left_register_on is not None
    with as_role("mapsite_staff") as attacker:
        for who, code in ((registrar, "file_over"), (second, "wrong_role")):
            with pytest.raises(psycopg.Error, match=code):  # an applied file's choices stay as they were
                attacker.execute("SELECT register_choose(%s, %s, %s, 'refuse')", [who.pk, file, left])
