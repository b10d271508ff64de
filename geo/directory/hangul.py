"""Hangul arithmetic: initials of syllables, and the Revised Romanization of place names.

Sources: the Unicode Standard, section 3.12 (composition of syllables); the Romanization of Korean
(Ministry of Culture and Tourism notice 2000-8) for the letters and the sound changes at boundaries.
"""

import re
import unicodedata

FIRST, LAST = 0xAC00, 0xD7A3
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# The stand-alone jamo of NFD text and of some phones, back to the letters that keyboards type.
CONJOINING = {0x1100 + index: letter for index, letter in enumerate(INITIALS)}

_ONSETS = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_CODAS = [
    "",
    "k",
    "k",
    "kt",
    "n",
    "nj",
    "nh",
    "t",
    "l",
    "lk",
    "lm",
    "lp",
    "lt",
    "lt",
    "lp",
    "lh",
    "m",
    "p",
    "pt",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]  # as pronounced at an end
_VOICED = {"k": "g", "t": "d", "p": "b", "l": "r"}  # a final consonant before a vowel
_LIAISON = {
    19: "s",
    20: "ss",
    22: "j",
    23: "ch",
    24: "k",
    25: "t",
    26: "p",
}  # finals that keep their own sound
_NASAL = {"k": "ng", "t": "n", "p": "m"}  # a stop before ㄴ, ㅁ or ㄹ


def compose(text: str) -> str:
    """Text with syllables composed (NFC) and every initial written as a keyboard types it."""
    return unicodedata.normalize("NFC", text).translate(CONJOINING)


def is_syllable(character: str) -> bool:
    return FIRST <= ord(character) <= LAST


def initials(text: str) -> str:
    """금성초 → ㄱㅅㅊ; what is no syllable stays as it is."""
    return "".join(
        INITIALS[(ord(character) - FIRST) // 588] if is_syllable(character) else character
        for character in text
    )


def romanize(word: str) -> str:
    """One Korean word in Latin letters, lower case: 종로 → jongno, 철원 → cheorwon.

    Characters that are no syllables are kept.
    """
    parts: list[str] = []
    for position, character in enumerate(word):
        if not is_syllable(character):
            parts.append(character)
            continue
        onset, vowel, coda = _split(character)
        before = _split(word[position - 1]) if position and is_syllable(word[position - 1]) else None
        after = (
            _split(word[position + 1])
            if position + 1 < len(word) and is_syllable(word[position + 1])
            else None
        )
        parts.append(_onset(onset, before) + _VOWELS[vowel] + _coda(coda, after))
    return "".join(parts)


def place_in_latin(name: str) -> str:
    """A district's English name: 수원시 장안구 → Suwon-si Jangan-gu."""
    words = []
    for word in name.split():
        unit = re.fullmatch(r"(.+)(시|군|구|도)", word)
        stem, suffix = (unit[1], f"-{romanize(unit[2])}") if unit else (word, "")
        words.append(romanize(stem).capitalize() + suffix)
    return " ".join(words)


def _split(character: str) -> tuple[int, int, int]:
    index = ord(character) - FIRST
    return index // 588, index % 588 // 28, index % 28


def _onset(onset: int, before: tuple[int, int, int] | None) -> str:
    """The sound of a first consonant, which a final consonant before it may change."""
    letters = _ONSETS[onset]
    coda = _CODAS[before[2]] if before else ""
    if INITIALS[onset] == "ㄹ" and coda:
        return "l" if coda in {"l", "n"} else "n"
    if INITIALS[onset] == "ㄴ" and coda == "l":
        return "l"
    return letters


def _coda(coda: int, after: tuple[int, int, int] | None) -> str:
    """The sound of a final consonant, which the next first consonant may change."""
    letters = _CODAS[coda]
    if not letters or after is None:
        return letters
    following = INITIALS[after[0]]
    if following == "ㅇ":
        return _LIAISON.get(coda, _VOICED.get(letters, letters))
    if following in "ㄴㅁㄹ" and letters in _NASAL:
        return _NASAL[letters]
    if following == "ㄹ" and letters == "n":
        return "l"
    return letters
