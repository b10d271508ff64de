"""Compares an answer with the reference, question by question."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.intake.vocabulary import VerdictReason
from moderation.review.vocabulary import EvidenceGrade
from moderation.training.pieces import Exercise
from moderation.training.vocabulary import Shown, Step

QUESTIONS: tuple[
    tuple[str, str, type[Any], str | Promise], ...
] = (  # of the form, of the answer, codes, words
    ("step", "steps", Step, _("What you do")),
    ("grade", "grades", EvidenceGrade, _("Grade of the evidence")),
    ("reason", "reasons", VerdictReason, _("Why")),
    ("shown", "shown", Shown, _("What readers see")),
)


class Mark(NamedTuple):
    question: str | Promise
    given: str
    reference: str
    right: bool


def judge(exercise: Exercise, given: dict[str, str]) -> list[Mark]:
    """A mark for each question that this exercise asks."""
    marks = []
    for name, wanted, codes, question in QUESTIONS:
        good = getattr(exercise.answer, wanted)
        if good:
            said = str(codes(given[name]).label) if given.get(name) else "–"
            marks.append(Mark(question, said, str(good[0].label), given.get(name) in good))
    return marks
