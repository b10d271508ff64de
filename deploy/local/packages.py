"""System packages, through apt, with nothing that is not needed."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.places import ROOT, Places
from deploy.local.say import Refused, run_quietly, step

POSTGRES_HOME = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Need:
    """Something the machine must have."""

    what: str  # in words, for the sentence
    package: str  # `postgis` stands for the newest postgresql-N-postgis-3
    present: Callable[[], bool]


def postgres_versions() -> list[int]:
    """Major versions of PostgreSQL, 15 or newer, that are installed together with PostGIS; newest last."""
    found = []
    for folder in POSTGRES_HOME.glob("*"):
        extension = Path(f"/usr/share/postgresql/{folder.name}/extension/postgis.control")
        if re.fullmatch(r"\d+", folder.name) and (folder / "bin/initdb").exists() and extension.exists():
            found.append(int(folder.name))
    return sorted(version for version in found if version >= 15)


def _has(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


def _has_ensurepip() -> bool:
    import importlib.util

    return importlib.util.find_spec("ensurepip") is not None


SITE = (
    Need("PostgreSQL 15 or newer with PostGIS", "postgis", lambda: bool(postgres_versions())),
    Need("Redis", "redis-server", _has("redis-server")),
    Need("gettext", "gettext", _has("msgfmt")),
    Need(
        "the venv module of Python",
        "python3-venv" if sys.executable == "/usr/bin/python3" else f"python3.{sys.version_info.minor}-venv",
        _has_ensurepip,
    ),
)
BROWSER = (
    Need("Chromium", "chromium", lambda: Path("/usr/bin/chromium").exists()),
    Need(
        "a Korean font (Noto CJK)",
        "fonts-noto-cjk",
        lambda: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
    ),
)
WEB_SERVER = (Need("nginx", "nginx-light", lambda: Path("/usr/sbin/nginx").exists()),)
LOAD = (Need("wrk", "wrk", _has("wrk")),)


def ensure(needs: Iterable[Need], *, places: Places) -> None:
    """Installs what is missing, as root or through sudo.

    Raises:
        Refused: something is missing and cannot be installed from here.
    """
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    words = ", ".join(need.what for need in missing)
    names = [need.package for need in missing]
    mend = f"apt-get install --no-install-recommends {' '.join(_spelled(name) for name in names)}"
    if "chromium" in names and _is_ubuntu():
        raise Refused(
            "Chromium is missing, and Ubuntu has it only as a snap, which the tests cannot drive; "
            "run them on Debian, or put a Chromium at /usr/bin/chromium."
        )
    if not shutil.which("apt-get"):
        raise Refused(
            f"Missing: {words}; this machine has no apt-get, so install that with its own package tool."
        )
    script = [str(ROOT / "deploy/local/packages.sh"), *names]
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise Refused(f"Missing: {words}; as root run: {mend}")
        script = ["sudo", *([] if sys.stdin and sys.stdin.isatty() else ["-n"]), *script]
    with step(f"installing system packages ({words})"):
        run_quietly(script, log=places.setup_log, refusal=f"Could not install {words}; try: sudo {mend}")
    for need in missing:
        if not need.present():
            raise Refused(f"{need.what} is still missing after its installation; try: sudo {mend}")


def _spelled(package: str) -> str:
    return "postgresql-15-postgis-3" if package == "postgis" else package


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()
