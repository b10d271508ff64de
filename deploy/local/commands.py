"""The commands that set up, test and build; `demo` and `lint` have modules of their own."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local import packages, python_env, web_font
from deploy.local.built import build_static
from deploy.local.places import ROOT, Places, find, var_folder
from deploy.local.processes import Child
from deploy.local.python_env import PYTHON, VENV
from deploy.local.say import Refused, step, tell
from deploy.local.services import environment, make_secrets, manage, running, write_env

# Two files at a time; those that take longest come first in `testpaths`, so that no core waits at the end.
EVERYTHING = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=15"]


def provision(
    below: str = "", *, profile: str = "dev", needs: Sequence[packages.Need] = packages.SITE
) -> Places:
    """System packages, `.venv`, front-end assets, the web font and secrets.

    Args:
        below: a folder below `$MAPSITE_VAR` for a copy of a command's own.
        profile: which lock fills `.venv`.

    Returns:
        this copy's folders.

    Raises:
        Refused: something is missing and cannot be installed.
    """
    var = var_folder() / below
    with python_env.alone():
        packages.ensure(needs, places=find(var))
        places = find(var)  # again: the service user came with the packages
        python_env.ensure_python(profile, places=places)
        python_env.ensure_assets(places=places)
        web_font.ensure(places=places)
    if places.why_elsewhere:
        tell(places.why_elsewhere)
    make_secrets(places)
    return places


def setup() -> int:
    """Everything but serving: the developers' tools, a migrated database, built static files."""
    places = provision()
    write_env(places, {})
    with running(places, about="make setup"):
        build_static(places)
        migrate(places)
    tell("set up; start the services with: make services")
    return 0


def migrate(places: Places) -> None:
    with step("migrating"):
        manage(places, "migrate", "--no-input", "-v", "0", refusal="The database could not be migrated")


def services() -> int:
    """Keeps PostgreSQL and Redis running in the background, for developers."""
    places = provision()
    if _is_holder(_noted_holder(places)):
        tell("the services already run; end them with: make services-stop")
        return 0
    log = places.log / "services.log"
    with log.open("wb") as out:
        holder = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "hold-services"],
            env=environment(places),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )
    assert holder.stdout
    answer = holder.stdout.readline()
    print(log.read_text(), end="", file=sys.stderr)
    if answer.startswith(b"running"):
        (places.var / "services.pid").write_text(str(holder.pid))
        tell("PostgreSQL and Redis run in the background; end them with: make services-stop")
        return 0
    return holder.wait()


def hold_services() -> int:
    """Runs the services until it is told to end, or one of them ends."""
    places = find()
    with running(places, about="make services", share=False) as children:
        write_env(places, {})
        print("running", flush=True)
        while all(child.alive for child in children):
            time.sleep(0.5)
        raise Refused(f"{next(child for child in children if not child.alive).obituary()}.")


def services_stop() -> int:
    """Ends what `make services` left running in this folder."""
    places = find()
    holder = _noted_holder(places)
    if not _is_holder(holder):
        tell("no services run here")
        return 0
    os.kill(holder, signal.SIGTERM)
    while _is_holder(holder):
        time.sleep(0.05)
    (places.var / "services.pid").unlink(missing_ok=True)
    tell("the services have ended")
    return 0


def _noted_holder(places: Places) -> int:
    note = places.var / "services.pid"
    return int(note.read_text()) if note.exists() else 0


def _is_holder(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"hold-services" in words


def test() -> int:
    """The whole suite, on services of its own; the exit code is pytest's."""
    places = provision("test", needs=(*packages.SITE, *packages.BROWSER, *packages.WEB_SERVER))
    write_env(places, {})
    with running(places, about="make test", durable=False, share=False):
        build_static(places)
        tell("running the tests")
        arguments = shlex.split(os.environ.get("ARGS", "")) or EVERYTHING
        return foreground([str(PYTHON), "-m", "pytest", *arguments], places)


def bench() -> int:
    """The benchmarks, on services of their own."""
    places = provision(
        "bench", needs=(*packages.SITE, *packages.BROWSER, *packages.WEB_SERVER, *packages.LOAD)
    )
    write_env(places, {})
    with running(places, about="make bench", share=False):
        build_static(places)
        migrate(places)
        return foreground([str(PYTHON), "-m", "bench"], places)


def docs() -> int:
    """Builds the docs site; warnings are errors."""
    places = provision()
    return foreground([str(VENV / "bin/mkdocs"), "build", "--strict", "--quiet"], places)


def lock() -> int:
    """Writes the locks of pyproject.toml and package.json anew; no index is named in them."""
    places = provision()
    uv = [
        *(
            str(VENV / "bin/uv"),
            "pip",
            "compile",
            "--quiet",
            "--upgrade",
            "--universal",
            "--python-version",
            "3.11",
        ),
        *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
    ]
    outputs = {
        "requirements.txt": ["pyproject.toml"],
        "requirements-dev.txt": [
            *("pyproject.toml", "--group", "dev", "--group", "docs"),
            *("--constraints", "deploy/requirements.txt"),
        ],
        "requirements-setup.txt": ["--group", "setup"],
        "requirements-node.txt": ["--group", "node"],
    }
    for name, inputs in outputs.items():
        with step(f"locking {name}"):
            code = foreground([*uv, *inputs, "--output-file", f"deploy/{name}"], places)
        if code:
            return code
    npm, env = python_env.npm(places)
    with step("locking package-lock.json"):
        return subprocess.run(
            [*npm, "install", "--package-lock-only", "--no-audit"], env=env, cwd=ROOT
        ).returncode


def foreground(command: Sequence[str], places: Places, **extra: str) -> int:
    """Runs one command with our own output, in a session of its own, ended when we are; its exit code."""
    child = Child(
        name=Path(command[0]).name,
        command=["setpriv", "--pdeathsig=TERM", *command],
        log=None,
        env=environment(places, **{"MAPSITE_SITE": "owner", **extra}),
        stop_signal=signal.SIGINT,
        cwd=ROOT,
    )
    child.start()
    try:
        assert child.process
        return child.process.wait()
    finally:
        child.stop()
