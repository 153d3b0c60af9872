"""Whether a column writes the day before the month, told from all its cells: a program set to American dates swaps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.lib.vietnamese import normalize

DAYS = ("birth", "given_on", "joined_on")
_WRITTEN = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
# How likely it is by chance that so few days are above 12 among the dates, and so many among the texts.
_BY_CHANCE, _BELOW_13, _ABOVE_12 = 0.06, 12 / 30, 18 / 30


@dataclass(frozen=True, slots=True)
class DayOrder:
    """What is wrong with a column: its dates are "swapped", or its texts write the "month_first"."""

    code: str

    def meant(self, cell: Any) -> date | None:
        """Return the day that a cell means if the column is read the other way; None where nothing changes."""
        if self.code == "swapped":
            return date(cell.year, cell.day, cell.month) if isinstance(cell, date) and cell.day != cell.month else None
        written = _numbers(cell)
        if written is None or written[0] == written[1]:
            return None
        month, day, year = written
        try:
            return date(year, month, day)
        except ValueError:
            return None


def orders_of(columns: Mapping[str, Sequence[Any]]) -> dict[str, DayOrder]:
    """Return the columns of days that seem to be written the American way."""
    found: dict[str, DayOrder] = {}
    half_done: list[str] = []
    chance = 1.0
    for role, cells in columns.items():
        distinct = set(cells)
        dates = [cell for cell in distinct if isinstance(cell, date) and cell.year > 1910]  # no bare years
        texts = [numbers for cell in distinct if (numbers := _numbers(cell)) is not None]
        month_first = [text for text in texts if text[1] > 12 and text[0] <= 12]
        day_first = [text for text in texts if text[0] > 12 and text[1] <= 12 and _is_day(*text)]
        if month_first and not day_first:
            found[role] = DayOrder("month_first")
        elif len(day_first) > 1 and len(day_first) == len(texts) and dates and all(day.day <= 12 for day in dates):
            # one text among dates is a slip of one cell; a program that swaps leaves every day after the 12th a text
            half_done.append(role)
            chance *= _BELOW_13 ** len(dates) * _ABOVE_12 ** len(day_first)
    if half_done and chance <= _BY_CHANCE:
        found |= dict.fromkeys(half_done, DayOrder("swapped"))
    return found


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _numbers(cell: Any) -> tuple[int, int, int] | None:
    match = _WRITTEN.fullmatch(normalize(cell)) if cell.__class__ is str else None
    if match is None:
        return None
    year = int(match[3])
    return int(match[1]), int(match[2]), year if year > 99 else year + (2000 if year <= 40 else 1900)
