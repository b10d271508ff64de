"""What screening catches and lets through, plain and disguised, how long it takes and how much it holds.

Labelled texts (JSON lines `{"text", "spans"}`) are read from `$MAPSITE_SCREENING_DATA`, by default the folder
`../shared/data/screening` beside the repository; what is not there is left out. `by_hand` are reports in
`fixtures/screening` that training never saw; they and `author_dev` guided the thresholds. `unseen` are sentences
from carriers and names held out of training: half of them is random grammar, so they are printed and no goal.
Goals hold on all reports together; `klue_ner` is press. Every file's table is printed above the results.
"""

import json
import math
import os
import re
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.run import Result, result
from moderation.intake.screening import Screening, screen

DATA = Path(os.environ.get("MAPSITE_SCREENING_DATA", "../shared/data/screening"))
BY_HAND = Path(__file__).parents[1] / "fixtures/screening/by_hand.txt"
FILES = ("author_dev", "reports", "teen_names", "klue_ner")
EXACT = ("PHONE", "RRN", "EMAIL", "HANDLE", "URL")
# Labels of the files that mean a full Korean name; the other PERSON_… are given, masked or romanised ones.
FULL_NAMES = {"PERSON", "PERSON_RARE", "PERSON_2SYL"}
SPEED_SIZE, SPEED_RUNS = 500, 300  # characters; texts timed
MOST_MS, MOST_MB = 30, 400


class Text(NamedTuple):
    """A labelled text: spans are start, end and label; a text without spans is clean."""

    text: str
    spans: list[tuple[int, int, str]]


def measure() -> list[Result]:
    """Misses in percent of the labelled places, clean texts touched in percent, milliseconds and megabytes."""
    files = {name: list(_read(name)) for name in FILES if (DATA / f"{name}.jsonl").exists()}
    files["by_hand"] = list(_by_hand())
    files["unseen"] = list(_unseen())
    seen = {name: [screen(entry.text) for entry in texts] for name, texts in files.items()}
    for name, texts in files.items():
        _print_file(name, texts, seen[name])
    goals = [name for name in files if name not in ("klue_ner", "unseen")]
    texts = [entry for name in goals for entry in files[name]]
    found = [screening for name in goals for screening in seen[name]]
    return [*_misses(texts, found), *_clean(texts, found), *_disguised(texts, found), *_cost(texts)]


def _read(name: str) -> Iterator[Text]:
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield Text(entry["text"], [(start, end, kind) for start, end, kind in entry["spans"]])


def _by_hand() -> Iterator[Text]:
    """The lines of the fixture; `{…}` marks a full name."""
    for line in BY_HAND.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = re.split(r"[{}]", line)  # every second one is a name
            ends = list(accumulate(map(len, parts)))
            spans = [(ends[i - 1], ends[i], "PERSON") for i in range(1, len(parts), 2)]
            yield Text("".join(parts), spans)


def _unseen() -> Iterator[Text]:
    from moderation.intake.screening.training.sentences import Writer

    writer = Writer(7, held_out=True)
    for kind in ("named", "clean"):
        for row in writer.rows(kind, 1500):
            yield Text(row.text, [(s, e, "PERSON" if e - s > 2 else "PERSON_2SYL") for s, e in row.names])


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


def _print_file(name: str, texts: list[Text], found: list[Screening]) -> None:
    """Recall per label and precision per kind, each with its interval, and how many clean texts were touched."""
    total, hits, told, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for entry, screening in zip(texts, found, strict=True):
        for start, end, kind in entry.spans:
            total[kind] += 1
            hits[kind] += _caught(screening, start, end)
        for span in screening.spans:
            told[span.kind] += 1
            right[span.kind] += any(span.start < end and start < span.end for start, end, _ in entry.spans)
    print(f"\n{name}: {len(texts)} texts")
    for kind in sorted(total):
        print(f"  recall    {kind:<14} {_share(hits[kind], total[kind])}")
    for kind in sorted(told):
        print(f"  precision {kind:<14} {_share(right[kind], told[kind])}")
    clean = [screening.verdict for entry, screening in zip(texts, found, strict=True) if not entry.spans]
    if clean:
        print(f"  clean touched {_share(sum(v != 'pass' for v in clean), len(clean))}")
        print(f"  clean blocked {_share(clean.count('block'), len(clean))}")


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits:>5} of {of:<5} {100 * hits / of:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]"


def _misses(texts: list[Text], found: list[Screening]) -> list[Result]:
    """Per kind, the percentage of labelled places that nothing touched."""
    total, missed = Counter[str](), Counter[str]()
    for entry, screening in zip(texts, found, strict=True):
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
        if total[kind]
    ]


def _clean(texts: list[Text], found: list[Screening]) -> list[Result]:
    verdicts = [screening.verdict for entry, screening in zip(texts, found, strict=True) if not entry.spans]
    touched = 100 * sum(verdict != "pass" for verdict in verdicts) / len(verdicts)
    blocked = 100 * verdicts.count("block") / len(verdicts)
    return [
        result(f"clean texts touched by screening (of {len(verdicts)})", touched, most=5, unit="%"),
        result("clean texts blocked by screening", blocked, most=1, unit="%"),
    ]


Rewrite = Callable[[str], str]
_LOOK_ALIKE = str.maketrans("aeopcxyiABEHKMOPCTX", "аеорсхуіАВЕНКМОРСТХ")
_SPELLED = str.maketrans("0123456789", "공일이삼사오육칠팔구")
# Each rewrites one character; `within` says whether only the labelled places are rewritten, and of which kinds.
DISGUISES: dict[str, tuple[Rewrite, tuple[str, ...] | None]] = {
    "decomposed (NFD)": (lambda c: unicodedata.normalize("NFD", c), None),
    "zero-width": (lambda c: c + "\u200b", None),
    "full width": (lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c, None),
    "look-alikes": (lambda c: c.translate(_LOOK_ALIKE), None),
    "spaced out": (lambda c: c + " ", ("PERSON", "PHONE", "RRN")),
    "spelled digits": (lambda c: c.translate(_SPELLED), ("PHONE", "RRN")),
}


def disguised(entry: Text, rewrite: Rewrite, within: tuple[str, ...] | None) -> Text:
    """The text rewritten character by character, its labels moved along."""
    places = entry.spans if within is None else [s for s in entry.spans if s[2].startswith(within)]
    pieces, offsets, length = [], [], 0
    for index, character in enumerate(entry.text):
        offsets.append(length)
        inside = within is None or any(start <= index < end for start, end, _ in places)
        last = within is not None and any(index == end - 1 for _, end, _ in places)
        piece = (rewrite(character).rstrip() if last else rewrite(character)) if inside else character
        pieces.append(piece)
        length += len(piece)
    offsets.append(length)
    kept = entry.spans if within is None else places
    return Text("".join(pieces), [(offsets[start], offsets[end], kind) for start, end, kind in kept])


def _disguised(texts: list[Text], found: list[Screening]) -> list[Result]:
    """How many points of recall each disguise costs, over the same places (paired), names and figures apart."""
    chosen = Random(3).sample(range(len(texts)), min(len(texts), 1200))
    results = []
    for name, (rewrite, within) in DISGUISES.items():
        plain, hidden, count = Counter[str](), Counter[str](), Counter[str]()
        for index in chosen:
            entry = texts[index]
            spans = [s for s in entry.spans if within is None or s[2].startswith(within)]
            if not spans:
                continue
            changed = disguised(entry, rewrite, within)
            screening = screen(changed.text)
            for (start, end, kind), (new_start, new_end, _) in zip(spans, changed.spans, strict=True):
                group = "full names" if kind in FULL_NAMES else "exact kinds" if kind in EXACT else ""
                count[group] += 1
                plain[group] += _caught(found[index], start, end)
                hidden[group] += _caught(screening, new_start, new_end)
        for group in ("full names", "exact kinds"):
            if count[group]:
                lost = 100 * (plain[group] - hidden[group]) / count[group]
                results.append(
                    result(f"{group} lost {name} (of {count[group]})", lost, most=3, unit="points")
                )
    return results


def _cost(texts: list[Text]) -> list[Result]:
    """The 95th percentile over texts of 500 characters once warm, and the peak memory of a process of its own."""
    random = Random(5)
    long = []
    for _ in range(SPEED_RUNS):
        text = ""
        while len(text) < SPEED_SIZE:
            text += random.choice(texts).text + " "
        long.append(text[:SPEED_SIZE])
    times = []
    for text in long:
        start = time.perf_counter()
        screen(text)
        times.append(time.perf_counter() - start)
    p95 = sorted(times)[int(0.95 * len(times))] * 1000
    code = (
        "import resource, sys; from moderation.intake.screening import screen; screen(sys.argv[1]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    peak = subprocess.run([sys.executable, "-c", code, long[0]], capture_output=True, text=True, check=True)
    return [
        result("screening a text of 500 characters, 95th percentile", p95, most=MOST_MS, unit="ms"),
        result("peak memory of a process that screened", float(peak.stdout), most=MOST_MB, unit="MB"),
    ]
