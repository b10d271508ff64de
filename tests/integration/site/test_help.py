"""Help contacts: each says by itself when somebody called it."""

import datetime as dt
import re
from typing import Any

from geo.site import helplines
from geo.site.pages import render


def test_each_contact_says_when_it_was_confirmed(settings: Any) -> None:
    settings.CONTACTS_CONFIRMED_ON = {"117": dt.date(2027, 1, 4), "police": dt.date(2026, 12, 31)}
    cards = re.findall(
        r'<li class="card">.*?</li>', render("/en/help/", helplines.content).decode(), re.DOTALL
    )
    said = {re.search("<h3>(.*?)</h3>", card)[1]: re.findall("Confirmed on ([^<]+)<", card) for card in cards}
    assert said.pop("School violence") == ["Jan. 4, 2027"] and said.pop("Police") == ["Dec. 31, 2026"]
    assert len(said) == 3 and not any(said.values())
    assert "has not called the line yet" in render("/en/help/", helplines.content).decode()
    settings.CONTACTS_CONFIRMED_ON = {line.code: dt.date(2027, 1, 4) for line in helplines.LINES}
    assert "has not called the line yet" not in render("/en/help/", helplines.content).decode()


def test_a_contact_that_is_none_is_refused(settings: Any) -> None:
    settings.CONTACTS_CONFIRMED_ON = {"118": dt.date(2027, 1, 4)}
    assert [found.id for found in helplines.only_known_lines_are_confirmed()] == ["site.E001"]
    settings.CONTACTS_CONFIRMED_ON = {"117": dt.date(2027, 1, 4)}
    assert helplines.only_known_lines_are_confirmed() == []
