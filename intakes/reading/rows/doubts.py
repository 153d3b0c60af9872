"""A clerk's sums over the amounts of a table: the row's total, the amount in words, and one amount far above the rest.

A doubt refuses the row until the officer corrects the amount, or types it again: what was typed is believed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median
from typing import Any

from intakes.reading.rows.cells import is_blank, read_amount, tidy
from intakes.reading.rows.people import People
from intakes.reading.words.words import key
from portal.lib.vietnamese import format_money, parse_money_words

FAR = 50  # times the median
_FEWEST = 4  # amounts of which a median says something


class Doubts:
    """Looks through the amounts of one table; `columns` are those in which they stand, `who` whose they are."""

    def __init__(
        self, people: People, who: list[int] | None, columns: list[int | None], amounts: list[int | None]
    ) -> None:
        self.people, self.columns, self.amounts = people, columns, amounts
        self.who = who if who is not None else list(range(len(amounts)))
        self.sums: dict[int, int] = defaultdict(int)
        self.turns_of = Counter(self.who)
        self.unread = {person for person, amount in zip(self.who, amounts, strict=True) if amount is None}
        for person, amount in zip(self.who, amounts, strict=True):
            self.sums[person] += amount or 0

    def find(self) -> None:
        """Refuse the rows that contradict themselves or lie far from the others."""
        self._far()
        roles = self.people.table.roles
        if (total := roles.get("row_total")) is not None and total not in self.columns and "amount" not in roles:
            self._row_totals(total)
        if (words := self._words_column()) is not None:
            self._in_words(words)

    def _refuse(self, person: int, value: Any, code: str, suggestion: str = "") -> None:
        if not any(name.partition(".")[0] in ("amount", "row_total") for name in self.people.repaired.get(person, ())):
            for index in [index for index, other in enumerate(self.who) if other == person]:
                role = self._role(self.columns[index])
                self.people.problem(index, "amount", role, value, code, suggestion)

    def _role(self, column: int | None) -> str:
        return next((role for role, index in self.people.table.roles.items() if index == column), "amount")

    def _far(self) -> None:
        """Find amounts fifty times what the middle one of their column is: a nought or a unit too many."""
        by_column: dict[int | None, list[int]] = defaultdict(list)
        for index, amount in enumerate(self.amounts):
            if amount is not None:
                by_column[self.columns[index]].append(index)
        for column, indexes in by_column.items():
            usual = median(self.amounts[index] or 0 for index in indexes)
            if len(indexes) < _FEWEST:
                continue
            scale = next((one.scale for one in self.people.table.columns if one.index == column), 1)
            for index in indexes:
                amount = self.amounts[index] or 0
                if amount >= FAR * usual:
                    meant = amount // scale if scale > 1 and amount // scale <= FAR * usual else None
                    self._refuse(
                        self.who[index], format_money(amount), "amount_far", format_money(meant) if meant else ""
                    )

    def _row_totals(self, column: int) -> None:
        scale = next((one.scale for one in self.people.table.columns if one.index == column), 1)
        for person, cells in enumerate(self.people.cells):
            written = read_amount(cells[column], scale=scale).value if not is_blank(cells[column]) else None
            if written is not None and person not in self.unread and written != self.sums[person]:
                self._refuse(person, cells[column], "row_total_differs")

    def _words_column(self) -> int | None:
        return next(
            (column for column, heading in self.people.table.header_texts.items() if "bang chu" in key(heading)), None
        )

    def _in_words(self, column: int) -> None:
        known: dict[str, int | None] = {}
        for person, cells in enumerate(self.people.cells):
            if cells[column].__class__ is not str or person in self.unread:
                continue
            text = tidy(cells[column])
            written = known[text] if text in known else known.setdefault(text, parse_money_words(text))
            if written is not None and written != self.sums[person]:
                meant = format_money(written) if self.turns_of[person] == 1 else ""
                self._refuse(person, text, "words_differ", meant)
