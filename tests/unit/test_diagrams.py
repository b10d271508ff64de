"""The handbook's state diagrams are those of the tables."""

import pytest
from django.conf import settings

from moderation.corrections import transitions as corrections
from moderation.erasure import transitions as erasures
from moderation.review import transitions as cases
from moderation.review.diagrams import mermaid

DRAWN = {
    "case": mermaid(cases.TABLE, first="open", last=cases.CLOSED),
    "erasure": mermaid(erasures.TABLE, first="received", last=erasures.OVER),
    "correction": mermaid(corrections.TABLE, first="received", last=corrections.OVER),
}


@pytest.mark.parametrize("handbook", ["handbook.md", "handbook.ko.md"])
@pytest.mark.parametrize("which", DRAWN)
def test_the_handbook_shows_the_table(which: str, handbook: str) -> None:
    page = (settings.ROOT / "docs" / handbook).read_text(encoding="utf-8")
    assert f"```mermaid\n{DRAWN[which]}\n```" in page, f"put this in its place:\n{DRAWN[which]}"
