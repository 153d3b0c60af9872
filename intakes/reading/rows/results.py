"""What reading a workbook gives: tables, rows, totals, questions and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from intakes.reading.columns.tables import Ambiguity, Table
from intakes.reading.rows.rows import ListRow
from intakes.reading.words.problems import Note
from intakes.reading.words.questions import Question
from intakes.reading.words.schemas import Schema


@dataclass(slots=True)
class Total:
    """A row of totals, as written and as the rows above (or below) it add up. Amounts in đồng.

    `scope` is "block", "table" or "title"; `grand` when it stands for the whole table. `rows` are the people it covers.
    """

    sheet: str
    row: int
    label: str
    field: str
    kind: str | None
    written: int | None
    computed: int
    rows: int
    scope: str
    grand: bool
    written_count: int | None = None

    @property
    def amount(self) -> int | None:
        """Return all that the rows add up to."""
        return self.written

    @property
    def difference(self) -> int:
        """What is written less what the rows add up to; 0 when they agree."""
        return (self.written or 0) - self.computed if self.written is not None else 0


@dataclass(slots=True)
class GrandTotal:
    """What the file says all its rows add up to, and what they do."""

    written: int
    computed: int
    label: str

    @property
    def difference(self) -> int:
        """Return what is written less what the rows add up to."""
        return self.written - self.computed


@dataclass(slots=True)
class Reading:
    """What a workbook says."""

    schema: Schema
    tables: list[Table] = field(default_factory=list)
    rows: list[ListRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    ambiguities: list[Ambiguity] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def bad_rows(self) -> list[ListRow]:
        """Return the rows with a problem."""
        return [row for row in self.rows if row.problems]

    @property
    def amount(self) -> int:
        """All amounts that could be read, also of rows with another problem: comparable with the written total."""
        return sum(row.values.get("amount") or 0 for row in self.rows)

    @property
    def grand_total(self) -> GrandTotal | None:
        """The written total of the whole file, put together from the tables' totals where there is more than one."""
        stated = [total for total in self.totals if total.grand and total.written is not None]
        if not stated:
            return None
        whole = self.amount
        for total in reversed(stated):
            if total.written == whole and total.kind is None:
                return GrandTotal(total.written, whole, total.label)
        written = computed = 0
        seen: set[tuple[str, int]] = set()
        for total in stated:
            if (total.sheet, total.row) in seen and total.kind is None:
                continue
            seen.add((total.sheet, total.row))
            written += total.written or 0
            computed += total.computed
        return GrandTotal(written, computed, stated[-1].label)

    def ask(
        self,
        code: str,
        *,
        sheet: str,
        rows: Iterable[int] = (),
        changes: dict[str, dict[str, list[Any]]] | None = None,
        without: Iterable[str] = (),
        **params: str,
    ) -> None:
        """Ask about rows; see `Question`. Until it is answered they are not taken."""
        self.questions.append(Question(code, sheet, list(rows), params, changes or {}, list(without)))

    def note(self, code: str, count: int = 1, *, at: str = "", rows: Iterable[int] = (), **params: str) -> None:
        """Add a note, or count it up; a note that names its `rows` says `at` which sheet."""
        added = list(rows)
        for known in self.notes:
            if known.code == code and known.params == params and known.sheet == at:
                known.count += count
                known.rows += added
                return
        self.notes.append(Note(code, count, params, at, added))
