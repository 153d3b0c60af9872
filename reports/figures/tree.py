"""The tree of a day, for placing facts: of which child of a unit is a fact's unit a part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.lib.vietnamese import alphabet_key
from portal.lib.written_queries import rows_of
from portal.models import Unit, UnitSuccession, UnitVersion
from portal.vocabulary import LevelWord, Reporting

#: The order in which official lists name kinds of units; the word is the first of a unit's name.
UNIT_KINDS = tuple(LevelWord.those("is_area"))


def unit_kind(name: str) -> str:
    """Return the word with which a unit's name begins, "quận" of "Quận Lê Chân"; "" for another beginning."""
    lowered = name.lower()
    return next((kind for kind in UNIT_KINDS if lowered.startswith(f"{kind} ")), "")


def _kind_rank(name: str) -> int:
    kind = unit_kind(name)
    return UNIT_KINDS.index(kind) if kind else len(UNIT_KINDS)


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (_kind_rank(place.name), alphabet_key(place.name), place.code))


@dataclass(frozen=True)
class Place:
    """Where a unit hangs on the day: its code, name and parent; `in_force` is False for one that has ended."""

    unit_id: int
    code: str
    name: str
    parent_id: int | None
    in_force: bool
    rank: int
    reporting: str = Reporting.BELOW_CITY.value


def _versions_by(day: dt.date) -> QuerySet[UnitVersion, tuple[Any, ...]]:
    begun = UnitVersion.objects.filter(valid__startswith__lte=day).order_by("unit_id", "valid")
    return begun.values_list("unit_id", "unit__code", "name", "parent_id", "valid", "level__rank", "level__reporting")


def _successions_by(day: dt.date) -> QuerySet[UnitSuccession, tuple[int, int]]:
    made = UnitSuccession.objects.filter(on_date__lte=day).order_by("on_date", "pk")
    return made.values_list("from_unit_id", "to_unit_id")


class DatedTree:
    """All units as of a day, in two queries.

    Facts of a unit that ended before the day count with its successor, or, without one, with the unit it last hung
    under. Of a unit that was split among several they never count with one of them: until they are handed over they
    stand in a row of their own below the unit it last hung under. A unit that begins later has no place.
    """

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self.places: dict[int, Place] = {}
        for unit_id, code, name, parent_id, valid, rank, reporting in rows_of(_versions_by, day):
            in_force = valid.upper is None or valid.upper > day
            self.places[unit_id] = Place(unit_id, code, name, parent_id, in_force, rank, reporting)
        self._heirs: dict[int, list[int]] = {}
        for from_id, to_id in rows_of(_successions_by, day):
            self._heirs.setdefault(from_id, []).append(to_id)

    def next_up(self, unit_id: int) -> int | None:
        """Return the unit with which this one's facts count: the parent in force, the one heir, or the last parent."""
        place = self.places.get(unit_id)
        if place is None:
            return None
        heirs = self._heirs.get(unit_id, [])
        return heirs[0] if not place.in_force and len(heirs) == 1 else place.parent_id

    def is_split(self, unit_id: int) -> bool:
        """Tell whether the unit has ended and several took over its tasks, so that none of them has its facts."""
        place = self.places.get(unit_id)
        return place is not None and not place.in_force and len(self._heirs.get(unit_id, [])) > 1

    def child_for(self, unit_id: int, root_id: int) -> int | None:
        """Return the child of the root in which the unit's facts count; the root for its own; None outside of it."""
        seen: set[int] = set()
        below = current = unit_id
        while current != root_id:
            step = self.next_up(current)
            if step is None or step in seen:
                return None
            seen.add(step)
            below, current = current, step
        place = self.places.get(below, None)
        stands = place is not None and place.in_force and place.parent_id == root_id
        return below if stands or (below != root_id and self.is_split(below)) else root_id

    def above(self, unit_id: int, root_id: int) -> list[int]:
        """Return the units from this one's parent up to the root, nearest first; empty for the root itself."""
        path: list[int] = []
        current: int | None = unit_id
        while current is not None and current != root_id and current not in path[:-1]:
            current = self.next_up(current)
            if current is not None:
                path.append(current)
        return path

    def children_of(self, root_id: int) -> list[Place]:
        """Return the root's children in force on the day: by kind (quận before huyện), then in Vietnamese order."""
        return _in_order(place for place in self.places.values() if place.in_force and place.parent_id == root_id)

    def split_below(self, root_id: int) -> list[Place]:
        """The units split by the day that last hung under the root: what is not handed over stands with them."""
        return _in_order(
            place for place in self.places.values() if place.parent_id == root_id and self.is_split(place.unit_id)
        )

    def units_of(self, child_id: int, root_id: int) -> list[int]:
        """Every unit whose facts count in the child (with the root given twice: as the root's own), in order of id."""
        return sorted(unit_id for unit_id in self.places if self.child_for(unit_id, root_id) == child_id)

    def units_under(self, root_id: int) -> list[int]:
        """Every unit whose facts count in the root, in order of id."""
        return sorted(unit_id for unit_id in self.places if self.child_for(unit_id, root_id) is not None)

    def reporting(self) -> list[Place]:
        """Return the units in force whose level sends a half-year of its own, those directly below a root first."""
        roots = [root.unit_id for root in self.roots()]
        direct = [one for root in roots for one in self.children_of(root) if one.reporting != Reporting.NEVER]
        known = {*roots, *(place.unit_id for place in direct)}
        others = (one for one in self.places.values() if one.in_force and one.reporting == Reporting.ALWAYS)
        return direct + _in_order(one for one in others if one.unit_id not in known)

    def reports_alone(self, unit_id: int) -> bool:
        """Whether the unit sends a half-year of its own and none of its children does: a ward, mostly."""
        sends = {place.unit_id for place in self.reporting()}
        return unit_id in sends and not any(child.unit_id in sends for child in self.children_of(unit_id))

    def roots(self) -> list[Place]:
        """Return the units above which there is none, in force on the day: the city."""
        return sorted(
            (place for place in self.places.values() if place.in_force and place.parent_id is None),
            key=lambda place: (place.rank, place.code),
        )

    def name_of(self, unit: Unit) -> str:
        """Return the unit's name on the day (of one that begins later, its code)."""
        place = self.places.get(unit.pk)
        return place.name if place else unit.code

    def codes(self, unit_ids: Iterable[int]) -> list[str]:
        """Codes of units, sorted."""
        return sorted(self.places[unit_id].code for unit_id in unit_ids if unit_id in self.places)
