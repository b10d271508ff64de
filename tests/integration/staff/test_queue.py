"""The queue: the same number of questions at one and at three rows, and the right cases in each view."""

import datetime as dt

import pytest
from django.utils import timezone

from geo.record.models import Brake, ImpactRecord
from moderation.audit.models import AuditEvent
from moderation.review import actions
from moderation.review.models import Case, Tie
from moderation.review.vocabulary import CaseState, Role
from moderation.staff import queue
from tests import casework

QUEUE_QUERIES = 17  # the session read and saved (3), account, factors, member, ties, rows, counts, filters …
CASE_QUERIES = 63


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
    assert client.get("/queue/?view=disagreed").status_code == 404


def test_orders_and_filters_are_in_the_address(seated, monkeypatch):
    person, client = seated()
    plain, graded = casework.case(), casework.case()
    elsewhere = casework.case(casework.school(district="26110"))
    elsewhere.school.region.parent_id = "11"
    casework.add_evidence(graded, by=person)
    Case.objects.filter(pk=elsewhere.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    found = {
        order: [case.pk for case in rows(client, f"open&order={order}")]
        for order in ("age", "clock", "grade")
    }
    assert found["age"] == [plain.pk, graded.pk, elsewhere.pk]
    assert found["clock"] == [elsewhere.pk, plain.pk, graded.pk]
    assert found["grade"] == [graded.pk, plain.pk, elsewhere.pk]
    assert [case.pk for case in rows(client, "open&grade=A")] == [graded.pk]
    assert [case.pk for case in rows(client, "overdue")] == [elsewhere.pk]
    assert "late" in client.get("/queue/?view=overdue").content.decode()
    assert len(rows(client, "open&region=11")) == 3 and client.get("/queue/?region=zz").status_code == 404
    monkeypatch.setattr(queue, "PAGE", 1)
    for order, expected in found.items():
        seen, after = [], ""
        for _ in expected:
            page = client.get(f"/queue/?view=open&order={order}&after={after}").context["queue"]
            seen += [case.pk for case in page.cases]
            after = page.after or ""
        assert (seen, after) == (expected, ""), order


def test_a_view_is_counted_up_to_a_hundred(seated, monkeypatch):
    monkeypatch.setattr(queue, "COUNTED", 2)
    _person, client = seated()
    for _ in range(4):
        casework.case()
    answer = client.get("/queue/?view=open")
    assert answer.context["queue"].counts["open"] == 3 and "2+" in answer.content.decode()


def test_a_brake_holds_drafts_and_a_lapsed_hide_presses(seated):
    one, two = casework.member(), casework.member()
    record = casework.published()
    draft = casework.drafted(by=one, at=casework.school(district="26110"))
    Brake.objects.create(region_id="26110", kind="day", shown=True, started_at=timezone.now())
    until = actions.hide(record=record, reason="identifying", hours=5, by=two, passphrase=casework.PASSPHRASE)
    _person, client = seated()
    assert [case.pk for case in rows(client, "braked")] == [draft.case_id]
    hidden = Case.objects.get(record=record, decided_at=None)
    assert hidden.due_at == until and rows(client, "open&order=clock")[0].pk == hidden.pk
    ImpactRecord.objects.filter(pk=record).update(status="disputed")
    assert [case.pk for case in rows(client, "disputed")] == [hidden.pk]


class TestBulk:
    def send(self, client, cases, **data):
        chosen = [f"{case.pk}:{casework.current(case).revision}" for case in cases]
        return client.post("/queue/bulk/?view=open", {"cases": chosen, **data})

    def test_assign(self, seated):
        _person, client = seated()
        to, gone = casework.member(), casework.member(Role.AUDITOR)
        cases = [casework.case(), casework.case()]
        assert self.send(client, cases, do="assign", to=to.pk)["Location"] == "/queue/?view=open"
        assert {casework.current(case).claimed_by_id for case in cases} == {to.pk}
        assert AuditEvent.objects.filter(action="assigned").count() == 2
        for wrong in (gone.pk, "", 10**6):
            assert self.send(client, cases, do="assign", to=wrong).status_code == 422
        assert self.send(client, [], do="assign", to=to.pk).status_code == 422
        assert self.send(client, cases, do="publish", to=to.pk).status_code == 422

    def test_nobody_is_given_a_case_of_a_tie(self, seated):
        _person, client = seated()
        to, case = casework.member(), casework.case()
        Tie.objects.create(member=to, kind="family", school=case.school)
        assert self.send(client, [case], do="assign", to=to.pk).status_code == 409
        assert casework.current(case).claimed_by_id is None

    def test_only_what_is_on_the_map_already_closes_as_a_duplicate(self, seated):
        _person, client = seated()
        at = casework.school()
        record = casework.published(at=at)
        again, other = casework.case(at), casework.case()
        answer = self.send(client, [again, other], do="duplicate")
        page = answer.content.decode()
        assert answer.status_code == 409 and "this case is no duplicate" in page
        assert f'value="{other.pk}:1"' in page and page.count(" checked") == 1
        assert casework.current(again).state == CaseState.REJECTED
        assert casework.current(other).state == CaseState.OPEN
        told = again.gathered.get().submission.progress.latest("at").code
        assert (told, ImpactRecord.objects.get(pk=record).version) == ("not_published", 1)

    def test_a_running_verdict_is_not_closed_away(self, seated):
        one = casework.member()
        _person, client = seated()
        draft = casework.drafted(by=one)
        casework.decide(draft, by=one)
        assert self.send(client, [draft.case], do="duplicate").status_code == 409
        assert casework.current(draft.case).state == CaseState.SECOND

    def test_an_outdated_page_says_what_changed(self, seated):
        _person, client = seated()
        to, case = casework.member(), casework.case()
        as_of = client.get("/queue/?view=open").context["as_of"]
        casework.add_evidence(case, by=to)
        data = {"cases": [f"{case.pk}:1"], "do": "assign", "to": to.pk, "as_of": as_of}
        answer = client.post("/queue/bulk/?view=open", data)
        page = answer.content.decode()
        assert answer.status_code == 409 and "added evidence" in page
        assert f'value="{to.pk}" selected' in page and " checked" in page
        assert casework.current(case).claimed_by_id is None


def test_keys_can_be_switched_off(seated):
    person, client = seated()
    assert "staff/keys" in client.get("/queue/").content.decode()
    assert "Single keys act" in client.get("/settings/").content.decode()
    assert client.post("/settings/", {}).status_code == 302
    assert "staff/keys" not in client.get("/queue/").content.decode()
    person.account.refresh_from_db()
    assert not person.account.shortcuts


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
    tie = {"kind": "studied", "school": school.pk, "region": "", "passphrase": casework.PASSPHRASE}
    assert client.post("/team/tie/", {**tie, "passphrase": "somebody else's"}).status_code == 403
    assert not person.ties.exists()
    answer = client.post("/team/tie/", tie)
    assert answer.status_code == 302
    assert person.ties.get().school_id == school.pk
    for data in (
        {"school": ""},
        {"school": "no such"},
        {"kind": "x"},
        {"region": "11680"},
        {"passphrase": ""},
    ):
        assert client.post("/team/tie/", {**tie, **data}).status_code == 422
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
    ("role", "start"), [(Role.REVIEWER, "/queue/"), (Role.REGISTRAR, "/register/"), (Role.AUDITOR, "/audit/")]
)
def test_everybody_starts_where_their_work_is(seated, role, start):
    _person, client = seated(role)
    assert client.get("/")["Location"] == start
