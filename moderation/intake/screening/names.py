"""Personal names: the trained tagger for Hangul, what follows "the name is", rules for Latin letters.

A detector is a function from a view to hits of kind PERSON; list a new one in `DETECTORS`.
"""

import re
from collections.abc import Callable, Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View
from moderation.intake.screening.romanised import romanised_names
from moderation.intake.screening.tagger.cues import BEFORE
from moderation.intake.screening.tagger.institutions import institutions
from moderation.intake.screening.tagger.lexicon import SINGLE, lexicon
from moderation.intake.screening.tagger.model import weigh

Detector = Callable[[View], Iterator[Hit]]

# Probability from which a shape (see `tagger.reading.Candidate`) asks, and from which it blocks. Short
# names and given names are words as well, so they only ask.
ASKS = {"3": 0.04, "4": 0.1, "d3": 0.1, "d4": 0.05, "2": 0.15, "g": 0.6, "s": 0.5}
BLOCKS = {"3": 0.98, "d4": 0.98}
# What the dictionary holds asks when the sentence leaves less doubt: by its class (lexicon) and syllables.
ASKS_WORD = {("usual", 2): 0.8, ("usual", 3): 0.3, ("noun", 2): 0.25, ("noun", 3): 0.3}
ASKS_GIVEN_WORD = 0.9  # a given name alone that is a word as well
# 강제로, 내용은: a noun and a particle, by whether the last two syllables are known as a given name.
ASKS_NOUN_AND_PARTICLE = {False: 0.98, True: 0.5}
_PARTICLES = frozenset("은는이가을를로도만의에나와과랑한들")

# Where a sentence says that a name comes, a rare one is believed without the tagger.
_FAMILY = f"[{''.join(sorted(SINGLE))}]"
_TOLD = re.compile(
    r"(?:이름|본명|실명|성명|성함|예금주|범인|방장|가해자|피해자|유포자|가해 ?학생|피해 ?학생|학생|담임|작성자|신고인|제보자)(?:은|는|이|가|:)\s?"
    rf"(?P<name>{_FAMILY}[가-힣]{{2}})(?=입니다|이에요|예요|임(?![가-힣])|이고|고(?![가-힣])|으로 (?:되|알려|나)|로 (?:되|알려|나)|(?:이라|라)고|이래|래(?![가-힣]))"
)

# And where something is said that is said of people alone: "somebody called …"; "…, he"; "… is a victim as well".
_CALLED = re.compile(
    rf"(?<![가-힣])(?P<name>{_FAMILY}[가-힣]{{1,2}}?)(?:이?라는|이?란|이?라고 ?하는) ?"
    r"(?:애|아이|학생|친구|여학생|남학생|여자애|남자애|언니|오빠|형|누나|선배|후배|이름|놈|새끼|쌤|선생님)(?=[^가-힣]|[가이는은도를을한랑의네들예]|$)"
)
_MEANT = re.compile(
    rf"(?<![가-힣])(?P<name>{_FAMILY}[가-힣]{{2}})(?:[\sㅋㅎㅠㅜ~!.,]{{1,5}}(?:걔|얘|쟤)(?=[^가-힣]|[가는도네한랑]|$)"
    r"|[도은는이가] (?:공범|주범|피해자|가해자|범인|방장|운영자|유포자|총책))"
)
_SOMEBODY = frozenset("생자장범원친딩")  # how words for people end: 여친, 고딩, 주동자


def _asks(word: str, shape: str) -> float:
    """The probability from which `word` asks."""
    word = word.split()[-1]  # of `제 사진` the second word
    known = lexicon()
    kind = known.words.get(word)
    if kind is None:
        noun = known.words.get(word[:2], "-0")
        if shape == "3" and word[2] in _PARTICLES and noun in ("N1", "N2", "N3"):
            return ASKS_NOUN_AND_PARTICLE[known.given.get(word[1:], 0) > 2]
        return ASKS[shape]
    if shape == "g":
        return ASKS_GIVEN_WORD
    group = (
        "noun"
        if kind[0] == "N" and (len(word) == 3 or kind[1] in "01")
        else "usual"
        if kind[1] in "23"
        else ""
    )
    return max(ASKS[shape], ASKS_WORD.get((group, len(word)), 0))


def tagged_names(view: View) -> Iterator[Hit]:
    """Full names of two to four syllables, given names before a particle or title, `김 민수`."""
    places = [*institutions(view.text)]
    for found in weigh(view.text, least=min(ASKS.values())):
        inside = any(start <= found.start and found.end <= end for start, end in places)
        asks = _asks(view.text[found.start : found.end], found.shape)
        if found.probability >= asks and not inside:
            certain = found.probability >= BLOCKS.get(found.shape, 2)
            yield Hit(found.start, found.end, "PERSON", certain)


def told_names(view: View) -> Iterator[Hit]:
    """Syllables where the sentence says that a name stands, if no word of the dictionary explains them better."""
    known, given = lexicon().words, lexicon().given
    for match in _TOLD.finditer(view.text):
        name = match["name"]
        if name not in known and known.get(name[:2], "-0")[1] != "3":
            yield Hit(*match.span("name"), "PERSON", certain=False)
    for match in _MEANT.finditer(view.text):
        name = match["name"]
        if name not in known and name[1:] in given:
            yield Hit(*match.span("name"), "PERSON", certain=False)
    for match in _CALLED.finditer(view.text):
        name = match["name"]
        if known.get(name, "N")[0] == "N" and name not in BEFORE and name[-1] not in _SOMEBODY:
            yield Hit(*match.span("name"), "PERSON", certain=False)


DETECTORS: tuple[Detector, ...] = (tagged_names, told_names, romanised_names)


def votes(view: View) -> Iterator[Hit]:
    """Every detector's finds."""
    for detector in DETECTORS:
        yield from detector(view)
