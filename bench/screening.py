"""What screening catches and lets through, plain and disguised, how long it takes and how much it holds.

Sets (`bench/labelled.py`): files of others in `$MAPSITE_REAL_DATA/screening`; reports by hand in `fixtures/screening`, which
training never saw; `figures`, generated numbers and links; `unseen`, sentences from carriers and names held out of training.
Printed and no goal: `unseen` (a part is random grammar), `klue_ner` (press) and `traps` (names that are words, and words that
look like names). `author_dev`, `by_hand`, `later` and `hostile` guided thresholds; `last` guided nothing. Goals hold on all but those
three together; every set's table is printed above the results.
"""

import math
import subprocess
import sys
import time
from collections import Counter
from random import Random

from bench.labelled import DISGUISES, EXACT, FULL_NAMES, Text, disguised, texts
from bench.run import Result, result
from moderation.intake.screening import Screening, screen

NO_GOAL = ("klue_ner", "unseen", "traps")
SPEED_SIZE, SPEED_RUNS = 500, 300  # characters; texts timed
MOST_MS, MOST_MB, MOST_START = 30, 400, 2
PAIRED = 1200  # texts that are disguised


def measure() -> list[Result]:
    """Misses in percent of the labelled places, clean texts touched in percent, milliseconds, seconds, megabytes."""
    sets = texts()
    seen = {name: [screen(entry.text) for entry in entries] for name, entries in sets.items()}
    for name, entries in sets.items():
        _print_set(name, entries, seen[name])
    goals = [name for name in sets if name not in NO_GOAL]
    entries = [entry for name in goals for entry in sets[name]]
    found = [screening for name in goals for screening in seen[name]]
    _print_set("all but press and grammar", entries, found)
    return [*_misses(entries, found), *_clean(entries, found), *_disguised(entries, found), *_cost(entries)]


def _caught(screening: Screening, start: int, end: int) -> bool:
    return any(span.start < end and start < span.end for span in screening.spans)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson 1927); 0 to 1 when nothing was counted."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _print_set(name: str, entries: list[Text], found: list[Screening]) -> None:
    """Recall per label and precision per kind, each with its interval, and how many clean texts were touched.

    Full names are counted by their syllables as well.
    """
    total, hits, told, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for entry, screening in zip(entries, found, strict=True):
        for start, end, kind in entry.spans:
            for label in [kind, f"{kind} of {end - start}"] if kind in FULL_NAMES else [kind]:
                total[label] += 1
                hits[label] += _caught(screening, start, end)
        for span in screening.spans:
            told[span.kind] += 1
            right[span.kind] += any(span.start < end and start < span.end for start, end, _ in entry.spans)
    print(f"\n{name}: {len(entries)} texts")
    for kind in sorted(total):
        print(f"  recall    {kind:<22} {_share(hits[kind], total[kind])}")
    for kind in sorted(told):
        print(f"  precision {kind:<22} {_share(right[kind], told[kind])}")
    clean = [screening.verdict for entry, screening in zip(entries, found, strict=True) if not entry.spans]
    if clean:
        print(f"  clean texts touched              {_share(sum(v != 'pass' for v in clean), len(clean))}")
        print(f"  clean texts blocked              {_share(clean.count('block'), len(clean))}")


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits:>5} of {of:<5} {100 * hits / of:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]"


def _misses(entries: list[Text], found: list[Screening]) -> list[Result]:
    """Per kind, the percentage of labelled places that nothing touched."""
    total, missed = Counter[str](), Counter[str]()
    for entry, screening in zip(entries, found, strict=True):
        for start, end, label in entry.spans:
            kind = "full name" if label in FULL_NAMES else label
            total[kind] += 1
            missed[kind] += not _caught(screening, start, end)
    limits = {**dict.fromkeys(EXACT, 1.0), "full name": 3.0}
    return [
        result(
            f"screening misses {kind} (of {total[kind]})",
            100 * missed[kind] / total[kind],
            most=most,
            unit="%",
        )
        for kind, most in limits.items()
    ]


def _clean(entries: list[Text], found: list[Screening]) -> list[Result]:
    verdicts = [screening.verdict for entry, screening in zip(entries, found, strict=True) if not entry.spans]
    touched = 100 * sum(verdict != "pass" for verdict in verdicts) / len(verdicts)
    blocked = 100 * verdicts.count("block") / len(verdicts)
    return [
        result(f"clean texts touched by screening (of {len(verdicts)})", touched, most=5, unit="%"),
        result("clean texts blocked by screening", blocked, most=1, unit="%"),
    ]


def _disguised(entries: list[Text], found: list[Screening]) -> list[Result]:
    """How many points of recall each disguise costs, over the same places (paired), names and figures apart."""
    chosen = Random(3).sample(range(len(entries)), min(len(entries), PAIRED))
    results = []
    print("\nthe same places, plain and disguised: both found, only plain, only disguised, neither")
    for name, (rewrite, within) in DISGUISES.items():
        pairs: dict[str, Counter[tuple[bool, bool]]] = {"full names": Counter(), "exact kinds": Counter()}
        for index in chosen:
            entry = entries[index]
            spans = [s for s in entry.spans if within is None or s[2].startswith(within)]
            if not spans:
                continue
            changed = disguised(entry, rewrite, within)
            screening = screen(changed.text)
            for (start, end, kind), (new_start, new_end, _) in zip(spans, changed.spans, strict=True):
                group = "full names" if kind in FULL_NAMES else "exact kinds" if kind in EXACT else ""
                if group:
                    pair = _caught(found[index], start, end), _caught(screening, new_start, new_end)
                    pairs[group][pair] += 1
        for group, counts in pairs.items():
            if of := counts.total():
                both, lost, won = counts[True, True], counts[True, False], counts[False, True]
                print(f"  {name:<18} {group:<12} {both:>5} {lost:>4} {won:>4} {counts[False, False]:>4}")
                points = 100 * (lost - won) / of
                results.append(result(f"{group} lost {name} (of {of})", points, most=3, unit="points"))
    return results


def _cost(entries: list[Text]) -> list[Result]:
    """The 95th percentile of processor time over texts of 500 characters once warm; peak memory of a process of its
    own, and its time from the start to the first verdict.
    """
    random = Random(5)
    long = []
    for _ in range(SPEED_RUNS):
        text = ""
        while len(text) < SPEED_SIZE:
            text += random.choice(entries).text + " "
        long.append(text[:SPEED_SIZE])
    times = []
    for text in long:
        start = time.process_time()
        screen(text)
        times.append(time.process_time() - start)
    p95 = sorted(times)[int(0.95 * len(times))] * 1000
    code = (
        "import resource, sys; from moderation.intake.screening import screen; screen(sys.argv[1]);"
        "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)"
    )
    own = subprocess.run([sys.executable, "-c", code, long[0]], capture_output=True, text=True, check=True)
    peak, started = map(float, own.stdout.split())
    return [
        result("screening a text of 500 characters, 95th percentile", p95, most=MOST_MS, unit="ms"),
        result("from a process's start to its first verdict", started, most=MOST_START, unit="s"),
        result("peak memory of a process that screened", peak, most=MOST_MB, unit="MB"),
    ]
