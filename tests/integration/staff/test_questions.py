"""Coded questions to an anonymous reporter, asked and read on the case page (SAFEGUARDS C5)."""

from geo.record.refusals import call
from moderation.audit.models import AuditEvent
from moderation.intake import sealing
from moderation.intake.models import Question
from tests import casework

SECRET = "the notice hangs at the gate"


def asked(client, case):
    submission = case.gathered.get().submission
    data = {"submission": submission.pk, "question": "public_notice"}
    return submission, client.post(f"/cases/{case.pk}/ask/", data)


def test_a_question_and_its_answer(seated):
    person, client = seated()
    case = casework.case()
    submission, answer = asked(client, case)
    receipt = bytes(submission.receipt_hash)
    assert answer.status_code == 302
    assert "not answered yet" in client.get(f"/cases/{case.pk}/").content.decode()
    sealed = sealing.seal(SECRET, purpose="casework")
    call("intake_answer_question", receipt, "public_notice", "yes", sealed)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "<strong>Yes</strong>" in page and SECRET not in page
    question = Question.objects.get()
    opened = client.post(f"/cases/{case.pk}/answer/", {"question": question.pk})
    assert SECRET in opened.content.decode() and "no-store" in opened["Cache-Control"]
    event = AuditEvent.objects.get(action="revealed")
    assert (event.member, event.detail["part"]) == (person.pk, "answer") and SECRET not in str(event.detail)
    other = casework.case()
    assert client.post(f"/cases/{other.pk}/answer/", {"question": question.pk}).status_code == 404
    assert client.post(f"/cases/{case.pk}/answer/", {"question": "1; x"}).status_code == 404
    assert asked(client, case)[1].status_code in (409, 422), "each question once"


def test_only_codes_are_asked_and_only_of_reports_of_the_case(seated):
    _person, client = seated()
    case, other = casework.case(), casework.case()
    mine, strange = case.gathered.get().submission, other.gathered.get().submission
    for submission, question in (
        (mine.pk, "what is your name?"),
        (strange.pk, "document"),
        ("x", "document"),
    ):
        data = {"submission": submission, "question": question}
        assert client.post(f"/cases/{case.pk}/ask/", data).status_code in (404, 422)
    assert not Question.objects.exists()
