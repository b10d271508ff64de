"""One text as the tagger sees it: runs of Hangul, mecab's words, and who could be named where."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from moderation.intake.screening.tagger.cues import before
from moderation.intake.screening.tagger.lexicon import DOUBLE, SINGLE, Lexicon, lexicon

LONGEST_WORD = 4


class Word(NamedTuple):
    """A word that mecab saw: `tag` is its part of speech, with `*` behind it for a person's name."""

    start: int
    end: int
    tag: str


class Candidate(NamedTuple):
    """A place that could be a name; the given name begins at `given`. `shape` is family + given length.

    Shapes: `3` and `2` (one family syllable, two or one given), `d3` and `d4` (two family syllables),
    `4` (one family syllable, three given), `g` (a given name alone), `s` (a blank between family and given name).
    """

    start: int
    given: int
    end: int
    shape: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`run_start[i]` and `run_end[i]` bound the run of Hangul around character `i` (both `i` outside one)."""

    text: str
    run_start: list[int]
    run_end: list[int]
    words: list[Word]
    at: list[int]  # index into words, per character; -1 for blanks


@cache
def _mecab() -> Any:
    from mecab import MeCab  # type: ignore[import-untyped]

    return MeCab()


def _runs(text: str) -> tuple[list[int], list[int]]:
    size = len(text)
    starts, ends = list(range(size)), list(range(size))
    place = 0
    while place < size:
        if not "가" <= text[place] <= "힣":
            place += 1
            continue
        end = place
        while end < size and "가" <= text[end] <= "힣":
            end += 1
        starts[place:end] = [place] * (end - place)
        ends[place:end] = [end] * (end - place)
        place = end
    return starts, ends


def read(text: str) -> Reading:
    """Cuts `text` into words; characters that mecab cannot take (NUL) become blanks first."""
    clean = text.replace("\0", " ")
    words: list[Word] = []
    at = [-1] * len(text)
    for piece in _mecab().parse(clean) if clean.strip() else ():
        start, end = piece.span
        tag = piece.feature.pos
        if piece.feature.semantic == "인명":
            tag += "*"
        at[start:end] = [len(words)] * (end - start)
        words.append(Word(start, end, tag))
    return Reading(text, *_runs(text), words, at)


# What may follow a given name that stands alone.
_AFTER_GIVEN = frozenset("이가는은네야아랑한의도를을쌤샘형누언오선님군양엄와과")


def candidates(reading: Reading) -> Iterator[Candidate]:
    """Every place worth weighing: its syllables occur in given names at these positions."""
    known, text = lexicon(), reading.text
    for start, syllable in enumerate(text):
        if not "가" <= syllable <= "힣":
            continue
        end = reading.run_end[start]
        if syllable in SINGLE:
            if start + 3 <= end and _given(known, text[start + 1 : start + 3]):
                yield Candidate(start, start + 1, start + 3, "3")
            if start + 4 <= end and _long(known, text[start + 1 : start + 4]) and _edge(reading, start):
                yield Candidate(start, start + 1, start + 4, "4")
            if start + 2 <= end and text[start + 1] in known.only and _edge(reading, start):
                yield Candidate(start, start + 1, start + 2, "2")
            if start + 1 == end and reading.run_start[start] == start and text[end : end + 1] == " ":
                stop = min(end + 3, reading.run_end[end + 1]) if end + 1 < len(text) else end
                if stop == end + 3 and _given(known, text[end + 1 : stop]):
                    yield Candidate(start, end + 1, stop, "s")
        if text[start : start + 2] in DOUBLE:
            if start + 4 <= end and _given(known, text[start + 2 : start + 4]):
                yield Candidate(start, start + 2, start + 4, "d4")
            if start + 3 <= end and text[start + 2] in known.only:
                yield Candidate(start, start + 2, start + 3, "d3")
        if start + 2 <= end and known.given.get(text[start : start + 2], 0) >= 4 and _edge(reading, start):
            after = text[start + 2 : start + 3]
            if start + 2 == end or after in _AFTER_GIVEN:
                yield Candidate(start, start, start + 2, "g")


def _given(known: Lexicon, given: str) -> bool:
    return given in known.given or (
        known.first.get(given[0], 0) + known.second.get(given[1], 0) >= 4
        and known.first.get(given[0], 0) > 0
        and known.second.get(given[1], 0) > 0
    )


def _long(known: Lexicon, given: str) -> bool:
    """Three syllables that hold a usual given name of two, or a native word used as one."""
    return known.given.get(given[:2], 0) >= 4 or known.given.get(given[1:], 0) >= 4


def _edge(reading: Reading, start: int) -> bool:
    """The run, a word of mecab's or what follows a cue begins here: short names are looked for nowhere else."""
    begin, index = reading.run_start[start], reading.at[start]
    return (
        begin == start
        or (index >= 0 and reading.words[index].start == start)
        or bool(before(reading.text, begin, start))
    )
