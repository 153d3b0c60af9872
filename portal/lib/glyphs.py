"""What the fonts of our documents can print: other signs would be blank, or missing glyphs that PDF/UA forbids."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "Tinos-Regular.ttf"
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}  # joiners and selectors go with the sign that they belong to


@cache
def _printable() -> frozenset[int]:
    with TTFont(FONT) as font:
        return frozenset(font.getBestCmap())


def leave_out_unprintable(text: str) -> tuple[str, int]:
    """Return the text without signs that the documents' font lacks (emoji, foreign scripts), and how many they were."""
    known = _printable()
    kept: list[str] = []
    missing = 0
    for sign in text:
        if ord(sign) in known or sign in "\n\r\t":
            kept.append(sign)
        elif unicodedata.category(sign) not in _UNSEEN:
            missing += 1
    return "".join(kept), missing
