"""What is known about the columns of one table before anything is decided.

Their headings, and a sample of their cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from intakes.reading.columns.contents import SAMPLE, Contents, look_at
from intakes.reading.columns.headers import HeaderBlock, Headings
from intakes.reading.columns.tables import Ambiguity
from intakes.reading.files.sheets import Row, Sheet, column_letter
from intakes.reading.words.schemas import Schema
from intakes.reading.words.titles import Facts
from intakes.reading.words.words import key, kinds_in, plain


@dataclass(slots=True)
class Claim:
    """A column, and a field it may be; `kind` when the heading speaks of one."""

    column: int
    field: str
    score: int
    kind: str | None = None


class Evidence:
    """The columns of one table, and what was taken for what so far."""

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
        self.claims: dict[int, list[Claim]] = {}
        self.ambiguities: list[Ambiguity] = []
        self.quantity = False
        self.scale_choice: int | None = None

    def header(self, column: int) -> str:
        """Return the headings of a column from top to bottom, as one text."""
        return " / ".join(self.paths[column])

    def _holder(self, name: str) -> int | None:
        return next((column for column, taken in self.taken.items() if taken == name), None)

    def _take(self, column: int, name: str, reason: str) -> None:
        self.taken[column] = name
        self.reasons.setdefault(column, reason)

    def _numbers(self, column: int) -> list[float]:
        return [
            value if isinstance(value, int | float) and not isinstance(value, bool) else 0
            for value in (row.cells[column] for row in self.rows)
        ]

    def _same(self, first: int, second: int, name: str) -> bool:
        """Whether the second column adds nothing.

        For money that is strict: what one row has only there would be lost.
        """
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

    def _counts_up(self, column: int) -> bool:
        """1, 2, 3: the number in the list."""
        numbers = [value for value in self._numbers(column) if value]
        steps = sum(1 for before, after in pairwise(numbers) if after - before == 1)
        return len(numbers) > 1 and numbers[0] < 1000 and steps >= (len(numbers) - 1) * 0.7

    def _label(self, column: int) -> str:
        """Return the heading, with the letter of the column where another column has the same: "Ngày (C)"."""
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
