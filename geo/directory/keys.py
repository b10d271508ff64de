"""The search keys of a school's name, computed the same way for the directory and for what is typed.

금성초등학교 is stored and sought as 금성초: the way people shorten names is the normal form, so that
금성초, 금성 초등학교 and 금성초등학 (half typed) meet in one B-tree range.
"""

import re
import unicodedata
from dataclasses import dataclass

from geo.directory import hangul

# Longest first: a shorter ending is part of a longer one.
_SHORT_FORMS = (
    ("방송통신", "방통"),
    ("사범대학", "사대"),
    ("초등학교", "초"),
    ("고등학교", "고"),
    ("대학교", "대"),
    ("중학교", "중"),
    ("분교장", "분교"),
    ("상업고", "상고"),
    ("공업고", "공고"),
    ("농업고", "농고"),
    ("여자", "여"),
    ("부설", "부"),
    ("부속", "부"),
)
_HALF_TYPED = re.compile(r"(?<=[가-힣])(초|중|고)(?:등|등학|학)$")
_CLOSED = re.compile(r"\(\s*폐교\s*\)")
_KEPT = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎ]+")
_WORD = re.compile(r"[a-z0-9]+")
ENGLISH_COMMON = frozenset({"elementary", "middle", "high", "school", "university", "of", "the", "branch"})
INITIALS_GRAM = 3  # letters; two are too common to narrow anything
KEY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Keys:
    """What the directory stores of one name."""

    name_key: str
    initials: str
    name_en_key: str
    grams: list[str]


def of(name: str, name_en: str = "") -> Keys:
    """The keys of a school's Korean and English name."""
    key = name_key(name)
    english = english_key(name_en)
    first = hangul.initials(key)
    return Keys(
        key, first, english, sorted({*syllable_grams(key), *initials_grams(first), *english_grams(english)})
    )


def name_key(text: str) -> str:
    """A name in its shortest usual form, without spaces and marks: 서울 금성여자중학교 → 서울금성여중."""
    text = _CLOSED.sub("", fold(text))
    key = _KEPT.sub("", text)
    for long, short in _SHORT_FORMS:
        if long in key:
            key = key.replace(long, short)
    return key[:KEY_LENGTH]


def typed_key(text: str) -> str:
    """The same for text that may end in the middle of a word: 금성초등학 → 금성초, 금성여자 → 금성여."""
    return _HALF_TYPED.sub(r"\1", name_key(text))


def english_key(text: str) -> str:
    """An English name in lower case, words separated by one space."""
    return " ".join(_WORD.findall(fold(text)))[:160]


def fold(text: str) -> str:
    """Composed, full-width letters made narrow, lower case.

    Initials (ㄱ) stay initials; NFKC alone would turn them into conjoining jamo.
    """
    if text.isascii():
        return text.lower()
    return "".join(
        character if "ㄱ" <= character <= "ㅎ" else unicodedata.normalize("NFKC", character)
        for character in hangul.compose(text)
    ).lower()


def syllable_grams(key: str) -> set[str]:
    """Every two neighbours: what makes 옥산 inside 대구옥산초 reachable by an index."""
    return {key[at : at + 2] for at in range(len(key) - 1)}


def initials_grams(first: str) -> set[str]:
    """Every three neighbouring initials."""
    return {first[at : at + INITIALS_GRAM] for at in range(len(first) - INITIALS_GRAM + 1)}


def english_grams(english: str) -> set[str]:
    """The first three letters of every English word that tells schools apart, marked with `=`."""
    return {f"={word[:3]}" for word in english.split() if word not in ENGLISH_COMMON and len(word) >= 3}
