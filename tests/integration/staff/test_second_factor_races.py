"""Codes work once, however many processes are given them at the same moment."""

import os
import subprocess
import time
from collections import Counter

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache

from deploy.local.places import ROOT
from deploy.local.python_env import PYTHON
from tests import casework, desk

PROCESSES = 4
START = 12.0  # seconds until all of them are up
# Each process of the staff site's kind tries every code, all at the same time; it says which it was allowed to use.
TRY = """
import sys, time
from allauth.mfa.models import Authenticator
key, start, *codes = sys.argv[1:]
time.sleep(max(0, float(start) - time.time()))
for code in codes:
    if Authenticator.objects.get(pk=key).wrap().validate_code(code):
        print(code)
"""


def try_at_once(database: str, authenticator: Authenticator, codes: list[str]) -> Counter[str]:
    """How often each code was taken, over all processes."""
    start = time.time() + START
    setup = f"import django; django.setup()\n{TRY}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mapsite.settings",
        "MAPSITE_SITE": "staff",
        "MAPSITE_DB_NAME": database,
    }
    running = [
        subprocess.Popen(
            [str(PYTHON), "-c", setup, str(authenticator.pk), str(start), *codes],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    taken: Counter[str] = Counter()
    for process in running:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        taken.update(out.split())
    return taken


def test_a_recovery_code_works_once_over_all_processes(committed_db: str) -> None:
    person = casework.member()
    desk.give_app(person)
    codes = Authenticator.objects.get(user=person.account, type=Authenticator.Type.RECOVERY_CODES)
    offered = codes.wrap().get_unused_codes()
    assert len(offered) == 10
    assert try_at_once(committed_db, codes, offered) == dict.fromkeys(offered, 1)
    assert Authenticator.objects.get(pk=codes.pk).wrap().get_unused_codes() == []


def test_a_code_of_the_app_works_once_over_all_processes(committed_db: str) -> None:
    app = desk.give_app(casework.member())
    deadline = desk.PERIOD - START
    if time.time() % desk.PERIOD > deadline - 6:  # the codes are tried while they are still the present ones
        time.sleep(desk.PERIOD - time.time() % desk.PERIOD)
    code = desk.code(app)
    cache.delete(f"allauth.mfa.totp.used?user={app.user_id}&code={code}")
    assert try_at_once(committed_db, app, [code, code]) == {code: 1}
    assert settings.MFA_TOTP_TOLERANCE == 0
