"""What a workbook is once read: sheets of rows of plain cells."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from intakes.reading.files.errors import WorkbookError

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_SHEETS = 100
MAX_AREA = 12_000_000


@dataclass(slots=True)
class Row:
    """One row with its number, 1-based as the spreadsheet program shows it.

    A cell is text as it stood in the file, "" where it is empty, a number, a bool, a date, a time or a span of time.
    """

    number: int
    hidden: bool
    cells: list[Any]


@dataclass(slots=True)
class Sheet:
    """One sheet."""

    name: str
    hidden: bool = False
    rows: list[Row] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column; from 0
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) from 0 -> formula, "=" first
    hidden_columns: set[int] = field(default_factory=set)
    cut: bool = False  # cells beyond MAX_COLUMNS were left out
    very_hidden: bool = False  # the spreadsheet program does not even offer to show it
    struck: set[tuple[int, int]] = field(default_factory=set)  # (row, column) from 0 of cells with a line through them


@dataclass(slots=True)
class Workbook:
    """A file once read."""

    sheets: list[Sheet]
    format: str
    epoch_1904: bool = False
    macros: bool = False
    links: bool = False  # other workbooks are referred to; their cells are not read, the cached values are


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold back Python's search for cycles: among a hundred thousand new cells there are none, and it costs a third."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def check_rows(count: int) -> None:
    """Refuse more rows than can be read in bounded time."""
    if count > MAX_ROWS:
        raise WorkbookError("too_many_rows", limit=f"{MAX_ROWS:,}".replace(",", "."))


def pad(rows: list[Row]) -> None:
    """Make all rows as wide as the widest, as long as that stays within reason."""
    width = max((len(row.cells) for row in rows), default=0)
    if width * len(rows) > MAX_AREA:
        raise WorkbookError("bomb")
    for row in rows:
        row.cells.extend([""] * (width - len(row.cells)))


def column_index(letters: str) -> int:
    """0 for "A", 26 for "AA"."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letter(index: int) -> str:
    """Return the inverse of `column_index`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(value: Any) -> str:
    """Return a cell as a person would read it: 53.0 -> "53", a date -> "05/06/2023"."""
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y") if value.time() == time(0) else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
