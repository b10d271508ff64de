"""Personal names: the trained tagger for Hangul, rules for Latin letters.

A detector is a function from a view to hits of kind PERSON; list a new one in `DETECTORS`.
"""

from collections.abc import Callable, Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View
from moderation.intake.screening.romanised import romanised_names
from moderation.intake.screening.tagger.institutions import institutions
from moderation.intake.screening.tagger.model import weigh

Detector = Callable[[View], Iterator[Hit]]

# Probability from which a shape (see `tagger.reading.Candidate`) asks, and from which it blocks. Short
# names and given names are words as well, so they only ask.
ASKS = {"3": 0.1, "d3": 0.1, "d4": 0.1, "2": 0.3, "g": 0.4, "s": 0.5}
BLOCKS = {"3": 0.98, "d4": 0.98}


def tagged_names(view: View) -> Iterator[Hit]:
    """Full names of two to four syllables, given names before a particle or title, `김 민수`."""
    places = [*institutions(view.text)]
    for found in weigh(view.text, least=min(ASKS.values())):
        inside = any(start <= found.start and found.end <= end for start, end in places)
        if found.probability >= ASKS[found.shape] and not inside:
            certain = found.probability >= BLOCKS.get(found.shape, 2)
            yield Hit(found.start, found.end, "PERSON", certain)


DETECTORS: tuple[Detector, ...] = (tagged_names, romanised_names)


def votes(view: View) -> Iterator[Hit]:
    """Every detector's finds."""
    for detector in DETECTORS:
        yield from detector(view)
