"""What is stored of a school's request, and for whom it is sealed: asked of the action, past what the form lets through."""

from typing import Any

import pytest

from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.models import Correction
from moderation.intake import form_tokens, sealing
from moderation.intake.actions import AlreadyReceived, CarriesFile, NeedsEditing, acceptance
from tests import correctionwork

pytestmark = pytest.mark.django_db
BLOB = "data:image/png;base64," + "iVBORw0KGgo" * 60


@pytest.fixture
def ask() -> Any:
    """`ask(text=…, document=…, mail=…, accepted=…)` sends one request with a form of its own."""
    school = correctionwork.school()

    def send(*, token: str = "", accepted: str = "", **parts: str) -> asking.Sent:
        wish = asking.Wish(
            **{
                "kind": "wrong_facts",
                "record": None,
                "replies": [],
                "text": "",
                "document": "",
                "mail": "",
                **parts,
            }
        )
        form = form_tokens.read(token or form_tokens.issue("here"), school_id="here", delay=0)
        return asking.submit(
            school=school, wish=wish, token=form, language="ko", accepted=accepted, proof=None
        )

    return send


def test_each_part_is_sealed_for_whom_it_is_meant(ask: Any) -> None:
    ask(text="기록한 달이 다릅니다.", document="보기-1234", mail="office@example.net")
    stored = Correction.objects.get()
    for sealed, purpose, said in (
        (stored.sealed_text, "casework", "기록한 달이 다릅니다."),
        (stored.sealed_document, "casework", "보기-1234"),
        (stored.sealed_mail, "subscribers", "office@example.net"),
    ):
        assert sealing.open_sealed(bytes(sealed), purpose=purpose) == said
        with pytest.raises(sealing.SealError):
            other = {"casework": "subscribers", "subscribers": "casework"}[purpose]
            sealing.open_sealed(bytes(sealed), purpose=other)


def test_what_is_refused_is_not_stored_whichever_part_holds_it(ask: Any) -> None:
    for part in ("text", "document", "mail"):
        with pytest.raises(CarriesFile):
            ask(**{part: BLOB})
    certain = "담당자 010-1234-5678 로 전화 주세요"
    for accepted in ("", acceptance(certain), acceptance("")):
        with pytest.raises(NeedsEditing):
            ask(text=certain, accepted=accepted)
    unsure = "문솔이 계속 연락해 옵니다"  # of two syllables: asked about, never certain
    for accepted in ("", acceptance(certain)):
        with pytest.raises(NeedsEditing):
            ask(text=unsure, accepted=accepted)
    assert not Correction.objects.exists()
    ask(text=unsure, accepted=acceptance(unsure))
    assert Correction.objects.count() == 1


def test_one_form_sends_one_request(ask: Any) -> None:
    token = form_tokens.issue("here")
    ask(token=token)
    with pytest.raises(AlreadyReceived):
        ask(token=token)
    assert Correction.objects.count() == 1
