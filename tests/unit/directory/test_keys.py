"""One function makes the keys of the directory and of what people type; both must meet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.directory import hangul, keys

syllables = st.characters(min_codepoint=hangul.FIRST, max_codepoint=hangul.LAST)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("금성초등학교", "금성초"),
        ("금성 여자 중학교", "금성여중"),
        ("서울대학교사범대학부설고등학교", "서울대사대부고"),
        ("가곡초등학교대곡분교장", "가곡초대곡분교"),
        ("영동중학교(폐교)", "영동중"),
        ("인천ＩＴ고등학교", "인천it고"),
        ("", ""),
    ],
)
def test_a_name_has_one_short_form(name, key):
    assert keys.name_key(name) == key


@pytest.mark.parametrize("typed", ["금성초", "금성 초등학교", "금성초등학", "금성초등"])
def test_half_typed_endings_meet_the_stored_key(typed):
    assert keys.typed_key(typed) == "금성초"


@given(st.text(syllables, min_size=1, max_size=20))
def test_decomposed_text_has_the_same_keys(name):
    assert keys.of(unicodedata.normalize("NFD", name)) == keys.of(name)


@given(st.text(max_size=200))
def test_keys_of_any_text_are_bounded_and_stable(text):
    key = keys.name_key(text)
    assert len(key) <= keys.KEY_LENGTH
    assert all(len(gram) <= 12 for gram in keys.of(text, text).grams)


@given(st.text(syllables, min_size=1, max_size=12))
def test_initials_are_one_letter_a_syllable(name):
    first = hangul.initials(name)
    assert len(first) == len(name)
    assert set(first) <= set(hangul.INITIALS)


def test_initials_survive_folding_and_conjoining_forms():
    assert keys.fold("ㄱㅅㅊ") == "ㄱㅅㅊ"
    assert keys.fold("\u1100\u1109\u110e") == "ㄱㅅㅊ"


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("종로구", "Jongno-gu"),
        ("강남구", "Gangnam-gu"),
        ("북구", "Buk-gu"),
        ("철원군", "Cheorwon-gun"),
        ("울릉군", "Ulleung-gun"),
        ("합천군", "Hapcheon-gun"),
        ("수원시 장안구", "Suwon-si Jangan-gu"),
        ("목포시", "Mokpo-si"),
        ("창녕군", "Changnyeong-gun"),
        ("음성군", "Eumseong-gun"),
        ("영등포구", "Yeongdeungpo-gu"),
        ("담양군", "Damyang-gun"),
        ("신안군", "Sinan-gun"),
        ("강릉시", "Gangneung-si"),
    ],
)
def test_districts_in_latin_letters_follow_the_official_romanization(name, latin):
    assert hangul.place_in_latin(name) == latin
