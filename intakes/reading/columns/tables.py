"""What a table is once its columns are decided, and what had to be left to the officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date

from django.utils.translation import gettext_lazy as _

from intakes.reading.words.titles import Facts


@dataclass(slots=True)
class Column:
    """One column as it was understood. `field` may carry what it is about: "amount.scholarship"."""

    letter: str
    index: int
    header: str
    field: str | None
    reason: str  # "header", "content", "mapping", "neighbour", "none"
    samples: list[str] = made(default_factory=list)
    alternatives: list[str] = made(default_factory=list)
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
        """Return the question for whoever gives a command: with the names of fields, as --map takes them."""
        return self.ask(str)

    def ask(self, label: Callable[[str], str]) -> str:
        """Return the question; `label` says what a field is called."""
        listed = "; ".join(f"{header} = {label(name)}" for header, name in self.options)
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
    """One list on one sheet.

    Its headings, its columns, what its title says, and the rows below (positions in the sheet).
    """

    sheet: str
    header_rows: list[int]  # 1-based numbers as the spreadsheet shows them
    columns: list[Column]
    facts: Facts
    start: int = 0
    end: int = 0
    block_rows: list[int] = made(default_factory=list)  # numbers of the rows that head blocks: "I. Xã An Hưng"
    title_rows: list[int] = made(default_factory=list)  # numbers of the rows above the headings that belong to them
    roles: dict[str, int] = made(default_factory=dict)  # field (with its kind) -> column index
    marks: dict[int, str] = made(default_factory=dict)  # column of circumstance ticks -> its heading
    header_texts: dict[int, str] = made(default_factory=dict)
    scale: int = 1
    quantity: bool = False  # the amount is unit price x quantity

    @property
    def has_names(self) -> bool:
        """Tell whether anybody is named in the table."""
        return not {"full_name", "family_name", "given_name"}.isdisjoint(self.roles)

    def column_of(self, name: str) -> Column | None:
        """Return the column that holds a field."""
        return next((column for column in self.columns if column.field == name), None)
