"""What is built from sources at set-up: translations and static files, only when they changed."""

import hashlib
import os
from pathlib import Path

from deploy.local import web_font
from deploy.local.places import ROOT, Places
from deploy.local.python_env import NODE_MODULES
from deploy.local.say import run_quietly, short, step
from deploy.local.services import manage


def build_static(places: Places) -> None:
    """Compiles the translations (`*.mo`, beside their sources) and collects static files into `$VAR/static`.

    Raises:
        Refused: one of them failed.
    """
    for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
        _compile(source, places)
    stamp = places.var / "static-from"
    wanted = _static_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("collecting static files"):
        stamp.unlink(missing_ok=True)
        manage(
            places,
            "collectstatic",
            "--no-input",
            "--clear",
            "-v",
            "0",
            refusal="The static files could not be collected",
        )
        stamp.write_text(wanted)


def _compile(source: Path, places: Places) -> None:
    """One catalogue, whole or not at all; msgfmt itself, since Django takes seconds to start it."""
    built = source.with_suffix(".mo")
    if built.exists() and built.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    draft = built.with_name(f".{built.name}.{os.getpid()}")
    run_quietly(
        ["msgfmt", "--check-format", "-o", str(draft), str(source)],
        log=places.setup_log,
        refusal=f"The translations in {short(source)} could not be compiled",
    )
    draft.replace(built)


def _static_digest() -> str:
    """Names, sizes and times of every static source, the lock of those from npm, and what the font was cut from."""
    digest = hashlib.sha256((NODE_MODULES / ".filled-from").read_bytes())
    digest.update((web_font.CUT / ".cut-from").read_bytes())
    for named in ("mapsite/settings.py", "deploy/requirements.txt"):
        digest.update((ROOT / named).read_bytes())
    for folder in sorted(ROOT.glob("*/static")) + sorted(ROOT.glob("*/*/static")):
        if (
            folder.is_relative_to(NODE_MODULES)
            or ".venv" in folder.parts
            or "var" in folder.relative_to(ROOT).parts
        ):
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found = path.stat()
                digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
