"""The page of a case: what it shows, to whom, and what happens to what was typed."""

import pytest

from moderation.audit.models import AuditEvent
from moderation.intake import sealing
from moderation.review.models import Case, Evidence
from moderation.review.vocabulary import CaseState, Role
from tests import casework

SECRET = "something that nobody else should read"


def page_of(case) -> str:
    return f"/cases/{case.pk}/"


def verdict_data(draft, **changed):
    return {
        "proposal": draft.pk,
        "shown": bytes(draft.hash).hex(),
        "verdict": "approve",
        "reason": "sufficient",
        "district": draft.school.region_id,
        "opened": "on",
        "untied": "on",
        "passphrase": casework.PASSPHRASE,
        **changed,
    }


def evidence_data(case, of, /, **changed):
    return {
        "revision": casework.current(case).revision,
        "grade": "A",
        "publisher": of.pk,
        "article": "20260801",
        "names_nobody": "on",
        **changed,
    }


def sealed_case():
    return casework.case(sealed_text=sealing.seal(SECRET, purpose="casework"))


# --- reading -----------------------------------------------------------------------------------------


def test_sealed_text_shows_only_when_revealed_and_the_reading_is_noted(seated):
    person, client = seated()
    case = sealed_case()
    assert SECRET not in client.get(page_of(case)).content.decode()
    submission = case.gathered.get().submission
    answer = client.post(f"{page_of(case)}reveal/", {"submission": submission.pk, "part": "text"})
    assert SECRET in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(action="revealed")
    assert (event.member, event.subject_id) == (person.pk, str(submission.pk))
    assert SECRET not in str(event.detail)
    assert SECRET not in client.get(page_of(case)).content.decode()


def test_a_text_of_another_case_is_not_revealed(seated):
    _person, client = seated()
    one, other = sealed_case(), sealed_case()
    submission = other.gathered.get().submission
    answer = client.post(f"{page_of(one)}reveal/", {"submission": submission.pk, "part": "text"})
    assert answer.status_code == 404
    assert not AuditEvent.objects.filter(action="revealed").exists()


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUDITOR])
def test_roles_without_casework_are_refused(seated, role):
    _person, client = seated(role)
    case = sealed_case()
    for path in ("/queue/", page_of(case)):
        assert client.get(path).status_code == 403
    submission = case.gathered.get().submission
    posts = {"claim": {"revision": 1}, "reveal": {"submission": submission.pk, "part": "text"}}
    for name, data in posts.items():
        answer = client.post(f"{page_of(case)}{name}/", data)
        assert answer.status_code == 403 and SECRET not in answer.content.decode()


def test_a_tie_takes_the_case_away(seated):
    person, client = seated()
    case = casework.case()
    assert client.get(page_of(case)).status_code == 200
    casework.declare_tie(by=person, kind="studied", region=case.school.region.parent_id)
    answer = client.get(page_of(case))
    assert answer.status_code == 403
    assert "declared a tie" in answer.content.decode()
    assert case.school.name not in client.get("/queue/?view=open").content.decode()


@pytest.mark.parametrize("verdict", ["approve", "reject", "information"])
def test_the_second_page_is_the_same_whatever_the_first_said(seated, verdict):
    one = casework.member()
    _two, client = seated()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one, verdict=verdict)
    page = client.get(page_of(draft.case)).content.decode()
    outside = page.split('class="form card verdict"')[0] + page.split("</form>")[-1]
    for word in ("Approve", "Reject", "not strong enough", "The evidence is sufficient", "More information"):
        assert word not in outside
    assert "Waiting for the second person" in page


def test_the_preview_is_what_the_hash_covers(seated):
    person, client = seated()
    draft = casework.drafted(by=person)
    page = client.get(page_of(draft.case)).content.decode()
    assert draft.school.name in page and bytes(draft.hash).hex() in page
    assert f"school:{draft.school_id}" in page


# --- acting ------------------------------------------------------------------------------------------


def test_evidence_to_published_by_two_through_the_pages(seated):
    _one, first = seated()
    _two, second = seated()
    case, publisher = casework.case(), casework.publisher()
    assert (
        first.post(f"{page_of(case)}claim/", {"revision": casework.current(case).revision}).status_code == 302
    )
    address = publisher.url.replace("{article}", "20260801")
    data = evidence_data(case, publisher, article=address)
    assert first.post(f"{page_of(case)}evidence/", data).status_code == 302
    assert Evidence.objects.get().article == "20260801"
    data = {
        "revision": casework.current(case).revision,
        "kind": "publish",
        "month": "2026-08",
        "reason": "confirmed",
        "passphrase": casework.PASSPHRASE,
    }
    assert first.post(f"{page_of(case)}draft/", data).status_code == 302
    draft = case.proposals.get()
    assert first.post(f"{page_of(case)}verdict/", verdict_data(draft)).status_code == 302
    assert casework.current(case).state == CaseState.SECOND
    assert second.post(f"{page_of(case)}verdict/", verdict_data(draft)).status_code == 302
    assert casework.current(case).state == CaseState.PUBLISHED
    assert "Two people approved" in second.get(page_of(case)).content.decode()


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"passphrase": "not this one, certainly"}, 403, "not your approval passphrase"),
        ({"district": "11"}, 422, "district that you chose is not"),
        ({"shown": "0" * 64}, 409, "not the one that you were shown"),
        ({"verdict": "approve", "reason": "duplicate"}, 422, "does not fit"),
        ({"opened": ""}, 422, "Open each linked page"),
        ({"untied": ""}, 422, "declare it, and the case leaves your queue"),
        ({"verdict": ""}, 422, "required"),
        ({"proposal": "00000000-0000-4000-8000-000000000000"}, 404, "no such draft"),
    ],
)
def test_a_refused_verdict_changes_nothing_and_keeps_the_rest(seated, changed, status, sentence):
    person, client = seated()
    draft = casework.drafted(by=person)
    answer = client.post(f"{page_of(draft.case)}verdict/", verdict_data(draft, **changed))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (status, True)
    assert casework.current(draft.case).state == CaseState.DRAFTED
    assert casework.PASSPHRASE not in page and "not this one, certainly" not in page
    if changed.get("verdict", "approve"):
        assert 'value="approve" required id="id_verdict_0" checked' in page or "checked" in page


def test_the_same_person_twice(seated):
    person, client = seated()
    draft = casework.drafted(by=person)
    casework.decide(draft, by=person)
    answer = client.post(f"{page_of(draft.case)}verdict/", verdict_data(draft))
    assert answer.status_code == 403
    assert "another person has to give the second" in answer.content.decode()
    assert "You have given your verdict" in client.get(page_of(draft.case)).content.decode()


def test_an_inviter_is_no_second_person(seated):
    one, two = casework.member(Role.SENIOR), casework.member(Role.SENIOR)
    _invited, client = seated(inviters=(one, two))
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    answer = client.post(f"{page_of(draft.case)}verdict/", verdict_data(draft))
    assert answer.status_code == 403 and "invited the other" in answer.content.decode()


def test_decided_meanwhile(seated):
    one, two = casework.member(), casework.member()
    _three, client = seated()
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two)
    answer = client.post(f"{page_of(draft.case)}verdict/", verdict_data(draft))
    assert answer.status_code == 409 and "decided meanwhile" in answer.content.decode()


def test_an_outdated_page_says_what_changed_and_keeps_what_was_typed(seated):
    _person, client = seated()
    other = casework.member()
    case, publisher = casework.case(), casework.publisher()
    page = client.get(page_of(case)).content.decode()
    as_of = page.split('name="as_of" value="')[1].split('"')[0]
    data = evidence_data(case, publisher, article="777788889999", as_of=as_of)
    casework.add_evidence(case, by=other)
    answer = client.post(f"{page_of(case)}evidence/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this case" in page and "added evidence" in page
    assert "777788889999" in page
    assert Evidence.objects.count() == 1
    given_back = answer.context["evidence_form"]
    again = {name: given_back[name].value() for name in given_back.fields}
    assert client.post(f"{page_of(case)}evidence/", again).status_code == 302, "once read, it is sent again"
    casework.decide(casework.propose(case, by=other), by=other)
    late = client.post(f"{page_of(case)}evidence/", data)
    assert late.status_code == 409 and "777788889999" in late.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"article": "abc"}, "not an article number"),
        ({"article": "https://elsewhere.example.org/1"}, "not an article number"),
        ({"article": "1" * 200}, "not an article number"),
        ({"publisher": ""}, "needs a publisher"),
        ({"grade": "C"}, "does not carry this grade"),
        ({"grade": "Z"}, "not one of the available choices"),
    ],
)
def test_bad_evidence_is_given_back(seated, changed, sentence):
    _person, client = seated()
    case, publisher = casework.case(), casework.publisher()
    answer = client.post(f"{page_of(case)}evidence/", evidence_data(case, publisher, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("month", ["2026-13", "08-2026", "2999-01", "", "2026-08-01"])
def test_a_month_is_a_past_month(seated, month):
    _person, client = seated()
    case = casework.case()
    data = {
        "revision": casework.current(case).revision,
        "kind": "publish",
        "month": month,
        "reason": "confirmed",
        "passphrase": casework.PASSPHRASE,
    }
    assert client.post(f"{page_of(case)}draft/", data).status_code == 422
    assert not case.proposals.exists()


def test_both_verdicts_are_shown_once_two_exist(seated):
    one, two = casework.member(), casework.member()
    _senior, client = seated(Role.SENIOR)
    draft = casework.drafted(by=one)
    casework.decide(draft, by=one)
    casework.decide(draft, by=two, verdict="reject")
    page = client.get(page_of(draft.case)).content.decode()
    assert "The two disagree" in page
    assert "The evidence is not strong enough" in page.split("Verdicts")[1]


def test_an_unknown_case_is_not_found(seated):
    _person, client = seated()
    assert client.get("/cases/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get("/schools/nothing/").status_code == 404
    assert Case.objects.count() == 0
