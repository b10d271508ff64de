"""Labelled texts for `bench/screening.py`: files of others where they are at hand, reports by hand, generated ones; disguises.

A file holds JSON lines `{"text", "spans": [[start, end, label]]}`; a text without spans is clean.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.conf import settings

BY_HAND = Path(__file__).parents[1] / "fixtures/screening"
FILES = ("author_dev", "reports", "teen_names", "klue_ner")
EXACT = ("PHONE", "RRN", "EMAIL", "HANDLE", "URL")
# Labels that mean a full Korean name; the other PERSON_… are given, masked or romanised ones.
FULL_NAMES = {"PERSON", "PERSON_RARE", "PERSON_2SYL"}


class Text(NamedTuple):
    """A labelled text: spans are start, end and label; a text without spans is clean."""

    text: str
    spans: list[tuple[int, int, str]]


def texts() -> dict[str, list[Text]]:
    """Every set by its name; files of others are read from the folder `screening` of MAPSITE_REAL_DATA."""
    folder = Path(settings.REAL_DATA) / "screening" if settings.REAL_DATA else None
    found = {
        name: list(_read(folder / f"{name}.jsonl"))
        for name in FILES
        if folder and (folder / f"{name}.jsonl").exists()
    }
    found |= {path.stem: list(by_hand(path)) for path in sorted(BY_HAND.glob("*.txt"))}
    return found | {"figures": list(_figures()), "unseen": list(_unseen())}


def _read(path: Path) -> Iterator[Text]:
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield Text(entry["text"], [(start, end, kind) for start, end, kind in entry["spans"]])


def by_hand(path: Path) -> Iterator[Text]:
    """The lines of a fixture; `{…}` marks a full name."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = re.split(r"[{}]", line)  # every second one is a name
            ends = list(accumulate(map(len, parts)))
            spans = [(ends[i - 1], ends[i], "PERSON") for i in range(1, len(parts), 2)]
            yield Text("".join(parts), spans)


# How the exact kinds are written: # a figure, * a letter, ~ a letter, figure or one of _ and .
_WRITTEN = {
    "PHONE": "010-####-#### 010######## 010.####.#### 010/####/#### +82-10-####-#### 010_####_#### 02-###-#### 031-###-#### 070-####-####",
    "RRN": "11051#-3###### 09122#-4###### 08041#3###### 09111#-4###### 12080#-4######",
    "EMAIL": "*~~~~*@naver.com *~~~*@gmail.com *~~*##@daum.net *~~~~~*@proton.me **##골뱅이네이버 ***@kakao.com",
    "HANDLE": "@*~~~~* @*~~~~~~* @**.**## @****__##",
    "URL": "t.me/+*~~~* https://t.me/*~~~* open.kakao.com/o/g**** discord.gg/****** https://bit.ly/3***** hxxps://t.me/****",
}  # fmt: skip
_AROUND = [
    "{} 여기로 보내래요",
    "{} 이거 신고해 주세요",
    "어제 {} 에서 연락이 왔어요",
    "방에 {} 올라왔음",
    "{}로 사진이 왔습니다",
    "제가 받은 건 {} 하나예요",
    "({}) 확인 부탁드립니다",
    "가해자가 {} 라고 적었어요",
    "{}",
]


def _figures() -> Iterator[Text]:
    """Invented numbers, addresses and links in the middle of a sentence, sixty of each kind."""
    random = Random(11)
    letters = "abcdefghijklmnopqrstuvwxyz"
    signs = {"#": "0123456789", "*": letters, "~": letters + "0123456789_"}
    for kind, forms in _WRITTEN.items():
        for number in range(60):
            form = forms.split()[number % len(forms.split())]
            written = "".join(random.choice(signs[c]) if c in signs else c for c in form)
            before, after = random.choice(_AROUND).split("{}")
            yield Text(before + written + after, [(len(before), len(before) + len(written), kind)])


def _unseen() -> Iterator[Text]:
    from moderation.intake.screening.training.sentences import Writer

    writer = Writer(7, held_out=True)
    for kind in ("named", "clean"):
        for row in writer.rows(kind, 1500):
            yield Text(row.text, [(start, end, _label(row.text[start:end])) for start, end in row.names])


def _label(name: str) -> str:
    return "PERSON" if len(name) > 2 else "PERSON_2SYL or given"


Rewrite = Callable[[str], str]
_LOOK_ALIKE = str.maketrans("aeopcxyiABEHKMOPCTX", "аеорсхуіАВЕНКМОРСТХ")
_SPELLED = str.maketrans("0123456789", "공일이삼사오육칠팔구")
# Each rewrites one character; the second part says of which kinds the places are rewritten, or that all the text is.
DISGUISES: dict[str, tuple[Rewrite, tuple[str, ...] | None]] = {
    "decomposed (NFD)": (lambda c: unicodedata.normalize("NFD", c), None),
    "zero-width": (lambda c: c + "\u200b", None),
    "full width": (lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c, None),
    "look-alikes": (lambda c: c.translate(_LOOK_ALIKE), None),
    "spaced out": (lambda c: c + " ", ("PERSON", *EXACT)),
    "spelled digits": (lambda c: c.translate(_SPELLED), ("PHONE", "RRN")),
}


def disguised(entry: Text, rewrite: Rewrite, within: tuple[str, ...] | None) -> Text:
    """The text rewritten character by character, its labels moved along."""
    places = entry.spans if within is None else [s for s in entry.spans if s[2].startswith(within)]
    pieces, offsets, length = [], [], 0
    for index, character in enumerate(entry.text):
        offsets.append(length)
        inside = within is None or any(start <= index < end for start, end, _ in places)
        last = within is not None and any(index == end - 1 for _, end, _ in places)
        piece = (rewrite(character).rstrip() if last else rewrite(character)) if inside else character
        pieces.append(piece)
        length += len(piece)
    offsets.append(length)
    return Text("".join(pieces), [(offsets[start], offsets[end], kind) for start, end, kind in places])
