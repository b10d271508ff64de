"""Codes work once, however many processes are given them at the same moment."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache

from deploy.local.places import ROOT
from deploy.local.python_env import PYTHON
from tests import casework, desk

PROCESSES = 4
# Each process of the staff site's kind says that it is up, is given the codes, and tries every one; it says which it
# was allowed to use.
TRY = """
import sys
from allauth.mfa.models import Authenticator
found = Authenticator.objects.get(pk=sys.argv[1]).wrap()
print("up", flush=True)
for code in sys.stdin.readline().split():
    if found.validate_code(code):
        print(code)
"""


def try_at_once(
    database: str, authenticator: Authenticator, codes: Callable[[], list[str]]
) -> tuple[list[str], Counter[str]]:
    """The codes as they are once all processes are up, and how often each was taken, over all of them."""
    setup = f"import django; django.setup()\n{TRY}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mapsite.settings",
        "MAPSITE_SITE": "staff",
        "MAPSITE_DB_NAME": database,
    }
    running = [
        subprocess.Popen(
            [str(PYTHON), "-c", setup, str(authenticator.pk)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    offered = codes()
    for process in running:
        assert process.stdin
        process.stdin.write(" ".join(offered) + "\n")
        process.stdin.flush()
    taken: Counter[str] = Counter()
    for process in running:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        taken.update(out.split())
    return offered, taken


def test_a_recovery_code_works_once_over_all_processes(committed_db: str) -> None:
    person = casework.member()
    desk.give_app(person)
    codes = Authenticator.objects.get(user=person.account, type=Authenticator.Type.RECOVERY_CODES)
    offered, taken = try_at_once(committed_db, codes, codes.wrap().get_unused_codes)
    assert len(offered) == 10
    assert taken == dict.fromkeys(offered, 1)
    assert Authenticator.objects.get(pk=codes.pk).wrap().get_unused_codes() == []


def test_a_code_of_the_app_works_once_over_all_processes(committed_db: str) -> None:
    app = desk.give_app(casework.member())

    def present() -> list[str]:
        if time.time() % desk.PERIOD > desk.PERIOD / 2:  # it is tried while it is still the present one
            time.sleep(desk.PERIOD - time.time() % desk.PERIOD)
        code = desk.code(app)
        cache.delete(f"allauth.mfa.totp.used?user={app.user_id}&code={code}")
        return [code, code]

    offered, taken = try_at_once(committed_db, app, present)
    assert taken == {offered[0]: 1}
    assert settings.MFA_TOTP_TOLERANCE == 0
