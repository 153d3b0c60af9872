"""A QR code with its title under it, to save, send and print: what a code leads to should be read without a phone."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from portal.lib.qr import qr_png, qr_svg

_FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "Tinos-Bold.ttf"
_SCALE = 12  # pixels of one module of the picture: 30 mm at 300 dpi and more
_LINES = 5
_LETTER = 0.52  # of the type size, the mean width of a letter


def qr_card_png(text: str, title: str) -> bytes:
    """Return a black and white PNG: the code, and under it the title."""
    with Image.open(io.BytesIO(qr_png(text, scale=_SCALE))) as code:
        width, size = code.width, code.width // 15
        font = ImageFont.truetype(_FONT, size)
        lines = _fold(title, int(width * 0.92 / (size * _LETTER)))
        card = Image.new("L", (width, code.height + int(1.35 * size * (len(lines) + 1))), 255)
        card.paste(code.convert("L"), (0, 0))
    draw = ImageDraw.Draw(card)
    for number, line in enumerate(lines):
        draw.text((width / 2, card.height - int(1.35 * size * (len(lines) - number + 0.5))), line, 0, font, anchor="ma")
    stream = io.BytesIO()
    card.save(stream, "PNG", optimize=True, dpi=(300, 300))
    return stream.getvalue()


def qr_card_svg(text: str, title: str) -> str:
    """Return an SVG of the code with the title under it; it prints 34 mm wide."""
    code = qr_svg(text, title=title)
    side = int(code.partition('viewBox="0 0 ')[2].partition(" ")[0])
    size = side / 15
    lines = _fold(title, int(side * 0.92 / (size * _LETTER)))
    height = side + 1.35 * size * (len(lines) + 0.5)
    words = "".join(
        f'<text x="{side / 2:g}" y="{side + 1.35 * size * (number + 0.75):.2f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {height:.2f}" width="34mm" '
        f'height="{34 * height / side:.1f}mm" role="img"><title>{escape(title or text)}</title>'
        f'<rect width="{side}" height="{height:.2f}" fill="#fff"/>{_bare(code)}'
        f'<g fill="#000" font-family="Tinos, Times New Roman, serif" font-weight="700" font-size="{size:.2f}" '
        f'text-anchor="middle">{words}</g></svg>'
    )


def _bare(svg: str) -> str:
    """Return the modules of a code without the frame around them."""
    return svg.partition("</title>")[2].removesuffix("</svg>").replace("<path ", '<path shape-rendering="crispEdges" ')


def _fold(title: str, width: int) -> list[str]:
    """Return the title in lines of about `width` letters; what does not fit ends in an ellipsis."""
    lines: list[str] = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + "…"]
    return [line for line in lines if line]
