"""The queue: the same number of questions at one and at three rows, and the right cases in each view."""

import pytest

from moderation.audit.models import AuditEvent
from moderation.review.vocabulary import CaseState, Role
from tests import casework

QUEUE_QUERIES = 11  # the session read and saved (3), account, factors, member, counts, rows, team size …
CASE_QUERIES = 49


def rows(client, view):
    return client.get(f"/queue/?view={view}").context["queue"].cases


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(seated, django_assert_num_queries, count):
    _person, client = seated()
    for _ in range(count):
        casework.case()
    client.get("/queue/?view=open")
    with django_assert_num_queries(QUEUE_QUERIES):
        assert len(rows(client, "open")) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_page_asks_the_same_with_more_reports_and_evidence(seated, django_assert_num_queries, count):
    person, client = seated()
    case = casework.case()
    for number in range(count):
        casework.case(case.school, how_known="witness")
        casework.add_evidence(case, by=person, article=f"2026080{number}")
    casework.propose(case, by=person)
    client.get(f"/cases/{case.pk}/")
    with django_assert_num_queries(CASE_QUERIES):
        client.get(f"/cases/{case.pk}/")


def test_each_view_holds_its_cases(seated):
    person, client = seated()
    other = casework.member()
    unclaimed = casework.case()
    mine = casework.case()
    client.post(f"/cases/{mine.pk}/claim/", {"revision": casework.current(mine).revision})
    waiting, given = casework.drafted(by=other), casework.drafted(by=other)
    casework.decide(waiting, by=other)
    casework.decide(given, by=person)
    assert [case.pk for case in rows(client, "mine")] == [mine.pk]
    assert unclaimed.pk in {case.pk for case in rows(client, "unclaimed")}
    assert [case.pk for case in rows(client, "second")] == [waiting.case_id]
    assert len(rows(client, "open")) == 4 and rows(client, "closed") == []


def test_disagreements_wait_for_seniors(seated):
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two, verdict="reject")
    assert casework.current(draft.case).state == CaseState.DISAGREED
    _senior, client = seated(Role.SENIOR)
    assert [case.pk for case in rows(client, "disagreed")] == [draft.case_id]
    _reviewer, client = seated()
    assert rows(client, "disagreed") == []


def test_bad_addresses_of_the_queue(seated):
    _person, client = seated()
    assert client.get("/queue/?view=everything").status_code == 404
    assert client.get("/queue/?after=1%27").status_code == 404


def test_a_small_team_is_told_on_every_page(seated):
    person, client = seated(Role.SENIOR)
    for path in ("/queue/", "/team/", "/audit/"):
        assert "too small" in client.get(path).content.decode()
    casework.member(Role.SENIOR)
    for _ in range(4):
        casework.member()
    assert "too small" not in client.get("/queue/").content.decode()
    assert person.role == Role.SENIOR


def test_a_tie_is_declared_on_the_team_page(seated):
    person, client = seated()
    school = casework.school()
    answer = client.post("/team/tie/", {"kind": "studied", "school": school.pk, "region": ""})
    assert answer.status_code == 302
    assert person.ties.get().school_id == school.pk
    for data in (
        {"kind": "studied"},
        {"kind": "studied", "school": "no such"},
        {"kind": "x", "school": school.pk},
        {"kind": "lives", "school": school.pk, "region": "11680"},
    ):
        assert client.post("/team/tie/", data).status_code == 422
    assert person.ties.count() == 1


def test_the_audit_is_for_auditors_and_seniors(seated):
    _auditor, client = seated(Role.AUDITOR)
    casework.case()
    assert "The case was opened" in client.get("/audit/").content.decode()
    assert AuditEvent.objects.filter(action="read_audit").count() == 1
    filtered = client.get("/audit/?action=gathered").content.decode()
    assert "A report came in" in filtered and "The case was opened" not in filtered
    assert client.get("/audit/?member=x").status_code == 422
    _reviewer, client = seated()
    assert client.get("/audit/").status_code == 403


@pytest.mark.parametrize(
    ("role", "start"), [(Role.REVIEWER, "/queue/"), (Role.REGISTRAR, "/team/"), (Role.AUDITOR, "/audit/")]
)
def test_everybody_starts_where_their_work_is(seated, role, start):
    _person, client = seated(role)
    assert client.get("/")["Location"] == start
