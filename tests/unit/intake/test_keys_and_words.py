"""Sealing, receipts, form tokens and near-duplicate signatures."""

import base64
import stat
import unicodedata
import uuid

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from moderation.intake import receipts, sealing, signatures


@pytest.fixture
def folder(settings, tmp_path):
    settings.SECRETS = tmp_path
    return tmp_path


# --- sealing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "가", "학교" * 1000, "a\0b", "🙂"])
def test_what_is_sealed_opens(folder, text):
    sealing.make("casework")
    assert sealing.open_sealed(sealing.seal(text, purpose="casework"), purpose="casework") == text


def test_sealing_needs_no_private_key_and_opening_does(folder):
    sealing.make("casework")
    (folder / "seal-casework.key").rename(folder / "elsewhere")
    sealed = sealing.seal("글", purpose="casework")
    with pytest.raises(sealing.SealError, match="not here"):
        sealing.open_sealed(sealed, purpose="casework")


def test_a_text_opens_with_the_key_of_its_purpose_alone(folder):
    for purpose in sealing.PURPOSES:
        sealing.make(purpose)
    sealed = sealing.seal("주소", purpose="subscribers")
    assert sealing.open_sealed(sealed, purpose="subscribers") == "주소"
    for other in ("casework", "backups"):
        with pytest.raises(sealing.SealError):
            sealing.open_sealed(sealed, purpose=other)
    assert len({(folder / f"seal-{purpose}.public").read_text() for purpose in sealing.PURPOSES}) == 3


def test_the_public_site_opens_nothing_even_with_the_key_in_its_folder(folder, settings):
    sealing.make("casework")
    settings.SITE = "public"
    sealed = sealing.seal("글", purpose="casework")
    with pytest.raises(sealing.SealError, match="opens none"):
        sealing.open_sealed(sealed, purpose="casework")


def test_what_was_sealed_under_a_destroyed_key_is_gone_whatever_is_left(folder):
    """Not only refused: no file of the folder holds the key any more, under any name."""
    old = sealing.make("casework")
    private = (folder / "seal-casework.key").read_text().strip()
    sealed = sealing.seal("사라질 글", purpose="casework")
    sealing.rotate("casework")
    assert any(private in path.read_text() for path in folder.iterdir())
    sealing.destroy("casework", old)
    assert not any(private in path.read_text() for path in folder.iterdir())
    with pytest.raises(sealing.SealError):
        sealing.open_sealed(sealed, purpose="casework")


def test_lengths_tell_little_and_equal_texts_look_different(folder):
    sealing.make("casework")
    sealed = [sealing.seal(text, purpose="casework") for text in ("가", "가", "가" * 60)]
    assert len({len(one) for one in sealed}) == 1
    assert sealed[0] != sealed[1]


def test_a_rotated_key_still_opens_until_it_is_destroyed(folder):
    old = sealing.make("casework")
    sealed = sealing.seal("예전 글", purpose="casework")
    new = sealing.rotate("casework")
    assert old != new
    assert sealing.open_sealed(sealed, purpose="casework") == "예전 글"
    assert [(key.id, key.current) for key in sealing.keys("casework")] == [(new, True), (old, False)]
    with pytest.raises(sealing.SealError, match="current"):
        sealing.destroy("casework", new)
    sealing.destroy("casework", old)
    with pytest.raises(sealing.SealError, match="destroyed"):
        sealing.open_sealed(sealed, purpose="casework")
    assert sealing.open_sealed(sealing.seal("새 글", purpose="casework"), purpose="casework") == "새 글"


def test_making_twice_changes_nothing(folder):
    assert sealing.make("casework") == sealing.make("casework")
    assert len(sealing.keys("casework")) == 1


def test_keys_are_readable_by_their_owner_alone(folder):
    sealing.make("casework")
    sealing.rotate("casework")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}


def test_every_flipped_byte_is_noticed(folder):
    sealing.make("casework")
    sealed = sealing.seal("글", purpose="casework")
    for place in range(len(sealed)):
        spoiled = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(sealing.SealError):
            sealing.open_sealed(spoiled, purpose="casework")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"k" * 8, b"plain text that was never sealed"])
def test_other_bytes_do_not_open(folder, sealed):
    sealing.make("casework")
    with pytest.raises(sealing.SealError):
        sealing.open_sealed(sealed, purpose="casework")


@pytest.mark.parametrize("content", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_damaged_public_key_is_an_error_not_a_clear_text(folder, content):
    (folder / "seal-casework.public").write_text(content, encoding="ascii")
    with pytest.raises(sealing.SealError):
        sealing.seal("글", purpose="casework")


def test_unknown_purposes(folder):
    with pytest.raises(sealing.SealError):
        sealing.seal("글", purpose="../casework")


# --- receipts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "xx"])
def test_a_receipt_is_read_however_it_is_typed(language):
    words = receipts.new(language)
    whole = receipts.fingerprint(words)
    for typed in (
        unicodedata.normalize("NFD", words),
        words.upper(),
        f"  {words.replace(' ', '   ')}\n",
        words.replace(" ", ", "),
        words.replace(" ", "\u3000"),
        "1. " + words.replace(" ", " 2. "),
    ):
        assert receipts.fingerprint(typed) == whole


def test_receipts_differ_and_look_random():
    made = {receipts.new("ko") for _ in range(2000)}
    assert len(made) == 2000
    assert len({words.split()[0] for words in made}) > 1000


def test_a_mistyped_word_is_noticed():
    words = receipts.new("en").split()
    unnoticed = 0
    for other in receipts._list("en")[:1000]:
        try:
            receipts.fingerprint(" ".join([other, *words[1:]]))
            unnoticed += other != words[0]
        except receipts.ReceiptUnreadable:
            continue
    assert unnoticed < 20  # one of 256 by chance


@given(st.text(max_size=200))
@hypothesis_settings(max_examples=200)
def test_other_texts_are_no_receipts(text):
    with pytest.raises(receipts.ReceiptUnreadable):
        receipts.fingerprint(text)


# --- signatures --------------------------------------------------------------------------------------

LONG = "어제 저녁에 친구가 알려 줘서 알았습니다. 학교 누리집에 있던 체육대회 사진이 합성에 쓰였다고 합니다. "


def likeness(one: str, other: str) -> float:
    first, second = signatures.sign(one), signatures.sign(other)
    assert first and second
    return signatures.likeness(first, second)


def test_near_duplicates_are_alike_and_others_are_not():
    assert likeness(LONG, LONG) == 1
    assert likeness(LONG, LONG.replace(" ", "") + "!!") == 1
    assert likeness(LONG * 2, LONG * 2 + "꼭 확인해 주세요.") > 0.7
    assert (
        likeness(
            LONG, "교육청에 문의했더니 학교에 물어보라고만 합니다. 아이가 등교를 거부하고 있어 걱정이 큽니다."
        )
        < 0.2
    )


def test_of_short_texts_only_the_same_is_alike():
    assert likeness("피해 있음", "피해있음.") == 1
    assert likeness("피해 있음", "피해 없음") == 0
    assert signatures.sign("?!") is None
    assert signatures.sign("") is None


def test_another_key_gives_another_signature(settings, tmp_path):
    settings.SECRETS = tmp_path
    made = []
    for byte in (b"a", b"b"):
        (tmp_path / "signature.key").write_text(base64.b64encode(byte * 32).decode(), encoding="ascii")
        made.append(signatures.sign(LONG))
    assert signatures.likeness(*made) < 0.2
    assert len(set(map(tuple, made))) == 2


def test_ids_are_random():
    from moderation.intake.models import Submission

    assert Submission().pk != Submission().pk
    assert isinstance(Submission().pk, uuid.UUID)


@pytest.mark.parametrize(
    "same",
    [
        "https://www.example.org/a/1",
        "http://example.org/a/1/",
        "example.org/a/1",
        "보세요(https://m.example.org/a/1?from=x#top).",
        "HTTPS://EXAMPLE.ORG/a/1",
    ],
)
def test_one_link_in_any_spelling_has_one_value(same):
    assert signatures.links(same) == signatures.links("https://example.org/a/1")
    assert signatures.links(same) != signatures.links("https://example.org/a/2")
    assert signatures.links("링크가 없는 글입니다.") == []


def test_bands_of_like_texts_meet_and_of_others_do_not():
    one, near = signatures.sign(LONG), signatures.sign(LONG + "!")
    other = signatures.sign("교육청에 문의했더니 학교에 물어보라고만 합니다. 걱정이 커서 잠을 못 잡니다.")
    assert set(signatures.bands(one)) & set(signatures.bands(near))
    assert not set(signatures.bands(one)) & set(signatures.bands(other))
    assert {len(band) for band in signatures.bands(one)} == {17}
    with pytest.raises(ValueError, match="32"):
        signatures.bands(one[:8])
