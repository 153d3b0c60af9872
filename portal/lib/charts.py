"""Figures as static SVG, the same on a page and in a document.

Presentation attributes only: no style, no script, no id, no outside reference, so a strict content policy needs no
exception and several charts may stand on one page. Text takes the surrounding font and colour. Every bar starts at zero
and is as long as its figure; missing figures have no bar. The numbers must also stand in a table or text beside the
chart: to a screen reader a chart is one picture with a title and a description. The title is not drawn; a heading or
caption shows it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import escape

from portal.lib.vietnamese import format_int

# The portal's colours, each at least 4.5:1 on white; neighbours differ in hue and are parted by a white line.
PALETTE: dict[str, str] = {
    "sea": "#0f6470",
    "flame": "#c42f1f",
    "amber": "#7d5000",
    "leaf": "#277a46",
    "plum": "#6b3fa0",
    "slate": "#4a6064",
}
_COLOURS = tuple(PALETTE.values())
_LINE = "#7e9598"
_MISSING = "–"
_SIZE = 14  # of text, in user units
_ROW = 28
_NARROW = 480  # below this width labels stand above their bars

Item = tuple[str, int | None]


def short_number(value: int) -> str:
    """Return a figure short enough for a card: exact below a million, else "10,43 tỷ", "426,9 triệu" (rounded)."""
    for size, name in ((10**9, "tỷ"), (10**6, "triệu")):
        if value >= size:
            return f"{_in_units(value, size=size)} {name}"
    return format_int(value)


def money_scale(values: Iterable[int | None]) -> tuple[str, Callable[[int], str]]:
    """Return the one unit in which a chart says its amounts, by the largest, and how each amount is written in it.

    "tỷ đồng" and "triệu đồng" take two decimals, rounded half up; what would round to zero is said to be below.
    """
    largest = max((value or 0 for value in values), default=0)
    for size, name in ((10**9, "tỷ đồng"), (10**6, "triệu đồng")):
        if largest >= size:
            return name, partial(_in_units, size=size)
    return "đồng", format_int


def _in_units(value: int, *, size: int) -> str:
    hundredths = (value * 100 + size // 2) // size
    if value and not hundredths:
        return "< 0,01"
    whole, rest = divmod(hundredths, 100)
    decimals = f"{rest:02d}".rstrip("0")
    return f"{format_int(whole)}{',' if decimals else ''}{decimals}"


def bar_chart(
    items: Sequence[Item],
    *,
    title: str,
    unit: str = "",
    desc: str = "",
    width: int = 640,
    written: Callable[[int], str] = format_int,
    ranked: bool = True,
) -> str:
    """Return horizontal bars, the longest first (missing figures last), each with its label and figure.

    `width` in user units: about 640 for a document, 360 for a phone, where labels stand above their bars. ValueError
    for a figure below zero.
    """
    shown = _ranked(items) if ranked else list(items)
    _check(value for _, value in shown)
    longest = max((value for _, value in shown if value), default=0)
    figures = [_MISSING if value is None else f"{written(value)} {unit}".strip() for _, value in shown]
    room_for_figure = max((_width(figure, bold=True) for figure in figures), default=0) + 8
    stacked = width < _NARROW
    widest_label = max((_width(label) for label, _ in shown), default=0)
    left = 0.0 if stacked else min(widest_label + 10, width * 0.42)
    step = _ROW + 18 if stacked else _ROW
    full = max(width - left - room_for_figure, 1)
    body = []
    for place, ((label, value), figure) in enumerate(zip(shown, figures, strict=True)):
        top = place * step + (18 if stacked else 0)
        length = full * value / longest if value else 0.0
        body.append(f"<g><title>{escape(label)}: {escape(figure)}</title>")
        body.append(
            _text(0, top - 4, _cut(label, width))
            if stacked
            else _text(left - 8, top + 19, _cut(label, left - 8), anchor="end")
        )
        if length:
            body.append(_rect(left, top + 4, length, _ROW - 8, _COLOURS[0]))
        body.append(_text(left + length + 6, top + 19, figure, bold=True) + "</g>")
    if not stacked and shown:
        body.append(f'<path d="M{_n(left)} 0V{len(shown) * step}" stroke="{_LINE}"/>')
    return _svg(
        "".join(body), width, len(shown) * step + 2, title, desc or _described(zip(shown, figures, strict=True))
    )


def share_chart(
    items: Sequence[tuple[str, int]],
    *,
    title: str,
    unit: str = "",
    desc: str = "",
    width: int = 640,
    written: Callable[[int], str] = format_int,
) -> str:
    """Return one bar cut into shares, with a key naming each part, its figure and its percentage.

    Percentages are whole and add up to 100. At most six parts; ValueError for a part below zero.
    """
    if len(items) > len(_COLOURS):
        raise ValueError(f"a chart shows at most {len(_COLOURS)} shares")
    _check(value for _, value in items)
    whole = sum(value for _, value in items)
    percents = percentages([value for _, value in items])
    body, told, x = [], [], 0.0
    for place, ((label, value), percent) in enumerate(zip(items, percents, strict=True)):
        told.append(f"{label}: {written(value)}{' ' if unit else ''}{unit} ({percent}%)")
        length = width * value / whole if whole else 0.0
        if length:
            body.append(
                f"<g><title>{escape(told[-1])}</title>{_rect(x, 0, length, 36, _COLOURS[place], line='#fff')}</g>"
            )
        x += length
        y = 64 + place * 24
        body.append(_rect(0, y - 12, 14, 14, _COLOURS[place]) + _text(22, y, _cut(told[-1], width - 22)))
    return _svg("".join(body), width, 52 + len(items) * 24, title, desc or ". ".join(told))


def percentages(parts: Sequence[int]) -> list[int]:
    """Return whole percentages that add up to 100 (largest remainder); zeros where there is nothing to share."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    floors = [100 * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: -(100 * parts[place] % whole))
    for place in by_remainder[: 100 - sum(floors)]:
        floors[place] += 1
    return floors


def chart_data_uri(svg: str, *, font_family: str = "Tinos") -> str:
    """Return the chart as a data URI for a document's `<img alt=... src=...>` (an inline `<svg>` fails PDF/UA).

    A picture inherits no font, so it is named here. Give the `alt` what the chart says.
    """
    named = svg.replace("<svg ", f'<svg font-family="{escape(font_family)}" ', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(named.encode("utf-8")).decode("ascii")


def _ranked(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item[1] is None, -(item[1] or 0)))


def _check(values: Iterable[int | None]) -> None:
    for value in values:
        if value is not None and value < 0:
            raise ValueError(f"a chart shows no figure below zero: {value}")


def _described(rows: Iterable[tuple[Item, str]]) -> str:
    return ". ".join(f"{label}: {figure}" for (label, _), figure in rows)


def _svg(body: str, width: int, height: int, title: str, desc: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-size="{_SIZE}" fill="currentColor"><title>{escape(title)}</title>'
        f"<desc>{escape(desc)}</desc>{body}</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, *, line: str = "") -> str:
    stroke = f' stroke="{line}" stroke-width="2"' if line else ""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{stroke}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "", bold: bool = False) -> str:
    attributes = (f' text-anchor="{anchor}"' if anchor else "") + (' font-weight="bold"' if bold else "")
    return f'<text x="{_n(x)}" y="{_n(y)}"{attributes}>{escape(text)}</text>'


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


# Widths of letters in parts of the text size, on the wide side for both our fonts: SVG cannot measure or wrap.
_THIN, _FAT = frozenset("iIíìỉĩịjlftr.,:;'|!()- "), frozenset("mwMWOQƠÔ%")


def _width(text: str, *, bold: bool = False) -> float:
    parts = sum(
        0.36 if sign in _THIN else 0.9 if sign in _FAT else 0.7 if sign.isupper() or sign.isdigit() else 0.58
        for sign in text
    )
    return _SIZE * parts * (1.06 if bold else 1)


def _cut(text: str, room: float) -> str:
    """Return a text that fits, with … where it was cut; the whole stands in the description."""
    if _width(text) <= room:
        return text
    while text and _width(text) + _SIZE > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
