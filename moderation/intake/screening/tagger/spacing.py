"""Names typed apart (`편 세 나`, `제친구송 다 인이`, `편~세~나`) put together again, and nothing else of the text."""

import re
from collections.abc import Iterator
from functools import cache

from moderation.intake.screening.normalise import View
from moderation.intake.screening.tagger.lexicon import DOUBLE, SINGLE, lexicon

# Family names that before a lone syllable are rather "this", "one", "not", "whole": two syllables then stay
# apart unless what follows goes with people alone.
_DETERMINERS = "이한두전여온현본구신고나안모"
_ANY_NOUN = "[은는이가을를의과와도랑한에네야아라쌤샘군양님씨하만,.:·!?)]"
_PEOPLE = "(?:이?랑|이?한테|에게|이[가는도네를]|이?라[고는]|야|아[ ,!]|쌤|샘|[씨군양님](?![가-힣]{2})|[ \\t](?:학생|씨|군|양|선생|쌤|선배|언니|오빠|형|누나))"
_LISTS = frozenset("국영수 국수영 한중일 한일중 한미일 동서남".split())  # subjects, countries, directions
AROUND = 16  # characters of context kept on each side
_GAP = "[ \t]{1,2}"
_SIGN = r"(?:[^가-힣\s]{1,3}|[ \t]?[^\w\s]{1,2}[ \t]|\n)"  # the same one twice


@cache
def _apart() -> re.Pattern[str]:
    known = lexicon()
    family = "|".join(
        [
            *(f"{name[0]}(?:{_GAP}|{_SIGN})?{name[1]}" for name in sorted(DOUBLE)),
            f"[{''.join(sorted(SINGLE))}]",
        ]
    )
    first, second = "".join(sorted(known.first)), "".join(sorted(known.second))
    alone = "".join(sorted(set(SINGLE) - set(_DETERMINERS)))
    only = "".join(sorted(known.only))
    return re.compile(
        rf"(?:{family})(?:{_GAP}[{first}]{_GAP}|(?P<sign>{_SIGN})[{first}](?P=sign))[{second}]"
        rf"|(?<![가-힣])(?:[{alone}]{_GAP}[{only}](?={_ANY_NOUN}|{_GAP}|$)|[{_DETERMINERS}]{_GAP}(?!아이)[{only}](?={_PEOPLE}))"
    )


def _is_syllable(character: str) -> bool:
    return "가" <= character <= "힣"


def _belongs_elsewhere(match: re.Match[str]) -> bool:
    """Whether it is a known list, or its last syllable begins a usual word (`에서 제 사진`)."""
    letters = "".join(filter(_is_syllable, match[0]))
    last = match.end() - 1
    return letters in _LISTS or lexicon().words.get(match.string[last : last + 2], "-0") in ("N2", "N3")


def closed_up(view: View) -> View:
    """A view of such names without the blanks and signs inside them, each on a line with its neighbourhood.

    The view itself where there is none.
    """
    matches = [m for m in _apart().finditer(view.text) if not _belongs_elsewhere(m)]
    if not matches:
        return view

    def pieces() -> Iterator[tuple[str, int, int]]:
        done = 0
        for index, match in enumerate(matches):
            start, end = match.span()
            if start - AROUND > done:
                yield "\n", start - AROUND - 1, start - AROUND
            begin = max(done, start - AROUND)
            yield view.text[begin:start], begin, start
            for place in range(start, end):
                if _is_syllable(view.text[place]):
                    yield view.text[place], place, place + 1
            following = matches[index + 1].start() if index + 1 < len(matches) else len(view.text)
            done = min(end + AROUND, following)
            yield view.text[end:done], end, done

    return view.rewritten(pieces())
