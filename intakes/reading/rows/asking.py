"""Doubts about many rows asked once: day and month exchanged, classes made numbers, sums that a clerk would stop at.

The rows keep what was read and the problem with it; the answer takes the value as it stands, the one that is proposed,
leaves the rows out, or hands them to the officer to correct one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intakes.reading.rows.cells import read_amount, read_birth, read_date, read_name, read_text, today
from intakes.reading.rows.results import Reading
from intakes.reading.rows.rows import ListRow
from intakes.reading.words.problems import Problem
from intakes.reading.words.questions import MEND

_SEVERAL = ("legacy_font",)  # asked about where it is the way of a column, and not of one cell
_ASKED = (*_SEVERAL, "date_order", "class_is_number", "amount_far", "row_total_differs", "words_differ")
_NOBODY_GETS = 10**9  # đồng: an amount that is a slip of the hand, refused without asking
_READERS: dict[str, Callable[[str], Any]] = {
    "full_name": lambda text: read_name(text).value,
    "birth": lambda text: read_birth(text, today=today()).value,
    "given_on": lambda text: read_date(text).value,
    **dict.fromkeys(
        ("joined_on", "registered_on", "dossier_on", "assessed_on", "evaluated_on", "decided_on"),
        lambda text: read_date(text).value,
    ),
    "amount": lambda text: read_amount(text).value,
    "school_class": lambda text: read_text(text).value,
}


def ask_once(reading: Reading) -> None:
    """Ask about each kind of doubt once for a sheet and a field, with all its rows."""
    found: dict[tuple[str, str, str], list[tuple[ListRow, Problem]]] = {}
    for row in reading.rows:
        for problem in row.problems:
            if problem.code in _ASKED and (row.values.get("amount") or 0) < _NOBODY_GETS:
                found.setdefault((problem.code, row.sheet, problem.field), []).append((row, problem))
    for (code, sheet, name), doubted in found.items():
        if code in _SEVERAL and (len(doubted) < 2 or not all(problem.suggestion for _row, problem in doubted)):
            continue
        _ask(reading, code, sheet, name, doubted)


def _ask(reading: Reading, code: str, sheet: str, name: str, doubted: list[tuple[ListRow, Problem]]) -> None:
    first = doubted[0][1]
    by_row: dict[int, Any] = {}
    for row, problem in doubted:
        meant = _READERS[name](problem.suggestion) if problem.suggestion else None
        by_row[row.row] = meant if row.row not in by_row or by_row[row.row] == meant else None
    rows = sorted(by_row)
    meant = [by_row[number] for number in rows]
    changes = {MEND: {name: meant}} if all(value is not None for value in meant) else {}
    without = () if changes else (MEND,)
    params = {"field": name, "column": first.column, "value": first.value, "example": first.suggestion}
    reading.ask(f"doubt_{code}", sheet=sheet, rows=rows, changes=changes, without=without, **params)
