"""A draft made from a report carries its figures; here its text is held against them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from news.services.markup import plain_text
from portal.lib.vietnamese import fold

_NUMBER = re.compile(r"(?<![\d/.,-])(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?(?![\d/])(?: (nghin|trieu|ty)\b)?")
_SCALES = {"": 1, "nghin": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000}
_CLOSE = 0.25  # a number this near to a figure, and not it, is probably meant to be it


class FigureWarning(NamedTuple):
    """A figure of the report that the text does not give; `instead` is a near number that stands there."""

    label: str
    said: str
    exact: str
    instead: str


def figure_warnings(*, figures: list[dict[str, Any]], text: str) -> list[FigureWarning]:
    """Return the figures that the HTML `text` gives neither as the report says them nor exactly."""
    written = _find_numbers(plain_text(text))
    known = {value for figure in figures for value in _read_values(figure)}
    warnings = []
    for figure in figures:
        values = _read_values(figure)
        if not values or values & {value for value, _wording in written}:
            continue
        nearest = [
            wording for value, wording in written if value not in known and any(_is_close(value, own) for own in values)
        ]
        warnings.append(
            FigureWarning(
                str(figure.get("label", "")),
                str(figure.get("said", "")),
                str(figure.get("exact", "")),
                nearest[0] if nearest else "",
            )
        )
    return warnings


def _read_values(figure: dict[str, Any]) -> set[float]:
    texts = (str(figure.get("said", "")), str(figure.get("exact", "")))
    return {value for text in texts for value, _wording in _find_numbers(text)[:1]}


def _find_numbers(text: str) -> list[tuple[float, str]]:
    """Every number in the text with its value and as it is written: "10 tỷ" is 10.000.000.000."""
    folded = fold(text)
    found = []
    for match in _NUMBER.finditer(folded):
        whole, fraction, scale = match[1].replace(".", ""), match[2] or "", match[3] or ""
        value = float(f"{whole}.{fraction or 0}") * _SCALES[scale]
        found.append((value, text[match.start() : match.end()] if len(folded) == len(text) else match[0]))
    return found


def _is_close(value: float, own: float) -> bool:
    return own > 0 and abs(value - own) <= own * _CLOSE
