"""The check of docker-compose.yml: Docker's own where installed, and ours of its references.

Run with `.venv`'s Python: `python -m deploy.local.compose_check`.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import yaml

from deploy.local.places import ROOT

FILE = ROOT / "docker-compose.yml"
KNOWN = {
    *(
        "build",
        "image",
        "command",
        "entrypoint",
        "environment",
        "volumes",
        "depends_on",
        "healthcheck",
        "restart",
    ),
    *(
        "ports",
        "expose",
        "user",
        "read_only",
        "tmpfs",
        "cap_drop",
        "security_opt",
        "networks",
        "stop_grace_period",
    ),
    *("stop_signal", "init", "shm_size"),
}


def faults() -> Iterator[str]:
    """One sentence for each fault."""
    try:
        document = yaml.safe_load(FILE.read_text())
    except yaml.YAMLError as error:
        yield f"{FILE.name} is no YAML: {error}"
        return
    services: dict[str, Any] = document.get("services", {})
    volumes, networks = document.get("volumes") or {}, document.get("networks") or {}
    targets = set(
        re.findall(r"^FROM .* AS ([\w-]+)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    )
    for name, service in services.items():
        yield from (f"{name}: unknown key {key}" for key in service if key not in KNOWN)
        if "image" not in service and "build" not in service:
            yield f"{name}: neither image nor build"
        build = service.get("build") or {}
        if build.get("target") and build["target"] not in targets:
            yield f"{name}: deploy/Dockerfile has no target {build['target']}"
        for wanted, how in (service.get("depends_on") or {}).items():
            if wanted not in services:
                yield f"{name}: depends on {wanted}, which is no service"
            elif how["condition"] == "service_healthy" and "healthcheck" not in services[wanted]:
                yield f"{name}: waits for the health of {wanted}, which has no healthcheck"
        for volume in service.get("volumes") or []:
            source = volume.partition(":")[0]
            if not source.startswith((".", "/")) and source not in volumes:
                yield f"{name}: volume {source} is not declared"
        yield from (
            f"{name}: network {each} is not declared"
            for each in service.get("networks") or []
            if each not in networks
        )


def by_docker() -> list[str]:
    """What Docker's own parser complains about, where there is one."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "version"], capture_output=True).returncode
        ):
            done = subprocess.run([*command, "-f", str(FILE), "config", "-q"], capture_output=True, text=True)
            return done.stderr.strip().splitlines() if done.returncode else []
    return []


if __name__ == "__main__":
    found = [*faults(), *by_docker()]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
