"""The written totals of a table against what its rows add up to."""

from __future__ import annotations

from bisect import bisect_right

from intakes.reading.columns.tables import Table
from intakes.reading.rows.cells import read_amount
from intakes.reading.rows.results import Total
from intakes.reading.rows.rows import Built
from intakes.reading.rows.walk import Walk, WrittenTotal


class Totals:
    """Compares the rows of totals of a table with what its rows add up to."""

    def __init__(self, table: Table, walk: Walk, built: Built) -> None:
        self.table, self.walk, self.amounts = table, walk, built.amounts
        self.roles = {index: role for role, index in table.roles.items()}
        self.scales = {column.index: column.scale for column in table.columns}
        self.size = len(walk.people)
        self.sums = {column: _prefix(amounts) for column, amounts in built.amounts.items()}
        self.all_sums = (
            _prefix([sum(values) for values in zip(*built.amounts.values(), strict=True)])
            if built.amounts
            else [0] * (self.size + 1)
        )
        self.starts = sorted({0, *walk.boundaries, *(total.people for total in walk.totals)})

    def all(self) -> list[Total]:
        """Return every total of the table, compared."""
        totals = [total for written in self.walk.totals for total in self._of(written)]
        facts = self.table.facts
        if facts.total_amount and not any(total.grand for total in totals) and self.amounts:
            totals.append(
                Total(
                    self.table.sheet,
                    self.table.header_rows[0] if self.table.header_rows else 1,
                    facts.lines[-1] if facts.lines else "",
                    "amount",
                    None,
                    facts.total_amount,
                    self.all_sums[-1],
                    self.size,
                    "title",
                    True,
                )
            )
        self._promote(totals)
        return totals

    def _promote(self, totals: list[Total]) -> None:
        """Where no row sums up the table but its blocks' sums cover it whole, the last of each stand for it."""
        if any(total.grand for total in totals):
            return
        for total in totals:
            if total.rows == self.size and total.written is not None:
                total.grand = True
        if any(total.grand for total in totals):
            return
        blocks = [total for total in totals if total.scope == "block" and total.written is not None]
        if blocks and sum(total.rows for total in blocks if total.kind is None) == self.size:
            for total in blocks:
                total.grand = True

    def _of(self, written: WrittenTotal) -> list[Total]:
        found = []
        count = written.count
        for column, value in written.cells.items():
            role = self.roles.get(column, "amount")
            scale = self.scales.get(column, 1)
            read = read_amount(value, scale=scale)
            if read.value is None:
                continue
            sums = self.sums.get(column, self.all_sums)
            start, end, exact = self._scope(written, sums, read.value)
            kind = role.split(".")[1] if role.startswith("amount.") and len(self.amounts) > 1 else None
            whole = end - start == self.size or (written.grand and not exact)
            grand = whole or (written.grand and start == 0 and end == self.size)
            found.append(
                Total(
                    self.table.sheet,
                    written.row,
                    written.label,
                    role,
                    kind,
                    read.value,
                    sums[end] - sums[start],
                    end - start,
                    "table" if whole else "block",
                    grand,
                    count,
                )
            )
        if not found and count is not None:
            start, end, _exact = self._scope(written, list(range(self.size + 1)), count)
            found.append(
                Total(
                    self.table.sheet,
                    written.row,
                    written.label,
                    "amount",
                    None,
                    None,
                    self.all_sums[end] - self.all_sums[start],
                    end - start,
                    "block",
                    False,
                    count,
                )
            )
        return found

    def _scope(self, written: WrittenTotal, sums: list[int], value: int) -> tuple[int, int, bool]:
        """Which people a total stands for: those that add up to it, else those that its place and words suggest."""
        if written.ahead:
            ends = [start for start in self.starts if start > written.people] + [self.size]
            for end in ends:
                if sums[end] - sums[written.people] == value and end > written.people:
                    return written.people, end, True
            return written.people, ends[0] if not written.grand else self.size, False
        position = bisect_right(self.starts, written.people) - 1
        starts = [start for start in reversed(self.starts[: position + 1]) if start < written.people]
        for start in sorted(starts) if written.grand else starts:
            if sums[written.people] - sums[start] == value:
                return start, written.people, True
        return (0 if written.grand or not starts else starts[0]), written.people, False


def _prefix(values: list[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
