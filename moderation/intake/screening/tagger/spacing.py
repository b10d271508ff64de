"""Names typed apart (`편 세 나`, `제친구송 다 인이`) put together again, and nothing else of the text."""

import re
from collections.abc import Iterator
from functools import cache

from moderation.intake.screening.normalise import View
from moderation.intake.screening.tagger.lexicon import DOUBLE, SINGLE, lexicon

# Family names that before a lone syllable are rather "this", "one", "whole", "each": two syllables stay apart.
_DETERMINERS = "이한두전여온현본구신고주우지나안모사차도"
_GAP = "[ \t]{1,2}"


@cache
def _apart() -> re.Pattern[str]:
    known = lexicon()
    family = "|".join(
        [*(f"{name[0]}{_GAP}?{name[1]}" for name in sorted(DOUBLE)), f"[{''.join(sorted(SINGLE))}]"]
    )
    first, second = "".join(sorted(known.first)), "".join(sorted(known.second))
    alone = "".join(sorted(set(SINGLE) - set(_DETERMINERS)))
    only = "".join(sorted(known.only))
    return re.compile(
        rf"(?:{family}){_GAP}[{first}]{_GAP}[{second}]"
        rf"|(?<![가-힣])[{alone}]{_GAP}[{only}](?=[은는이가을를의과와도랑한,.!)]|{_GAP}|$)"
    )


def closed_up(view: View) -> View:
    """A view without the blanks inside such names; the view itself where there is none."""
    pattern = _apart()
    if not pattern.search(view.text):
        return view

    def pieces() -> Iterator[tuple[str, int, int]]:
        last = 0
        for match in pattern.finditer(view.text):
            yield view.text[last : match.start()], last, match.start()
            for place in range(match.start(), match.end()):
                if not view.text[place].isspace():
                    yield view.text[place], place, place + 1
            last = match.end()
        yield view.text[last:], last, len(view.text)

    return view.rewritten(pieces())
