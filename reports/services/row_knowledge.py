"""What the anonymous rows and the fund books tell beside reports, as equations of the recovery check.

A row or a line of a book names its unit or stands among the pooled ones; then a reader knows what these add up to. What
a fund held, received and holds now is public, so what it spent is known as well: opening + income - spending = closing.
Which fund pays whose lists a reader does not know: only what all of them spent on the pooled units together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from portal.lib.periods import HalfYear, Period
from portal.vocabulary import ProgrammeKind, Source
from reports.figures import INDICATORS, DatedTree, Figures, Measure
from reports.figures.pooling import Pool
from reports.figures.recovery import Name, Publication
from reports.services.contents import Payload
from reports.services.open_rows import find_pool, halves_with_rows, list_issued, read_amounts
from scholarships.models import Disbursement, DisbursementSum, LedgerEntry

ALL, OWN = "all", "own"
_ROWS, _BOOK, _ELSE = "rows", "book", "else"
_BOUNDS = "least", "greatest"  # how far money is from what the turns make at these amounts

#: What was paid, by the count that it follows: it is withheld with it.
MONEY = {one.follows: one.code for one in INDICATORS.values() if one.follows and one.measure is Measure.MONEY}
FOLLOWED = {money: count for count, money in MONEY.items()}

_TURNS, _AMOUNT, _BACK = "disbursements.turns", "disbursements.amount", "disbursements.recalled"
_FUND = f"{_AMOUNT}.{Source.FUND}"


@dataclass(frozen=True)
class Issue:
    """A report as far as figures go: what is public, what is withheld, and every figure in full."""

    unit: str
    period: Period
    public: Payload
    exact: Payload

    def parts(self) -> Iterator[tuple[str, str, Figures, Figures, frozenset[str]]]:
        """Yield (unit, part, figures in full, figures shown, withheld) of the total, the units and its own part."""
        hidden = {code: frozenset(codes) for code, codes in self.public["withheld"].items()}
        mine = hidden.get(self.unit, frozenset())
        shown: Figures = self.public["figures"]
        yield self.unit, ALL, self.exact["figures"], shown, mine - frozenset(shown)
        for code, figures in self.exact["by_unit"].items():
            yield code, ALL, figures, self.public["by_unit"][code], hidden.get(code, frozenset())
        yield self.unit, OWN, self.exact["own"], self.public["own"], mine - frozenset(self.public["own"])


@dataclass
class _Lines:
    """The figures of single units that rows and books tell or hide, in the system of equations."""

    publication: Publication
    half: HalfYear
    part: str
    by_unit: dict[int, dict[str, Name]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, unit: int, code: str, value: int, *, is_hidden: bool, part: str = "") -> Name:
        """Keep a unit's figure; return what it is called."""
        name = (self.half.code, str(unit), part or self.part, code)
        self.publication.values[name] = value
        if is_hidden:
            self.publication.hidden.add(name)
        if not part:
            self.by_unit[unit][code] = name
        return name


def add_rows(publication: Publication, half: HalfYear, issues: list[Issue], draft: Issue, tree: DatedTree) -> set[Name]:
    """Add what the half-year's rows and books tell, given its reports; return the names of what they tell of units."""
    at_draft = (draft.period, draft.unit, draft.public)
    pool = find_pool(half, [(one.unit, one.public) for one in issues], tree, at_draft)
    given = _add_given(publication, half, pool)
    _add_book(publication, half, given, pool)
    recalled = _add_recalled(publication, half, at_draft)
    for one in issues:
        for part, inside in _parts_of(one, tree):
            _tie(publication, one, part, inside, given)
            for lines in recalled:
                _link(publication, (half.code, *part, f"{_BACK}.turns"), inside, lines)
            _tie_recalled(publication, one, part, inside, recalled)
    return {name for lines in (given, *recalled) for names in lines.by_unit.values() for name in names.values()}


def _parts_of(one: Issue, tree: DatedTree) -> Iterator[tuple[tuple[str, str], set[int]]]:
    """Yield the report's units and its own part, each with the units whose rows count in it."""
    places = {place.code: place.unit_id for place in tree.places.values()}
    for child in one.exact["by_unit"]:
        if child in places:
            yield (child, ALL), set(tree.units_under(places[child]))
    if one.unit in places:
        root = places[one.unit]
        yield (one.unit, OWN), {unit for unit in tree.units_under(root) if tree.child_for(unit, root) == root}


def _add_given(publication: Publication, half: HalfYear, pool: Pool) -> _Lines:
    """Keep turns and money by kind and by source: of each unit that rows name, and of all others together.

    Of these a reader knows every amount: where all of a kind are alike, the money of a unit counts its turns.
    """
    found: dict[tuple[int, str], int] = defaultdict(int)
    kinds, sources = [kind.value for kind in ProgrammeKind], [source.value for source in Source]
    for unit in pool.units:  # who of them gave a kind at all, no row says
        found |= {(unit, f"{whole}.{part}"): 0 for whole in (_TURNS, _AMOUNT) for part in (*kinds, *sources)}
    for row in DisbursementSum.objects.totals_by_unit(half):
        for whole, what in ((_TURNS, "turns"), (_AMOUNT, "amount")):
            for part in (row["kind"], row["source"]):
                found[row["unit_id"], f"{whole}.{part}"] += row[what]
    lines = _Lines(publication, half, _ROWS)
    for (unit, code), value in found.items():
        lines.add(unit, code, value, is_hidden=unit in pool.units)
    told = [*(kinds if pool.names_kinds else ()), *(sources if pool.names_sources else ())] if pool.is_shown else []
    for whole in (_TURNS, _AMOUNT):
        for part in told:
            _add_sum(publication, (lines.by_unit[unit][f"{whole}.{part}"] for unit in sorted(pool.units)))
        for unit in pool.units:
            names = lines.by_unit[unit]
            terms = [(names[f"{whole}.{kind}"], 1) for kind in kinds]
            publication.add_equation(*terms, *((names[f"{whole}.{source}"], -1) for source in sources))
    if pool.is_shown and pool.names_amounts:
        _add_amounts(publication, half, lines, pool)
    return lines


def _add_amounts(publication: Publication, half: HalfYear, lines: _Lines, pool: Pool) -> None:
    """Keep between which bounds the money of a unit's turns lies: the least and the greatest amount of such a row."""
    kinds, sources = [kind.value for kind in ProgrammeKind], [source.value for source in Source]
    found: dict[tuple[int, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in DisbursementSum.objects.totals_by_unit(half):
        found[row["unit_id"], row["kind"], row["source"]] = row["turns"], row["amount"]
    bounds = read_amounts(half, pool)
    for unit in sorted(pool.units):
        names = lines.by_unit[unit]
        cells: dict[tuple[str, str], tuple[Name, Name]] = {}
        for kind, source in bounds:
            turns, amount = found[unit, kind, source]
            pair = (
                lines.add(unit, f"{_TURNS}.{kind}", turns, is_hidden=True, part=f"{_ROWS}.{source}"),
                lines.add(unit, f"{_AMOUNT}.{kind}", amount, is_hidden=True, part=f"{_ROWS}.{source}"),
            )
            cells[kind, source] = pair
            least, greatest = bounds[kind, source]
            for number, (more, rest) in enumerate(
                ((-least, amount - least * turns), (greatest, greatest * turns - amount))
            ):
                terms = [(pair[1], -1 if number else 1), (pair[0], more)]
                if least < greatest:
                    slack = lines.add(
                        unit, f"{_AMOUNT}.{kind}", rest, is_hidden=True, part=f"{_BOUNDS[number]}.{source}"
                    )
                    terms.append((slack, -1))
                publication.add_equation(*terms)
        for number, whole in enumerate((_TURNS, _AMOUNT)):
            for part in (*kinds, *sources):
                inside = [(pair[number], -1) for cell, pair in cells.items() if part in cell]
                publication.add_equation((names[f"{whole}.{part}"], 1), *inside)
    for kind, source in bounds:
        for code in (f"{_TURNS}.{kind}", f"{_AMOUNT}.{kind}"):
            _add_sum(publication, ((half.code, str(unit), f"{_ROWS}.{source}", code) for unit in sorted(pool.units)))


def _add_sum(publication: Publication, names: Iterable[Name]) -> None:
    publication.add_equation(*((name, 1) for name in names))


def _add_book(publication: Publication, half: HalfYear, given: _Lines, pool: Pool) -> None:
    """Keep what all funds spent on the pooled units: the public ones by their lines, the others by what they hold."""
    spent: dict[tuple[int, bool], int] = defaultdict(int)
    for row in _read_lists(LedgerEntry.objects.behind("spending", half)):
        spent[row["list_unit"], bool(row["is_public"])] -= row["total"]
    parts: dict[str, list[Name]] = defaultdict(list)
    for unit in sorted(pool.units):
        whole = given.by_unit[unit][_FUND]
        public, other = spent[unit, True], spent[unit, False]
        if public + other != publication.values[whole] or min(public, other) < 0:
            return  # another half-year's money is among it: a reader cannot tell which
        names = [
            given.add(unit, _FUND, value, is_hidden=True, part=part)
            for part, value in ((_BOOK, public), (_ELSE, other))
        ]
        publication.add_equation((whole, 1), *((name, -1) for name in names))
        for part, name in zip((_BOOK, _ELSE), names, strict=True):
            parts[part].append(name)
    for found in parts.values():
        _add_sum(publication, found)


def _read_lists(lines: object) -> Iterator[dict[str, int]]:
    """Yield what entries of fund books add up to, by the unit of the list and whether the fund is public."""
    yield from (
        lines.order_by()  # type: ignore[attr-defined]  # a QuerySet of entries
        .values(
            is_public=F("fund__is_public"), list_half=Coalesce("reverses__batch__half", "batch__half"),
            list_unit=Coalesce("reverses__batch__unit_id", "batch__unit_id"),
        )
        .annotate(total=Sum("amount"))
    )  # fmt: skip


def _add_recalled(publication: Publication, half: HalfYear, at_draft: tuple[Period, str, Payload]) -> list[_Lines]:
    """Keep what was taken back of earlier half-years: rows say in which one, books name the lists' units."""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = Disbursement.objects.recalled_in(half).order_by().values("half", "unit_id")
    for row in rows.annotate(turns=Count("pk"), amount=Sum("amount")):
        found[row["half"]][row["unit_id"]] = row["turns"], row["amount"]
    booked: dict[tuple[str, int], int] = defaultdict(int)
    for row in _read_lists(LedgerEntry.objects.filter(fund__is_public=True).behind("recalled", half)):
        booked[str(row["list_half"]), row["list_unit"]] += row["total"]
    issued = {one.code for one in halves_with_rows()} if found else set()
    return [
        _add_recalled_of(publication, half, HalfYear.parse(code), units, booked, at_draft, is_open=code in issued)
        for code, units in sorted(found.items())
    ]


def _add_recalled_of(
    publication: Publication, half: HalfYear, then: HalfYear, units: dict[int, tuple[int, int]],
    booked: dict[tuple[str, int], int], at_draft: tuple[Period, str, Payload], *, is_open: bool,
) -> _Lines:  # fmt: skip
    """Add what was taken back of one earlier half-year; whose rows are not named it may be any unit that gave in it."""
    if is_open:
        pool = _pool_at(then, at_draft)
    else:
        gave = DisbursementSum.objects.of(then).filter(turns__gt=0).values_list("unit_id", flat=True)
        pool = Pool(frozenset({*gave, *units}), is_shown=False)
    lines, paid_else = _Lines(publication, half, then.code), _list_paid_elsewhere(then)
    parts: list[Name] = []
    for unit in sorted({*units, *pool.units}):
        turns, amount = units.get(unit, (0, 0))
        is_hidden = unit in pool.units
        lines.add(unit, f"{_BACK}.turns", turns, is_hidden=is_hidden)
        whole = lines.add(unit, f"{_BACK}.amount", amount, is_hidden=is_hidden)
        public = booked[then.code, unit]
        if is_hidden and public == amount and unit not in paid_else:
            parts.append(whole)
        elif is_hidden and 0 <= public <= amount:
            code = f"{_BACK}.amount"
            part = lines.add(unit, code, public, is_hidden=True, part=f"{_BOOK}{then}")
            rest = lines.add(unit, code, amount - public, is_hidden=True, part=f"{_ELSE}{then}")
            publication.add_equation((whole, 1), (part, -1), (rest, -1))
            parts.append(part)
    if len(parts) == len(pool.units):
        _add_sum(publication, parts)  # the lines of the books that name no unit
    if pool.is_shown and pool.names_recalled:
        for code in (f"{_BACK}.turns", f"{_BACK}.amount"):
            _add_sum(publication, (lines.by_unit[unit][code] for unit in sorted(pool.units)))
    return lines


def _list_paid_elsewhere(half: HalfYear) -> set[int]:
    """Return the units that were given anything in the half-year which no public fund paid: reports say who was not."""
    sums = DisbursementSum.objects.of(half).filter(turns__gt=0).exclude(source=Source.FUND)
    hidden = _read_lists(LedgerEntry.objects.filter(fund__is_public=False).behind("spending", half))
    return {*sums.values_list("unit_id", flat=True), *(row["list_unit"] for row in hidden)}


def _pool_at(half: HalfYear, at_draft: tuple[Period, str, Payload]) -> Pool:
    """Return the pool of a half-year of which reports are issued, were the draft issued as well."""
    return find_pool(half, list_issued(half), DatedTree(half.last_day), at_draft)


def _tie(publication: Publication, one: Issue, part: tuple[str, str], inside: set[int], lines: _Lines) -> None:
    """Keep that a part's figure is what the rows of its units add up to."""
    for whole in (_TURNS, _AMOUNT):
        for code in [*ProgrammeKind, *Source]:
            name = (one.period.code, *part, f"{whole}.{code.value}")
            names = [found[name[3]] for unit in inside if name[3] in (found := lines.by_unit.get(unit, {}))]
            if names and name in publication.values:
                publication.add_equation((name, 1), *((line, -1) for line in names))
                publication.together.setdefault(name, set()).update(names)


def _link(publication: Publication, name: Name, inside: set[int], lines: _Lines) -> None:
    """Keep that rows and books do not name whose figure a report withholds."""
    names = {line for unit in inside if unit in lines.by_unit for line in lines.by_unit[unit].values()}
    publication.together.setdefault(name, set()).update(names)


def _tie_recalled(
    publication: Publication, one: Issue, part: tuple[str, str], inside: set[int], recalled: list[_Lines]
) -> None:
    for what in ("turns", "amount"):
        name = (one.period.code, *part, f"{_BACK}.{what}")
        if name not in publication.values:
            continue
        names = [lines.by_unit[unit][name[3]] for lines in recalled for unit in inside if unit in lines.by_unit]
        if sum(publication.values[line] for line in names) == publication.values[name]:
            publication.add_equation((name, 1), *((line, -1) for line in names))
