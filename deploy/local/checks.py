"""`make lint`: every check runs, each failure is shown, nothing is changed."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from deploy.local import nginx
from deploy.local.commands import provision
from deploy.local.places import ROOT, Places
from deploy.local.python_env import PYTHON, VENV
from deploy.local.say import tell
from deploy.local.services import environment

SOURCES = ("mapsite", "geo", "moderation")
SITES = ("owner", "public", "staff", "worker")
TYPED = (*SOURCES, "deploy", "verify", "bench", "fixtures")


def lint() -> int:
    """0 if every check passes, 1 otherwise."""
    places = provision()
    tool = str(VENV / "bin")
    checks: dict[str, Callable[[], list[str]]] = {
        "style (ruff check)": lambda: _run(places, f"{tool}/ruff", "check", "--quiet", "."),
        "layout (ruff format)": lambda: _run(places, f"{tool}/ruff", "format", "--check", "--quiet", "."),
        "types (mypy)": lambda: _run(places, f"{tool}/mypy", "--no-error-summary", *_existing(TYPED)),
        "who imports whom (import-linter)": lambda: _run(places, f"{tool}/lint-imports", "--no-cache"),
        "migrations": lambda: _run(
            places, str(PYTHON), "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"
        ),
        **{f"system checks ({site})": partial(_system_checks, places, site) for site in SITES},
        "translations": lambda: _translations(places),
        "docker-compose.yml": lambda: _run(places, str(PYTHON), "-m", "deploy.local.compose_check"),
        "nginx configuration": _nginx,
        "shell scripts": lambda: _run(
            places, "bash", "-n", *_existing(("deploy/local/run.sh", "deploy/local/packages.sh", ".ci/run"))
        ),
    }
    failed = 0
    for name, check in checks.items():
        complaints = check()
        tell(f"{'FAILED ' if complaints else 'passed '} {name}")
        if complaints:
            failed += 1
            print("\n".join(complaints), flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed", flush=True)
    return 1 if failed else 0


def _existing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if (ROOT / name).exists() and _holds_code(ROOT / name)]


def _holds_code(path: Path) -> bool:
    return path.is_file() or next(path.rglob("*.py"), None) is not None


def _run(places: Places, *command: str, cwd: Path = ROOT, **extra: str) -> list[str]:
    """What a tool complains about; empty when it exits with 0."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(places, **{"MAPSITE_SITE": "owner", **extra}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]


def _system_checks(places: Places, site: str) -> list[str]:
    return _run(places, str(PYTHON), "manage.py", "check", "--fail-level", "WARNING", MAPSITE_SITE=site)


def _translations(places: Places) -> list[str]:
    """Collects the messages of a copy of the sources and compares: new, changed, gone, untranslated."""
    catalogue = Path("mapsite/locale/ko/LC_MESSAGES/django.po")
    if not (ROOT / catalogue).exists():
        return [f"{catalogue} is missing; write it with: make messages"]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        shutil.copy(ROOT / "manage.py", copy)
        complaints = _run(places, str(PYTHON), *MAKE_MESSAGES, cwd=copy)
        if complaints:
            return complaints
        now, written = _messages(copy / catalogue), _messages(ROOT / catalogue)
        complaints += [f"not in {catalogue} yet: {each}" for each in sorted(now - written)]
        complaints += [f"in no source any more: {each}" for each in sorted(written - now)]
        for flag, words in (("--untranslated", "not translated"), ("--only-fuzzy", "only guessed (fuzzy)")):
            complaints += [f"{words}: {each}" for each in sorted(_messages(ROOT / catalogue, flag))]
    return [*complaints, "collect them with: make messages"] if complaints else []


MAKE_MESSAGES = (
    "manage.py",
    "makemessages",
    "-l",
    "ko",
    "--no-location",
    "--no-wrap",
    "--no-obsolete",
    "-v",
    "0",
)


def messages() -> int:
    """Collects new messages of the sources into the Korean catalogue, for somebody to translate."""
    places = provision()
    ignored = [
        part for name in (".venv", "node_modules", "var", "tests", "bench") for part in ("--ignore", name)
    ]
    complaints = _run(places, str(PYTHON), *MAKE_MESSAGES, *ignored)
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


def _messages(catalogue: Path, *flags: str) -> set[str]:
    """The message ids of a catalogue, as they are written."""
    listed = subprocess.run(
        ["msgattrib", "--no-obsolete", "--no-wrap", *flags, str(catalogue)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {line for line in listed.splitlines() if line.startswith("msgid ")} - {'msgid ""'}


def _nginx() -> list[str]:
    """nginx's own check of its configuration; where there is none, that is said."""
    if not nginx.program():
        tell("skipped nginx configuration: nginx is not installed here")
        return []
    with tempfile.TemporaryDirectory() as folder:
        return nginx.complaints(Path(folder))
