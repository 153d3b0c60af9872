"""A past half-year under the units of another day: yesterday's units summed where their tasks have gone since.

What a split has not decided stands apart, under the name of the unit that was split; the whole stays the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from reports.figures.catalogue import COMPUTED, SHARES
from reports.figures.rollup import NOT_HANDED_OVER, Figures, FigureSet, add_shares, compute
from reports.figures.tree import DatedTree

_SHARES = frozenset(one.code for one in SHARES)
_COMPUTED = frozenset(one.code for one in COMPUTED)


@dataclass(frozen=True)
class Recast:
    """The figures of a half-year by the units of another day; `own` stands in the root without any child."""

    by_unit: dict[str, Figures]
    own: Figures
    names: dict[str, str]  # in the order of official lists, what was split after the children


def is_other(figures: FigureSet, now: DatedTree) -> bool:
    """Whether the units below are others by now."""
    return list(figures.by_unit) != [place.code for place in now.children_of(figures.unit.pk)]


def recast(figures: FigureSet, now: DatedTree) -> Recast:
    """Return the half-year as it is now by the units of the other day.

    What is computed is placed anew, row by row; what units declared goes where the unit went.
    """
    anew = compute(figures.unit, figures.period, tree=now)
    declared = {code: _declared_of(row) for code, row in figures.by_unit.items()}
    moved = recast_rows(declared, _declared_of(figures.own), figures.unit.pk, now)
    by_unit = {
        code: _computed_of(anew.by_unit.get(code, {})) | moved.by_unit.get(code, {})
        for code in (*anew.by_unit, *moved.by_unit)
    }
    return _finish(by_unit, _computed_of(anew.own) | moved.own, figures.unit.pk, now)


def recast_rows(by_unit: Mapping[str, Figures], own: Figures, root_id: int, now: DatedTree) -> Recast:
    """Return rows of a day (unit's code -> figures), as a report was issued with, by the units of the other day."""
    ids = {place.code: place.unit_id for place in now.places.values()}
    sums: dict[int, Figures] = defaultdict(dict)
    for code, values in [*by_unit.items(), ("", own)]:
        child = now.child_for(ids[code], root_id) if code in ids else root_id
        row = sums[root_id if child is None else child]
        for name, value in values.items():
            if name not in _SHARES:
                row[name] = row.get(name, 0) + value
    mine = sums.pop(root_id, {})
    return _finish({now.places[unit_id].code: row for unit_id, row in sums.items()}, mine, root_id, now)


def _finish(by_unit: Mapping[str, Figures], own: Figures, root_id: int, now: DatedTree) -> Recast:
    children, split = now.children_of(root_id), now.split_below(root_id)
    names = {place.code: place.name for place in children}
    names |= {
        place.code: f"{place.name} {NOT_HANDED_OVER}" for place in split if any(by_unit.get(place.code, {}).values())
    }
    rows = {code: dict(by_unit.get(code, {})) for code in names}
    for row in rows.values():
        add_shares(row)
    add_shares(own, is_own=True)
    return Recast(rows, own, names)


def _declared_of(row: Figures) -> Figures:
    return {name: value for name, value in row.items() if name not in _COMPUTED}


def _computed_of(row: Figures) -> Figures:
    return {name: value for name, value in row.items() if name in _COMPUTED}
