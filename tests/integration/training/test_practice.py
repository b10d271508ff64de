"""Practice compares with the reference, is counted, and touches nothing but its own table."""

import re
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from moderation.audit.models import AuditEvent
from moderation.training import actions
from moderation.training.exercises import EXERCISES
from moderation.training.models import Attempt
from moderation.training.pieces import Exercise
from tests import casework, desk
from tests.stack import staff_client

# What answering may write: its own row and the audit; and what any page of the desk writes for whoever is signed in.
WRITTEN = {"training_attempt", "audit_auditevent", "django_session"}
OPPOSITE = {"approve": "reject", "reject": "approve", "information": "approve", "tie": "approve"}


def best(exercise: Exercise) -> dict[str, str]:
    """The reference answer as somebody would type it."""
    answer = exercise.answer
    named = {"step": answer.steps, "grade": answer.grades, "reason": answer.reasons, "shown": answer.shown}
    return {name: str(codes[0]) if codes else "" for name, codes in named.items()}


def seat(role: str = "reviewer", language: str = "en") -> tuple[Any, Any]:
    person = casework.member(role)
    return person, desk.seat(staff_client(headers={"accept-language": language}), person)


def rows() -> dict[str, int]:
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    with connection.cursor() as cursor:
        counted = {}
        for table in sorted(tables - WRITTEN):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


@pytest.mark.django_db
def test_every_exercise_is_answered_wrongly_then_rightly_and_nothing_else_is_written() -> None:
    person, client = seat()
    before = rows()
    for number, exercise in enumerate(EXERCISES.values()):
        address = f"/training/{exercise.code}/"
        page = client.get(address).content.decode()
        assert str(exercise.why) not in page, "the reference is not told before the answer"
        wrong = {**best(exercise), "step": OPPOSITE[best(exercise)["step"]]}
        wrong.update(
            grade=wrong["grade"] or "A",
            reason=wrong["reason"] or "sufficient",
            shown=wrong["shown"] or "school",
        )
        compared = client.post(address, wrong).content.decode()
        assert "Not as the reference has it" in compared and exercise.rule in compared
        assert Attempt.objects.filter(right=True).count() == number
        assert "As the reference has it" in client.post(address, best(exercise)).content.decode()
        for content in (page, compared):
            assert 'class="notice caution practice"' in content
            forms = set(re.findall(r'<form[^>]*action="([^"]*)"', content))
            assert forms <= {"/accounts/logout/", "/language/setlang/"}, "no form of the desk"
            assert 'name="passphrase"' not in content
    assert rows() == before
    assert client.post("/training/official/", {"step": "approve"}).status_code == 422
    assert (
        client.post("/training/official/", {**best(EXERCISES["official"]), "grade": "Z"}).status_code == 422
    )
    assert client.get("/training/no-such/").status_code == 404
    assert Attempt.objects.count() == 2 * len(EXERCISES)
    events = AuditEvent.objects.filter(action="practised", member=person.pk)
    assert events.count() == 2 * len(EXERCISES) and not events.filter(proven=True).exists()
    done = f"{len(EXERCISES)} of {len(EXERCISES)}"
    assert done in client.get("/training/").content.decode()
    team = client.get("/team/").content.decode()
    assert team.count(done) == 1


@pytest.mark.django_db
def test_pages_ask_as_often_for_one_row_as_for_three() -> None:
    person, client = seat("registrar")  # whoever is of the team may practise

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(address).status_code == 200
        return len(asked_for)

    client.get("/training/")
    counted = []
    for code in ("official", "small", "tie"):
        actions.answer(exercise=EXERCISES[code], given=best(EXERCISES[code]), by=person)
        if code != "small":
            counted.append((queries("/training/"), queries(f"/training/{code}/"), queries("/team/")))
        casework.member()
    assert counted == [(9, 8, 13)] * 2


def test_the_exercises_are_invented_and_speak_both_languages() -> None:
    assert len(EXERCISES) == 8
    assert {each.rule for each in EXERCISES.values()} == {"A2", "B2", "B3", "B4", "B6", "C2"}
    for each in EXERCISES.values():
        for school in (each.school, *each.look_alikes):
            assert school.name.startswith("보기") and school.pk.startswith("X9P")
        said = [each.title, each.told, each.why]
        said += [row.texts["text"] for group in each.groups for row in group.rows]
        for sentence in said:
            with translation.override("en"):
                english = str(sentence)
            with translation.override("ko"):
                assert re.search("[가-힣]", str(sentence)) and str(sentence) != english, english


def test_a_member_cannot_rewrite_what_they_answered(committed_db: str, as_role: Any) -> None:
    person = casework.member()
    actions.answer(exercise=EXERCISES["tie"], given=best(EXERCISES["tie"]), by=person)
    for role, statements in {
        "mapsite_staff": ('UPDATE training_attempt SET "right" = true', "DELETE FROM training_attempt"),
        "mapsite_worker": ('UPDATE training_attempt SET "right" = true',),
        "mapsite_public": ("SELECT 1 FROM training_attempt",),
    }.items():
        with as_role(role) as thief:
            for statement in statements:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    thief.execute(statement)
