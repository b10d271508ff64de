"""Trains the tagger: `python -m moderation.intake.screening.training.train` (some minutes on two cores).

The same code, word lists and versions in the lock give the same model: rows come from SEED alone, and
CRFsuite's L-BFGS uses no chance. Prints how the model does on carriers and names that it never saw.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random

import pycrfsuite  # type: ignore[import-untyped]

from moderation.intake.screening.tagger.features import features
from moderation.intake.screening.tagger.lexicon import lexicon
from moderation.intake.screening.tagger.model import MODEL, weigh
from moderation.intake.screening.tagger.reading import candidates, read
from moderation.intake.screening.training.sentences import Row, Writer

SEED = 20240826
NAMED, CLEAN = 44_000, 66_000  # rows
PARTS = 16
HIDDEN = 0.4  # share of rows in which the lexicon's answer is withheld, so that the model learns context
SETTINGS = {"c1": 0.05, "c2": 0.02, "max_iterations": 90, "feature.minfreq": 3}
log = logging.getLogger(__name__)

Example = tuple[list[str], str]


def examples(row: Row, *, hidden: bool) -> Iterator[Example]:
    """Every candidate of the row and whether it is a name, `Y` or `N`; a given name inside a full one is neither."""
    reading, known = read(row.text), lexicon()
    for candidate in candidates(reading):
        place = (candidate.start, candidate.end)
        label = "Y" if place in row.names else "N"
        if (
            label == "N"
            and any(s <= place[0] and place[1] <= e for s, e in row.names)
            and (candidate.shape in "g2" or any(s == place[0] and place[1] < e for s, e in row.names))
        ):
            continue
        yield features(reading, known, candidate, hidden=hidden), label


def _part(part: int) -> list[Example]:
    writer, random = Writer(SEED + part, held_out=False), Random(SEED - part)  # noqa: S311
    found: list[Example] = []
    for kind, count in (("named", NAMED), ("clean", CLEAN)):
        for row in writer.rows(kind, count // PARTS):
            found += examples(row, hidden=random.random() < HIDDEN)
    return found


def train() -> None:
    """Writes the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(SETTINGS)
    count = 0
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_part, range(PARTS)):
            for attributes, label in part:
                trainer.append([attributes], [label])
            count += len(part)
    log.info("%s candidates", count)
    trainer.train(str(MODEL))
    log.info("model of %.1f MB", MODEL.stat().st_size / 1e6)


def report() -> None:
    """Recall of names and share of clean sentences touched, on what was held out, at several thresholds."""
    writer = Writer(SEED, held_out=True)
    named, clean = list(writer.rows("named", 2000)), list(writer.rows("clean", 2000))
    for least in (0.05, 0.1, 0.2, 0.3, 0.5, 0.9):
        caught = total = 0
        for row in named:
            found = list(weigh(row.text, least=least))
            total += len(row.names)
            caught += sum(any(f.start < e and s < f.end for f in found) for s, e in row.names)
        touched = sum(any(True for _ in weigh(row.text, least=least)) for row in clean)
        log.info(
            "p ≥ %.2f: %.3f of %d names, %.3f of clean", least, caught / total, total, touched / len(clean)
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train()
    report()
