"""What is published of one association taken together: reports of all units, half-years and years, anonymous rows.

A year less one of its half-years is the other one: the three are one system of figures, whichever is issued last.

It says which doors other publications hold open for a report, and whether a withheld figure can be told from all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear, Period, Year, parse_period
from portal.models import Unit
from portal.services.texts import name_some
from portal.vocabulary import RecipientKind
from reports.figures import INDICATORS, DatedTree, Doors, Figures, FigureSet, OverTime, compute, public_figures
from reports.figures.catalogue import receiver_turns
from reports.figures.disclosure import LEAST, Cell, is_small
from reports.figures.recovery import Name, Publication, find_told, propose_more
from reports.models import Report
from reports.services.open_rows import halves_with_rows
from reports.services.row_knowledge import ALL, FOLLOWED, MONEY, Issue, add_rows

_COUNTS = [one.code for one in INDICATORS.values() if one.counts_people]
_KEPT = [*_COUNTS, *MONEY.values()]  # counts, and what was paid: it is withheld with its count
_FAMILIES: dict[tuple[str, str], list[str]] = {}
for _one in INDICATORS.values():
    if _one.code in _KEPT and _one.whole and _one.family != "hardship":
        _FAMILIES.setdefault((_one.whole, _one.family), []).append(_one.code)
_HARDSHIP = [one for one in INDICATORS.values() if one.code in _KEPT and one.family == "hardship"]
_REST, _BOTH, _ONLY, _AGAIN = "rest", "both", "only", "again"
_MOST_TOLD = 8  # figures named in a refusal


class ToldError(ValidationError):
    """Withheld figures can be told from what is published; `cells` are what to withhold too ("LC:members.new")."""

    def __init__(self, leak: Leak) -> None:
        super().__init__(" ".join(leak.sentences()), code="told")
        self.leak = leak
        self.cells = leak.cells


@dataclass(frozen=True)
class Leak:
    """What a reader can tell, what to withhold too so that it is not, and which reports tell the rest by themselves."""

    told: list[str]
    more: dict[str, str]  # cell ("LC:members.new") -> how it is called
    stuck: list[str]
    tellers: list[str]

    @property
    def cells(self) -> list[str]:
        """What to withhold too, as `build` takes it."""
        return list(self.more)

    def join(self, later: Leak) -> Leak:
        """Return both: what was told first, and all that is to be withheld."""
        return Leak(self.told, self.more | later.more, self.stuck or later.stuck, self.tellers or later.tellers)

    def sentences(self) -> list[str]:
        """Return what the issuer reads: at least one thing to do stands in it."""
        said = []
        if self.more:
            sentence = _(
                "From all that is published, figures of fewer than five people can be told: %(told)s. "
                "Withhold these too: %(more)s."
            )
            told = name_some(self.told, _MOST_TOLD, "; ")
            said.append(sentence % {"told": told, "more": "; ".join(self.more.values())})
        if self.stuck:
            sentence = _(
                "Reports that are issued already tell figures of fewer than five people, whatever this one withholds: "
                "%(told)s. Revoke these first, or issue a new version of them: %(reports)s."
            )
            told = name_some(self.stuck, _MOST_TOLD, "; ")
            said.append(sentence % {"told": told, "reports": "; ".join(self.tellers)})
        return said


def find_doors(figure_set: FigureSet, tree: DatedTree, more: Iterable[str] = ()) -> Doors:
    """Return what the reports above and below withhold of the same figures, and whose members were public before.

    `more`: what the issuer withholds too, as ToldError names it.
    """
    unit, period = figure_set.unit, figure_set.period
    withheld: set[Cell] = _find_beside(unit, period)
    parent = tree.places[unit.pk].parent_id if unit.pk in tree.places else None
    if parent is not None:
        above = Unit.objects.get(pk=parent)
        figures = compute(above, period, tree=tree)
        kept = public_figures(figures, find_doors(figures, tree)).withheld.get(unit.code, [])
        issued = _read_withheld(above, period).get(unit.code, [])
        withheld |= {("", code) for code in (*kept, *issued)}
    for report in _find_issued(period).filter(unit__code__in=list(figure_set.by_unit)).only("unit__code", "payload"):
        code, payload = report.unit.code, report.payload
        withheld |= {
            (code, name) for name in payload["withheld"].get(code, ()) if name not in payload["figures"]
        }  # fmt: skip
    before, counted = _find_before(unit, period, parent), set()
    for row, figures_before in before.items():
        if "members.total" in figures_before:
            counted.add(row)
        elif row in {"", *figure_set.by_unit}:
            withheld.add((row, "members.total"))  # it was withheld: the new ones would tell it
    for code, _colon, name in (cell.partition(":") for cell in more):
        withheld |= {(code, name), ("", name)} if code == unit.code else {(code, name)}
    return Doors(frozenset(withheld), frozenset(counted))


def _find_beside(unit: Unit, period: Period) -> set[Cell]:
    """Return the cells that the unit's reports on the year and on its half-years tell together, were this one to show.

    Of a sum one hidden figure among three is no secret; what stands on the last day is the same in year and half-year.
    """
    year = period if isinstance(period, Year) else Year(period.year)
    hidden: dict[Period, set[Cell]] = {}
    around: tuple[Period, ...] = (year, *year.halves)
    for one in around:
        report = _find_issued(one).filter(unit=unit).only("unit__code", "payload").first() if one != period else None
        if report is not None:
            hidden[one] = _list_hidden(report)
    ends = {year, year.last_half}
    found = set[Cell]()
    for cell in set().union(*hidden.values()):
        way, hiding = INDICATORS[cell[1]].over_time, {one for one, cells in hidden.items() if cell in cells}
        same_day = way in {OverTime.LAST, OverTime.LATEST} and period in ends and bool(hiding & ends)
        if same_day or (way is OverTime.SUM and len(hidden) == 2 and len(hiding) == 1):
            found.add(cell)
    return found


def _list_hidden(report: Report) -> set[Cell]:
    """Return the counts that a report withholds, by its rows ("" for the total)."""
    code, payload = report.unit.code, report.payload
    total = {("", name) for name in payload["withheld"].get(code, ()) if name not in payload["figures"]}
    rows = {(row, name) for row in payload["by_unit"] for name in payload["withheld"].get(row, ())}
    return {cell for cell in total | rows if INDICATORS[cell[1]].counts_people}


def _find_issued(period: Period) -> Any:
    return Report.objects.of(period).latest_versions().select_related("unit")


def _read_withheld(unit: Unit, period: Period) -> Mapping[str, list[str]]:
    report = _find_issued(period).filter(unit=unit).only("unit__code", "payload").first()
    return report.payload["withheld"] if report else {}


def _end_before(period: Period) -> list[Period]:
    """Return the half-year and the year that end where the period begins."""
    half = period.halves[0].previous()
    year = Year(half.year)
    return [half, year] if year.end == period.first_day else [half]


def _find_before(unit: Unit, period: Period, parent: int | None) -> dict[str, Figures]:
    """Return the public figures of what ends before the period, by row of this report; {} where nothing was issued."""
    rows: dict[str, Figures] = {}
    for one in _end_before(period):
        report = _find_issued(one).filter(unit=unit).only("unit__code", "payload").first()
        found = {"": report.payload["figures"], **report.payload["by_unit"]} if report is not None else {}
        if parent is not None:
            above = _find_issued(one).filter(unit=parent).only("unit__code", "payload").first()
            if above is not None and unit.code in above.payload["by_unit"]:
                found[""] = above.payload["by_unit"][unit.code] | found.get("", {})
        for row, figures in found.items():
            rows[row] = rows.get(row, {}) | figures
    return rows


def demand_untold(draft: Issue, tree: DatedTree) -> None:
    """Refuse what would let a reader tell a withheld figure. Raises ToldError: which, and what to withhold too."""
    issued = _find_others(draft)
    publication, watched, movable, tops = _take_together([*issued.values(), draft], draft, tree)
    told = find_told(publication, watched)
    if not told:
        return
    names = {code: name for one in [*issued.values(), draft] for code, name in _name_units(one)}
    # first what stands beside it; the association's own totals only where no unit's figure helps
    more = [*propose_more(publication, watched, movable), *propose_more(publication, watched, tops)]
    stuck = find_told(publication, watched)
    raise ToldError(
        Leak(
            told=[_write(name, names) for name in told],
            more={f"{name[1]}:{name[3]}": _write(name, names) for name in map(_name_count, more)},
            stuck=[_write(name, names) for name in stuck],
            tellers=_find_tellers(issued, draft, tree, set(stuck)),
        )
    )


def _find_others(draft: Issue) -> dict[str, Issue]:
    """Return the other reports of this period, of the two half-years before and the one after, by what they are called.

    And those of the years of which these are parts, with their other half-years.
    """
    first, last = draft.period.halves[0], draft.period.last_half
    near = {first.previous().previous(), first.previous(), *draft.period.halves, last.next()}
    years = {Year(half.year) for half in near}
    wanted: set[Period] = {*near, *years}
    told = Report.objects.filter(period__in=[year.code for year in years]).latest_versions()
    for code in told.values_list("period", flat=True):
        wanted |= set(parse_period(code).halves)
    found = Report.objects.filter(period__in=[one.code for one in wanted]).latest_versions()
    return {
        f"{report} ({report.payload['unit_name']}, {report.period_value.screen_short_label})": Issue(
            report.unit.code, report.period_value, report.payload, report.exact
        )
        for report in found.select_related("unit").defer("canonical")
        if (report.unit.code, report.period) != (draft.unit, draft.period.code)
    }


def _find_tellers(issued: Mapping[str, Issue], draft: Issue, tree: DatedTree, stuck: set[Name]) -> list[str]:
    """Return the reports without which less could be told of the figures; all of them where no single one is."""
    if not stuck:
        return []
    telling = []
    for name, one in issued.items():
        others = [other for other in issued.values() if other is not one]
        publication, watched, movable, tops = _take_together([*others, draft], draft, tree)
        publication.hidden |= publication.with_others(movable | tops)
        if len(find_told(publication, stuck & watched)) < len(stuck):
            telling.append(name)
    return telling or list(issued)


def _name_units(one: Issue) -> Iterator[tuple[str, str]]:
    yield from one.public["units"].items()
    yield one.unit, one.public["unit_name"]


def _name_count(name: Name) -> tuple[str, str, str, str]:
    """Return the count with which a sum of money is withheld; what is no money, as it is."""
    if not isinstance(name, tuple):
        raise TypeError
    period, unit, part, code = name
    return period, unit, part, str(FOLLOWED.get(code, code))


def _write(name: Name, names: Mapping[str, str]) -> str:
    if not isinstance(name, tuple):
        raise TypeError
    period, unit, _part, code = name
    label = INDICATORS[code.removeprefix(f"{_REST}.")].label
    return f"{names.get(unit, unit)}, {label} ({parse_period(period).screen_short_label})"


def _take_together(
    issues: list[Issue], draft: Issue, tree: DatedTree
) -> tuple[Publication, set[Name], set[Name], set[Name]]:
    """Return all that is published with the draft, the figures to watch, and those that the draft may withhold too.

    These are in two parts: those of units, and those of the association itself.
    """
    publication, watched = Publication(), set[Name]()
    elsewhere: set[Name] = set()
    roots = {place.code for place in tree.roots()}
    for one in issues:
        if one is not draft:
            elsewhere |= _add_issue(publication, one, watched, roots)
    here = _add_issue(publication, draft, watched, roots)
    publication.hidden -= elsewhere | here
    _add_halves(publication)
    watched |= _add_years(publication, roots)
    lines = set[Name]()
    for half in _list_halves_with_rows(issues, draft):
        then = tree if half == draft.period.last_half else DatedTree(half.last_day)
        lines |= add_rows(publication, half, [one for one in issues if one.period == half], draft, then)
    movable: set[Name] = here - elsewhere
    publication.together = {name: found & (movable | lines) for name, found in publication.together.items()}
    tops: set[Name] = {name for name in movable if isinstance(name, tuple) and name[1] in roots}
    return publication, watched, movable - tops, tops


def _add_issue(publication: Publication, one: Issue, watched: set[Name], roots: set[str]) -> set[Name]:
    """Add a report's figures, those to watch and what adds up; return what it shows."""
    period, shown, parts = one.period.code, set[Name](), list(one.parts())
    tellers = Counter(
        code for *_row, exact, _public, withheld in parts[1:] for code in _COUNTS if exact.get(code) or code in withheld
    )
    for unit, part, exact, _public, withheld in parts:
        is_total = part == ALL and unit == one.unit
        for code in (code for code in _KEPT if code in exact or code in withheld):
            name = (period, unit, part, code)
            publication.values[name] = exact.get(code, 0)  # of who said nothing it is none, yet withheld
            if code in withheld:
                publication.hidden.add(name)
            else:
                shown.add(name)  # a zero of who said nothing is left out, and known
        for code in (code for code in _COUNTS if code in exact):
            is_alone = not is_total and tellers[code] == 1  # the total itself under another name
            if is_small(code, exact, is_total=is_total) and not is_alone:
                before = "" if 0 < abs(exact[code]) < LEAST else f"{_REST}."
                watched.add((period, unit, part, f"{before}{code}"))
                # what the association's funds spent in all is told in full, and of whom it says nothing
                if MONEY.get(code) in exact and not (is_total and unit in roots):
                    watched.add((period, unit, part, f"{before}{MONEY[code]}"))
        for count, money in MONEY.items():
            pair = {(period, unit, part, count), (period, unit, part, money)}
            if pair <= publication.values.keys():
                for name in pair:
                    publication.together.setdefault(name, set()).update(pair)
        _add_parts(publication, (period, unit, part), exact)
    (unit, _part, total, _public, _withheld), rest = parts[0], parts[1:]
    for code in (code for code in _KEPT if code in total):
        lines = [((period, row, part, code), -1) for row, part, *_more in rest]
        lines = [(name, sign) for name, sign in lines if name in publication.values]
        if sum(publication.values[name] for name, _sign in lines) == total[code]:
            publication.add_equation(((period, unit, ALL, code), 1), *lines)
    return shown


def _add_parts(publication: Publication, row: tuple[str, str, str], exact: Figures) -> None:
    """Keep what stands in one line: a whole is the sum of its parts."""
    for (whole, _family), codes in _FAMILIES.items():
        if whole in exact and sum(exact.get(code, 0) for code in codes) == exact[whole]:
            # of who said nothing a withheld part may be none, which no reader knows
            terms = [((*row, code), -1) for code in codes if (*row, code) in publication.values]
            publication.add_equation(((*row, whole), 1), *terms)
    for kind in RecipientKind:
        people, turns = (*row, f"recipients.{kind}"), (*row, receiver_turns(kind))
        if {people, turns} <= publication.values.keys():
            for name in (people, turns):
                publication.together.setdefault(name, set()).update({people, turns})
            more = publication.values[turns] - publication.values[people]
            if more >= 0:  # nobody received less than once, as a reader will think
                again = (*row, f"{_AGAIN}.{turns[3]}")
                _keep_hidden(publication, again, more)
                publication.add_equation((turns, 1), (people, -1), (again, -1))
    for one in _HARDSHIP:
        if one.code in exact and one.whole in exact:
            rest = (*row, f"{_REST}.{one.code}")
            publication.values[rest] = exact[one.whole] - exact[one.code]
            publication.hidden.add(rest)
            publication.add_equation(((*row, one.whole), 1), ((*row, one.code), -1), (rest, -1))


def _add_halves(publication: Publication) -> None:
    """Keep that members now are those of before and the new ones; who left, a reader may know."""
    for name in list(publication.values):
        if isinstance(name, tuple) and name[3] == "members.total":
            new = (*name[:3], "members.new")
            for one in _end_before(parse_period(name[0])):
                before = (one.code, *name[1:])
                if before in publication.values and new in publication.values:
                    publication.add_equation((name, 1), (before, -1), (new, -1))


def _add_years(publication: Publication, roots: set[str]) -> set[Name]:
    """Keep what ties a year to its half-years (`OverTime`); return what is to be watched besides.

    Where only one half-year is published, the year tells the other one: it is watched like a published one.
    """
    watched, few = set[Name](), set[Name]()
    for name in list(publication.values):
        if not isinstance(name, tuple) or name[3] not in _KEPT or not isinstance(parse_period(name[0]), Year):
            continue
        _code, unit, part, code = name
        year, value, way = parse_period(name[0]), publication.values[name], INDICATORS[code].over_time
        halves: list[Name] = [(half.code, unit, part, code) for half in year.halves]
        known = [one for one in halves if one in publication.values]
        if way is OverTime.SUM:
            rest = value - sum(publication.values[one] for one in known)
            missing = [one for one in halves if one not in known]
            if rest > 0 and len(missing) == 1:
                publication.values[missing[0]] = rest
                publication.hidden.add(missing[0])
                is_few = rest < LEAST if code in _COUNTS else (*name[:3], FOLLOWED[code]) in few
                if is_few and not (unit in roots and part == ALL):
                    few.add(name)
                    watched.add(missing[0])
                known, rest = halves, 0
            if known and not rest:
                publication.add_equation((name, 1), *((one, -1) for one in known))
        elif way is OverTime.ONCE:
            _add_people(publication, name, known)
        else:
            same = [one for one in reversed(known) if publication.values[one] == value]
            if same and (way is OverTime.LATEST or same[0] == halves[-1]):
                publication.add_equation((name, 1), (same[0], -1))
    return watched


def _add_people(publication: Publication, name: tuple[str, str, str, str], halves: list[Name]) -> None:
    """Keep that a year's people are at least a half-year's, and at most those of both: nobody is fewer than none."""
    slack = {one: publication.values[name] - publication.values[one] for one in halves}
    if len(slack) > 1:
        both = (*name[:3], f"{_BOTH}.{name[3]}")
        twice = sum(publication.values[one] for one in halves) - publication.values[name]
        if twice >= 0:
            _keep_hidden(publication, both, twice)
            publication.add_equation(*((one, 1) for one in halves), (name, -1), (both, -1))
    for one, others in slack.items():
        if others >= 0 and isinstance(one, tuple):
            rest = (*one[:3], f"{_ONLY}.{one[3]}")
            _keep_hidden(publication, rest, others)
            publication.add_equation((name, 1), (one, -1), (rest, -1))


def _keep_hidden(publication: Publication, name: Name, value: int) -> None:
    publication.values[name] = value
    publication.hidden.add(name)


def _list_halves_with_rows(issues: Iterable[Issue], draft: Issue) -> list[HalfYear]:
    """Return the half-years whose anonymous rows a reader holds beside the draft."""
    open_halves = halves_with_rows() if any(isinstance(one.period, Year) for one in issues) else []
    year = Year(draft.period.year)
    return [half for half in year.halves if half == draft.period or half in open_halves]
