"""The real thing for tests: databases in a real PostGIS, roles, the running sites, a browser.

Nothing of ours is replaced by a double. Fixtures (made available by `tests/conftest.py`):

- `db, transactional_db`: pytest-django's, in `test_mapsite_<pid>`, cloned from `template_mapsite` and
  migrated.
- `committed_db`: a migrated database for one test (0.1 s), in which commits are real; Django's default
  connection points there. Its value is the database's name. For whatever two connections must see: roles,
  deferred constraints, races, jobs.
- `as_role`: `as_role("mapsite_public")` → a psycopg connection (autocommit) to the database that the test
  uses, as that role, closed at the end. Use it with `committed_db`.
- `public_client`: Django's test client with the public site's URL map, middleware and context processors.
  Reverse its addresses with `reverse(name, urlconf=settings.PUBLIC_URLS)`.
- `staff_client`: the same of the staff site. Both work in one test.
- `running_site`: one for the session: a `Site` with the demo loaded, its worker, public and staff process
  (and Redis) really running on free ports. Do not break it: others share it.
- `make_site`: `make_site(demo=True, own_cluster=False)` → a `Site` for this test alone, which it may break.
  With `own_cluster` it has a PostgreSQL of its own (durable), which the test may stop.
- `browser`: Playwright's Chromium, for the session.
- `page`: a new page in it, Korean, that reaches no host but ours; at the end of the test it must have seen no
  script error, no blocked content and no foreign address.
"""

import contextlib
import functools
import ipaddress
import itertools
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.test import Client, override_settings
from psycopg import sql

from deploy.local import cache, database, demo, keys, places
from deploy.local.places import ROOT, Places
from deploy.local.processes import Child
from deploy.local.python_env import PYTHON
from deploy.local.services import environment

ACCOUNTS = "demo-accounts.txt"  # in the folder of a site
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]
_numbers = itertools.count(1)


# --- databases ---------------------------------------------------------------------------------------


def connect(role: str, database_name: str, *, host: str | None = None, **options: Any) -> psycopg.Connection:
    """A connection (autocommit) of one of the four roles to one database."""
    return psycopg.connect(
        host=host or str(settings.DATABASES["default"]["HOST"]),
        port=settings.DATABASES["default"]["PORT"],
        user=role,
        password=settings.SECRETS.joinpath(f"db-{role}").read_text(encoding="ascii").strip(),
        dbname=database_name,
        autocommit=True,
        **options,
    )


def create_database(name: str, *, template: str = "template_mapsite") -> None:
    """A clone, closed to everybody but the four roles, as set-up leaves the real one."""
    drop_database(name)
    with connect("mapsite_owner", "postgres") as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        close_to_others(owner, name)


def close_to_others(owner: psycopg.Connection, name: str) -> None:
    """The same rights on a database as `deploy/database/roles.sql` gives."""
    owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    owner.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO mapsite_public, mapsite_staff, mapsite_worker").format(
            sql.Identifier(name)
        )
    )


def drop_database(name: str) -> None:
    """Drops a database, whoever of ours is still connected to it.

    Not `WITH (FORCE)`: that refuses, to all but a superuser, while autovacuum works there or while the server has not
    yet noticed that another role's client is gone. A plain DROP sends autovacuum away and waits five seconds for
    clients; so this waits for half a minute.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with connect("mapsite_owner", "postgres") as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [name],
        )
        for _ in range(5):
            with contextlib.suppress(psycopg.errors.ObjectInUse):
                owner.execute(statement)
                return
        owner.execute(statement)


def drop_orphans() -> None:
    """Databases of test runs that were killed: their names end in a process number that is gone."""
    with connect("mapsite_owner", "postgres") as owner:
        names = owner.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_mapsite_[0-9]+'"
        ).fetchall()
    for (name,) in names:
        pid = name.removeprefix("test_mapsite_").split("_")[0]
        if not Path(f"/proc/{pid}").exists():
            drop_database(name)


def pristine() -> str:
    """The migrated database of this run that no test connects to."""
    return f"test_mapsite_{os.getpid()}_pristine"


def demo_database() -> str:
    """The one of this run with the demo in it, if a test has needed one."""
    return f"{pristine()}_demo"


def new_database_name() -> str:
    return f"test_mapsite_{os.getpid()}_{next(_numbers)}"


# --- clients -----------------------------------------------------------------------------------------


class SiteClient(Client):
    """Django's test client as one of the two sites sees a request."""

    def __init__(self, *, urls: str, middleware: list[str], context: list[str], **kwargs: Any) -> None:
        self._site = {
            "ROOT_URLCONF": urls,
            "MIDDLEWARE": middleware,
            "TEMPLATES": [
                {**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": context}}
                for engine in settings.TEMPLATES
            ],
        }
        super().__init__(**kwargs)

    def request(self, **request: Any) -> Any:
        with override_settings(**self._site):
            return super().request(**request)


def public_client(**kwargs: Any) -> SiteClient:
    return SiteClient(
        urls=settings.PUBLIC_URLS,
        middleware=settings.PUBLIC_MIDDLEWARE,
        context=settings.PUBLIC_CONTEXT,
        **kwargs,
    )


def staff_client(**kwargs: Any) -> SiteClient:
    """At an address of its own, since the desk takes so many sign-ins a minute from one."""
    kwargs.setdefault("REMOTE_ADDR", str(ipaddress.IPv6Address(secrets.randbits(128))))
    return SiteClient(
        urls=settings.STAFF_URLS,
        middleware=settings.STAFF_MIDDLEWARE,
        context=settings.STAFF_CONTEXT,
        **kwargs,
    )


# --- running sites -----------------------------------------------------------------------------------


def free_port() -> int:
    """A port of 127.0.0.1 that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The processes of one site, on a database and in a folder of their own."""

    places: Places
    database: str
    database_host: str
    public_port: int = field(default_factory=free_port)
    staff_port: int = field(default_factory=free_port)
    postgres: Child | None = None
    redis: Child | None = None
    sink: Child | None = None
    mail: dict[str, str] = field(default_factory=dict)  # settings by which the site finds its sink
    worker: Child | None = None
    public: Child | None = None
    staff: Child | None = None

    @property
    def public_url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.public_port}"

    @property
    def staff_url(self) -> str:
        """Without a slash at the end."""
        return f"http://localhost:{self.staff_port}"

    @property
    def extra(self) -> dict[str, str]:
        return {
            "MAPSITE_PUBLIC_ORIGIN": self.public_url,
            "MAPSITE_STAFF_ORIGIN": self.staff_url,
            "MAPSITE_DB_NAME": self.database,
            "MAPSITE_DB_HOST": self.database_host,
            "MAPSITE_REDIS_URL": f"unix://{self.places.run}/redis.sock",
            "MAPSITE_SNAPSHOT": str(self.places.var / "snapshot"),
            "MAPSITE_STATIC": str(settings.STATIC_ROOT),
            "MAPSITE_DEMO": "1",
            **self.mail,
        }

    def manage(self, *arguments: str, site: str = "owner", check: bool = True, **kwargs: Any) -> Any:
        """Runs one `manage.py` command against this site; the finished process, its output as text."""
        done = subprocess.run(
            [str(PYTHON), "manage.py", *arguments],
            env=environment(self.places, MAPSITE_SITE=site, **self.extra),
            cwd=ROOT,
            stdin=kwargs.pop("stdin", subprocess.DEVNULL) if "input" not in kwargs else None,
            capture_output=True,
            text=True,
            check=False,
            **kwargs,
        )
        if check and done.returncode:
            raise AssertionError(
                f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}"
            )
        return done

    def start(self) -> None:
        """Starts worker, public and staff process and waits until both sites are ready, a snapshot included."""
        self.sink, self.mail = demo.mail_sink(self.places)
        self.worker, self.public, self.staff = demo.site_processes(
            self.places, public_port=self.public_port, staff_port=self.staff_port, **self.extra
        )
        for child in (self.sink, self.worker, self.public, self.staff):
            child.start()
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 240) -> None:
        deadline = time.monotonic() + seconds
        for child, port in ((self.public, self.public_port), (self.staff, self.staff_port)):
            while child and not demo.answers(port, "/readyz"):
                assert child.alive, child.obituary()
                assert time.monotonic() < deadline, f"{child.name} is not ready"
                time.sleep(0.05)

    def stop(self) -> None:
        """Ends everything, the last started first."""
        for child in (self.staff, self.public, self.worker, self.sink, self.redis, self.postgres):
            if child:
                child.stop()


class _Loaded(NamedTuple):
    database: str  # which no site runs on
    accounts: bytes  # the file that says who can sign in


@functools.cache
def _loaded() -> _Loaded:
    """The demo, loaded once a run: a site begins with a copy of it."""
    var = Path(settings.VAR) / "sites" / demo_database()
    made = places.find(var, environ={"MAPSITE_SECRETS": str(settings.SECRETS)})
    create_database(demo_database(), template=pristine())
    try:
        host = str(settings.DATABASES["default"]["HOST"])
        Site(made, database=demo_database(), database_host=host).manage("load_demo")
        return _Loaded(demo_database(), (var / ACCOUNTS).read_bytes())
    finally:
        shutil.rmtree(var, ignore_errors=True)


@contextlib.contextmanager
def site(*, demo_data: bool = True, own_cluster: bool = False) -> Iterator[Site]:
    """A running site, ended and removed at the end."""
    name = new_database_name()
    var = Path(settings.VAR) / "sites" / name
    made = places.find(var, environ={} if own_cluster else {"MAPSITE_SECRETS": str(settings.SECRETS)})
    running = Site(
        places=made,
        database="mapsite" if own_cluster else name,
        database_host=str(made.run if own_cluster else settings.DATABASES["default"]["HOST"]),
    )
    try:
        running.redis = cache.start(made)
        if own_cluster:
            keys.make(made.secrets)
            running.postgres = database.start(made, durable=True)
            database.prepare(made)
            running.manage("migrate", "--no-input", "-v", "0")
        else:
            create_database(name, template=_loaded().database if demo_data else pristine())
        if demo_data and own_cluster:
            running.manage("load_demo")
        elif demo_data:
            (var / ACCOUNTS).write_bytes(_loaded().accounts)
        running.start()
        yield running
    finally:
        running.stop()
        if not own_cluster:
            drop_database(name)
        for folder in {var, made.run.parent} if made.why_elsewhere else {var}:
            shutil.rmtree(folder, ignore_errors=True)


MakeSite = Callable[..., Site]
