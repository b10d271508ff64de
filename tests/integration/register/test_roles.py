"""SQL as the staff process at the registrar's desk: it asks functions, and writes nothing itself (SAFEGUARDS A1)."""

from typing import Any

import psycopg
import pytest

from moderation.register import actions
from moderation.review.vocabulary import Role
from tests import casework
from tests.integration.register.test_publishers import ENTRY

ATTACKS = [
    "UPDATE register_change SET confirmed_by_id = 2, confirmed_at = now()",
    "INSERT INTO register_change (kind, subject, hash, asked_by_id) VALUES ('publisher', 'x', '', 1)",
    "DELETE FROM register_change",
    "SELECT register_check_pair(1, 2)",
    "SELECT register_check_publisher('x', NULL, '{}')",
]


@pytest.mark.parametrize("role", ["mapsite_staff", "mapsite_public", "mapsite_worker"])
def test_sql_as_a_running_process_is_refused(role: str, committed_db: str, as_role: Any) -> None:
    registrar = casework.member(Role.REGISTRAR)
    actions.ask_publisher(code="example", wanted=ENTRY, by=registrar, passphrase=casework.PASSPHRASE)
    with as_role(role) as attacker:
        for attack in ATTACKS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(attack)
                raise AssertionError(f"{role} may: {attack}")
        if role != "mapsite_public":
            with pytest.raises(psycopg.Error, match="told_by_functions"):
                attacker.execute("SELECT audit_note(1, 'register_confirmed', 'change', '1', '{}')")
