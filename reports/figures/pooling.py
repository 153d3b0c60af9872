"""Which units the anonymous rows of a half-year may name, so that no row and no difference tells a few people.

A cell is (unit, kind of programme, hardship). A unit with a cell of fewer than five people is named in no row:
naming its other cells would tell the small one, since its total is public. Nor is what is pooled one unit's.
Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5

Cell = tuple[int, str, bool]  # unit's id, kind, hardship


@dataclass(frozen=True)
class Pool:
    """Units that are named in no row; whether the pool is shown, and what of its rows it names.

    `names_recalled`: whether its rows say which of them a later half-year took back.
    """

    units: frozenset[int]
    names_kinds: bool = True
    names_sources: bool = True
    names_recalled: bool = True
    is_shown: bool = True

    @property
    def names_amounts(self) -> bool:
        """Whether its rows say how much: where most programmes give each the same, it would name kind and source."""
        return self.names_kinds and self.names_sources


def pool_cells(
    people: Mapping[Cell, int], kept_back: Iterable[int] = (), by_source: Mapping[tuple[int, str], int] | None = None
) -> Pool:
    """Return what is not named, for the number of people in each cell of a half-year.

    `kept_back`: units that are not named whatever their cells are, since a report withholds figures of theirs.
    `by_source`: people by unit and source of the money; where few in the pool had one of them, its rows name no source.

    Each kind in the pool comes from two units and five people at least: where it does not, the smallest unit that has
    the kind joins the pool; where there is none, no row of the pool names its kind. A pool of one unit is not shown.
    """
    by_unit: dict[int, int] = defaultdict(int)
    of_kind: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    pooled: set[int] = set()
    for (unit, kind, _hardship), count in people.items():
        if not count:
            continue
        by_unit[unit] += count
        of_kind[kind][unit] += count
        if count < FEWEST:
            pooled.add(unit)
    pooled |= set(kept_back) & set(by_unit)
    lonely = False
    for _round in range(len(by_unit) + 1):
        told = [kind for kind in sorted(of_kind) if _is_told(of_kind[kind], pooled)]
        joining = [unit for kind in told for unit in of_kind[kind] if unit not in pooled]
        if not joining:
            lonely = bool(told)
            break
        pooled.add(min(joining, key=lambda unit: (by_unit[unit], unit)))
    if lonely and len(pooled) < 2 and len(by_unit) > 1:
        pooled.add(min((count, unit) for unit, count in by_unit.items() if unit not in pooled)[1])
    shown = not pooled or (len(pooled) > 1 and sum(by_unit[unit] for unit in pooled) >= FEWEST)
    of_source: dict[str, dict[int, int]] = defaultdict(dict)
    for (unit, source), count in (by_source or {}).items():
        of_source[source][unit] = count
    telling = any(_is_told(units, pooled) for units in of_source.values())
    return Pool(frozenset(pooled), names_kinds=not lonely, names_sources=not telling, is_shown=shown)


def pool_kinds(people: Mapping[str, int]) -> frozenset[str]:
    """Return the kinds of one unit that are told in one sum only, for the number of people in each kind.

    A kind of fewer than five people is not told; the smallest other kind joins it, or the total would tell it.
    """
    counted = {kind: count for kind, count in people.items() if count}
    pooled = {kind for kind, count in counted.items() if count < FEWEST}
    others = sorted((count, kind) for kind, count in counted.items() if kind not in pooled)
    while pooled and others and (len(pooled) < 2 or sum(counted[kind] for kind in pooled) < FEWEST):
        pooled.add(others.pop(0)[1])
    return frozenset(pooled)


def _is_told(units: Mapping[int, int], pooled: set[int]) -> bool:
    """Whether the pool tells a kind or source: what it holds of it is one unit's, or of fewer than five people."""
    inside = [count for unit, count in units.items() if unit in pooled and count]
    return bool(inside) and (len(inside) < 2 or sum(inside) < FEWEST)
