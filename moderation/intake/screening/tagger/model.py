"""The trained judge of candidates: a log-linear model that CRFsuite holds, asked one candidate at a time."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from moderation.intake.screening.tagger.features import features
from moderation.intake.screening.tagger.lexicon import DATA, lexicon
from moderation.intake.screening.tagger.reading import candidates, read

MODEL = DATA / "names.crfsuite"


class Found(NamedTuple):
    """A possible name: its place, its shape (see `Candidate`) and the model's probability."""

    start: int
    end: int
    shape: str
    probability: float


@cache
def _tagger() -> Any:
    import pycrfsuite  # type: ignore[import-untyped]

    tagger = pycrfsuite.Tagger()
    tagger.open(str(MODEL))
    return tagger


def weigh(text: str, *, least: float) -> Iterator[Found]:
    """Every candidate in `text` whose probability reaches `least`, in order; overlaps included."""
    tagger, known, reading = _tagger(), lexicon(), read(text)
    for candidate in candidates(reading):
        tagger.set([features(reading, known, candidate)])
        probability = tagger.marginal("Y", 0)
        if probability >= least:
            yield Found(candidate.start, candidate.end, candidate.shape, probability)
