"""What the site looks like by rule: tokens out of the design system, a font that can write every sentence, small files."""

import re

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from deploy.local import web_font

TOKENS = settings.ROOT / "mapsite/static/tokens.css"
KRDS = settings.NODE_MODULES / "krds-uiux/resources/css/token/krds_tokens.css"
FONTS_AT_MOST = 200 * 1024  # bytes, both weights together


def test_tokens_are_those_of_the_design_system() -> None:
    theirs = dict(re.findall(r"--krds-([\w-]+):\s*([^;]+);", KRDS.read_text(encoding="utf-8")))
    named = re.findall(r"--([\w-]+): ([^;]+); /\* krds ([\w-]+) \*/", TOKENS.read_text(encoding="utf-8"))
    assert len(named) > 40
    for ours, value, name in named:
        known = theirs[f"color-{name}" if name.startswith("light-") else name]
        if reference := re.fullmatch(r"var\(--krds-([\w-]+)\)", known):
            known = theirs[reference[1]]
        if known.endswith("rem"):  # theirs count on a root of 10 px, ours on the reader's own, usually 16
            assert value.endswith("rem") and float(value[:-3]) * 16 == pytest.approx(
                float(known[:-3]) * 10
            ), ours
        else:
            assert value == known, ours


@pytest.mark.parametrize("weight", web_font.WEIGHTS)
def test_the_font_writes_every_sentence_of_ours(weight: str) -> None:
    with (
        TTFont(web_font.CUT / f"{weight}.woff2") as cut,
        TTFont(web_font.WHOLE / web_font.WEIGHTS[weight]) as whole,
    ):
        missing = {ord(each) for each in web_font.characters()} - set(cut.getBestCmap())
        assert missing.isdisjoint(whole.getBestCmap())
        assert not cut["name"].getDebugName(1)  # the licence keeps the name for the whole font
        assert "OFL" in str(cut["name"].getDebugName(13)) or "Open Font" in str(cut["name"].getDebugName(13))


def test_the_fonts_are_small() -> None:
    assert (
        sum((web_font.CUT / f"{weight}.woff2").stat().st_size for weight in web_font.WEIGHTS) <= FONTS_AT_MOST
    )
