"""What a thief of the staff password can do in somebody else's name: say that a process says so, and no more."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geo.record.refusals import Refused
from moderation.audit import actions as audit
from moderation.audit.models import AuditEvent
from moderation.review import team
from moderation.review.models import Tie
from tests import casework

SQL = Path(__file__).resolve().parents[3]


def test_a_tie_takes_the_passphrase_of_its_owner(committed_db: str, as_role: Any) -> None:
    one, two = casework.member(), casework.member(passphrase="another sentence altogether")
    at = casework.school()
    with as_role("mapsite_staff") as thief:
        for who, passphrase in (
            (two.pk, casework.PASSPHRASE),
            (two.pk, ""),
            (two.pk, None),
            (0, casework.PASSPHRASE),
        ):
            with pytest.raises(psycopg.DatabaseError, match="wrong_passphrase"):
                thief.execute(
                    "SELECT review_declare_tie(%s, %s, 'family', %s, NULL)", [who, passphrase, at.pk]
                )
    assert not Tie.objects.exists()
    team.declare_tie(by=one, passphrase=casework.PASSPHRASE, kind="family", school=at.pk)
    assert Tie.objects.get().member == one
    assert AuditEvent.objects.get(action="tie").proven


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reviewer", "senior", "registrar", "auditor"])
def test_everybody_may_declare_a_tie_to_one_place_that_exists(role: str) -> None:
    by, at = casework.member(role), casework.school()
    for wrong in (
        {"kind": "family"},
        {"kind": "family", "school": at.pk, "region": at.region_id},
        {"kind": "family", "school": "X9NOBODY"},
        {"kind": "family", "region": "00000"},
        {"kind": "friend", "school": at.pk},
    ):
        with pytest.raises(Refused) as caught:
            casework.declare_tie(by=by, **wrong)
        assert caught.value.code == "unknown_tie"
    casework.declare_tie(by=by, kind="lives", region=at.region_id)
    assert by.ties.get().region_id == at.region_id


def functions_tell() -> set[str]:
    """Every action that a function of the database writes about."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SQL.glob("*/*/sql/*.sql"))
    calls = re.findall(
        r"review_audit\((?:NULL|who|member), (.*?)(?:,\s*'(?:record|proposal|case|brake|member|change|correction))",
        text,
    )
    said = {word for call in calls for word in re.findall(r"(?:THEN |ELSE |^)'(\w+)'", call)}
    return said | {f"{kind}_asked" for kind in ("invitation", "leave", "renew")}


def test_what_functions_tell_no_process_can_tell(committed_db: str, as_role: Any) -> None:
    one = casework.member()
    draft = casework.drafted(by=one)
    told = functions_tell() - {"opened"}  # which the worker tells as well
    assert {
        "decided",
        "proposed",
        "published",
        "hidden",
        "tie",
        "enrolled",
        "released",
        "lapsed",
        "left",
    } <= told
    for role in ("mapsite_staff", "mapsite_worker"):
        with as_role(role) as thief:
            for action in sorted({*told, "answered"}):
                with pytest.raises(psycopg.DatabaseError, match="told_by_functions"):
                    thief.execute(
                        "SELECT audit_note(%s, %s, 'proposal', %s, '{}')", [one.pk, action, str(draft.pk)]
                    )
            thief.execute("SELECT audit_note(%s, 'claimed', 'case', 'x', '{}')", [one.pk])
            event = AuditEvent.objects.latest("id")
            assert (event.role, event.member, event.proven) == (role, one.pk, False)


@pytest.mark.django_db
def test_the_audit_says_what_a_passphrase_proved() -> None:
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    proven = set(AuditEvent.objects.filter(proven=True).values_list("action", "member"))
    assert proven == {("proposed", one.pk), ("decided", one.pk), ("decided", two.pk)}
    assert not AuditEvent.objects.filter(proven=True, member=None).exists()
    audit.record(by=one.pk, action="revealed", subject="submission", subject_id="x", part="text")
    assert not AuditEvent.objects.get(action="revealed").proven
