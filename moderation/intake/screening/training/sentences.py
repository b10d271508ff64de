"""Carriers become sentences: slots filled, particles fitted, and half of them roughened the way pupils type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from moderation.intake.screening.tagger.lexicon import SINGLE, lexicon
from moderation.intake.screening.training import grammar, invented, slots

_SLOT = re.compile(r"\{([A-Z])(?:\|(\+?)([^}]*))?\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_OPENED, _CLOSED = "\ue000", "\ue001"  # around a name, until the offsets are read off
# Particle after a closed syllable: the same one after an open syllable.
_PAIRS = {
    "이": "가", "은": "는", "을": "를", "과": "와", "이랑": "랑", "으로": "로", "아": "야", "이라고": "라고",
    "이라는": "라는", "이에요": "예요", "이고": "고", "이며": "며", "이네": "네", "이란": "란", "이래": "래",
    "이래요": "래요", "이네요": "네요", "이라는애": "라는애", "이인지": "인지", "이랑은": "랑은",
}  # fmt: skip
_BACK = {open_: closed for closed, open_ in _PAIRS.items()}
_SPOKEN = {
    "가": "이가",
    "는": "이는",
    "를": "이를",
    "랑": "이랑",
    "한테": "이한테",
    "네": "이네",
    "도": "이도",
    "의": "이의",
    "이래요": "이래요",
}
_TYPING = [("했어요", "햇어요"), ("했", "햇"), ("있", "잇"), ("올렸", "올렷"), ("어요", "여"), ("어요", "어용"), ("합니다", "함"), ("했습니다", "했음"), ("해요", "함"), ("래요", "래여"), ("거예요", "거에요"), ("됐", "됫"), ("는데", "는뎅"), ("진짜", "ㄹㅇ"), ("너무", "넘"), ("선생님", "쌤"), ("그런데", "근데"), ("습니다", "슴다")]  # fmt: skip
_TRAILS = [
    "",
    "",
    "",
    "ㅠㅠ",
    "ㅋㅋ",
    "ㅋㅋㅋ",
    ";;",
    "...",
    "!!",
    "ㄷㄷ",
    "?",
    " ㅡㅡ",
    " ㅠ",
    "~",
    " 진짜",
    " 헐",
]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence and the places of its names."""

    text: str
    names: tuple[tuple[int, int], ...]


def is_closed(text: str) -> bool:
    """Whether `text` ends in a syllable with a final consonant (false for anything that is no syllable)."""
    last = text.rstrip(_OPENED + _CLOSED)[-1:]
    return "가" <= last <= "힣" and (ord(last) - 0xAC00) % 28 > 0


def fitted(before: str, particle: str) -> str:
    """`particle` (given in its form after a consonant) as it must be after `before`."""
    if is_closed(before):
        last = (ord(before.rstrip(_OPENED + _CLOSED)[-1]) - 0xAC00) % 28
        return "로" if particle == "으로" and last == 8 else particle
    return _PAIRS.get(
        particle, particle.removeprefix("이") if particle in ("이다", "이가", "이었어요") else particle
    )


@cache
def carriers(kind: str) -> tuple[str, ...]:
    """The lines of `carriers_<kind>.txt` without comments."""
    lines = (Path(__file__).parent / f"carriers_{kind}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_held_out(carrier: str) -> bool:
    """Whether training never sees this carrier: about one in eight, by its text."""
    return sum(ord(c) * (i + 1) for i, c in enumerate(carrier)) * 2654435761 % 2**32 < 2**29


@cache
def _vocabulary() -> dict[str, list[str]]:
    """Words of the dictionary by what they are for: nouns that could pass for names are left out."""
    known = lexicon()
    listed = {*invented.POPULAR, *invented.NATIVE}
    found: dict[str, list[str]] = {"W": [], "w": [], "rare": [], "X": [], "M": []}
    for word, kind in sorted(known.words.items()):
        given = word[1:]
        namelike = word in listed or (word[0] in SINGLE and len(word) == 3 and known.given.get(given, 0) >= 2)
        if kind[0] == "N" and not (namelike and kind[1] in "01"):
            usual = kind[1] in "23"
            found["W" if usual and word[0] in SINGLE else "w" if usual else "rare"].append(word)
        elif kind[0] == "V" and kind[1] in "23":
            found["X"].append(word)
        elif kind[0] == "M":
            found["M"].append(word)
    return found


class Writer:
    """Writes rows from one seed; `held_out` chooses the carriers and names that training never sees."""

    def __init__(self, seed: int, *, held_out: bool) -> None:
        self.random = Random(seed)  # noqa: S311 — the same rows for the same seed
        self.held_out = held_out
        self.listed = sorted(name for name, level in lexicon().given.items() if level >= 2)

    def rows(self, kind: str, count: int) -> Iterator[Row]:
        """`count` rows from the carriers of `kind`, each carrier as often as any other."""
        lines = [line for line in carriers(kind) if is_held_out(line) is self.held_out]
        others = [line for line in carriers("clean") if is_held_out(line) is self.held_out]
        plain = [line for line in lines if "Z" in line]
        share = 0.25 if kind == "named" else 0.4
        for number in range(count):
            composed = plain and self.random.random() < share
            text = self.fill(self.random.choice(plain) if composed else lines[number % len(lines)])
            if self.random.random() < 0.2:
                other = self.fill(self.random.choice(others))
                joint = self.random.choice([" ", ". ", ".\n", "\n", ", ", " 근데 ", "! "])
                text = text + joint + other if self.random.random() < 0.5 else other + joint + text
            yield self._row(self._roughened(text) if self.random.random() < 0.5 else text)

    def fill(self, carrier: str) -> str:
        """The carrier as a sentence; names still stand between marks."""
        random = self.random
        while match := _CHOICE.search(carrier):
            carrier = carrier[: match.start()] + self._chosen(match, carrier) + carrier[match.end() :]
        text, last = "", 0
        for match in _SLOT.finditer(carrier):
            text += carrier[last : match.start()]
            slot, spoken, particle = match.groups()
            text += self._slot(slot)
            if spoken:
                text += (
                    _SPOKEN.get(particle, particle)
                    if is_closed(text)
                    else particle.removeprefix("이")
                    if particle == "이래요"
                    else particle
                )
            elif particle:
                text += fitted(text, particle)
            last = match.end()
        text += carrier[last:]
        if random.random() < 0.3 and not text.endswith((".", "!", "?")):
            text += "."
        return text

    def _chosen(self, match: re.Match[str], carrier: str) -> str:
        """One alternative; a bare particle is fitted to what stands before it."""
        choice: str = self.random.choice(match[1].split("|"))
        before = carrier[: match.start()]
        base = _BACK.get(choice, choice)
        if base in _PAIRS and len(base) == 1 and before and not before.endswith(" "):
            return fitted(before, base)
        after = carrier[match.end() :]
        if after[:2] in ("이 ", "은 ", "을 ", "과 ") and not is_closed(choice) and choice:
            return choice + "\ue002"
        if after[:1] == "이" and not is_closed(choice) and choice:
            return choice + "\ue003"
        return choice

    def _slot(self, slot: str) -> str:
        random = self.random
        words = _vocabulary()
        if slot == "N":
            return f"{_OPENED}{self.name()}{_CLOSED}"
        if slot == "G":
            return f"{_OPENED}{self._given(2, spoken=True)}{_CLOSED}"
        if slot == "F":
            return invented.family(random)
        if slot == "W":
            way = random.random()
            return random.choice(words["W" if way < 0.55 else "w" if way < 0.8 else "rare"])
        if slot == "H":
            return random.choice(slots.NAMELIKE)
        if slot == "V":
            return grammar.verb(random)
        if slot == "D":
            return grammar.doing(random)
        if slot == "P":
            return grammar.phrase(random, words["W"])
        if slot == "Z":
            return grammar.sentence(random, words["W"], slots.ADVERBS, random.randint(1, 6))
        if slot in "XM":
            return random.choice(words[slot])
        if slot == "S":
            return slots.school(random)
        if slot == "R":
            return slots.region(random)
        if slot == "A":
            return random.choice(slots.AGENCIES)
        if slot == "J":
            return slots.role(random)
        return slots.class_label(random) if slot == "K" else str(random.randint(1, 30))

    def name(self) -> str:
        """A full name: two to five syllables, its given name from this writer's half; seldom a usual word."""
        while True:
            name = invented.family(self.random) + self._given(0, spoken=False)
            if lexicon().words.get(name, "N0")[1] in "01" or self.random.random() < 0.15:
                return name

    def _given(self, size: int, *, spoken: bool) -> str:
        while True:
            name = (
                self.random.choice(invented.POPULAR + invented.NATIVE)
                if spoken and self.random.random() < 0.8
                else invented.given(self.random, self.listed)
            )
            if invented.is_held_out(name) is self.held_out and (not size or len(name) == size):
                return name

    def _roughened(self, text: str) -> str:
        random = self.random
        for written, typed in random.sample(_TYPING, 5):
            text = text.replace(written, typed)
        way = random.random()
        if way < 0.2:
            text = text.replace(" ", "")
        elif way < 0.75:
            text = "".join(c for c in text if c != " " or random.random() < 0.6)
        if random.random() < 0.5:
            text = text.rstrip(".") + random.choice(_TRAILS)
        return text

    def _row(self, marked: str) -> Row:
        marked = re.sub("\ue002(.)", lambda m: _PAIRS[m[1]], marked)
        marked = re.sub("\ue003이", "", marked).replace("\ue002", "").replace("\ue003", "")
        text, names, start = "", [], 0
        for character in marked:
            if character == _OPENED:
                start = len(text)
            elif character == _CLOSED:
                names.append((start, len(text)))
            else:
                text += character
        return Row(text, tuple(names))
