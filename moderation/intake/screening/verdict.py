"""From hits in several views to spans in the text as given, and from spans to one verdict."""

from collections.abc import Iterable

from moderation.intake.screening.findings import PRECEDENCE, Screening, Span, Verdict


def settle(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans without overlaps: the certain before the unsure, the specific kind before the general.

    Overlapping places become one that covers both, so that masking leaves no remainder behind.
    """
    ranked = sorted(spans, key=lambda s: (not s.certain, PRECEDENCE.index(s.kind), s.start - s.end, s.start))
    kept: list[Span] = []
    for span in ranked:
        touching = [other for other in kept if span.start < other.end and other.start < span.end]
        if not touching:
            kept.append(span)
            continue
        first = touching[0]
        merged = Span(
            min([span.start, *(o.start for o in touching)]),
            max([span.end, *(o.end for o in touching)]),
            first.kind,
            any(o.certain for o in touching),
        )
        kept = [other for other in kept if other not in touching] + [merged]
    return tuple(sorted(kept))


def decide(spans: Iterable[Span]) -> Screening:
    settled = settle(spans)
    verdict: Verdict = "pass"
    if settled:
        verdict = "block" if any(span.certain for span in settled) else "ask"
    return Screening(verdict, settled)
