"""The rows of a list: what callers get."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import cell_text
from intakes.reading.words.problems import Note, Problem


@dataclass(slots=True)
class ListRow:
    """One turn: a person and, in a list of what was given, one amount.

    `row` is the number that the spreadsheet program shows; a person with amounts of two kinds makes two rows with it.
    """

    sheet: str
    row: int
    hidden: bool
    block: str
    values: MutableMapping[str, Any]
    problems: Sequence[Problem]
    table: Table
    cells: Sequence[Any]
    amount_column: int | None = None

    @property
    def raw(self) -> dict[str, str]:
        """What stood in the cells, by field."""
        texts: dict[str, str] = {}
        for role, index in self.table.roles.items():
            name = role.partition(".")[0]
            if name == "amount":
                if index == self.amount_column or self.amount_column is None:
                    texts["amount"] = cell_text(self.cells[index])
            elif name not in texts or not texts[name]:
                texts[name] = cell_text(self.cells[index])
        if "full_name" not in texts and ("family_name" in texts or "given_name" in texts):
            texts["full_name"] = " ".join(
                part for name in ("family_name", "middle_name", "given_name") if (part := texts.get(name, "").strip())
            )
        return texts

    @property
    def columns(self) -> dict[str, str]:
        """The headings of the columns, by field."""
        headings: dict[str, str] = {}
        for role, index in self.table.roles.items():
            name = role.partition(".")[0]
            if name != "amount" or self.amount_column in (None, index):
                headings.setdefault(name, self.table.header_texts.get(index, ""))
        if "full_name" not in headings and "family_name" in headings:
            headings["full_name"] = headings["family_name"]
        return headings


@dataclass(slots=True)
class Built:
    """The rows of a table, and per column of amounts what each person got (for the totals)."""

    rows: list[ListRow] = field(default_factory=list)
    amounts: dict[int, list[int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
