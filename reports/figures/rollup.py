"""Composing a unit's half-year or year of the totals that the apps' QuerySets give, by the tree of the last day.

A blank is absent: a declared figure that no one reported has no key, and is never 0. No query grows with the tree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from members.models import LearningTitle, Membership
from news.models import Article
from portal.lib.periods import HalfYear, Period
from portal.lib.written_queries import rows_of
from portal.models import Unit, UnitCount
from portal.vocabulary import CountKind, DonorKind, TitleStage
from reports.figures.catalogue import COMPUTED, DECLARED, INDICATORS, POPULATION, SHARES
from reports.figures.measures import OverTime
from reports.figures.tree import DatedTree
from reports.models import ApprovedValue
from scholarships.models import Disbursement, DisbursementSum, Donation, LedgerEntry, TopUp
from scholarships.services.topups import AMOUNT, topup_figures

Figures = dict[str, int]
Fact = tuple[int, str, int]  # unit id, indicator, value
DeclaredIn = dict[str, dict[str, set[int]]]  # half-year, indicator: the children that declared it

#: After the name of a unit that was split, in documents as on the screen: its name is Vietnamese too.
NOT_HANDED_OVER, ENDED = "(đã kết thúc, chưa bàn giao)", "(đã kết thúc)"

#: What an ended unit still holds until it is handed over.
_HELD = ("funds.closing", "members.total")

#: What is computed of the fund books, as the indicators name it.
FUND_COLUMNS = ("opening", "income", "spending", "recalled", "refunded", "taken_over", "passed_on", "closing")

#: What only stands still is nothing recorded.
_QUIET = frozenset({"funds.opening", "funds.closing", "funds.closing.per_head", "members.total", POPULATION})

_DECLARED_CODES = frozenset(indicator.code for indicator in DECLARED)


@dataclass(frozen=True)
class FigureSet:
    """The figures of a unit and half-year or year, of its children in force on `tree_date`, and of the unit itself.

    `by_unit` maps a child's code to the figures of all that counts in it; `own` holds what counts in the unit without
    any child. A computed figure is the sum of `by_unit` and `own`. `reporting` tells how many
    children have a figure for a declared indicator. A unit that was split stands among `by_unit` and `names` after the
    children, with what its heirs have not been handed over, while there is anything; `not_handed_over` has its code.
    `declared_in` tells by half-year and indicator which children have declared a figure. Of a unit that `is_alone`
    none of the children is asked for any: what it has declared itself is all there is, and counts as of one unit.
    """

    unit: Unit
    unit_name: str
    period: Period
    tree_date: dt.date
    figures: Figures
    by_unit: dict[str, Figures]
    own: Figures
    names: dict[str, str]  # of the children, in the order of official lists
    reporting: dict[str, int] = field(default_factory=dict)
    declared_in: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    is_alone: bool = False

    @property
    def not_handed_over(self) -> frozenset[str]:
        """Codes of the units that have ended, and stand among the children with what was theirs."""
        return frozenset(code for code, name in self.names.items() if name.endswith((NOT_HANDED_OVER, ENDED)))

    def count_asked(self) -> int:
        """How many units are asked for declared figures: the children, and ended ones that have declared some."""
        if self.is_alone:
            return 1
        declared = {code for found in self.declared_in.values() for children in found.values() for code in children}
        return len(self.names.keys() - (self.not_handed_over - declared))

    @property
    def has_data(self) -> bool:
        """Whether anything was recorded or declared for it (funds that only stand still do not count)."""
        return any(value for code, value in self.figures.items() if code not in _QUIET)

    def get(self, code: str) -> int | None:
        """Return the figure, or None where it was not reported."""
        return self.figures.get(code)


def compute(unit: Unit, period: Period, *, tree: DatedTree | None = None) -> FigureSet:
    """Return the half-year or year of the unit as its facts are now; `tree` may be handed in."""
    tree = tree or DatedTree(period.last_day)
    children, split = tree.children_of(unit.pk), tree.split_below(unit.pk)
    blank = {indicator.code: 0 for indicator in COMPUTED}
    figures = dict(blank)
    by_place: dict[int, Figures] = {unit.pk: dict(blank)} | {place.unit_id: dict(blank) for place in children + split}
    placed: dict[int, int | None] = {}  # asked once for a unit, which has some thirty facts
    for unit_id, code, value in _facts(period):
        if unit_id not in placed:
            placed[unit_id] = tree.child_for(unit_id, unit.pk)
        child = placed[unit_id]
        if child is not None and value:
            figures[code] += value
            by_place[child][code] += value
    declared_in = _add_declared(unit, period, tree, figures, by_place)
    _add_population(unit, tree, figures, by_place)
    split = [place for place in split if any(by_place[place.unit_id].values())]
    for place_id, values in ((None, figures), *by_place.items()):
        add_shares(values, is_own=place_id == unit.pk)
    own, is_alone = by_place[unit.pk], tree.reports_alone(unit.pk)
    return FigureSet(
        unit=unit,
        unit_name=tree.name_of(unit),
        period=period,
        tree_date=period.last_day,
        figures=figures,
        by_unit={place.code: by_place[place.unit_id] for place in children + split},
        own=own,
        names={place.code: place.name for place in children}
        | {place.code: f"{place.name} {_say_ended(by_place[place.unit_id], period)}" for place in split},
        reporting=dict.fromkeys(_DECLARED_CODES & own.keys(), 1) if is_alone else _count_children(declared_in),
        declared_in=_name_children(declared_in, tree),
        is_alone=is_alone,
    )


def _say_ended(figures: Figures, period: Period) -> str:
    """Return what stands after an ended unit's name: in a year it may have worked for a half-year and passed on all."""
    holds = any(figures.get(code) for code in _HELD)
    return NOT_HANDED_OVER if holds or isinstance(period, HalfYear) else ENDED


def _count_children(declared_in: DeclaredIn) -> dict[str, int]:
    """Return how many children have a figure for an indicator, in whichever half-year."""
    codes = dict.fromkeys(code for found in declared_in.values() for code in found)
    return {code: len(set().union(*(found.get(code, ()) for found in declared_in.values()))) for code in codes}


def _name_children(declared_in: DeclaredIn, tree: DatedTree) -> dict[str, dict[str, frozenset[str]]]:
    return {
        half: {code: frozenset(tree.places[child].code for child in children) for code, children in found.items()}
        for half, found in declared_in.items()
    }


def has_facts(unit: Unit, period: Period) -> bool:
    """Tell whether anything was recorded or declared; it stops at the first fact that was recorded."""
    return any(_has_facts(unit, half) for half in period.halves)


def _has_facts(unit: Unit, half: HalfYear) -> bool:
    if not any(rows_of(_anything_in, half)):
        return False
    tree = DatedTree(half.last_day)
    if DisbursementSum.objects.of(half).moved().filter(unit_id__in=tree.units_under(unit.pk)).exists():
        return True
    counted = (fact for fact in _facts(half) if fact[2] and fact[1] not in _QUIET)
    if any(tree.child_for(unit_id, unit.pk) is not None for unit_id, _code, _value in counted):
        return True
    figures: Figures = {}
    _add_declared(unit, half, tree, figures, defaultdict(dict))
    return any(figures.values())


def _anything_in(half: HalfYear) -> QuerySet[Any, tuple[int]]:
    """Return a row where there is anything, of whichever unit, of which the half-year's facts are made.

    Most half-years that are asked for were before the books begin: one question tells so.
    """
    found = (
        DisbursementSum.objects.of(half).values_list("unit_id"),
        ApprovedValue.objects.by_unit(half).values_list("submission__unit_id"),
        Membership.objects.joined_in(half).values_list("unit_id"),
        LedgerEntry.objects.of(half).values_list("fund__unit_id"),
        Donation.objects.in_kind().counted_in(half).values_list("unit_id"),
        LearningTitle.objects.counted_in(half).values_list("unit_id"),
        TopUp.objects.counting_in(half).values_list("unit_id"),
        Article.objects.first_published_in(half).values_list("unit_id"),
    )
    first, *others = (rows.order_by() for rows in found)
    return first.union(*others, all=True)[:1]


def add_shares(values: Figures, *, is_own: bool = False) -> None:
    """Put the shares (thousandths or whole đồng, half up) beside what they are made of, where there is a whole.

    What a unit holds beside its children is for all who live in its place and theirs: no amount of it is `is_own`.
    """
    for indicator in SHARES:
        if is_own and indicator.is_per_head:
            continue
        part_code, whole_code = indicator.share_of or ("", "")
        part, whole = values.get(part_code), values.get(whole_code)
        if part is not None and whole is not None and whole > 0 <= part:
            values[indicator.code] = (2 * indicator.times * part + whole) // (2 * whole)


class Population:
    """Who lives where on the day of a tree, by the numbers that stand with units (or stood at a moment).

    A unit's own number speaks for everything below it. Without one it is the sum of the units below, if each of them
    is known: a part is never taken for the whole.
    """

    def __init__(self, tree: DatedTree, as_of: dt.datetime | None = None) -> None:
        self.said = UnitCount.versions.standing(as_of).newest_on(CountKind.POPULATION, tree.day)
        self._below: dict[int, list[int]] = defaultdict(list)
        for place in tree.places.values() if self.said else ():
            if place.in_force and place.parent_id is not None:
                self._below[place.parent_id].append(place.unit_id)

    def find(self, unit_id: int) -> list[UnitCount]:
        """Return the numbers that add up to a unit's; none where it is not known."""
        if unit_id in self.said:
            return [self.said[unit_id]]
        parts = [self.find(child) for child in self._below.get(unit_id, ())]
        return [one for part in parts for one in part] if parts and all(parts) else []

    def count(self, unit_id: int) -> int | None:
        """Return how many live in the unit's place; None where it is not known."""
        found = self.find(unit_id)
        return sum(one.value for one in found) if found else None


def _add_population(unit: Unit, tree: DatedTree, figures: Figures, by_place: dict[int, Figures]) -> None:
    """Add who lives where; in the place of a unit that has ended others are asked."""
    population = Population(tree)
    for unit_id, values in ((unit.pk, figures), *by_place.items()):
        is_known = values is figures or unit_id != unit.pk or unit_id in population.said
        value = population.count(unit_id) if is_known else None
        if value is not None and unit_id in tree.places and tree.places[unit_id].in_force:
            values[POPULATION] = value


def _facts(period: Period) -> Iterator[Fact]:
    """Yield what counts in a half-year, or what of its half-years counts in a year (`OverTime`)."""
    for half in period.halves:
        for unit_id, code, value in _facts_of(half):
            way = INDICATORS[code].over_time
            if way is OverTime.SUM or half == (period.halves[0] if way is OverTime.FIRST else period.last_half):
                yield unit_id, code, value
    for half in period.halves[1:]:
        for unit_id, amount in rows_of(LedgerEntry.objects.opened_by_unit, half):
            yield unit_id, "funds.opening", amount
    received = Disbursement.objects.received_by_unit(period)
    for row in received.people:
        yield row["home_id"], "recipients.distinct", row["people"]
        yield row["home_id"], f"recipients.{row['person_kind']}", row["people"]
    for row in received.turns:
        yield row["unit_id"], f"recipients.turns.{row['person_kind']}", row["turns"]


def _facts_of(half: HalfYear) -> Iterator[Fact]:
    yield from _disbursement_facts(half)
    for row in rows_of(LedgerEntry.objects.sums_by_unit, half):
        for column in FUND_COLUMNS:
            yield row["unit_id"], f"funds.{column}", row[column]
        for giver in DonorKind:
            yield row["unit_id"], f"funds.income.{giver}", row[f"income_{giver}"]
    for unit_id, source, value in rows_of(Donation.objects.value_in_kind_by_unit, half):
        yield unit_id, "funds.in_kind", value
        yield unit_id, f"funds.in_kind.{source}", value
    for row in rows_of(_joined, half):
        yield row["unit_id"], "members.new", row["people"]
    for row in rows_of(_counted_members, half):
        yield row["unit_id"], "members.total", row["people"]
    for row in rows_of(LearningTitle.objects.counted_in, half):
        for stage in TitleStage:
            yield row["unit_id"], f"titles.{row['model']}.listed.{stage}", row[stage]
    for unit_id, stories in Article.objects.published_in(half).counted_by_unit():
        yield unit_id, "communication.articles", stories


def _joined(half: HalfYear) -> QuerySet[Membership, dict[str, Any]]:
    return Membership.objects.joined_in(half).counted_by_unit()


def _counted_members(half: HalfYear) -> QuerySet[Membership, dict[str, Any]]:
    return Membership.objects.counted_at_end_of(half).counted_by_unit()


def _disbursement_facts(half: HalfYear) -> Iterator[Fact]:
    for row in rows_of(DisbursementSum.objects.totals_by_unit, half):
        unit_id, kind, source = row["unit_id"], row["kind"], row["source"]
        for what in ("turns", "amount"):
            total = f"disbursements.{what}"
            yield unit_id, total, row[what]
            yield unit_id, f"{total}.{kind}", row[what]
            yield unit_id, f"{total}.{source}", row[what]
            yield unit_id, f"{total}.hardship", row[f"hardship_{what}"]
            yield unit_id, f"disbursements.recalled.{what}", row[f"recalled_{what}"]


def _add_declared(
    unit: Unit, period: Period, tree: DatedTree, figures: Figures, by_place: dict[int, Figures]
) -> DeclaredIn:
    """Add declared figures; return by half-year and indicator which children have one."""
    said = {half: _read_declared(half) for half in period.halves}
    last, found = said[period.last_half], DeclaredIn()
    for by_unit in said.values():
        for unit_id, code in list(by_unit):
            way = INDICATORS[code].over_time
            if by_unit is last or way is OverTime.SUM:
                continue
            value, place = by_unit.pop((unit_id, code)), tree.places.get(unit_id)
            if way is OverTime.LATEST and place is not None and place.in_force:  # of who has ended, the heirs say it
                last.setdefault((unit_id, code), value)
    for half, by_unit in said.items():
        found[half.code] = _place_declared(unit, tree, by_unit, figures, by_place)
    return found


def _read_declared(half: HalfYear) -> dict[tuple[int, str], int]:
    by_unit = {
        (unit_id, code): value
        for unit_id, code, value in rows_of(ApprovedValue.objects.by_unit, half)
        if code in _DECLARED_CODES
    }
    said = topup_figures(half)
    for unit_id, _code in said:  # the register stands for what half-years declare
        by_unit.pop((unit_id, AMOUNT), None)
    return by_unit | said


def _place_declared(
    unit: Unit, tree: DatedTree, by_unit: Mapping[tuple[int, str], int], figures: Figures, by_place: dict[int, Figures]
) -> dict[str, set[int]]:
    """Add a half-year's. What a unit declares speaks for everything below it, so nothing below is added to it."""
    own: Figures = {}
    counted: dict[str, set[int]] = defaultdict(set)
    for (unit_id, code), value in by_unit.items():
        child = tree.child_for(unit_id, unit.pk)
        if child is None or unit_id not in tree.places:
            continue
        above = tree.above(unit_id, unit.pk)
        if unit_id == unit.pk:
            figures[code] = figures.get(code, 0) + value
            own[code] = value
            continue
        if any((higher, code) in by_unit for higher in above if higher != unit.pk):
            continue  # spoken for
        if child == unit.pk:
            own.setdefault(code, 0)
            own[code] += value
        else:
            by_place[child][code] = by_place[child].get(code, 0) + value
            counted[code].add(child)
        if (unit.pk, code) not in by_unit:
            figures[code] = figures.get(code, 0) + value
    for code, value in own.items():
        by_place[unit.pk][code] = by_place[unit.pk].get(code, 0) + value
    return counted
