"""The demo from end to end: each process with its own role and secrets, a real mail host, a real publication."""

import re
import time
import urllib.parse
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

from tests.integration.alerts.conftest import text


def fetch(address, data=None):
    body = None if data is None else urllib.parse.urlencode(data).encode()
    with urllib.request.urlopen(address, body) as answer:
        assert "Set-Cookie" not in answer.headers
        return answer.read().decode()


def wait_for(look, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def test_from_the_form_to_the_demo_mailbox(running_site):
    base = f"{running_site.public_url}/ko/alerts"
    page = fetch(f"{base}/all/")
    form = {"address": "visitor@example.org", "language": "ko"}
    form["token"] = re.search(r'name="token" value="([^"]+)"', page)[1]
    time.sleep(10)  # the slow lane of somebody without JavaScript
    assert "/ko/alerts/mailbox/" in fetch(f"{base}/all/", form)

    def mailbox_with(address):
        found = fetch(f"{base}/mailbox/")
        return found if address in found else ""

    shown = wait_for(lambda: mailbox_with("visitor@example.org"))
    link = re.search(rf'href="({re.escape(base)}/link/[^"]+)"', shown)[1]
    assert 'data-state="asked"' in fetch(link)
    assert 'data-state="confirmed"' in fetch(link, {"confirm": "1"})
    files = Path(running_site.mail["MAPSITE_MAIL_SINK"]).glob("*.eml")  # the team on duty gets some as well
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in sorted(files)]
    mail = [each for each in mails if "visitor@example.org" in each["To"]][-1]
    assert link in text(mail)
    assert 'data-state="unknown"' in fetch(
        mail["List-Unsubscribe"].strip("<>"), {"List-Unsubscribe": "One-Click"}
    )
