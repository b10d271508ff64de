"""Undo disguises while remembering where every character came from (SAFEGUARDS A3).

A `View` is a rewritten text with, for each of its characters, the half-open range of the text as given
that it stands for. Finders look at views; a hit is carried back by `View.origin`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# Invisible on the page, yet enough to break a pattern: zero-width, bidirectional, fillers, selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－ーｰ⁃➖─━〜∼～"), "-")
_LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("авеѕіјкмнорстухԁԛԝһӏАВЕЅІЈКМНОРСТУХ", "abesijkmhopctyxdqwhlABESIJKMHOPCTYX", strict=True)),
        **dict(zip("αβεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aBeiKvoptuxwABEZHIKMNOPTYX", strict=True)),
        **dict(zip("ɑɡıɩʟɴʀƅօսոցհյ", "agiiLNRbounqhj", strict=True)),
        "〇": "○", "◯": "○", "⭕": "○", "⚪": "○", "⚫": "●", "🔴": "●", "◌": "○",
        "．": ".", "。": ".", "｡": ".", "․": ".", "‧": "·", "・": "·", "･": "·", "•": "·", "∙": "·", "⋅": "·",
        "‘": "'", "’": "'", "“": '"', "”": '"', "⁄": "/", "∕": "/", "⧸": "/", "：": ":", "∶": ":",
    }
)  # fmt: skip
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
_LEADING_JAMO = re.compile("[\u1100-\u115f\ua960-\ua97f]")
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_KEYSTROKES = re.compile(f"([{_LEADS}])([{_VOWELS}])(?:([{_TAILS}])(?![{_VOWELS}]))?")


@dataclass(frozen=True, slots=True)
class View:
    """A rewritten text; `starts` and `ends` hold one offset of the text as given per character."""

    text: str
    starts: list[int]
    ends: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as given of this view's non-empty range."""
        return self.starts[start], self.ends[end - 1]

    def rewritten(self, pieces: Iterable[tuple[str, int, int]]) -> "View":
        """A view of this view: each piece is new text and the range here that it stands for."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for new, start, end in pieces:
            for index, character in enumerate(new):
                exact = len(new) == end - start  # same length: keep each character's own place
                text.append(character)
                starts.append(self.starts[start + index if exact else start])
                ends.append(self.ends[start + index if exact else end - 1])
        return View("".join(text), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Ranges that compose to one thing: a character with its marks, or one syllable's conjoining jamo."""
    start = 0
    while start < len(text):
        end = start + 1
        jamo = text[start] if _JAMO.match(text[start]) else ""
        while end < len(text):
            following = text[end]
            if jamo and _JAMO.match(following):
                if _LEADING_JAMO.match(following) and not _LEADING_JAMO.match(jamo):
                    break
                jamo = following
            elif not (unicodedata.combining(following) or _INVISIBLE.match(following)):
                break
            end += 1
        yield start, end
        start = end


def _fold(character: str) -> str:
    """One character, compatibility-folded, except that initials (U+3130–318F) stay what they are."""
    if "\u3130" <= character <= "\u318f":
        return character
    narrow = unicodedata.decomposition(character)
    if narrow.startswith("<narrow> 31"):  # half-width jamo: one step only, a second would lose the initial
        return chr(int(narrow.split()[1], 16))
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", character)
    return folded.translate(_DASHES).translate(_LOOK_ALIKES)


def _compose(piece: str) -> str:
    visible = _INVISIBLE.sub("", piece)
    composed = unicodedata.normalize("NFC", visible)
    letters = (c for c in composed if not unicodedata.combining(c))
    return "".join(_fold(character) for character in letters)


def _plain(text: str) -> View:
    whole = View(text, list(range(len(text))), [i + 1 for i in range(len(text))])
    if text.isascii():
        return whole
    return whole.rewritten((_compose(text[a:b]), a, b) for a, b in _clusters(text))


def _syllable(match: re.Match[str]) -> str:
    lead, vowel, tail = match.groups()
    number = _LEADS.index(lead) * 588 + _VOWELS.index(vowel) * 28 + (_TAILS.index(tail) + 1 if tail else 0)
    return chr(0xAC00 + number)


def substituted(view: View, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> View:
    """A view with each match of `pattern` replaced by `new(match)`."""

    def pieces() -> Iterator[tuple[str, int, int]]:
        last = 0
        for match in pattern.finditer(view.text):
            yield view.text[last : match.start()], last, match.start()
            yield new(match), match.start(), match.end()
            last = match.end()
        yield view.text[last:], last, len(view.text)

    return view.rewritten(pieces()) if pattern.search(view.text) else view


def normalise(text: str) -> View:
    """The plain view: NFKC but for initials, nothing invisible, look-alikes and typed-apart jamo undone."""
    return substituted(_plain(text), _KEYSTROKES, _syllable)


_KOREAN_DIGITS = dict(zip("공영빵일이삼사오육륙칠팔구", "0001234566789", strict=True))
_HAN_DIGITS = dict(zip("零一二三四五六七八九壹貳參", "0123456789123", strict=True))
_LETTER_DIGITS = dict(zip("OoQ○ㅇIil|!Zz", "000001111122", strict=True))
_DIGITS = {**_KOREAN_DIGITS, **_HAN_DIGITS, **_LETTER_DIGITS}
_DIGIT = f"[0-9{''.join(map(re.escape, _DIGITS))}]"
# What people put between digits, words such as "다시" (dash) and "다음에" (then) included.
BETWEEN = (
    r"(?:[\s\-.,/·_~()\[\]ㅡ:+★☆♥♡→>^='\"ㆍ;&]|다시|다음에?|그담에?|그다음에?|하이픈|대시|슬래시|쩜|그리고|이고|뒷자리[는가]?|뒷번호[는가]?|"
    r"뒤에?는?|땡(?=[0-9공일])|[에의](?=[\s0-9공영일이삼사오육칠팔구])){0,4}"
)
_SPELLED_RUN = re.compile(f"{_DIGIT}(?:{BETWEEN}{_DIGIT}){{6,}}")
_SIGN = f"[{''.join(map(re.escape, _DIGITS))}]"
# One or two such syllables between blanks are words ("생일이 2011"); three, or one that touches a figure, are not.
_SPELLED = re.compile(rf"{_SIGN}(?:{BETWEEN}{_SIGN}){{2,}}|(?<=\d){_SIGN}+|{_SIGN}+(?=\d)")
_COUNTED = dict(zip("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉".split(), "123456789", strict=True))
_COUNTED_RUN = re.compile(f"(?:(?:{'|'.join(_COUNTED)}|\\d)[ ,]?){{3,}}")
_COUNTED_WORD = re.compile("|".join(_COUNTED))
_ENGLISH = dict(
    zip(
        ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        "00123456789",
        strict=True,
    )
)
_ENGLISH_DIGIT = rf"(?:{'|'.join(_ENGLISH)}|\d)"
_ENGLISH_RUN = re.compile(rf"\b{_ENGLISH_DIGIT}(?:[\s\-.,/]*{_ENGLISH_DIGIT}){{6,}}\b", re.IGNORECASE)
_ENGLISH_WORD = re.compile("|".join(_ENGLISH), re.IGNORECASE)


def with_digits(view: View) -> View:
    """A view in which long runs of spelled-out or look-alike digits are figures."""

    def figures(match: re.Match[str]) -> str:
        return _SPELLED.sub(lambda part: "".join(_DIGITS.get(sign, sign) for sign in part[0]), match[0])

    def words(match: re.Match[str]) -> str:
        if not _ENGLISH_WORD.search(match[0]):
            return match[0]
        spoken = _ENGLISH_WORD.sub(lambda word: _ENGLISH[word[0].lower()], match[0])
        return re.sub(r"\D", "", spoken)

    def counted(match: re.Match[str]) -> str:
        return _COUNTED_WORD.sub(lambda word: _COUNTED[word[0]], match[0])

    if _COUNTED_WORD.search(view.text):
        view = substituted(view, _COUNTED_RUN, counted)
    return substituted(substituted(view, _ENGLISH_RUN, words), _SPELLED_RUN, figures)


# Two or more characters that each stand alone, and the first of the word after them ("박 지 영이").
_SPACED_OUT = re.compile(r"(?<!\S)(?:\S[ \t]{1,3}){2,}\S")
_DOTTED_OUT = re.compile(r"(?<![^\s])\S([.·_/|,*~\-])\S(?:\1\S){4,}")


def _without(
    view: View, run: re.Pattern[str], gap: Callable[[re.Match[str]], Iterator[tuple[str, int, int]]]
) -> View:
    def pieces() -> Iterator[tuple[str, int, int]]:
        last = 0
        for match in run.finditer(view.text):
            yield view.text[last : match.start()], last, match.start()
            yield from gap(match)
            last = match.end()
        yield view.text[last:], last, len(view.text)

    return view.rewritten(pieces()) if run.search(view.text) else view


def _together(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The characters of a spaced-out run; where the gap was wider, a blank stays."""
    for part in re.finditer(r"(\S)([ \t]*)", match[0]):
        place = match.start() + part.start()
        yield part[1], place, place + 1
        if len(part[2]) > 1:
            yield " ", place + 1, place + 2


def _every_other(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    for place in range(match.start(), match.end(), 2):
        yield match.string[place], place, place + 1


def joined(view: View) -> View:
    """A view in which `t . m e / a b c`, `박 지 영이` and `0.1.0.1` stand together again."""
    return _without(_without(view, _DOTTED_OUT, _every_other), _SPACED_OUT, _together)
