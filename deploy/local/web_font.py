"""The web font: Pretendard GOV out of npm's `krds-uiux`, cut to the characters that the site writes.

Two weights, together at most 200 KB: the characters of the translations, of Latin text, and the syllables in
`font-syllables.txt`, of which names of schools, regions and streets are made. Whatever else comes is shown in the
reader's own font. The licence (OFL 1.1) keeps the font's name for the whole font, so the cut one carries none.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from deploy.local.places import ROOT, Places
from deploy.local.python_env import NODE_MODULES, PYTHON
from deploy.local.say import run_quietly, step

WHOLE = NODE_MODULES / "krds-uiux/resources/fonts"
CUT = NODE_MODULES / ".fonts"  # gone with the folder, so that a new package is cut anew
WEIGHTS = {"regular": "PretendardGOV-Regular.subset.woff2", "bold": "PretendardGOV-Bold.subset.woff2"}
SYLLABLES = Path(__file__).with_name("font-syllables.txt")
# Latin with its accents, Hangul letters for searches by first consonants, and signs that the templates write.
ALWAYS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x3131, 0x3164)))) + "–—‘’“”…›→▢≤≥"
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "tnum"]
COPYRIGHT, LICENCE, LICENCE_URL = 0, 13, 14  # entries of the name table that stay


def ensure(*, places: Places) -> None:
    """Cuts the font when its source or the characters changed.

    Raises:
        Refused: it could not be cut.
    """
    stamp, wanted = CUT / ".cut-from", _digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("cutting the web font"):
        run_quietly(
            [str(PYTHON), "-m", "deploy.local.web_font"],
            log=places.setup_log,
            refusal="The web font could not be cut",
            cwd=ROOT,
        )


def characters() -> set[str]:
    """Everything that the font must be able to write."""
    found = set(ALWAYS).union(*(path.read_text(encoding="utf-8") for path in _texts()))
    return {character for character in found if character.isprintable()}


def cut() -> None:
    """Writes the cut fonts; the stamp comes last, so that a killed run is no finished one."""
    from fontTools import subset  # of .venv; the rest of this package runs on the system's Python

    CUT.mkdir(exist_ok=True)
    text = "".join(sorted(characters()))
    for weight, name in WEIGHTS.items():
        options = subset.Options(
            flavor="woff2",
            hinting=False,
            layout_features=FEATURES,
            name_IDs=[COPYRIGHT, LICENCE, LICENCE_URL],
        )
        font = subset.load_font(str(WHOLE / name), options)
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        draft = CUT / f".{weight}.{os.getpid()}"
        subset.save_font(font, str(draft), options)
        draft.replace(CUT / f"{weight}.woff2")
    (CUT / ".cut-from").write_text(_digest())


def _texts() -> Iterator[Path]:
    yield SYLLABLES
    yield from sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))


def _digest() -> str:
    sources = [Path(__file__), *(WHOLE / name for name in WEIGHTS.values())]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources))
    digest.update("".join(sorted(characters())).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    cut()
