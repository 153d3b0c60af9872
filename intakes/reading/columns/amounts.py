"""Which columns hold the money: one amount, one for each kind, a price and a number, or parts and their sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intakes.reading.columns.claims import ROUND, Claims
from intakes.reading.columns.evidence import Claim
from intakes.reading.columns.headers import HOLDS
from intakes.reading.columns.tables import Ambiguity
from intakes.reading.words.titles import date_in
from intakes.reading.words.words import key, plain
from portal.lib.vietnamese import AmountError, parse_amount
from portal.vocabulary import ProgrammeKind

_RECEIVED = re.compile(r"(?:so tien )?(?:da|thuc) (?:nhan|linh|phat|trao|chi|cap|lanh)\b")
_REST = re.compile(r"(?:so tien )?(?:con (?:lai|thieu|no)|chua (?:nhan|linh|phat|trao|chi|cap))\b")


class Amounts(Claims):
    """Decides the columns of money; what two columns say differently is asked, never dropped."""

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
        self, kinds: Mapping[int, str | None], sharp: Mapping[int, Claim], kind_column: int | None
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

    def _single_amount(self, sharp: Mapping[int, Claim]) -> None:
        columns = sorted(sharp, key=lambda column: (-sharp[column].score, column))
        if not columns:
            return
        dated = [column for column in columns if date_in(plain(self.header(column)))]
        if len(dated) > 1 and len(dated) >= len(columns) - 1:
            for column in columns:
                self._take(column, "amount" if column in dated else "row_total", "header")
            return
        rounds = [column for column in columns if self.paths[column] and ROUND.match(plain(self.paths[column][-1]))]
        if len(rounds) > 1:
            self._ask("amount", columns)
        totals = [column for column in columns if sharp[column].field == "row_total"]
        prices = [column for column in columns if sharp[column].field == "unit_price"]
        plain_amounts = [column for column in columns if sharp[column].field == "amount"]
        chosen = self._choose_amount(plain_amounts, totals, prices)
        if chosen is None:
            return
        self._doubt_received(chosen)
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

    def _doubt_received(self, chosen: int) -> None:
        """Ask which was handed out where "Đã nhận" stands beside the amount and says less, or "Còn lại" says a rest."""
        received = [column for column in self.span if column != chosen and _RECEIVED.match(key(self.header(column)))]
        rest = [column for column in self.span if column != chosen and _REST.match(key(self.header(column)))]
        money = [column for column in received if self.contents[column].amount > 0.5]
        if money and any(one != other for one, other in self._pairs(chosen, money[0])):
            self._ask("amount", [chosen, money[0]])
        elif not money and any(
            self.contents[column].amount > 0.3 and any(other for _one, other in self._pairs(chosen, column))
            for column in rest
        ):
            self._ask("amount", [chosen, rest[0]])

    def _pairs(self, one: int, other: int) -> list[tuple[int, int]]:
        """Return what two columns of money say in the rows in which the first says something."""
        read = [(_money(row.cells[one]), _money(row.cells[other])) for row in self.rows]
        return [(first, second or 0) for first, second in read if first]

    def _kind_from_heading(self, column: int, kind: str) -> str:
        """Take the kind from a heading without a column of kinds; "Mức hỗ trợ" alone is often said of any of them."""
        stated = self.facts.kinds
        if not stated or (kind in stated and len(stated) == 1):
            return f"amount.{kind}"
        if ProgrammeKind(kind).is_loose and len(stated) == 1:
            return "amount"
        if len(stated) == 1 or kind not in stated:
            options = [(self.header(column), f"amount.{name}") for name in sorted({kind, *stated})]
            self.ambiguities.append(Ambiguity(self.sheet.name, "kind", "kind_of_title", options))
            return "amount"
        return "amount" if ProgrammeKind(kind).is_loose else f"amount.{kind}"

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


def _money(value: Any) -> int | None:
    try:
        return parse_amount(value)
    except AmountError:
        return None
