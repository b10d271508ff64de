"""What is built from sources at set-up: translations and static files, only when they changed."""

import hashlib
from pathlib import Path

from deploy.local.places import ROOT, Places
from deploy.local.python_env import NODE_MODULES
from deploy.local.say import step
from deploy.local.services import manage


def build_static(places: Places) -> None:
    """Compiles the translations (`*.mo`, beside their sources) and collects static files into `$VAR/static`.

    Raises:
        Refused: one of them failed.
    """
    catalogues = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")) + sorted(
        ROOT.glob("*/*/locale/*/LC_MESSAGES/*.po")
    )
    stale = [path for path in catalogues if _older(path.with_suffix(".mo"), path)]
    if stale:
        with step("compiling translations"):
            manage(
                places,
                *(
                    "compilemessages",
                    "-v",
                    "0",
                    "--ignore",
                    ".venv",
                    "--ignore",
                    "node_modules",
                    "--ignore",
                    "var",
                ),
                refusal="The translations could not be compiled",
            )
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


def _older(built: Path, source: Path) -> bool:
    return not built.exists() or built.stat().st_mtime_ns < source.stat().st_mtime_ns


def _static_digest() -> str:
    """Names, sizes and times of every static source, and the lock of those from npm."""
    digest = hashlib.sha256((NODE_MODULES / ".filled-from").read_bytes())
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
