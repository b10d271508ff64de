"""Builds requests under the privacy act, and what is held about somebody, through the real actions."""

from typing import Any

from moderation.corrections.inbox import words
from moderation.erasure import actions
from moderation.erasure.inbox.models import Request
from moderation.erasure.inbox.vocabulary import Part
from moderation.erasure.models import Handling
from moderation.intake import receipts, sealing, signatures
from moderation.intake.models import Answer, Question, Submission
from moderation.review.models import Member
from tests import casework
from tests.casework import PASSPHRASE

TEXT = "가정통신문에 적힌 내용을 보고 알게 되었고 상담을 받았습니다. https://www.example.org/a"


def held(at: Any = None, **fields: Any) -> tuple[Submission, str]:
    """A gathered report with everything that a reporter can leave behind, and the words of its receipt."""
    said = receipts.new("ko")
    report = casework.submission(
        at or casework.school(),
        sealed_text=sealing.seal(TEXT, purpose="casework"),
        sealed_contact=sealing.seal("저녁에 연락", purpose="casework"),
        signature=signatures.sign(TEXT),
        links=signatures.links(TEXT),
        **fields,
    )
    Submission.objects.filter(pk=report.pk).update(receipt_hash=receipts.fingerprint(said))
    report.refresh_from_db()
    casework.gathered(report)
    question = Question.objects.create(submission=report, code="document")
    Answer.objects.create(question=question, code="yes", sealed_text=sealing.seal("네", purpose="casework"))
    return report, said


def asked(*, wish: str = "erase", named: str = "", mail: str = "", text: str = "") -> tuple[Request, bytes]:
    """A request as the public form stores it, and the fingerprint of its own words."""
    secret = words.fingerprint(receipts.new("ko"))
    made = Request.objects.create(
        reference=words.reference(),
        words_hash=secret,
        wish=wish,
        named_hash=words.fingerprint(named) if named else None,
        sealed_text=sealing.seal(text, purpose="casework") if text else None,
        sealed_mail=sealing.seal(mail, purpose="subscribers") if mail else None,
        language="en",
    )
    return made, secret


def item(part: Part, of: Any) -> str:
    return f"{part}:{of.pk}"


def propose(
    request: Request, *, by: Member, items: list[str], verdict: str = "granted", ground: str = ""
) -> bytes:
    return actions.propose(
        request=request.pk, verdict=verdict, ground=ground, items=items, by=by, passphrase=PASSPHRASE
    )


def confirm(request: Request, *, by: Member, shown: bytes) -> None:
    actions.confirm(request=request.pk, shown=shown, by=by, passphrase=PASSPHRASE)


def decided(request: Request, *, items: list[str], verdict: str = "granted", ground: str = "") -> None:
    one, senior = casework.member(), casework.member("senior")
    confirm(request, by=senior, shown=propose(request, by=one, items=items, verdict=verdict, ground=ground))


def state(of: Request) -> str:
    return str(Handling.objects.filter(pk=of).values_list("state", flat=True).first() or "received")
