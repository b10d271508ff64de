"""The container's nginx configuration, made to run in a folder of this machine."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from deploy.local.places import ROOT
from deploy.local.processes import Child

SOURCE = ROOT / "deploy/nginx"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def program() -> str | None:
    """nginx itself, where this machine has it."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def render(
    folder: Path, *, port: int = 8080, public_port: int = 8000, snapshot: Path = Path("/srv/snapshot")
) -> Path:
    """Writes the configuration into `folder` with this machine's addresses, paths and user; its main file."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    replacements = {
        "server public:8000": f"server 127.0.0.1:{public_port}",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/srv/snapshot": str(snapshot),
        "/run/nginx": str(folder),
        "/var/log/nginx": str(folder),
        "/etc/nginx/site": str(folder),
        "user www-data;": f"user {me};" if os.geteuid() == 0 else "",
    }
    for source in SOURCE.glob("*.conf"):
        text = source.read_text()
        for ours, theirs in replacements.items():
            text = text.replace(ours, theirs)
        if not BROTLI.exists():  # the image has this module; a developer's nginx may not
            text = "\n".join(line for line in text.splitlines() if "brotli" not in line)
        (folder / source.name).write_text(text)
    return folder / "nginx.conf"


def complaints(folder: Path) -> list[str]:
    """What nginx says of the configuration; empty if it is right."""
    nginx = program()
    assert nginx, "nginx is not installed"
    done = subprocess.run(
        _line(nginx, render(folder), "-t", "-q"), capture_output=True, text=True, check=False
    )
    return done.stderr.strip().splitlines() if done.returncode else []


def process(folder: Path, *, port: int, public_port: int, snapshot: Path) -> Child:
    """nginx before a public site on `public_port`, not started yet."""
    nginx = program()
    assert nginx, "nginx is not installed"
    main = render(folder, port=port, public_port=public_port, snapshot=snapshot)
    return Child(name="nginx", command=_line(nginx, main, "-g", "daemon off;"), log=folder / "nginx.log")


def _line(nginx: str, main: Path, *options: str) -> list[str]:
    return [nginx, "-p", str(main.parent), "-e", str(main.parent / "error.log"), "-c", str(main), *options]
