"""What is published of one association taken together: reports of all units, of four half-years, anonymous rows.

It says which doors other publications hold open for a report, and whether a withheld figure can be told from all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.vocabulary import ProgrammeKind
from reports.figures import INDICATORS, DatedTree, Doors, Figures, FigureSet, compute, public_figures
from reports.figures.disclosure import LEAST, Cell, is_small
from reports.figures.recovery import Name, Publication, find_told, propose_more
from reports.models import Report
from reports.services.contents import Payload
from reports.services.open_rows import find_pool
from scholarships.models import DisbursementSum

_COUNTS = [one.code for one in INDICATORS.values() if one.counts_people]
_FAMILIES: dict[tuple[str, str], list[str]] = {}
for _one in INDICATORS.values():
    if _one.counts_people and _one.whole and _one.family != "hardship":
        _FAMILIES.setdefault((_one.whole, _one.family), []).append(_one.code)
_HARDSHIP = [one for one in INDICATORS.values() if one.counts_people and one.family == "hardship"]
_ALL, _OWN, _REST, _ROWS = "all", "own", "rest", "rows"
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
            said.append(sentence % {"told": _list_some(self.told), "more": "; ".join(self.more.values())})
        if self.stuck:
            sentence = _(
                "Reports that are issued already tell figures of fewer than five people, whatever this one withholds: "
                "%(told)s. Revoke these first, or issue a new version of them: %(reports)s."
            )
            said.append(sentence % {"told": _list_some(self.stuck), "reports": "; ".join(self.tellers)})
        return said


def _list_some(names: list[str]) -> str:
    return "; ".join(names[:_MOST_TOLD]) + (" …" if len(names) > _MOST_TOLD else "")


@dataclass(frozen=True)
class Issue:
    """A report as far as figures go: what is public, what is withheld, and every figure in full."""

    unit: str
    half: HalfYear
    public: Payload
    exact: Payload

    def parts(self) -> Iterator[tuple[str, str, Figures, Figures, frozenset[str]]]:
        """Yield (unit, part, figures in full, figures shown, withheld) of the total, the units and its own part."""
        hidden = {code: frozenset(codes) for code, codes in self.public["withheld"].items()}
        mine = hidden.get(self.unit, frozenset())
        shown: Figures = self.public["figures"]
        yield self.unit, _ALL, self.exact["figures"], shown, mine - frozenset(shown)
        for code, figures in self.exact["by_unit"].items():
            yield code, _ALL, figures, self.public["by_unit"][code], hidden.get(code, frozenset())
        yield self.unit, _OWN, self.exact["own"], self.public["own"], mine - frozenset(self.public["own"])


def find_doors(figure_set: FigureSet, tree: DatedTree, more: Iterable[str] = ()) -> Doors:
    """Return what the reports above and below withhold of the same figures, and whose members were public before.

    `more`: what the issuer withholds too, as ToldError names it.
    """
    unit, half = figure_set.unit, figure_set.half
    withheld: set[Cell] = set()
    parent = tree.places[unit.pk].parent_id if unit.pk in tree.places else None
    if parent is not None:
        above = Unit.objects.get(pk=parent)
        figures = compute(above, half, tree=tree)
        kept = public_figures(figures, find_doors(figures, tree)).withheld.get(unit.code, [])
        issued = _read_withheld(above, half).get(unit.code, [])
        withheld |= {("", code) for code in (*kept, *issued)}
    for report in _find_issued(half).filter(unit__code__in=list(figure_set.by_unit)).only("unit__code", "payload"):
        code, payload = report.unit.code, report.payload
        withheld |= {
            (code, name) for name in payload["withheld"].get(code, ()) if name not in payload["figures"]
        }  # fmt: skip
    before, counted = _find_before(unit, half, parent), set()
    for row, figures_before in before.items():
        if "members.total" in figures_before:
            counted.add(row)
        elif row in {"", *figure_set.by_unit}:
            withheld.add((row, "members.total"))  # it was withheld: the new ones would tell it
    for code, _colon, name in (cell.partition(":") for cell in more):
        withheld |= {(code, name), ("", name)} if code == unit.code else {(code, name)}
    return Doors(frozenset(withheld), frozenset(counted))


def _find_issued(half: HalfYear) -> Any:
    return Report.objects.of(half).latest_versions().select_related("unit")


def _read_withheld(unit: Unit, half: HalfYear) -> Mapping[str, list[str]]:
    report = _find_issued(half).filter(unit=unit).only("unit__code", "payload").first()
    return report.payload["withheld"] if report else {}


def _find_before(unit: Unit, half: HalfYear, parent: int | None) -> dict[str, Figures]:
    """Return the public figures of the half-year before, by row of this report; {} where nothing was issued."""
    report = _find_issued(half.previous()).filter(unit=unit).only("unit__code", "payload").first()
    rows: dict[str, Figures] = {}
    if report is not None:
        rows = {"": report.payload["figures"], **report.payload["by_unit"]}
    if parent is not None:
        above = _find_issued(half.previous()).filter(unit=parent).only("unit__code", "payload").first()
        if above is not None and unit.code in above.payload["by_unit"]:
            rows[""] = above.payload["by_unit"][unit.code] | rows.get("", {})
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
            more={f"{name[1]}:{name[3]}": _write(name, names) for name in more if isinstance(name, tuple)},
            stuck=[_write(name, names) for name in stuck],
            tellers=_find_tellers(issued, draft, tree, set(stuck)),
        )
    )


def _find_others(draft: Issue) -> dict[str, Issue]:
    """Return the other reports of this half-year, the two before and the one after, by what they are called."""
    half = draft.half
    codes = [one.code for one in (half.previous().previous(), half.previous(), half, half.next())]
    found = Report.objects.filter(half__in=codes).latest_versions().select_related("unit").defer("canonical")
    return {
        f"{report} ({report.payload['unit_name']}, {report.half_year.screen_short_label})": Issue(
            report.unit.code, report.half_year, report.payload, report.exact
        )
        for report in found
        if (report.unit.code, report.half) != (draft.unit, half.code)
    }


def _find_tellers(issued: Mapping[str, Issue], draft: Issue, tree: DatedTree, stuck: set[Name]) -> list[str]:
    """Return the reports without which less could be told of the figures; all of them where no single one is."""
    if not stuck:
        return []
    telling = []
    for name, one in issued.items():
        others = [other for other in issued.values() if other is not one]
        publication, watched, movable, tops = _take_together([*others, draft], draft, tree)
        publication.hidden |= movable | tops
        if len(find_told(publication, stuck & watched)) < len(stuck):
            telling.append(name)
    return telling or list(issued)


def _name_units(one: Issue) -> Iterator[tuple[str, str]]:
    yield from one.public["units"].items()
    yield one.unit, one.public["unit_name"]


def _write(name: Name, names: Mapping[str, str]) -> str:
    if not isinstance(name, tuple):
        raise TypeError
    half, unit, _part, code = name
    label = INDICATORS[code.removeprefix(f"{_REST}.")].label
    return f"{names.get(unit, unit)}, {label} ({HalfYear.parse(half).screen_short_label})"


def _take_together(
    issues: list[Issue], draft: Issue, tree: DatedTree
) -> tuple[Publication, set[Name], set[Name], set[Name]]:
    """Return all that is published with the draft, the figures to watch, and those that the draft may withhold too.

    These are in two parts: those of units, and those of the association itself.
    """
    publication, watched = Publication(), set[Name]()
    elsewhere: set[Name] = set()
    for one in issues:
        if one is not draft:
            elsewhere |= _add_issue(publication, one, watched)
    here = _add_issue(publication, draft, watched)
    publication.hidden -= elsewhere | here
    _add_halves(publication)
    _add_rows(publication, draft.half, [one for one in issues if one.half == draft.half], tree)
    roots = {place.code for place in tree.roots()}
    movable: set[Name] = here - elsewhere
    tops: set[Name] = {name for name in movable if isinstance(name, tuple) and name[1] in roots}
    return publication, watched, movable - tops, tops


def _add_issue(publication: Publication, one: Issue, watched: set[Name]) -> set[Name]:
    """Add a report's figures, those to watch and what adds up; return what it shows."""
    half, shown, parts = one.half.code, set[Name](), list(one.parts())
    tellers = Counter(
        code for *_row, exact, _public, withheld in parts[1:] for code in _COUNTS if exact.get(code) or code in withheld
    )
    for unit, part, exact, _public, withheld in parts:
        is_total = part == _ALL and unit == one.unit
        for code in (code for code in _COUNTS if code in exact or code in withheld):
            name = (half, unit, part, code)
            publication.values[name] = exact.get(code, 0)  # of who said nothing it is none, yet withheld
            if code in withheld:
                publication.hidden.add(name)
            else:
                shown.add(name)  # a zero of who said nothing is left out, and known
            is_alone = not is_total and tellers[code] == 1  # the total itself under another name
            if is_small(code, exact, is_total=is_total) and not is_alone:
                is_few = 0 < abs(exact.get(code, 0)) < LEAST
                watched.add(name if is_few else (half, unit, part, f"{_REST}.{code}"))
        _add_parts(publication, (half, unit, part), exact)
    (unit, _part, total, _public, _withheld), rest = parts[0], parts[1:]
    for code in (code for code in _COUNTS if code in total):
        lines = [((half, row, part, code), -1) for row, part, *_more in rest]
        lines = [(name, sign) for name, sign in lines if name in publication.values]
        if sum(publication.values[name] for name, _sign in lines) == total[code]:
            publication.add_equation(((half, unit, _ALL, code), 1), *lines)
    return shown


def _add_parts(publication: Publication, row: tuple[str, str, str], exact: Figures) -> None:
    """Keep what stands in one line: a whole is the sum of its parts."""
    for (whole, _family), codes in _FAMILIES.items():
        if whole in exact and sum(exact.get(code, 0) for code in codes) == exact[whole]:
            # of who said nothing a withheld part may be none, which no reader knows
            terms = [((*row, code), -1) for code in codes if (*row, code) in publication.values]
            publication.add_equation(((*row, whole), 1), *terms)
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
            before = (HalfYear.parse(name[0]).previous().code, *name[1:])
            new = (*name[:3], "members.new")
            if before in publication.values and new in publication.values:
                publication.add_equation((name, 1), (before, -1), (new, -1))


def _add_rows(publication: Publication, half: HalfYear, issues: Iterable[Issue], tree: DatedTree) -> None:
    """Keep what the anonymous rows tell: the turns of each unit that they name, and of all others together."""
    withheld = [(one.unit, one.public) for one in issues]
    pool = find_pool(half, withheld, tree)
    pooled: dict[str, list[Name]] = {}
    by_unit: dict[int, list[tuple[str, Name]]] = {}
    turns: dict[tuple[int, str], int] = {(unit, kind.value): 0 for unit in pool.units for kind in ProgrammeKind}
    for row in DisbursementSum.objects.totals_by_unit(half):
        cell = row["unit_id"], row["kind"]
        turns[cell] = turns.get(cell, 0) + row["turns"]
    for (unit, kind), count in turns.items():
        code = f"disbursements.turns.{kind}"
        name = (half.code, str(unit), _ROWS, code)
        publication.values[name] = count
        by_unit.setdefault(unit, []).append((code, name))
        if unit in pool.units:  # who of them gave a kind at all, no row says
            publication.hidden.add(name)
            pooled.setdefault(code, []).append(name)
    if pool.names_kinds and pool.is_shown:
        for lines in pooled.values():
            publication.add_equation(*((name, 1) for name in lines))
    places = {place.code: place.unit_id for place in tree.places.values()}
    for one in issues:
        for child in one.exact["by_unit"]:
            inside = tree.units_under(places[child]) if child in places else []
            for code in (code for code in _COUNTS if code.startswith("disbursements.turns.")):
                lines = [name for unit in inside for found, name in by_unit.get(unit, []) if found == code]
                whole = (half.code, child, _ALL, code)
                if lines and whole in publication.values:
                    publication.add_equation((whole, 1), *((name, -1) for name in lines))
