"""What each process can do to a school's request with its own database role, whatever its code says."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from geo.record.refusals import call
from moderation.corrections import mails, querysets
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.models import Correction
from moderation.corrections.inbox.querysets import progress
from moderation.corrections.inbox.vocabulary import State
from tests import correctionwork

REFUSED = {
    "mapsite_public": (
        "SELECT 1 FROM corrections_correction",
        "SELECT 1 FROM corrections_handling",
        "DELETE FROM corrections_correction",
        "SELECT corrections_call(1, 'x', gen_random_uuid())",
        "SELECT corrections_tidy()",
    ),
    "mapsite_staff": (
        "INSERT INTO corrections_handling (correction_id, state, since) VALUES (gen_random_uuid(), 'notified', now())",
        "UPDATE corrections_handling SET state = 'notified'",
        "UPDATE corrections_correction SET record = NULL",
        "UPDATE corrections_proof SET matched_at = now(), code_hash = NULL",
        "INSERT INTO corrections_proof (correction_id, kind) VALUES (gen_random_uuid(), 'mail')",
        "SELECT code_hash FROM corrections_proof",
        "SELECT 1 FROM corrections_judgement",
        "INSERT INTO corrections_judgement (correction_id) VALUES (gen_random_uuid())",
        "SELECT corrections_dispute(gen_random_uuid())",
        "SELECT corrections_carry_out(gen_random_uuid(), 'first', 'yes', 'substantiated')",
        "SELECT corrections_settle(gen_random_uuid(), 'withdraw', 'wrong_facts', 'A')",
        "SELECT corrections_reply(gen_random_uuid(), gen_random_uuid())",
        "SELECT corrections_move(gen_random_uuid(), 'proved', NULL, '{}')",
        "SELECT corrections_put_code(gen_random_uuid(), 'mail', 1, interval '1 day')",
        "SELECT corrections_mail_code(gen_random_uuid(), true)",
    ),
    "mapsite_worker": (
        "UPDATE corrections_handling SET state = 'disputed'",
        "SELECT code_hash FROM corrections_proof",
        "SELECT corrections_judge(1, 'x', gen_random_uuid(), 'yes', 'substantiated')",
        "SELECT corrections_settle_rejected(gen_random_uuid())",
    ),
}


@contextlib.contextmanager
def working_as(role: str) -> Iterator[None]:
    """Django works with this role inside."""
    usual = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    secret = settings.SECRETS / f"db-{role}"
    connection.settings_dict.update(USER=role, PASSWORD=secret.read_text(encoding="ascii").strip())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


def test_each_role_does_its_part_and_no_other(committed_db: str, as_role: Any) -> None:
    correction, fingerprint = correctionwork.at_state(State.ACKNOWLEDGED)
    for role, statements in REFUSED.items():
        with as_role(role) as thief:
            for statement in statements:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    thief.execute(statement)
    with working_as("mapsite_public"):
        made, words = correctionwork.asked(correction.school, correction.record)  # RETURNING would be refused
        asking.type_code(fingerprint=words, code="12345678")
        assert progress(words).state == "received"
        asking.give_up(fingerprint=words)
        assert progress(words).state == "withdrawn"
    with working_as("mapsite_staff"):
        assert len(list(querysets.proofs(correction))) == 0
        assert Correction.objects.get(pk=made.pk).sealed_text is None
    with working_as("mapsite_worker"):
        call("corrections_tidy")
        mails.deliver(now=timezone.now())
    assert progress(fingerprint).state == "acknowledged"
