"""The receipt of a list as a picture, to be sent on by telephone: who sent what, and what has been received."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
_WIDTH, _MARGIN = 1080, 72
_INK, _SOFT, _PAPER, _LINE = "#12292d", "#47595c", "#ffffff", "#0a3d45"


def draw_receipt(title: str, main: str, facts: list[tuple[str, str]], issuer: str) -> bytes:
    """Return a PNG of 1080 points in width: large enough to be read on a telephone as it arrives."""
    fonts = {
        size: ImageFont.truetype(_FONTS / name, size)
        for size, name in ((34, "Tinos-Regular.ttf"), (40, "Tinos-Bold.ttf"), (56, "Tinos-Bold.ttf"))
    }
    lines: list[tuple[str, int, str]] = [(line, 34, _SOFT) for line in textwrap.wrap(issuer, 54)]
    lines += [(line, 40, _LINE) for line in textwrap.wrap(title, 44)]
    lines += [("", 34, _INK), *((line, 56, _INK) for line in textwrap.wrap(main, 33)), ("", 34, _INK)]
    for name, value in facts:
        lines += [(line, 34, _INK) for line in textwrap.wrap(f"{name}: {value}", 54, subsequent_indent="   ")]
    height = 2 * _MARGIN + sum(int(size * 1.45) for _text, size, _colour in lines)
    picture = Image.new("RGB", (_WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, _WIDTH, 18), fill=_LINE)
    top = _MARGIN
    for text, size, colour in lines:
        pen.text((_MARGIN, top), text, font=fonts[size], fill=colour)
        top += int(size * 1.45)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
