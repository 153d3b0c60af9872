"""What the lines around a list say of it - how many, how much, when, what - against what its rows say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import Workbook
from intakes.reading.rows.results import Reading
from intakes.reading.rows.rows import ListRow
from intakes.reading.words.titles import Facts, read_titles
from portal.lib.vietnamese import format_int, format_money, short_date
from portal.vocabulary import ProgrammeKind

_FEW = 0.2  # this share of the rows is a slip among the others; more is another way of keeping the list


@dataclass(frozen=True, slots=True)
class _Whole:
    """The list as a whole: a line may speak of its people or of its turns."""

    counts: frozenset[int]
    amounts: frozenset[int]


def say_what_differs(reading: Reading, workbook: Workbook) -> None:
    """Note where a title or a line below the list says something else than the rows."""
    whole = _measured(reading.rows)
    lines = dict(_lines_below(reading, workbook))
    for table in reading.tables:
        rows = [row for row in reading.rows if row.table is table]
        if not rows:
            continue
        own = _measured(rows)
        both = _Whole(own.counts | whole.counts, own.amounts | whole.amounts)
        _compare_sums(reading, table, table.facts, both, rows)
        if below := lines.pop(table.sheet, None):
            _compare_sums(reading, table, below, both, rows)
        _compare_rows(reading, table, rows)


def count_problem(count: int | None, reading: Reading) -> bool:
    """Tell whether a file names a number of people or turns that it does not hold."""
    return bool(count and reading.rows and count not in _measured(reading.rows).counts)


def _measured(rows: list[ListRow]) -> _Whole:
    people = len({(row.sheet, row.row) for row in rows})
    return _Whole(frozenset({people, len(rows)}), frozenset({sum(row.values.get("amount") or 0 for row in rows)}))


def _lines_below(reading: Reading, workbook: Workbook) -> Iterator[tuple[str, Facts]]:
    """Yield what stands below the list of each sheet: "Danh sách này gồm 45 em, tổng số tiền 22.500.000 đồng"."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for note in reading.notes:
        if note.code == "lines_skipped" and note.sheet in sheets:
            numbers = set(note.rows)
            texts = [
                value
                for row in sheets[note.sheet].rows
                if row.number in numbers
                for value in row.cells
                if value.__class__ is str and value.strip()
            ]
            yield note.sheet, read_titles(texts)


def _compare_sums(reading: Reading, table: Table, facts: Facts, whole: _Whole, rows: list[ListRow]) -> None:
    if facts.count and facts.count not in whole.counts:
        reading.note(
            "count_differs", at=table.sheet, written=format_int(facts.count), computed=format_int(min(whole.counts))
        )
    readable = all(row.values.get("amount") is not None for row in rows)
    summed = reading.schema.field("amount") is not None and readable
    if summed and facts.total_amount and facts.total_amount not in whole.amounts:
        computed = sum(row.values["amount"] for row in rows)
        reading.note(
            "amount_differs", at=table.sheet, written=format_money(facts.total_amount), computed=format_money(computed)
        )


def _compare_rows(reading: Reading, table: Table, rows: list[ListRow]) -> None:
    """Compare kind, day and amount of the title with the columns of the same."""
    facts = table.facts
    roles = {role.partition(".")[0] for role in table.roles}
    asked: list[tuple[str, str, Any, str]] = []
    if "amount" in roles and facts.amount and len(facts.kinds) < 2:
        asked.append(("amount_not_as_title", "amount", facts.amount, format_money(facts.amount)))
    if "given_on" in roles and facts.given_on:
        asked.append(("day_not_as_title", "given_on", facts.given_on, short_date(facts.given_on)))
    if "kind" in roles and facts.kind:
        asked.append(("kind_not_as_title", "kind", facts.kind, str(ProgrammeKind(facts.kind).written)))
    for code, name, said, words in asked:
        others = [row for row in rows if row.values[name] not in (None, said)]
        if len(others) == len(rows) or 0 < len(others) <= _FEW * len(rows):
            numbers = sorted({row.row for row in others})
            reading.note(code, len(numbers), at=table.sheet, rows=numbers, said=words)
