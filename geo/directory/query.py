"""What a person may mean by the words in the search box: every reading, the likeliest first."""

import re
from dataclasses import dataclass, field
from itertools import permutations

from geo.directory import hangul, keys
from geo.directory.models import Region, RegionName, School

LONGEST = 100  # characters that are read; nobody's school needs more
MOST_WORDS = 8
_BREAKS = re.compile(r"[\s,·/|]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_OFFICIAL_ID = re.compile(r"(?=[A-Z0-9]*\d)[A-Z0-9]{2,20}")
LEVEL_WORDS = {
    **dict.fromkeys(("초", "초등", "초등학교", "elementary"), School.Level.ELEMENTARY),
    **dict.fromkeys(("중", "중등", "중학교", "middle"), School.Level.MIDDLE),
    **dict.fromkeys(("고", "고등", "고등학교", "high"), School.Level.HIGH),
    **dict.fromkeys(("특수", "특수학교", "special"), School.Level.SPECIAL),
    **dict.fromkeys(("대", "대학", "대학교", "university", "college"), School.Level.UNIVERSITY),
}
_EMPTY_WORDS = frozenset({"학교", "school"})
LEVEL_ENDINGS = {"elementary": "초", "middle": "중", "high": "고", "special": "학교", "university": "대"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning: these words in a name, within these regions, of this level."""

    words: tuple[str, ...]  # folded, in the order typed
    districts: tuple[str, ...] | None = None  # region codes; None: anywhere
    level: str | None = None
    key: str = field(init=False)
    english: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", keys.typed_key("".join(self.words)))
        object.__setattr__(self, "english", keys.english_key(" ".join(self.words)))

    @property
    def is_english(self) -> bool:
        return bool(self.english) and self.key.isascii()

    @property
    def has_initials(self) -> bool:
        """Whether letters of syllables stand in it, alone (ㄱㅅㅊ) or in a word half typed (금성ㅊ)."""
        return any(letter in hangul.INITIALS for letter in self.key)

    @property
    def exact(self) -> frozenset[str]:
        """Keys that are this very name: 금성 with the level elementary is 금성초."""
        orders = permutations(self.words) if len(self.words) <= 3 else [self.words]
        names = {keys.typed_key("".join(order)) for order in orders}
        return frozenset(names | {name + LEVEL_ENDINGS.get(self.level or "", "") for name in names})


def words(text: str) -> list[str]:
    """The folded words of a text of any length and content."""
    folded = keys.fold(_UNSEEN.sub(" ", text[:LONGEST]))
    return [word for word in _BREAKS.split(folded) if word][:MOST_WORDS]


def official_id(text: str) -> str:
    """The text as an official id, or ""."""
    candidate = text.strip().upper()
    return candidate if _OFFICIAL_ID.fullmatch(candidate) else ""


def readings(text: str, *, within: tuple[str, ...] | None, level: str | None) -> list[Reading]:
    """The meanings of a text, within region codes and a level that were chosen beside it."""
    typed = words(text)
    said = [LEVEL_WORDS[word] for word in typed if word in LEVEL_WORDS]
    rest = [word for word in typed if word not in LEVEL_WORDS and word not in _EMPTY_WORDS]
    level = level or (said[0] if said else None)
    named = _districts_by_name(rest)
    found = []
    if named:
        regions = _within(set.intersection(*map(set, named.values())), within)
        others = tuple(word for word in rest if word not in named)
        if regions:
            found.append(Reading(others, tuple(sorted(regions)), level))
    plain = Reading(tuple(rest), within, level)
    # A bare region name is also how names begin: 강남 is 강남초 before it is every school of 강남구.
    if plain.key or plain.english or not rest:
        found.insert(0 if found and not found[0].words else len(found), plain)
    found.extend(_glued(rest, within, level))
    return [reading for reading in found if reading.words or reading.districts or reading.level]


def _glued(rest: list[str], within: tuple[str, ...] | None, level: str | None) -> list[Reading]:
    """강남구금성초 typed without a space."""
    if len(rest) != 1 or len(rest[0]) < 4 or not hangul.is_syllable(rest[0][0]):
        return []
    word = rest[0]
    starts = [word[:length] for length in range(min(8, len(word) - 1), 1, -1)]
    named = _districts_by_name(starts)
    for start in starts:
        if start in named and (regions := _within(set(named[start]), within)):
            return [Reading((word[len(start) :],), tuple(sorted(regions)), level)]
    return []


def _within(regions: set[str], within: tuple[str, ...] | None) -> set[str]:
    return regions if within is None else regions & set(within)


def _districts_by_name(candidates: list[str]) -> dict[str, list[str]]:
    """For each word that names a region: the codes of it and, for a province, of its districts."""
    if not candidates:
        return {}
    found: dict[str, list[str]] = {}
    rows = RegionName.objects.filter(name__in=candidates).values_list("name", "region_id", "region__level")
    provinces: dict[str, list[str]] = {}
    for name, code, level in rows:
        found.setdefault(name, []).append(code)
        if level == Region.Level.PROVINCE:
            provinces.setdefault(code, []).append(name)
    if provinces:
        for code, parent in Region.objects.filter(parent__in=provinces).values_list("code", "parent_id"):
            for name in provinces[parent]:
                found[name].append(code)
    return found


def codes_within(region: str) -> tuple[str, ...]:
    """A region's code and those of its districts."""
    return (region, *Region.objects.filter(parent_id=region).order_by("code").values_list("code", flat=True))
