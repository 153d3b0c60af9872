"""Which column holds what: decided by the words of its heading and by what stands below, each column with its reason.

One consistent reading is taken. Where two are possible, the first is taken for the preview and both are listed as an
`Ambiguity`: the caller asks, and the officer's answer comes back as a mapping.
"""

from __future__ import annotations

from intakes.reading.columns.amounts import Amounts
from intakes.reading.columns.contents import Contents, speaks_for
from intakes.reading.columns.evidence import Claim
from intakes.reading.columns.headers import HOLDS, HeaderBlock, Headings, is_guardian
from intakes.reading.columns.tables import Ambiguity, Column, Table
from intakes.reading.files.sheets import column_letter
from intakes.reading.words.titles import date_in, header_scale
from intakes.reading.words.words import key, plain

_CRITICAL = frozenset({"full_name", "birth", "kind", "amount", "given_on", "joined_on", "unit"})
_MOSTLY = 0.5  # of the filled cells
_NAME_FIELDS = ("full_name", "family_name", "middle_name", "given_name")


class Resolver(Amounts):
    """Decides the columns of one table."""

    def resolve(self) -> Table:
        """Decide all columns."""
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
        self._guardians()
        return self._table()

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
                f"{name}.{claim.kind}" if name == "kind_mark" or (name == "given_on" and self._split_dates()) else name
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

    def _better_elsewhere(self, claim: Claim) -> bool:
        """Tell whether the column's best claim is an amount: it is left to the amounts."""
        best = self.claims[claim.column][0]
        return best is not claim and best.field in ("amount", "row_total", "unit_price") and best.score > claim.score

    def _next_best(self, claim: Claim, done: set[str]) -> bool:
        return any(other.field not in done and other is not claim for other in self.claims[claim.column])

    def _split_dates(self) -> bool:
        kinds = {
            claim.kind
            for claims in self.claims.values()
            for claim in claims[:1]
            if claim.field == "given_on" and claim.kind
        }
        return len(kinds) > 1

    def _assign_circumstance(self, claim: Claim, done: set[str]) -> None:
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

    def _rival(self, claim: Claim, slot: str) -> None:
        """Ask about a second column that may be the same field, unless it says the same."""
        holder = self._holder(slot)
        if holder is None or self.reasons.get(holder) == "mapping":
            return
        held = next((other for other in self.claims.get(holder, ()) if other.field == claim.field), None)
        if held is None or claim.score < held.score - 10 or claim is not self.claims[claim.column][0]:
            return
        if not self.contents[claim.column].filled or self._same(holder, claim.column, claim.field):
            return
        self._ask(claim.field, [holder, claim.column])

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
        """Take "Tên" alone for the full name, beside "Họ đệm" for the given name; beside "Họ và tên" it repeats."""
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

    def _guardians(self) -> None:
        """Take a parent's or guardian's name, and their telephone, out of the columns of other people."""
        if self.schema.field("guardian_name") is None:
            return
        for column in self.span:
            name, found = self.taken.get(column), self.contents[column]
            if name not in ("guardian", "phone", None) or not is_guardian(self.header(column)):
                continue
            part = "guardian_phone" if name == "phone" or found.phone >= _MOSTLY else "guardian_name"
            if self._holder(part) is None and (part == "guardian_phone" or found.number < _MOSTLY):
                self._take(column, part, self.reasons.get(column, "header"))

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
                    column_letter(column),
                    column,
                    header,
                    used,
                    self.reasons.get(column, "none") if name else "none",
                    self.contents[column].samples,
                    [claim.field for claim in self.claims.get(column, ()) if claim.field != name],
                    money,
                )
            )
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
        """Amounts of 500 or 1.200 with no unit said, or 500.000 under "nghìn đồng".

        What they are counted in is a question.
        """
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
            elif (
                column.scale == 1
                and header_scale(column.header) == 1
                and self.facts.scale is not None
                and self.facts.scale > 1
            ):  # "Đơn vị tính: 1.000 đồng" above, "Số tiền (đồng)" at the head of the column
                options = ["amount:dong", "amount:thousand" if self.facts.scale == 1000 else "amount:million"]
            elif column.scale > 1 and middle * column.scale >= 500_000_000 and middle >= 10_000:
                options = ["amount:dong", "amount:thousand" if column.scale == 1000 else "amount:million"]
            if options:
                self.ambiguities.append(
                    Ambiguity(
                        self.sheet.name, "amount", "unit_of_money", [(column.header, option) for option in options]
                    )
                )
                return


def split_side_by_side(block: HeaderBlock, headings: Headings) -> list[list[int]]:
    """Return the columns of each table of a row of headings.

    Several where the same headings come again further right.
    """
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
