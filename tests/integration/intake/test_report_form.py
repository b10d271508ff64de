"""The form from a search to a receipt, and every way to spoil it."""

import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from moderation.intake import form_tokens, sealing
from moderation.intake.forms import this_month
from moderation.intake.models import SpentForm, Submission
from tests.integration.intake.conftest import Reporter, address, receipt_words


def stored() -> tuple[int, int]:
    return Submission.objects.count(), SpentForm.objects.count()


def test_same_named_schools_are_told_apart_before_choosing(public_client, register):
    page = public_client.get(address("find"), {"q": "보기금성중"}).content.decode()
    for school, district in (("east", "동보기시"), ("west", "서보기시")):
        assert address("report", school_id=register[school].pk) in page
        assert f"보기도 {district}" in page
        assert register[school].address_road in page


def test_the_form_names_the_school_and_its_doubles(public_client, register):
    page = public_client.get(address("report", school_id=register["east"].pk)).content.decode()
    assert "보기도 동보기시" in page
    assert address("report", school_id=register["west"].pk) in page


def test_a_report_is_stored_sealed_with_its_codes(reporter):
    text = "학교 누리집 사진이 합성되어 단체 대화방에 올라왔다고 들었습니다."
    answer = reporter.send(text=text, contact="저녁에 010-0000-0000")
    assert answer.status_code == 200
    assert len(receipt_words(answer).split()) == 8
    row = Submission.objects.get()
    assert (row.school_id, row.kind, row.how_known) == ("X900000001", "pupils", "family")
    assert (row.month, row.language) == (this_month(), "ko")
    assert text.encode() not in bytes(row.sealed_text)
    assert sealing.open_sealed(bytes(row.sealed_text), purpose="casework") == text
    assert sealing.open_sealed(bytes(row.sealed_contact), purpose="casework") == "저녁에 010-0000-0000"
    assert len(row.signature) == 32
    assert len(bytes(row.network)) == 16


def test_text_and_contact_are_optional(reporter):
    assert reporter.send().status_code == 200
    row = Submission.objects.get()
    assert (row.sealed_text, row.sealed_contact, row.signature) == (None, None, None)


def test_the_words_are_stored_nowhere(reporter):
    words = receipt_words(reporter.send())
    row = Submission.objects.values().get()
    assert not any(word in str(value) for word in words.split() for value in row.values())


def test_the_same_form_twice_makes_one_submission(reporter):
    words = receipt_words(reporter.send())
    second = reporter.send(kind="threat")
    assert second.status_code == 200
    assert words not in second.content.decode()
    assert 'class="receipt"' not in second.content.decode()
    assert stored() == (1, 1)


def test_a_form_from_yesterday_comes_back_filled(reporter, settings):
    reporter.fetch()
    settings.INTAKE_FORM_LIFETIME = -1
    answer = reporter.send(text="어제부터 적고 있었습니다.", contact="mail at home")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "어제부터 적고 있었습니다." in page
    assert 'value="mail at home"' in page
    assert stored() == (0, 0)
    settings.INTAKE_FORM_LIFETIME = 60
    assert (
        Reporter(
            reporter.client, Submission._meta.get_field("school").related_model.objects.get(pk="X900000001")
        )
        .send()
        .status_code
        == 200
    )


def test_a_form_that_comes_back_too_fast_waits(reporter, settings):
    settings.INTAKE_SLOW_DELAY = 60
    answer = reporter.send(text="빨리 보냈습니다")
    assert answer.status_code == 422
    assert "빨리 보냈습니다" in answer.content.decode()
    assert stored() == (0, 0)


def forged_tokens(school_id: str) -> list[str]:
    signer = signing.TimestampSigner(salt="intake.form")
    return [
        "",
        "x",
        "\x00",
        form_tokens.issue("X900000002"),
        form_tokens.issue(school_id)[:-1] + "!",
        signing.TimestampSigner(salt="other").sign_object([uuid.uuid4().hex, school_id]),
        signing.TimestampSigner(key="guessed", salt="intake.form").sign_object([uuid.uuid4().hex, school_id]),
        signer.sign_object({"id": 1}),
        signer.sign_object("text"),
        signer.sign_object([school_id]),
    ]


@pytest.mark.parametrize("which", range(10))
def test_a_token_of_another_school_or_maker_is_refused(reporter, which):
    answer = reporter.send(token=forged_tokens("X900000001")[which], text="제 글은 남아 있어야 합니다")
    assert answer.status_code == 422
    assert "제 글은 남아 있어야 합니다" in answer.content.decode()
    assert stored() == (0, 0)


def next_month() -> str:
    return f"{this_month() + timedelta(days=32):%Y-%m}"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": None},
        {"kind": "anything"},
        {"how_known": None},
        {"how_known": "1 OR 1=1"},
        {"month": None},
        {"month": "2024-13"},
        {"month": "2024-05-03"},
        {"month": "1999-01"},
        {"month": next_month()},
        {"right_school": None},
        {"text": "가" * 2001},
        {"contact": "가" * 201},
        {"text": "nul \x00 character"},
    ],
    ids=range(13),
)
def test_a_wrong_field_gives_the_form_back_and_stores_nothing(reporter, changes):
    answer = reporter.send(**({"text": "남아 있는 글"} | changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error"' in page
    assert changes.get("text", "남아 있는 글") in page
    assert stored() == (0, 0)


def test_two_thousand_characters_with_line_breaks_as_browsers_send_them_fit(reporter):
    lines = "\r\n".join(["봤습니다"] * 400)  # 1,999 characters once a line break counts as one
    assert reporter.send(text=lines).status_code == 200


@pytest.mark.parametrize("school_id", ["X999999999", "이름", "'; drop table", "%00", "a" * 5000])
def test_a_school_that_is_not_in_the_register(public_client, register, school_id):
    answer = public_client.get(f"/ko/report/{school_id.replace('/', '')}/")
    assert answer.status_code == 404
    assert 'class="error"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("which", ["closed", "left"])
def test_a_closed_school_cannot_be_reported(public_client, register, which):
    reporter = Reporter(public_client, register[which])
    assert public_client.get(reporter.address).status_code == 422
    reporter.fields["token"] = form_tokens.issue(register[which].pk)
    assert reporter.send().status_code == 422
    assert stored() == (0, 0)


BLOCKED = "가해자 번호는 010-2345-6789 입니다 <b>꼭</b> 봐주세요"


def test_a_blocked_text_comes_back_marked_and_escaped(reporter):
    answer = reporter.send(text=BLOCKED)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ">010-2345-6789</mark>" in page
    assert "<b>꼭</b>" not in page
    assert "&lt;b&gt;꼭&lt;/b&gt;" in page
    assert 'name="mask"' in page
    assert 'name="accepted"' not in page
    assert stored() == (0, 0)


def test_masking_gives_a_text_that_passes(reporter):
    masked = reporter.send(text=BLOCKED, mask="1")
    assert masked.status_code == 200
    assert "가해자 번호는 ▢▢▢ 입니다" in masked.content.decode()
    assert stored() == (0, 0)
    assert reporter.send(text=BLOCKED.replace("010-2345-6789", "▢▢▢")).status_code == 200


UNSURE = "보라빛 방에 bora_bora 라는 글자가 있었어요"


def test_an_unsure_find_asks_once_and_only_for_this_text(reporter):
    asked = reporter.send(text=UNSURE)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "<mark" in page
    acceptance = page.partition('name="accepted" value="')[2].partition('"')[0]
    assert len(acceptance) == 64
    other = reporter.send(text=UNSURE + " sora_sora 도요", accepted=acceptance)
    assert other.status_code == 422
    assert stored() == (0, 0)
    assert reporter.send(text=UNSURE, accepted=acceptance).status_code == 200


def test_acceptance_cannot_carry_a_certain_find(reporter):
    from moderation.intake import actions

    assert reporter.send(text=BLOCKED, accepted=actions.acceptance(BLOCKED)).status_code == 422
    assert stored() == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64,iVBORw0KGgo=",
        "보세요 DATA: image/jpeg ; base64,AAAA",
        "iVBORw0KGgoAAAANSUhEUgAA" + "AB12cd" * 30,
        "UEsDBBQAAAAIAAAAIQ" + "ab/9" * 10,
        "\n".join(["A1b2C3d4" * 8] * 4),
        "ffd8ffe0 " + "00 ff d8 a1 " * 30,
    ],
    ids=range(6),
)
def test_encoded_files_are_refused(reporter, text):
    assert reporter.send(text=text).status_code == 422
    assert stored() == (0, 0)


def test_english_page_and_receipt(public_client, register):
    answer = Reporter(public_client, register["east"], "en").send()
    words = receipt_words(answer)
    assert words.isascii()
    assert "Received" in answer.content.decode()
    assert Submission.objects.get().language == "en"


def test_nothing_sets_a_cookie_or_may_be_stored_by_a_cache(reporter):
    for answer in (
        reporter.fetch(),
        reporter.send(),
        reporter.send(kind=None),
        reporter.client.get(address("find")),
    ):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_received_at_is_now(reporter):
    reporter.send()
    assert abs(timezone.now() - Submission.objects.get().received_at) < timedelta(minutes=1)
