"""A reader who tries to tell what is withheld, from nothing but what anybody may download.

None of the portal's own check is used: the files of reports, rows, fund books and the statements' pages are read as they
are sent, and made into equations over whole numbers. A figure is told where only one number fits.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import product
from math import gcd

import highspy
from lxml import html

KINDS, SOURCES = ("scholarship", "award", "support"), ("fund", "direct", "in_kind")
TABLES = (*(((kind,), SOURCES) for kind in KINDS), *((KINDS, (source,)) for source in SOURCES))
RECEIVERS = ("pupil", "student", "teacher", "other")
POOLED, ROOT = "gộp", "HP"
TURNS, AMOUNT, PEOPLE = "disbursements.turns", "disbursements.amount", "recipients.distinct"
FAMILIES = {
    TURNS: (KINDS, SOURCES, [f"!recipients.turns.{one}" for one in RECEIVERS]),
    AMOUNT: (KINDS, SOURCES),
    PEOPLE: ([f"!recipients.{one}" for one in RECEIVERS],),
}
SUMMED = [
    "members.new", "members.total", *(f"{whole}{part}" for whole in (TURNS, AMOUNT) for part in
    ("", ".hardship", *(f".{one}" for one in (*KINDS, *SOURCES)))), PEOPLE,
    *(f"recipients.{one}" for one in RECEIVERS), *(f"recipients.turns.{one}" for one in RECEIVERS),
]  # fmt: skip
ENDLESS = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


def is_money(name) -> bool:
    """Whether the number is one of đồng, none of people or turns."""
    return name[-1] in ("amount", "paid") or name[-1].startswith(AMOUNT)


@dataclass
class Tree:
    """Which unit stands below which, as the pages of units say."""

    parents: dict[str, str]

    def under(self, code: str) -> set[str]:
        below = {one for one, parent in self.parents.items() if parent == code}
        return {code}.union(*(self.under(one) for one in below))


@dataclass
class Stranger:
    """What was read, as numbers that are known, numbers that are not, and what both add up to."""

    tree: Tree
    known: dict[tuple, int] = field(default_factory=dict)
    hidden: set[tuple] = field(default_factory=set)
    sums: list[tuple[list[tuple[tuple, int]], float, float]] = field(default_factory=list)
    withheld: set[tuple] = field(default_factory=set)
    parts: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # whose rows a part of a report counts

    # ---- reading ------------------------------------------------------------------------------------------------

    def read_all(self, client) -> Stranger:
        index = client.get("/du-lieu-mo/muc-luc.json").json()
        periods = set()
        for one in index["reports"]:
            period = one.get("half") or str(one["year"])
            self.read_report(period, json.loads(client.get(f"/du-lieu-mo/{period}/{one['unit']}.json").content))
            periods.add(period)
        halves = sorted({half for one in periods for half in ([one] if "-" in one else [f"{one}-H1", f"{one}-H2"])})
        self.tie_periods(periods)
        statements = self.read_books(client, index["books"], halves)
        for half in index["rows"]:
            self.read_rows(half, self.load(client, f"luot-trao-{half}.json"))
        self.read_statements(client, halves, statements)
        self.tie_lines()
        return self

    def load(self, client, name):
        return json.loads(b"".join(client.get(f"/du-lieu-mo/{name}").streaming_content))

    def read_report(self, period, payload):
        unit = payload["unit"]
        rows = {(unit, "all"): payload["figures"]}
        rows |= {(code, "all"): figures for code, figures in payload["by_unit"].items()}
        rows[unit, "own"] = payload["own"]
        self.parts[unit, "own"] = {unit}
        for code in payload["by_unit"]:
            self.parts[code, "all"] = self.tree.under(code)
        for row, figures in rows.items():
            hidden = set(payload["withheld"].get(row[0], ())) - set(figures)
            for code in SUMMED:
                name = (period, *row, code)
                if code in figures:
                    self.known[name] = figures[code]
                elif code in hidden:
                    self.withheld.add(name)
                    self.hidden.add(name)
                else:
                    self.known.setdefault(name, 0)
            self.tie_row(period, row)
        for code in SUMMED:
            others = [(period, *row, code) for row in list(rows)[1:]]
            self.add([((period, unit, "all", code), 1), *((name, -1) for name in others)])
            if code in payload["pooled"]:
                gone = [name for name in others if name in self.withheld]
                self.add([(name, 1) for name in gone], payload["pooled"][code])

    def tie_row(self, period, row):
        def name(code):
            return (period, *row, code)

        for whole, families in FAMILIES.items():
            for parts in families:
                codes = [one[1:] if one[0] == "!" else f"{whole}.{one}" for one in parts]
                self.add([(name(whole), 1), *((name(code), -1) for code in codes)])
            if whole != PEOPLE:
                self.add([(name(whole), 1), (name(f"{whole}.hardship"), -1)], 0, None)
        for few, many in [(PEOPLE, TURNS), *((f"recipients.{one}", f"recipients.turns.{one}") for one in RECEIVERS)]:
            self.add([(name(many), 1), (name(few), -1)], 0, None)
            self.add([(name(few), 10_000), (name(many), -1)], 0, None)  # who received at all is somebody

    def tie_periods(self, periods):
        """A year is its half-years; members are those of before and the new ones."""
        names = list(self.known.keys() | self.hidden)
        for period, *row, code in names:
            if "-" not in period:
                halves = [(f"{period}-H{n}", *row, code) for n in (1, 2)]
                if code == "members.total":
                    self.add([((period, *row, code), 1), (halves[1], -1)])
                elif code.startswith("recipients") and "turns" not in code:
                    for half in halves:
                        self.add([((period, *row, code), 1), (half, -1)], 0, None)
                    self.add([(halves[0], 1), (halves[1], 1), ((period, *row, code), -1)], 0, None)
                else:
                    self.add([((period, *row, code), 1), *((half, -1) for half in halves)])
            elif code == "members.total" and period.endswith("H2"):
                before = (period.replace("H2", "H1"), *row, code)
                if before in self.known or before in self.hidden:
                    self.add([((period, *row, code), 1), (before, -1), ((period, *row, "members.new"), -1)])

    def read_rows(self, half, lines):
        """Rows name their unit, or stand among those of the units that none names."""
        lines = [one for one in lines if one["reversal"] != half]
        named, pooled = defaultdict(list), Counter()
        for one in lines:
            if one["unit"] == POOLED:
                pooled[one["kind"], one["source"], one["amount"]] += 1
            else:
                named[one["unit"]].append(one)
        total = self.known.get((half, ROOT, "all", TURNS))
        is_whole = total is None or total == len(lines)
        unnamed = [unit for unit in self.tree.parents if unit not in named] if pooled or not is_whole else []
        for unit in self.tree.parents.keys() - unnamed:
            for kind, source in product(KINDS, SOURCES):
                mine = [one["amount"] for one in named[unit] if (one["kind"], one["source"]) == (kind, source)]
                self.known[half, unit, kind, source, "turns"] = len(mine)
                self.known[half, unit, kind, source, "amount"] = sum(mine)
        self.share_out(half, unnamed, pooled, is_whole)
        for (code, part), units in self.parts.items():
            self.tie_part(half, code, part, units)
            if not units & set(unnamed):
                hardship = [one for unit in units for one in named[unit] if one["hardship"] == "yes"]
                self.known[half, code, part, f"{TURNS}.hardship"] = len(hardship)

    def share_out(self, half, unnamed, pooled, is_whole):
        """Each amount of the pooled rows went so often to each of the units."""
        classes = defaultdict(list)
        for unit in unnamed:
            by = defaultdict(list)
            for kind, source, amount in pooled:
                kinds, sources = KINDS if kind == POOLED else (kind,), SOURCES if source == POOLED else (source,)
                for one, other in product(kinds, sources):
                    name = (half, unit, one, other, amount, "n")
                    classes[kind, source, amount].append(name)
                    by[one, other].append((name, amount))
            for cell in product(KINDS, SOURCES) if is_whole else ():
                self.add([((half, unit, *cell, "turns"), 1), *((name, -1) for name, _amount in by[cell])])
                if all(amount is not None for _name, amount in by[cell]):
                    self.add([((half, unit, *cell, "amount"), 1), *((name, -amount) for name, amount in by[cell])])
        for key, names in classes.items():
            self.add([(name, 1) for name in names], pooled[key])

    def tie_part(self, half, code, part, units):
        """A part of a report is what the rows of its units add up to."""
        for (whole, what), (kinds, sources) in product(((TURNS, "turns"), (AMOUNT, "amount")), TABLES):
            rest = [((half, unit, kind, source, what), -1) for unit in units for kind in kinds for source in sources]
            one = kinds[0] if len(kinds) == 1 else sources[0]
            self.add([((half, code, part, f"{whole}.{one}"), 1), *rest])

    def read_books(self, client, halves, wanted):
        """What each public fund paid for the lists of each unit; return the units that have such a fund."""
        owners = {}
        self.paid = defaultdict(dict)
        for half in halves:
            for line in self.load(client, f"so-quy-{half}.json"):
                owners[line["fund"]] = line["fund_unit"]
                if (
                    half in wanted
                    and "payout" in (line["kind"], line["reverses"])
                    and line["reverses_half"] in ("", half)
                ):
                    found = self.paid[half, line["fund_unit"]]
                    found[line["unit"]] = found.get(line["unit"], 0) - line["amount"]
        self.owners = sorted(set(owners.values()))
        return self.owners

    def read_statements(self, client, halves, owners):
        """Spending by kind, as the page's table says it; kinds that are told in one sum stand in one line."""
        self.spent = {}
        words = {"Học bổng": "scholarship", "Khen thưởng": "award", "Hỗ trợ": "support"}
        for half in halves:
            for owner in owners:
                page = client.get(f"/cong-khai/{owner}/{half}/")
                if page.status_code != 200:
                    continue
                for line in html.fromstring(page.content).xpath("//table//tr"):
                    label, *_rest, cell = (one.text_content().strip() for one in line.xpath("./th|./td"))
                    called = label.removeprefix("–").strip().split(", ")
                    if set(called) <= set(words):
                        kinds = tuple(words[one] for one in called)
                        self.spent[half, owner, kinds] = int(re.sub(r"\D", "", cell))

    def tie_lines(self):
        """Of what was paid from funds each kind of a unit's is paid by one of the public funds, or by another one."""
        for half in {half for half, _owner in self.paid} | {half for half, *_rest in self.spent}:
            for unit in self.tree.parents:
                for kind in KINDS:
                    names = [(half, unit, kind, owner, "paid") for owner in (*self.owners, "")]
                    self.hidden.update(names)
                    self.add([((half, unit, kind, "fund", "amount"), 1), *((name, -1) for name in names)])
            for owner in self.owners:
                lines = self.paid.get((half, owner), {})
                unnamed = [unit for unit in self.tree.parents if unit not in lines]
                for units, total in [
                    *(([unit], lines[unit]) for unit in lines if unit != POOLED),
                    (unnamed, lines.get(POOLED, 0)),
                ]:
                    names = [(half, unit, kind, owner, "paid") for unit in units for kind in KINDS]
                    self.add([(name, 1) for name in names], total)
        for (half, owner, kinds), total in self.spent.items():
            self.add([((half, unit, kind, owner, "paid"), 1) for unit in self.tree.parents for kind in kinds], total)

    # ---- solving ------------------------------------------------------------------------------------------------

    def add(self, terms, least=0, most=0):
        """The terms add up to `least`, or to something from `least` on where `most` is None."""
        self.sums.append((terms, least, least if most is not None else float("inf")))

    def tell(self, names) -> dict[tuple, int]:
        """Return which of the figures have one value only, whatever the others are."""
        told, solver, place = {}, *self.load_solver()
        for name in names:
            if name not in place:
                if name in self.known:
                    told[name] = self.known[name]
                continue
            bounds = []
            for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
                solver.changeColCost(place[name], 1.0)
                solver.changeObjectiveSense(sense)
                solver.run()
                status, found = solver.getModelStatus(), solver.getInfo().objective_function_value
                solver.changeColCost(place[name], 0.0)
                assert status in (highspy.HighsModelStatus.kOptimal, *ENDLESS), (name, status)
                if status in ENDLESS:
                    break
                bounds.append(found)
            if len(bounds) == 2 and bounds[1] - bounds[0] < 0.01:
                told[name] = round(bounds[0] * (self.coin if is_money(name) else 1))
        return told

    def load_solver(self):
        hidden = self.hidden | {name for terms, *_rest in self.sums for name, _sign in terms if name not in self.known}
        hidden -= set(self.known)
        place = {name: number for number, name in enumerate(sorted(hidden, key=repr))}
        self.coin = gcd(*(value for name, value in self.known.items() if is_money(name)), *(
            name[4] for name in hidden if name[-1] == "n" and name[4]
        )) or 1  # every sum is a number of these  # fmt: skip
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("time_limit", 20.0)):
            solver.setOptionValue(option, value)
        for name, number in place.items():
            solver.addVar(0.0, highspy.kHighsInf)
            if not is_money(name):
                solver.changeColIntegrality(number, highspy.HighsVarType.kInteger)
        for terms, least, most in self.sums:
            found, shift = defaultdict(float), 0
            scale = self.coin if any(is_money(name) for name, _sign in terms) else 1
            for name, sign in terms:
                if name in place:
                    found[place[name]] += sign if is_money(name) else sign / scale
                else:
                    shift += sign * self.known[name]
            if found:
                bounds = [(one - shift) / scale for one in (least, most)]
                solver.addRow(*bounds, len(found), list(found), list(found.values()))
        return solver, place
