"""Which column holds what: decided by the words of its heading and by what stands below, each column with its reason.

One consistent reading is taken. Where two are possible, the first is taken for the preview and both are listed as an
`Ambiguity`: the caller asks, and the officer's answer comes back as a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contents import SAMPLE, Contents, look_at, speaks_for
from .headers import EXACT, HINT, HOLDS, HeaderBlock, Headings, Match
from .schemas import Schema
from .sheets import Row, Sheet, column_letter
from .titles import Facts, date_in, header_scale
from .words import circumstance_of, gender_of, key, kinds_in, plain

MINIMUM = 25  # below it a heading and its cells contradict each other
_CRITICAL = frozenset({"full_name", "birth", "kind", "amount", "given_on", "joined_on", "unit"})
_DATE_PARTS = {"ngày": "day", "ngay": "day", "tháng": "month", "thang": "month", "năm": "year"}
_ROUND = re.compile(r"(?:đợt|lần|kỳ|học kỳ|hk|quý|tháng)\s*[\divx]|.*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_NAME_FIELDS = ("full_name", "family_name", "middle_name", "given_name")


@dataclass(slots=True)
class Column:
    """One column as it was understood. `field` may carry what it is about: "amount.scholarship"."""

    letter: str
    index: int
    header: str
    field: str | None
    reason: str  # "header", "content", "mapping", "neighbour", "none"
    samples: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    scale: int = 1
    given_on: date | None = None  # the day in the heading of an amount: "Đợt 1 (05/09/2024)"


@dataclass(slots=True)
class Ambiguity:
    """Two readings that are both consistent: the officer has to choose. `options` are (heading, field)."""

    sheet: str
    field: str
    code: str
    options: list[tuple[str, str]]

    @property
    def message(self) -> str:
        listed = "; ".join(f"{header} = {name}" for header, name in self.options)
        return str(SENTENCES[self.code]) % {"sheet": self.sheet, "options": listed}


SENTENCES = {
    "two_columns": _("Sheet “%(sheet)s”: these columns can be read in two ways: %(options)s. Choose one."),
    "swapped": _("Sheet “%(sheet)s”: headings and cells of these columns contradict each other: %(options)s. Choose."),
    "unit_of_money": _("Sheet “%(sheet)s”: the amounts may be counted in đồng or not: %(options)s. Choose one."),
    "kind_of_title": _("Sheet “%(sheet)s”: the title and the headings name different kinds: %(options)s. Choose one."),
    "merged_amount": _("Sheet “%(sheet)s”: an amount is merged over several people: %(options)s. Choose one."),
    "quantity": _("Sheet “%(sheet)s”: the amount may be that of one share or of all shares: %(options)s. Choose one."),
}


@dataclass(slots=True)
class Table:
    """One list on one sheet: its headings, its columns, what its title says, and the rows below (positions in the sheet)."""

    sheet: str
    header_rows: list[int]  # 1-based numbers as the spreadsheet shows them
    columns: list[Column]
    facts: Facts
    start: int = 0
    end: int = 0
    block_rows: list[int] = field(default_factory=list)  # numbers of the rows that head blocks: "I. Xã An Hưng"
    title_rows: list[int] = field(default_factory=list)  # numbers of the rows above the headings that belong to them
    roles: dict[str, int] = field(default_factory=dict)  # field (with its kind) -> column index
    marks: dict[int, str] = field(default_factory=dict)  # column of circumstance ticks -> its heading
    header_texts: dict[int, str] = field(default_factory=dict)
    scale: int = 1
    quantity: bool = False  # the amount is unit price x quantity

    @property
    def has_names(self) -> bool:
        return not {"full_name", "family_name", "given_name"}.isdisjoint(self.roles)

    def column_of(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.field == name), None)


@dataclass(slots=True)
class _Claim:
    column: int
    field: str
    score: int
    kind: str | None = None


class Resolver:
    """Decides the columns of one table."""

    def __init__(
        self,
        sheet: Sheet,
        block: HeaderBlock | None,
        span: Sequence[int],
        rows: Sequence[Row],
        headings: Headings,
        facts: Facts,
    ) -> None:
        self.sheet, self.block, self.span, self.headings, self.facts = sheet, block, list(span), headings, facts
        self.schema: Schema = headings.schema
        self.rows = rows
        full = [row for row in rows if sum(1 for value in row.cells if value != "") >= min(3, len(self.span))] or list(
            rows
        )
        step = max(1, len(full) // SAMPLE)
        sample = full[::step][: SAMPLE + 1]
        self.contents: dict[int, Contents] = {
            column: look_at(row.cells[column] for row in sample) for column in self.span
        }
        self.paths: dict[int, list[str]] = {
            column: list(block.paths.get(column, ())) if block else [] for column in self.span
        }
        self.taken: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.claims: dict[int, list[_Claim]] = {}
        self.ambiguities: list[Ambiguity] = []
        self.quantity = False
        self.scale_choice: int | None = None

    def header(self, column: int) -> str:
        return " / ".join(self.paths[column])

    def resolve(self) -> Table:
        self._mapped()
        self._neighbours()
        for column in self.span:
            if column not in self.taken:
                self.claims[column] = self._claims(column)
        self._dates()
        self._assign()
        self._assign_amounts()
        self._by_content()
        self._name_parts()
        self._swapped()
        return self._table()

    # -- what the officer said, and what stands next to each other

    def _mapped(self) -> None:
        for column in self.span:
            path = self.paths[column]
            target = self.headings.mapped(column_letter(column), self.header(column)) or (
                self.headings.mapped("", path[-1]) if path else None
            )
            if target:
                name, _colon, unit = target.partition(":")
                self.taken[column] = name
                self.reasons[column] = "mapping"
                self.scale_choice = {"dong": 1, "thousand": 1000, "million": 1_000_000}.get(unit, self.scale_choice)

    def _neighbours(self) -> None:
        """ "Họ và tên" over two columns, the second without a heading of its own: the given name stands there."""
        for column in self.span:
            following = column + 1
            if following not in self.contents or column in self.taken or following in self.taken:
                continue
            path, below = self.paths[column], self.paths[following]
            if not path or not any(
                match.field == "full_name" and match.score >= HOLDS for match in self.headings.match(path[-1])
            ):
                continue
            given, whole = self.contents[following], self.contents[column]
            if (
                (not below or below == path)
                and given.filled
                and given.word >= 0.6
                and given.school_class < 0.5
                and given.gender < 0.7
                and whole.text > 0.5
            ):
                self.taken[column], self.taken[following] = "family_name", "given_name"
                self.reasons[column], self.reasons[following] = "header", "neighbour"

    # -- claims of single columns

    def _claims(self, column: int) -> list[_Claim]:
        found = self.contents[column]
        claims = [
            _Claim(
                column, match.field, match.score + {1: 15, 0: 0, -1: -80}[speaks_for(match.field, found)], match.kind
            )
            for match in self._matches(column, found)
        ]
        return sorted((claim for claim in claims if claim.score >= MINIMUM), key=lambda claim: -claim.score)

    def _matches(self, column: int, found: Contents) -> list[Match]:
        path = self.paths[column]
        if not path:
            return []
        below, above = path[-1], path[0] if len(path) > 1 else ""
        matches = list(self.headings.match(below))
        upper = list(self.headings.match(above)) if above else []
        if upper and upper[0].field in ("guardian", "source") and upper[0].score >= HOLDS:
            return [Match(upper[0].field if upper[0].field == "guardian" else "ignore", EXACT)]
        owner = upper[0].field if upper else ""
        part = _DATE_PARTS.get(plain(below))
        if part and owner in ("birth", "given_on", "joined_on"):
            return [Match(f"{owner}_{part}", EXACT)]
        gender = gender_of(below) if len(below) > 1 else None
        if gender and owner in ("birth", "gender"):
            return [Match(f"{owner if found.birthlike else 'gender'}.{gender}", EXACT)]
        if gender and found.birthlike:
            return [Match(f"birth.{gender}", EXACT)]
        ticked = found.mark > 0.7 and found.amount < 0.2
        if (
            ticked
            and circumstance_of(below) not in (None, "other")
            and not kinds_in(below)
            and self.schema.field("circumstance")
        ):
            return [Match(f"circumstance.{circumstance_of(below)}", HOLDS)]
        kinds = kinds_in(above) if above else frozenset()
        own = kinds_in(below)
        if (
            len(own) == 1
            and self.schema.field("kind")
            and (ticked or found.amount > 0.5)
            and (not matches or matches[0].field in ("kind", "programme", "kind_column"))
        ):
            return self._kind_column(Match("kind_column", HOLDS, next(iter(own))), found)
        if matches and matches[0].field == "kind_column":
            return self._kind_column(matches[0], found)
        if len(kinds) == 1 and matches:
            kind = next(iter(kinds))
            matches = [Match(match.field, match.score, kind) for match in matches]
        if found.amount > 0.5 and _ROUND.match(plain(below)):
            return [Match("amount", HOLDS, next(iter(kinds)) if len(kinds) == 1 else None)]
        if matches and (matches[0].score > HINT or not upper):
            return matches
        joined = list(self.headings.match(f"{above} {below}")) if above else []
        weaker = [
            Match(match.field, max(match.score - 30, HINT), match.kind)
            for match in upper
            if match.field not in ("ordinal",)
        ]
        return [*matches, *(match for match in [*joined, *weaker] if match.field != "kind_column")] or (
            self._kind_column(upper[0], found) if upper and upper[0].field == "kind_column" else []
        )

    def _kind_column(self, match: Match, found: Contents) -> list[Match]:
        if found.mark > 0.8 and found.amount < 0.2:
            return [Match("kind_mark", HOLDS, match.kind)]
        if found.amount >= 0.3 or not found.filled or found.number > 0.5:
            return [Match("amount", HOLDS, match.kind)]
        if found.kind > 0.5:
            return [Match("kind", HINT)]
        if found.date > 0.6:
            return [Match("given_on", HINT, match.kind)]
        if found.text > 0.8 and found.amount + found.number < 0.1:
            return [Match("note", HINT)]
        return [Match("amount", HOLDS, match.kind)]

    def _dates(self) -> None:
        """A heading "Ngày" alone: births lie years apart, the days of giving do not."""
        for column, claims in self.claims.items():
            fields = {claim.field for claim in claims}
            if not {"given_on", "joined_on"} & fields or "birth" not in fields:
                continue
            years = self.contents[column].years
            birth = bool(years) and max(years) - min(years) > 2
            others = [
                self.contents[other].median_year
                for other in self.contents
                if other != column and self.contents[other].date > 0.5
            ]
            median = self.contents[column].median_year
            if median and any(other and other - median > 3 for other in others):
                birth = True
            for claim in claims:
                if (claim.field == "birth") == birth:
                    claim.score += 10
            claims.sort(key=lambda claim: -claim.score)

    # -- one column for each field

    def _assign(self) -> None:
        done = set(self.taken.values())
        order = sorted(
            (claim for claims in self.claims.values() for claim in claims),
            key=lambda claim: (-claim.score, claim.column),
        )
        for claim in order:
            name = claim.field
            if claim.column in self.taken or name in ("amount", "unit_price", "row_total"):
                continue
            if name == "circumstance" or name.startswith("circumstance."):
                self._assign_circumstance(claim, done)
                continue
            slot = (
                f"{name}.{claim.kind}"
                if name in ("kind_mark",) or (name == "given_on" and self._split_dates())
                else name
            )
            if slot in done and name not in ("ignore", "guardian"):
                if name in _CRITICAL:
                    self._rival(claim, slot)
                if claim.column in self.claims and self._next_best(claim, done):
                    continue
                continue
            if self._better_elsewhere(claim):
                continue
            self._take(claim.column, slot, "header")
            done.add(slot)

    def _better_elsewhere(self, claim: _Claim) -> bool:
        """A column whose best claim is an amount is left to the amounts."""
        best = self.claims[claim.column][0]
        return best is not claim and best.field in ("amount", "row_total", "unit_price") and best.score > claim.score

    def _next_best(self, claim: _Claim, done: set[str]) -> bool:
        return any(other.field not in done and other is not claim for other in self.claims[claim.column])

    def _split_dates(self) -> bool:
        kinds = {
            claim.kind
            for claims in self.claims.values()
            for claim in claims[:1]
            if claim.field == "given_on" and claim.kind
        }
        return len(kinds) > 1

    def _assign_circumstance(self, claim: _Claim, done: set[str]) -> None:
        name = claim.field
        found = self.contents[claim.column]
        if name == "circumstance":
            if "circumstance" not in done:
                self._take(claim.column, "circumstance", "header")
                done.add("circumstance")
            elif claim.score >= HOLDS and found.circumstance >= 0.3:
                self._take(claim.column, f"circumstance.{claim.column}", "header")
        elif found.mark > 0.7:
            self._take(claim.column, f"circumstance_mark.{claim.column}", "header")

    def _take(self, column: int, name: str, reason: str) -> None:
        self.taken[column] = name
        self.reasons.setdefault(column, reason)

    def _holder(self, name: str) -> int | None:
        return next((column for column, taken in self.taken.items() if taken == name), None)

    def _rival(self, claim: _Claim, slot: str) -> None:
        """A second column that may be the same field: no matter if it says the same, a question if it does not."""
        holder = self._holder(slot)
        if holder is None or self.reasons.get(holder) == "mapping":
            return
        held = next((other for other in self.claims.get(holder, ()) if other.field == claim.field), None)
        if held is None or claim.score < held.score - 10 or claim is not self.claims[claim.column][0]:
            return
        if not self.contents[claim.column].filled or self._same(holder, claim.column, claim.field):
            return
        self._ask(claim.field, [holder, claim.column])

    def _same(self, first: int, second: int, name: str) -> bool:
        """Whether the second column adds nothing. For money that is strict: what one row has only there would be lost."""
        read: Callable[[Any], Any] = (
            (lambda value: kinds_in(str(value)))
            if name == "kind"
            else (lambda value: plain(value) if value.__class__ is str else value)
        )
        pairs = [(row.cells[first], row.cells[second]) for row in self.rows]
        if all(two == "" for _one, two in pairs):
            return True
        if name == "amount":
            return all(one == two for one, two in pairs)
        both = [(one, two) for one, two in pairs if one != "" and two != ""]
        return bool(both) and all(read(one) == read(two) for one, two in both)

    def _label(self, column: int) -> str:
        """The heading, with the letter of the column where another column has the same: "Ngày (C)"."""
        header = self.header(column)
        if not header:
            return column_letter(column)
        alone = sum(1 for path in self.paths.values() if path and key(" / ".join(path)) == key(header)) == 1
        return header if alone else f"{header} ({column_letter(column)})"

    def _ask(self, name: str, columns: list[int], code: str = "two_columns") -> None:
        options = [(self._label(column), name) for column in columns]
        for known in self.ambiguities:
            if known.field == name and known.code == code:
                known.options += [option for option in options if option not in known.options]
                return
        self.ambiguities.append(Ambiguity(self.sheet.name, name, code, options))

    # -- amounts

    def _assign_amounts(self) -> None:
        mapped = {column for column, name in self.taken.items() if name.partition(".")[0] == "amount"}
        best = {
            column: claims[0]
            for column, claims in self.claims.items()
            if column not in self.taken and claims and claims[0].field in ("amount", "row_total", "unit_price")
        }
        filled = {column: claim for column, claim in best.items() if self.contents[column].filled} or best
        if mapped:
            return
        sharp = {column: claim for column, claim in filled.items() if claim.score >= HOLDS - 15} or filled
        kinds = {column: claim.kind for column, claim in sharp.items() if claim.field == "amount" and claim.kind}
        empty_kinds = {
            column: claim.kind
            for column, claim in best.items()
            if claim.field == "amount" and claim.kind and column not in filled
        }
        kind_column = self._holder("kind")
        if len(set(kinds.values()) | set(empty_kinds.values())) >= 2 and kinds and not self._marked():
            self._amounts_by_kind({**kinds, **empty_kinds}, sharp, kind_column)
            return
        self._single_amount(sharp)

    def _marked(self) -> bool:
        return any(name.startswith("kind_mark") for name in self.taken.values())

    def _amounts_by_kind(
        self, kinds: Mapping[int, str | None], sharp: Mapping[int, _Claim], kind_column: int | None
    ) -> None:
        count: dict[str, int] = {}
        for column in sorted(kinds):
            kind = kinds[column] or ""
            count[kind] = count.get(kind, 0) + 1
            self._take(column, f"amount.{kind}" + (f".{count[kind]}" if count[kind] > 1 else ""), "header")
        rest = [column for column in sharp if column not in kinds]
        for column in rest:
            if sharp[column].field == "row_total" or self._sums_up(column, list(kinds)):
                self._take(column, "row_total", "content")
            else:
                self._ask("amount", [column, *kinds])
        if kind_column is not None:
            self.taken[kind_column] = "kind_text"

    def _single_amount(self, sharp: Mapping[int, _Claim]) -> None:
        columns = sorted(sharp, key=lambda column: (-sharp[column].score, column))
        if not columns:
            return
        dated = [column for column in columns if date_in(plain(self.header(column)))]
        if len(dated) > 1 and len(dated) >= len(columns) - 1:
            for column in columns:
                self._take(column, "amount" if column in dated else "row_total", "header")
            return
        rounds = [column for column in columns if self.paths[column] and _ROUND.match(plain(self.paths[column][-1]))]
        if len(rounds) > 1:
            self._ask("amount", columns)
        totals = [column for column in columns if sharp[column].field == "row_total"]
        prices = [column for column in columns if sharp[column].field == "unit_price"]
        plain_amounts = [column for column in columns if sharp[column].field == "amount"]
        chosen = self._choose_amount(plain_amounts, totals, prices)
        if chosen is None:
            return
        kind = sharp[chosen].kind
        slot = "amount"
        if (
            kind
            and self.schema.field("kind")
            and self._holder("kind") is None
            and not self._marked()
            and self._holder("programme") is None
        ):
            slot = self._kind_from_heading(chosen, kind)
        self._take(chosen, slot, "header")

    def _kind_from_heading(self, column: int, kind: str) -> str:
        """ "Mức học bổng" without a column of kinds says the kind; "Mức hỗ trợ" is often said of any of them."""
        stated = self.facts.kinds
        if not stated or (kind in stated and len(stated) == 1):
            return f"amount.{kind}"
        if kind == "support" and len(stated) == 1:
            return "amount"
        if len(stated) == 1 or kind not in stated:
            options = [(self.header(column), f"amount.{name}") for name in sorted({kind, *stated})]
            self.ambiguities.append(Ambiguity(self.sheet.name, "kind", "kind_of_title", options))
            return "amount"
        return f"amount.{kind}" if kind != "support" else "amount"

    def _choose_amount(self, amounts: list[int], totals: list[int], prices: list[int]) -> int | None:
        everything = [*amounts, *totals, *prices]
        if len(everything) == 1:
            return everything[0]
        for column in [*totals, *amounts]:
            others = [other for other in everything if other != column]
            if len(others) > 1 and self._sums_up(column, others):
                return column
        quantity = self._holder("quantity")
        if quantity is not None and everything:
            for column in everything:
                for price in everything:
                    if column != price and self._multiplies(column, price, quantity):
                        return column
        first = (amounts or totals or prices)[0]
        rivals = [column for column in everything if column != first and not self._same(first, column, "amount")]
        if amounts and prices and not totals and len(amounts) == 1:
            rivals = [column for column in rivals if column not in prices]
        claim_score = {column: self.claims[column][0].score for column in everything}
        rivals = [column for column in rivals if claim_score[column] >= claim_score[first] - 20]
        if rivals:
            self._ask("amount", [first, *rivals])
        return first

    def _numbers(self, column: int) -> list[float]:
        return [
            value if isinstance(value, int | float) and not isinstance(value, bool) else 0
            for value in (row.cells[column] for row in self.rows)
        ]

    def _sums_up(self, total: int, parts: list[int], share: float = 1.0) -> bool:
        """Whether a column is the sum of others in every row, or in that share of them (and says something)."""
        sums = [sum(values) for values in zip(*(self._numbers(part) for part in parts), strict=True)]
        pairs = [(one, two) for one, two in zip(self._numbers(total), sums, strict=True) if one]
        return bool(pairs) and sum(abs(one - two) < 1 for one, two in pairs) >= len(pairs) * share

    def _multiplies(self, total: int, price: int, quantity: int) -> bool:
        triples = [
            triple
            for triple in zip(self._numbers(total), self._numbers(price), self._numbers(quantity), strict=True)
            if triple[0]
        ]
        return bool(triples) and all(abs(one - two * three) < 1 for one, two, three in triples)

    # -- what no heading says

    def _by_content(self) -> None:
        wanted = [
            name
            for name in (
                "full_name",
                "birth",
                "gender",
                "amount",
                "kind",
                "given_on",
                "circumstance",
                "school",
                "school_class",
                "joined_on",
                "phone",
                "commune",
            )
            if self.schema.field(name)
        ]
        have = {name.partition(".")[0].partition("_mark")[0] for name in self.taken.values()}
        if {"family_name", "given_name"} & have:
            have.add("full_name")
        if "class_school" in have:
            have |= {"school", "school_class"}
        free = [
            column
            for column in self.span
            if column not in self.taken and not self.claims.get(column) and self.contents[column].filled
        ]
        if "ordinal" not in have:
            counting = next((column for column in free if self._counts_up(column)), None)
            if counting is not None:
                self._take(counting, "ordinal", "content")
        self._free_dates(free, have)
        for name in wanted:
            if name in have or (name in ("birth", "given_on", "joined_on")):
                continue
            fitting = [
                column
                for column in free
                if column not in self.taken
                and speaks_for(name, self.contents[column]) > 0
                and self._surely(name, self.contents[column])
            ]
            if not fitting:
                continue
            self._take(fitting[0], name, "content")
            have.add(name)
            rivals = [column for column in fitting[1:] if not self._same(fitting[0], column, name)]
            if rivals and name in _CRITICAL:
                self._ask(name, [fitting[0], *rivals])

    def _counts_up(self, column: int) -> bool:
        """1, 2, 3: the number in the list."""
        numbers = [value for value in self._numbers(column) if value]
        steps = sum(1 for before, after in zip(numbers, numbers[1:], strict=False) if after - before == 1)
        return len(numbers) > 1 and numbers[0] < 1000 and steps >= (len(numbers) - 1) * 0.7

    def _surely(self, name: str, found: Contents) -> bool:
        shares = {
            "full_name": found.name,
            "amount": found.amount,
            "kind": found.kind,
            "gender": found.gender,
            "circumstance": found.circumstance,
            "school": found.school,
            "school_class": found.school_class,
            "phone": found.phone,
            "commune": found.commune,
        }
        if name == "school_class" and found.small > 0.9 and found.text < 0.1:
            return False
        return shares.get(name, 0) >= 0.7

    def _free_dates(self, free: list[int], have: set[str]) -> None:
        dated = [column for column in free if self.contents[column].birthlike]
        given = "given_on" if self.schema.field("given_on") else "joined_on"
        births = [column for column in dated if (years := self.contents[column].years) and max(years) - min(years) > 2]
        others = [column for column in dated if column not in births and self.contents[column].date > 0.6]
        for name, columns in (("birth", births), (given, others)):
            if name in have or not columns:
                continue
            self._take(columns[0], name, "content")
            have.add(name)
            if len(columns) > 1 and not self._same(columns[0], columns[1], name):
                self._ask(name, columns)

    def _name_parts(self) -> None:
        """ "Tên" alone is the full name; beside "Họ đệm" it is the given name; beside "Họ và tên" it repeats."""
        holders = {name: self._holder(name) for name in _NAME_FIELDS}
        full, family, given = holders["full_name"], holders["family_name"], holders["given_name"]
        if (
            family is not None
            and full is not None
            and given is None
            and self.contents[full].word >= 0.5
            and self.contents[full].name < 0.4
        ):
            self.taken[full] = "given_name"
        elif family is None and full is None and given is not None:
            self.taken[given] = "full_name"
        elif family is None and full is not None and given is not None:
            ends = [
                (plain(str(row.cells[full])).split()[-1:], plain(str(row.cells[given])).split()[-1:])
                for row in self.rows
                if row.cells[full] and row.cells[given]
            ]
            if ends and sum(one == two for one, two in ends) < len(ends) * 0.5 and self.contents[given].word >= 0.5:
                self.taken[full] = "family_name"
            else:
                self.taken[given] = "ignore"
        elif family is not None and full is not None and given is not None:
            self.taken[given if self.contents[full].name > 0.5 else full] = "ignore"
            if self.contents[full].name > 0.5:
                self.taken[family] = "ignore"

    def _swapped(self) -> None:
        """Births years after the gifts: the headings of two columns stand the wrong way round."""
        birth, given = self._holder("birth"), self._holder("given_on")
        if birth is None or given is None or "mapping" in (self.reasons[birth], self.reasons[given]):
            return
        one, two = self.contents[birth].median_year, self.contents[given].median_year
        if one and two and one > two + 2:
            options = [
                (self.header(birth), "birth"),
                (self.header(given), "given_on"),
                (self.header(birth), "given_on"),
                (self.header(given), "birth"),
            ]
            self.ambiguities.append(Ambiguity(self.sheet.name, "birth", "swapped", options))

    # -- the result

    def _table(self) -> Table:
        block = self.block
        numbers = [self.sheet.rows[position].number for position in range(block.first, block.end)] if block else []
        table = Table(self.sheet.name, numbers, [], self.facts, quantity=self.quantity)
        scale = self.scale_choice or self.facts.scale or 1
        for column in self.span:
            name, header = self.taken.get(column), self.header(column)
            if not header and not self.contents[column].filled:
                continue
            used = name if name not in ("ignore", "guardian") else None
            money = (
                (self.scale_choice or header_scale(header) or scale)
                if name and name.startswith(("amount", "row_total", "unit_price"))
                else 1
            )
            table.columns.append(
                Column(
                    column_letter(column), column, header, used, self.reasons.get(column, "none") if name else "none", self.contents[column].samples,
                    [claim.field for claim in self.claims.get(column, ()) if claim.field != name], money,
                )
            )  # fmt: skip
            table.header_texts[column] = header or column_letter(column)
            if used and used.partition(".")[0] == "amount":
                table.columns[-1].given_on = date_in(plain(header))
                while (
                    used in table.roles
                ):  # the same amount twice, because the officer or the dates in the headings say so
                    used = f"{used}.2" if used.count(".") > 1 else f"{used}..2" if used == "amount" else f"{used}.2"
            if used and used not in table.roles:
                table.roles[used] = column
            if used and used.startswith("circumstance_mark"):
                table.marks[column] = self.paths[column][-1]
        if any(name and name.startswith("amount") for name in self.taken.values()):
            self._doubt_scale(table)
        return table

    def _doubt_scale(self, table: Table) -> None:
        """Amounts of 500 or 1.200 with no unit said, or 500.000 under "nghìn đồng": what they are counted in is a question."""
        if self.scale_choice:
            return
        for column in table.columns:
            if not column.field or not column.field.startswith("amount"):
                continue
            values = sorted(abs(value) for value in self._numbers(column.index) if value)
            if not values:
                continue
            middle = values[len(values) // 2]
            options = []
            if (
                column.scale == 1
                and middle < 10_000
                and header_scale(column.header) is None
                and self.facts.scale is None
            ):
                options = ["amount:thousand", "amount:dong"] if middle >= 10 else ["amount:million", "amount:dong"]
            elif column.scale > 1 and middle * column.scale >= 500_000_000 and middle >= 10_000:
                options = ["amount:dong", "amount:thousand" if column.scale == 1000 else "amount:million"]
            if options:
                self.ambiguities.append(
                    Ambiguity(
                        self.sheet.name, "amount", "unit_of_money", [(column.header, option) for option in options]
                    )
                )
                return


def circumstance_heading(text: str) -> bool:
    return circumstance_of(text) not in (None, "other")


def split_side_by_side(block: HeaderBlock, headings: Headings) -> list[list[int]]:
    """The columns of each table of a row of headings: several where the same headings come again further right."""
    columns = sorted(block.paths)
    width = max(columns) + 1
    names = [
        column
        for column in block.names
        if any(match.field == "full_name" and match.score >= HOLDS for match in headings.match(block.paths[column][-1]))
    ]
    groups: dict[str, list[int]] = {}
    for column in names:
        groups.setdefault(key(block.text(column)), []).append(column)
    repeated = max(groups.values(), key=len, default=[])
    distinct = [column for index, column in enumerate(repeated) if index == 0 or column - repeated[index - 1] > 1]
    if len(distinct) < 2:
        return [list(range(width))]
    starts = []
    for column in distinct:
        start = column
        while start - 1 in block.paths and any(
            match.field == "ordinal" for match in headings.match(block.paths[start - 1][-1])[:1]
        ):
            start -= 1
        starts.append(start)
    starts[0] = 0
    spans = [list(range(start, end)) for start, end in zip(starts, [*starts[1:], width], strict=True)]
    first = {key(block.text(column)) for column in spans[0] if column in block.paths}
    if all(
        len({key(block.text(column)) for column in span if column in block.paths} & first) >= 2 for span in spans[1:]
    ):
        return spans
    return [list(range(width))]
