"""`make demo`: sets up, loads the demo, serves both sites and the worker, and ends all of it in order."""

import http.client
import os
import socket
import time
from contextlib import ExitStack

from deploy.local.built import build_static
from deploy.local.commands import provision
from deploy.local.keys import own_folder
from deploy.local.places import ROOT, Places, find
from deploy.local.processes import Child
from deploy.local.python_env import PYTHON, VENV
from deploy.local.say import Refused, step, tell
from deploy.local.services import environment, in_turn, only_one, running, write_env

READY_SECONDS = 240  # the first snapshot included, on a busy machine


def demo() -> int:
    """Serves until Ctrl-C, SIGTERM, or the end of anything that it started."""
    public_port, staff_port = _ports()
    places = find()
    with ExitStack() as stack:
        stack.enter_context(only_one(places, f"a site on http://127.0.0.1:{public_port}"))
        for port in (public_port, staff_port):
            _refuse_if_taken(port)
        places = provision(profile="site")
        origins = {
            "MAPSITE_PUBLIC_ORIGIN": f"http://127.0.0.1:{public_port}",
            "MAPSITE_STAFF_ORIGIN": f"http://localhost:{staff_port}",
        }
        sink, mail = mail_sink(places)
        origins |= mail
        write_env(places, origins)
        children = list(stack.enter_context(running(places, about="make demo")))
        build_static(
            places
        )  # first: whatever renders a page needs the names of static files and the translations
        with step("migrating and loading the demo"):
            in_turn(
                places,
                *("migrate --no-input -v 0", "load_demo"),
                refusal="The demo could not be loaded",
                **origins,
            )
        with step("starting the sites"):
            for child in [
                sink,
                *site_processes(places, public_port=public_port, staff_port=staff_port, **origins),
            ]:
                child.start()
                children.append(child)
                stack.callback(child.stop)
            _wait_until_ready(children, (public_port, staff_port))
        print(f"ready {_summary(places, origins)}", flush=True)
        _watch(children)
        stack.callback(tell, "ending")
    return 0


def site_processes(places: Places, *, public_port: int, staff_port: int, **extra: str) -> list[Child]:
    """The worker and the two sites, in the order in which they start; they end in the opposite one."""
    worker = Child(
        name="the worker",
        # Killed outright: with its database gone at the same moment it would wait for that to come back.
        command=_ends_with_us([str(PYTHON), "manage.py", "run_worker"], how="KILL"),
        log=places.log / "worker.log",
        env=environment(places, MAPSITE_SITE="worker", **extra),
        cwd=ROOT,
    )
    return [
        worker,
        *(
            Child(
                name=f"the {site} site",
                command=_ends_with_us(
                    [
                        *(str(VENV / "bin/granian"), "--interface", "wsgi", "--host", "127.0.0.1"),
                        *(
                            "--port",
                            str(port),
                            "--blocking-threads",
                            "8",
                            "--no-access-log",
                            "--log-level",
                            "error",
                        ),
                        "mapsite.wsgi:application",
                    ]
                ),
                log=places.log / f"{site}.log",
                env=environment(places, MAPSITE_SITE=site, **{**extra, **_secrets(places, site)}),
                cwd=ROOT,
            )
            for site, port in (("public", public_port), ("staff", staff_port))
        ),
    ]


def mail_sink(places: Places) -> tuple[Child, dict[str, str]]:
    """The mail host of a demo, which passes nothing on, and the settings by which the site finds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    folder = places.var / "mail"
    sink = Child(
        name="the mail sink",
        command=_ends_with_us([str(PYTHON), "-m", "deploy.local.mail_sink", port, str(folder)]),
        log=places.log / "mail.log",
        env=environment(places),
        cwd=ROOT,
    )
    return sink, {
        "MAPSITE_SMTP_HOST": "127.0.0.1",
        "MAPSITE_SMTP_PORT": port,
        "MAPSITE_SMTP_SECURITY": "none",
        "MAPSITE_MAIL_SINK": str(folder),
    }


def _secrets(places: Places, site: str) -> dict[str, str]:
    """The public process finds no private key, even here where all processes share one system user."""
    return {"MAPSITE_SECRETS": str(own_folder(places.secrets, site))} if site == "public" else {}


def _ends_with_us(command: list[str], *, how: str = "TERM") -> list[str]:
    """Even when the supervisor is killed, nothing that it started stays behind."""
    return ["setpriv", f"--pdeathsig={how}", *command]


def _ports() -> tuple[int, int]:
    ports = []
    for name, usual in (("PUBLIC_PORT", "8000"), ("STAFF_PORT", "8001")):
        text = os.environ.get(name) or usual
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise Refused(f"{name} is “{text}”; set it to a number from 1 to 65535.")
        ports.append(int(text))
    if ports[0] == ports[1]:
        raise Refused(f"PUBLIC_PORT and STAFF_PORT are both {ports[0]}; set one of them to another number.")
    return ports[0], ports[1]


def _refuse_if_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            name = "PUBLIC_PORT" if port == _ports()[0] else "STAFF_PORT"
            raise Refused(
                f"Port {port} of 127.0.0.1 cannot be used ({error.strerror}); set {name} to another number."
            ) from None


def _wait_until_ready(children: list[Child], ports: tuple[int, ...]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    for port in ports:
        while not answers(port, "/readyz"):
            _refuse_if_dead(children)
            if time.monotonic() > deadline:
                raise Refused(
                    f"http://127.0.0.1:{port}/readyz does not answer 200; look into the logs in var/log."
                )
            time.sleep(0.05)


def answers(port: int, path: str) -> bool:
    """Whether the site on this port answers 200: at `/healthz` if it is up, at `/readyz` with a snapshot to show."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _refuse_if_dead(children: list[Child]) -> None:
    for child in children:
        if not child.alive:
            raise Refused(f"{child.obituary()}.")


def _watch(children: list[Child]) -> None:
    """Returns when we are orphaned; raises when a child ends or a signal comes."""
    parent = os.getppid()
    while os.getppid() == parent:
        _refuse_if_dead(children)
        time.sleep(0.2)


def _summary(places: Places, origins: dict[str, str]) -> str:
    accounts = places.var / "demo-accounts.txt"
    words = (
        " ".join(accounts.read_text(encoding="utf-8").split()) if accounts.exists() else "no demo accounts"
    )
    return f"public {origins['MAPSITE_PUBLIC_ORIGIN']}/ · staff {origins['MAPSITE_STAFF_ORIGIN']}/ · {words}"
