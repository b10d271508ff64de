"""Names typed apart (`편 세 나`, `제친구송 다 인이`) put together again, and nothing else of the text."""

import re
from collections.abc import Iterator
from functools import cache

from moderation.intake.screening.normalise import View
from moderation.intake.screening.tagger.lexicon import DOUBLE, SINGLE, lexicon

# Family names that before a lone syllable are rather "this", "one", "whole", "each": two syllables stay apart.
_DETERMINERS = "이한두전여온현본구신고주우지나안모사차도"
AROUND = 16  # characters of context kept on each side
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
    """A view of such names without the blanks inside them, each on a line with its neighbourhood.

    The view itself where there is none.
    """
    matches = list(_apart().finditer(view.text))
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
                if not view.text[place].isspace():
                    yield view.text[place], place, place + 1
            following = matches[index + 1].start() if index + 1 < len(matches) else len(view.text)
            done = min(end + AROUND, following)
            yield view.text[end:done], end, done

    return view.rewritten(pieces())
