"""Reviewers ask in codes, the reporter answers by receipt (SAFEGUARDS C5): pages, roles and what becomes of it."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone, translation

from geo.record.refusals import Refused
from mapsite import retention
from moderation.audit.models import AuditEvent
from moderation.intake import sealing
from moderation.intake.models import Answer, Question, Submission, SubmissionProgress
from moderation.intake.vocabulary import QuestionCode
from moderation.review import actions
from moderation.review.models import Case
from tests import casework
from tests.integration.intake.conftest import Reporter, address, receipt_words
from tests.integration.intake.test_receipt_pages import FORM, as_public, ask, state_in

__all__ = ["as_public"]
FINE = "학교 누리집에 안내문이 올라와 있습니다."
PHONE = "자세한 것은 010-1234-5678 로 물어 주세요."


def reported(reporter: Reporter) -> tuple[str, Case]:
    words = receipt_words(reporter.send())
    actions.gather_inbox()
    return words, Case.objects.get()


def asked(case: Case, code: str = "public_notice") -> Question:
    return actions.ask(
        case=case.pk, submission=Submission.objects.get().pk, question=code, by=casework.member()
    )


def answer(client: Any, words: str, **fields: str) -> Any:
    data = {"words": words, "question": "public_notice", "answer": "yes", "text": "", **fields}
    return client.post(address("answer"), urlencode(data), content_type=FORM)


def test_a_question_is_seen_and_answered_once(reporter: Reporter) -> None:
    words, case = reported(reporter)
    asked(case)
    page = ask(reporter.client, "status", words).content.decode()
    with translation.override("ko"):
        assert str(QuestionCode.PUBLIC_NOTICE.label) in page
    assert str(QuestionCode.DOCUMENT.value) not in page
    for wrong in ({"answer": ""}, {"answer": "perhaps"}, {"question": "name"}, {"text": "가" * 501}):
        assert answer(reporter.client, words, **wrong).status_code == 422
    assert not Answer.objects.exists()
    taken = answer(reporter.client, words, text=FINE)
    assert taken.status_code == 200 and 'data-answer="yes"' in taken.content.decode()
    again = answer(reporter.client, words, answer="no", text="")
    assert again.status_code == 200 and 'data-answer="yes"' in again.content.decode()
    stored = Answer.objects.get()
    assert stored.code == "yes" and FINE.encode() not in bytes(stored.sealed_text or b"")
    by = casework.member()
    assert actions.reveal_answer(answer=stored, case=case, by=by) == FINE
    told = AuditEvent.objects.filter(action__in=["asked", "answered", "revealed"]).values_list(
        "action", flat=True
    )
    assert set(told) == {"asked", "answered", "revealed"}
    assert FINE not in str(list(AuditEvent.objects.values()))


def test_other_questions_and_other_receipts_take_no_answer(reporter: Reporter) -> None:
    words, case = reported(reporter)
    asked(case)
    assert "data-answer" not in answer(reporter.client, words, question="document").content.decode()
    with connection.cursor() as cursor:
        for receipt in (b"", b"\0" * 32):
            cursor.execute(
                "SELECT intake_answer_question(%s, 'public_notice', 'yes', NULL),"
                " (SELECT count(*) FROM intake_questions(%s))",
                [receipt, receipt],
            )
            assert cursor.fetchone() == ("unknown", 0)
    assert not Answer.objects.exists()


def test_a_text_is_screened_like_the_report(reporter: Reporter) -> None:
    words, case = reported(reporter)
    asked(case)
    found = answer(reporter.client, words, text=PHONE)
    assert found.status_code == 422 and "<mark" in found.content.decode()
    file = answer(reporter.client, words, text="data:image/png;base64," + "iVBORw0KGgo" * 20)
    assert file.status_code == 422
    assert not Answer.objects.exists()
    masked = answer(reporter.client, words, text=PHONE, mask="1")
    assert "▢▢▢" in masked.content.decode() and "010-1234" not in masked.content.decode()
    assert not Answer.objects.exists()


def test_what_is_decided_or_withdrawn_takes_no_answer(reporter: Reporter) -> None:
    words, case = reported(reporter)
    asked(case)
    asked(case, "document")
    answer(reporter.client, words, text=FINE)
    ask(reporter.client, "withdraw", words)
    assert Answer.objects.get().sealed_text is None, "withdrawn with the report"
    page = answer(reporter.client, words, question="document").content.decode()
    assert state_in_text(page) == "withdrawn" and "asked-document" not in page
    assert Answer.objects.count() == 1
    SubmissionProgress.objects.all().delete()
    SubmissionProgress.objects.create(submission=Submission.objects.get(), code="not_published")
    answer(reporter.client, words, question="document")
    assert Answer.objects.count() == 1


def state_in_text(page: str) -> str:
    return page.partition('data-state="')[2].partition('"')[0]


def test_the_reporter_sees_why(reporter: Reporter) -> None:
    words, case = reported(reporter)
    one, two = casework.member(), casework.member()
    for verdict, state, reasons in (
        ("information", "information", ("not_independent", "weak_evidence")),
        ("reject", "not_published", ("wrong_school", "out_of_scope")),
    ):
        casework.add_evidence(case, by=one)
        draft = casework.propose(casework.current(case), by=one)
        assert state_in(ask(reporter.client, "status", words)) == "in_review", (
            "asked again after more was found"
        )
        casework.decide(draft, by=one, verdict=verdict, reason=reasons[0])
        page = ask(reporter.client, "status", words)
        assert state_in(page) == "in_review", "nothing of a first verdict"
        casework.decide(draft, by=two, verdict=verdict, reason=reasons[1])
        page = ask(reporter.client, "status", words)
        assert state_in(page) == state
        newest = SubmissionProgress.objects.order_by("-id")[0]
        assert newest.reason == reasons[1] and newest.get_reason_display() in page.content.decode()


def test_who_may_ask_what(reporter: Reporter) -> None:
    _words, case = reported(reporter)
    mine, other = Submission.objects.get().pk, casework.case().gathered.get().submission_id

    def refusal(**changed: Any) -> str:
        by = changed.pop("by", casework.member())
        try:
            actions.ask(**{"case": case.pk, "submission": mine, "question": "document", **changed}, by=by)
        except Refused as refused:
            return refused.code
        return ""

    tied = casework.member()
    casework.declare_tie(by=tied, kind="family", school=case.school_id)
    assert refusal(by=tied) == "conflict"
    assert refusal(by=casework.member("auditor")) == "wrong_role"
    assert refusal(submission=other) == refusal(question="what is your name") == "unknown_question"
    assert refusal() == ""
    assert refusal() == "asked_before"
    Case.objects.filter(pk=case.pk).update(state="rejected", decided_at=timezone.now())
    assert refusal(question="right_school") == "decided_meanwhile"


def test_the_text_of_an_answer_goes_with_the_reports(reporter: Reporter) -> None:
    words, case = reported(reporter)
    asked(case)
    answer(reporter.client, words, text=FINE)
    Case.objects.filter(pk=case.pk).update(state="rejected", decided_at=timezone.now())
    retention.apply(now=timezone.now() + dt.timedelta(days=364))
    assert Answer.objects.get().sealed_text is not None
    retention.apply(now=timezone.now() + dt.timedelta(days=366))
    assert Answer.objects.get().sealed_text is None


def test_as_the_public_role(as_public: Reporter, as_role: Any) -> None:
    owner = as_role("mapsite_owner")
    words = receipt_words(as_public.send())
    owner.execute(
        "INSERT INTO intake_question (submission_id, code) SELECT id, 'public_notice' FROM intake_submission"
    )
    assert "asked-public_notice" in ask(as_public.client, "status", words).content.decode()
    assert 'data-answer="yes"' in answer(as_public.client, words, text=FINE).content.decode()
    sealed = owner.execute("SELECT sealed_text FROM intake_answer").fetchone()
    assert sealed and sealing.open_sealed(sealed[0], purpose="casework") == FINE
