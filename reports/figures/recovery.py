"""Whether what is withheld can be told from all that is published: the bounds that a reader can compute.

What a reader knows are equations: a total is the sum of its units, a whole the sum of its parts, the members now are
those of before and the new ones. A withheld figure is told where the least and the greatest value that all equations
allow are the same: linear programming finds both (HiGHS). Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import highspy

Name = Hashable
Terms = tuple[tuple[Name, int], ...]  # figures, each with its sign

_ALIKE = 0.5  # figures are whole: bounds closer than this leave one value


@dataclass
class Publication:
    """Every figure with its exact value, which of them are not public, and which of them stand in one equation.

    Of an equation only the terms are named: what they add up to follows from the values, and the reader knows it.
    """

    values: dict[Name, int] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    equations: list[Terms] = field(default_factory=list)
    together: dict[Name, set[Name]] = field(default_factory=dict)  # what is withheld with a figure

    def add_equation(self, *terms: tuple[Name, int]) -> None:
        """Keep that the reader knows what the terms add up to."""
        self.equations.append(terms)

    def with_others(self, names: Iterable[Name]) -> set[Name]:
        """Return the figures and what is withheld with them."""
        found = set(names)
        return found.union(*(self.together.get(name, ()) for name in found))


def find_told(publication: Publication, watched: Iterable[Name]) -> list[Name]:
    """Return which of the watched figures a reader can tell, though they are withheld."""
    order = sorted(publication.hidden, key=repr)
    place = {name: number for number, name in enumerate(order)}
    solver = _load(publication, place)
    least = [float(publication.values[name]) for name in order]
    greatest = list(least)
    told = []
    for name in sorted(set(watched), key=repr):
        if name not in place:
            told.append(name)  # another publication shows it
        elif _is_fixed(solver, place[name], least, greatest):
            told.append(name)
    return told


def _load(publication: Publication, place: Mapping[Name, int]) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for _name in place:
        solver.addVar(0.0, highspy.kHighsInf)
    for terms in publication.equations:
        open_terms: dict[int, float] = {}
        total = 0.0
        for name, sign in terms:
            if name in place:
                open_terms[place[name]] = open_terms.get(place[name], 0.0) + sign
                total += sign * publication.values[name]
        if open_terms:
            solver.addRow(total, total, len(open_terms), list(open_terms), list(open_terms.values()))
    return solver


def _is_fixed(solver: highspy.Highs, number: int, least: list[float], greatest: list[float]) -> bool:
    """Whether all that is known leaves the figure one value; what each solution shows of the others is kept."""
    for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
        if greatest[number] - least[number] > _ALIKE:
            return False
        solver.changeColCost(number, 1.0)
        solver.changeObjectiveSense(sense)
        solver.run()
        status = solver.getModelStatus()
        solver.changeColCost(number, 0.0)
        if status in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return False
        for other, value in enumerate(solver.getSolution().col_value):
            least[other], greatest[other] = min(least[other], value), max(greatest[other], value)
    return greatest[number] - least[number] <= _ALIKE


def propose_more(publication: Publication, watched: Iterable[Name], movable: Iterable[Name]) -> list[Name]:
    """Return which of the movable figures to withhold too, so that none of the watched ones is told; hides them.

    The smallest neighbour that helps is taken first, one after the other. For what all of them together do not help
    (another publication shows it) nothing is given up.
    """
    free, proposed = set(movable), list[Name]()
    beyond = find_told(replace(publication, hidden=publication.hidden | publication.with_others(free)), watched)
    wanted = set(watched) - set(beyond)
    for _round in range(len(free) + 1):
        told = find_told(publication, wanted)
        more = {_choose(publication, name, free) for name in told} - {None}
        if not more:
            break
        withheld = publication.with_others(more)
        publication.hidden |= withheld
        free -= withheld
        proposed += sorted(more, key=repr)
    return proposed


def _choose(publication: Publication, told: Name, free: set[Name]) -> Name | None:
    if told in free:
        return told
    for ring in _rings(publication, told):
        near = sorted(ring & free, key=lambda name: _rank(publication, name))
        if near:
            return near[0]
    return None


def _rank(publication: Publication, name: Name) -> tuple[bool, int, str]:
    value = publication.values[name]
    return not value, value, repr(name)  # a zero protects little


def _rings(publication: Publication, told: Name) -> Iterator[set[Name]]:
    """Yield what stands in an equation with the figure, then with whatever hidden one stands beside it, and so on."""
    reached, left = {told}, list(publication.equations)
    while True:
        found = [terms for terms in left if any(name in reached for name, _sign in terms)]
        if not found:
            return
        ring = {name for terms in found for name, _sign in terms}
        yield ring
        left = [terms for terms in left if terms not in found]
        reached |= ring & publication.hidden
