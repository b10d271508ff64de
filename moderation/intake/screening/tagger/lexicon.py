"""What the tagger knows of words: given names, their syllables, and ordinary words that a name may hide in.

The files in `data` are made by `moderation.intake.screening.training`; `data/NOTICE` names their source.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

# By frequency class; together with DOUBLE every family name that the tagger looks for.
FREQUENT = "김이박최정강조윤장임"
USUAL = "한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현"
RARE = "함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부가복태목형계피두감음빈동온호범좌팽승간견당묵화순초엽뢰내빙옹"
SINGLE = frozenset(FREQUENT + USUAL + RARE)
DOUBLE = frozenset("남궁 황보 제갈 독고 선우 사공 동방 서문 망절 어금".split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`given`: family names seen with a given name, 0–9; `first`, `second`, `only`: how usual a syllable is
    at that place of a given name, 0–5; `words`: class and frequency of ordinary words of 2–4 syllables.
    """

    given: dict[str, int]
    first: dict[str, int]
    second: dict[str, int]
    only: frozenset[str]
    words: dict[str, str]


def _lines(name: str) -> list[str]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return file.read().split("\n")


@cache
def lexicon() -> Lexicon:
    """Read once, on the first text (0.2 s, 40 MB)."""
    first, second, only, *names = _lines("given.txt.gz")
    given: dict[str, int] = {}
    for line in names:
        given.update(dict.fromkeys(line[1:].split(), int(line[0])))
    words: dict[str, str] = {}
    for line in _lines("words.txt.gz"):
        words.update(dict.fromkeys(line[2:].split(), line[:2]))
    return Lexicon(given, _scale(first), _scale(second), frozenset(only), words)


def _scale(line: str) -> dict[str, int]:
    """Groups of syllables in falling order of use: the first group is 5."""
    return {syllable: 5 - rank for rank, group in enumerate(line.split(" ")) for syllable in group}
