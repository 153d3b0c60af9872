"""What the public may see of figures about few people: a count of 1 to 4 is not broken down.

Nor is the neighbour that would reveal it: where one cell of a row or column is withheld, subtracting the others from
the total would give it away, so a second one is withheld too, the smallest that helps. `Doors` says what other
publications hold open: they are closed in the same way.

What a fund has taken in and spent is told in full: its book is public by the day, and says of an amount neither how
many nor who received it. So is what each kind of giver gave: the book says it of every gift, and never who it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.vocabulary import RecipientKind
from reports.figures.catalogue import INDICATORS, receiver_turns
from reports.figures.rollup import Figures, FigureSet

LEAST = 5  # people; fewer are not broken down

_COUNTS = [indicator.code for indicator in INDICATORS.values() if indicator.counts_people]
_TOTAL = ""  # the row of totals

Cell = tuple[str, str]  # row (a unit's code, or the total), indicator


@dataclass(frozen=True)
class PublicFigures:
    """Figures that may be published; `withheld` names per row (a unit's code) the indicators left out."""

    figures: Figures
    by_unit: dict[str, Figures]
    own: Figures
    withheld: dict[str, list[str]]


@dataclass(frozen=True)
class Doors:
    """What other publications say of the same figures, by row (a unit's code; "" for the total).

    `withheld`: cells that are kept back elsewhere. `counted_before`: rows whose members of the half-year before are
    public, so that the members now and the new ones tell each other.
    """

    withheld: frozenset[Cell] = field(default_factory=frozenset)
    counted_before: frozenset[str] = field(default_factory=frozenset)


def public_figures(figure_set: FigureSet, doors: Doors | None = None) -> PublicFigures:
    """Return what may be published; codes withheld of the unit's total and own rows stand under its code."""
    own_code = figure_set.unit.code
    rows = dict(figure_set.by_unit)
    if any(figure_set.own.get(code) for code in _COUNTS):
        rows[own_code] = figure_set.own
    cells = _withheld(figure_set.figures, rows, doors or Doors())
    hidden: dict[str, set[str]] = {}
    for row, code in cells:
        hidden.setdefault(row or own_code, set()).add(code)
    return PublicFigures(
        figures=_without(figure_set.figures, _TOTAL, cells),
        by_unit={code: _without(values, code, cells) for code, values in figure_set.by_unit.items()},
        own=_without(figure_set.own, own_code, cells),
        withheld={row: sorted(codes) for row, codes in sorted(hidden.items())},
    )


def _without(values: Figures, row: str, withheld: set[Cell]) -> Figures:
    return {code: value for code, value in values.items() if (row, code) not in withheld}


def _withheld(total: Figures, rows: dict[str, Figures], doors: Doors) -> set[Cell]:
    """Return the withheld cells: the small ones, then what they force, until nothing more is forced."""
    table = {_TOTAL: total, **rows}
    cells: set[Cell] = {(row, code) for row, code in doors.withheld if row in table and code in table[row]}
    for row, values in table.items():
        for code in _COUNTS:
            if is_small(code, values, is_total=row == _TOTAL):
                cells.add((row, code))
    before = -1
    while before != len(cells):
        before = len(cells)
        _parts_of_hidden_wholes(table, cells)
        _members_of_two_halves(table, cells, doors.counted_before)
        _turns_and_people(table, cells)
        _second_in_row(table, cells)
        _second_in_column(rows, total, cells)
    for indicator in INDICATORS.values():
        if indicator.follows:
            cells |= {(row, indicator.code) for row in table if (row, indicator.follows) in cells}
    return {(row, code) for row, code in cells if code in table[row]}


def is_small(code: str, values: Figures, *, is_total: bool) -> bool:
    """Whether the figure tells of one to four people; a total itself may be told, it is only not broken down."""
    value = values.get(code)
    if value is None:
        return False
    whole = INDICATORS[code].whole
    if is_total and not whole:
        return False
    if 0 < abs(value) < LEAST:
        return True
    rest = values.get(whole, 0) - value if INDICATORS[code].family == "hardship" else 0
    return 0 < rest < LEAST  # so few without hardship are told by subtraction


def _parts_of_hidden_wholes(table: dict[str, Figures], cells: set[Cell]) -> None:
    total = table[_TOTAL]
    for code in _COUNTS:
        whole = INDICATORS[code].whole
        small_total = 0 < abs(total.get(code, 0)) < LEAST
        for row in table:
            if (whole and (row, whole) in cells) or (row != _TOTAL and (small_total or (_TOTAL, code) in cells)):
                cells.add((row, code))
        if whole and 0 < abs(total.get(whole, 0)) < LEAST:
            cells.update((row, code) for row in table)


def _members_of_two_halves(table: dict[str, Figures], cells: set[Cell], counted_before: Iterable[str]) -> None:
    for row in counted_before:
        pair = {(row, "members.new"), (row, "members.total")}
        if row in table and pair & cells:
            cells |= pair


def _turns_and_people(table: dict[str, Figures], cells: set[Cell]) -> None:
    """Turns of a kind of people and how many these were: where most received once, one tells the other."""
    for kind in RecipientKind:
        pair = f"recipients.{kind}", receiver_turns(kind)
        for row in table:
            if any((row, code) in cells for code in pair):
                cells.update((row, code) for code in pair)


def _second_in_row(table: dict[str, Figures], cells: set[Cell]) -> None:
    families: dict[tuple[str, str], list[str]] = {}
    for code in _COUNTS:
        indicator = INDICATORS[code]
        if indicator.whole and indicator.family != "hardship":
            families.setdefault((indicator.whole, indicator.family), []).append(code)
    for row, values in table.items():
        for (whole, _family), codes in families.items():
            hidden = [code for code in codes if (row, code) in cells]
            if len(hidden) == 1 and (row, whole) not in cells:
                others = [code for code in codes if code not in hidden]
                cells.update((row, code) for code in _smallest(others, values))


def _second_in_column(rows: dict[str, Figures], total: Figures, cells: set[Cell]) -> None:
    for code in _COUNTS:
        hidden = [row for row in rows if (row, code) in cells]
        if len(hidden) == 1 and (_TOTAL, code) not in cells and code in total:
            others = {row: values.get(code, 0) for row, values in rows.items() if row not in hidden and code in values}
            cells.update((row, code) for row in _smallest(others, others))


def _smallest(candidates: Iterable[str], values: Figures) -> list[str]:
    """Return the candidate with the smallest figure above zero (a zero protects little), else any, else none."""
    ranked = sorted(candidates, key=lambda code: (not values.get(code), values.get(code, 0), code))
    return ranked[:1]
