"""A workbook understood: its tables, rows, totals, and everything the officer should know about how it was read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from .cells import read_amount, today
from .fonts import from_tcvn3, from_vni
from .headers import HeaderBlock, Headings, find_headers, is_data
from .layout import Ambiguity, Resolver, Table, split_side_by_side
from .problems import Note, Problem
from .rows import Builder, Built, ListRow
from .schemas import Schema
from .sheets import Row, Sheet, Workbook, cell_text, collector_paused, column_index
from .titles import Facts, read_titles
from .walk import Context, Walk, Walker, WrittenTotal
from .words import kinds_in, plain


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
        return self.written - self.computed


@dataclass(slots=True)
class Reading:
    schema: Schema
    tables: list[Table] = field(default_factory=list)
    rows: list[ListRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    ambiguities: list[Ambiguity] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def bad_rows(self) -> list[ListRow]:
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

    def note(self, code: str, count: int = 1, **params: str) -> None:
        for known in self.notes:
            if known.code == code and known.params == params:
                known.count += count
                return
        self.notes.append(Note(code, count, params))


Repairs = Mapping[tuple[str, int], Mapping[str, str]]


@collector_paused()
def understand(
    workbook: Workbook,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Repairs | None = None,
    dropped: Set[tuple[str, int]] | None = None,
) -> Reading:
    """What the workbook says, as rows of `schema`.

    `mapping`: heading (or column letter) -> field, "amount.<kind>", "amount:thousand" or "ignore". `repairs`: (sheet, row) ->
    field (or column letter) -> the text that shall stand there. `dropped`: rows to leave out.
    """
    reading = Reading(schema)
    headings = Headings(schema, mapping)
    found = {sheet.name: find_headers(sheet, headings) for sheet in workbook.sheets}
    garbled: set[str] = set()
    if not any(found.values()):
        garbled = _ungarble(workbook, headings, found)
    headless = not any(found.values())
    for sheet in workbook.sheets:
        _SheetReader(
            reading, workbook, sheet, headings, repairs or {}, dropped or frozenset(), sheet.name in garbled
        ).read(found[sheet.name], headless)
    for heading, target in (mapping or {}).items():
        if not _is_target(schema, target):
            reading.note("mapping_unknown", heading=heading, field=target)
        elif heading not in headings.used:
            reading.note("mapping_unused", heading=heading, field=target)
    if workbook.macros:
        reading.note("macros")
    if workbook.links:
        reading.note("links")
    return reading


def _is_target(schema: Schema, target: str) -> bool:
    name, _colon, unit = target.partition(":")
    name, _dot, kind = name.partition(".")
    known = schema.field(name) is not None or name in ("kind_mark", "kind_text")
    return (
        known
        and unit in ("", "dong", "thousand", "million")
        and kind.partition(".")[0] in ("", "scholarship", "award", "support", "male", "female")
    )


def _ungarble(workbook: Workbook, headings: Headings, found: dict[str, list[HeaderBlock]]) -> set[str]:
    """Sheets typed in an old font: their headings are only found once the text is converted."""
    garbled = set()
    for position, sheet in enumerate(workbook.sheets):
        for convert in (from_tcvn3, from_vni):
            rows = [
                Row(
                    row.number, row.hidden, [convert(value) if value.__class__ is str else value for value in row.cells]
                )
                for row in sheet.rows[:5000]
            ]
            converted = replace(sheet, rows=rows)
            blocks = find_headers(converted, headings)
            if blocks:
                found[sheet.name] = blocks
                workbook.sheets[position] = converted
                garbled.add(sheet.name)
                break
    return garbled


@dataclass(slots=True)
class _Segment:
    block: HeaderBlock | None
    start: int
    end: int


class _SheetReader:
    """Reads one sheet into a `Reading`."""

    def __init__(
        self,
        reading: Reading,
        workbook: Workbook,
        sheet: Sheet,
        headings: Headings,
        repairs: Repairs,
        dropped: Set[tuple[str, int]],
        garbled: bool,
    ) -> None:
        self.reading, self.workbook, self.sheet, self.headings, self.garbled = (
            reading,
            workbook,
            sheet,
            headings,
            garbled,
        )
        self.repairs = {row: dict(texts) for (name, row), texts in repairs.items() if name == sheet.name}
        self.dropped = frozenset(row for name, row in dropped if name == sheet.name)
        self.cells: dict[int, list[Any]] = {}
        self.merged_amounts: dict[int, tuple[int, Any]] = {}
        self.people = 0

    def read(self, blocks: list[HeaderBlock], headless: bool) -> None:
        sheet, reading = self.sheet, self.reading
        if not sheet.rows:
            reading.note("sheet_empty", sheet=sheet.name)
            return
        if not blocks and headless:
            self._read_headless()
        facts = read_titles([sheet.name]) if blocks else Facts()
        facts.lines.clear()
        groups = self._groups(blocks)
        for group in groups:
            facts = self._read_group(group, facts)
        if not self.people:
            reading.note("sheet_without_rows" if blocks else "sheet_skipped", sheet=sheet.name)
            return
        if sheet.hidden:
            reading.note("hidden_sheet", sheet=sheet.name)
        if sheet.hidden_columns and any(
            column.index in sheet.hidden_columns and column.field
            for table in reading.tables
            if table.sheet == sheet.name
            for column in table.columns
        ):
            reading.note("hidden_columns", len(sheet.hidden_columns))
        if sheet.cut:
            reading.note("cells_cut", sheet=sheet.name)

    def _groups(self, blocks: list[HeaderBlock]) -> list[list[_Segment]]:
        """Blocks of headings that say the same (page breaks, one table for each commune) share one decision on columns."""
        groups: list[list[_Segment]] = []
        for index, block in enumerate(blocks):
            end = blocks[index + 1].first if index + 1 < len(blocks) else len(self.sheet.rows)
            segment = _Segment(block, block.end, end)
            if groups and groups[-1][-1].block is not None and _signature(groups[-1][-1].block) == _signature(block):
                groups[-1].append(segment)
                self.reading.note("headings_repeated")
            else:
                groups.append([segment])
        return groups

    def _read_group(self, group: list[_Segment], facts: Facts) -> Facts:
        first = group[0]
        assert first.block is not None
        lines, title_rows = self._lines(first.block.first)
        facts = facts.below(read_titles(lines))
        rows = [row for segment in group for row in self.sheet.rows[segment.start : segment.end]]
        spans = split_side_by_side(first.block, self.headings)
        for part, span in enumerate(spans):
            resolver = Resolver(self.sheet, first.block, span, rows, self.headings, facts)
            table = resolver.resolve()
            if not table.has_names:
                continue
            table.title_rows = title_rows
            self.reading.ambiguities += resolver.ambiguities
            facts = self._read_table(table, group, facts, side=part)
        return facts

    def _lines(self, before: int) -> tuple[list[str], list[int]]:
        """The texts above a block of headings, up to the last row of the list before it, and the numbers of their rows."""
        rows = [row for row in self.sheet.rows[self.last_row + 1 : before] if any(value != "" for value in row.cells)]
        return [value for row in rows for value in row.cells if value.__class__ is str and value.strip()], [
            row.number for row in rows
        ]

    last_row = -1

    def _read_table(self, table: Table, group: list[_Segment], facts: Facts, *, side: int) -> Facts:
        table.start, table.end = group[0].start, group[-1].end
        self._fill_merged(table)
        self._apply_repairs(table)
        walker = Walker(self.sheet, table, self.cells, self.dropped)
        sheet_facts, last = facts, group[0].start - 1
        for index, segment in enumerate(group):
            if index and segment.block is not None:
                lines = [
                    value
                    for row in self.sheet.rows[max(walker.walk.last, last) + 1 : segment.block.first]
                    for value in row.cells
                    if value.__class__ is str and value.strip()
                ]
                sheet_facts = sheet_facts.below(read_titles(lines))
                context = (
                    replace(
                        Context.of(sheet_facts),
                        block=walker.context.block,
                        commune=walker.context.commune,
                        school=walker.context.school,
                    )
                    if not _says_anything(lines)
                    else Context.of(sheet_facts)
                )
                if not _says_anything(lines) and walker.context.block:
                    context = walker.context
            else:
                context = Context.of(sheet_facts)
            walker.go(segment.start, segment.end, context)
            last = segment.start
        walk = walker.walk
        self.last_row = max(self.last_row, walk.last)
        self._build(table, walk)
        return sheet_facts

    def _fill_merged(self, table: Table) -> None:
        """A cell merged downwards holds for each of its rows, names and amounts excepted."""
        columns = {column.index: column.field or "" for column in table.columns}
        at = {row.number: position for position, row in enumerate(self.sheet.rows)} if self.sheet.merged else {}
        for top, left, bottom, right in self.sheet.merged:
            if bottom == top or left not in columns or left != right or bottom - top > 5000:
                continue
            name = columns[left].partition(".")[0]
            start = at.get(top + 1)
            if start is None or start < table.start or start >= table.end:
                continue
            value = self._row_cells(start)[left]
            if value == "" or name in ("full_name", "given_name", "family_name", "birth", "ordinal", "row_total", ""):
                continue
            for number in range(top + 2, bottom + 2):
                position = at.get(number)
                if position is None:
                    continue
                if name == "amount":
                    self.merged_amounts[position] = left, value
                    continue
                cells = self._row_cells(position)
                if cells[left] == "" and any(cell != "" for cell in cells):
                    self.cells[position] = [*cells]
                    self.cells[position][left] = value
                    self.reading.note("merged_cells")

    def _row_cells(self, position: int) -> list[Any]:
        return self.cells.get(position) or self.sheet.rows[position].cells

    def _apply_repairs(self, table: Table) -> None:
        """What the officer typed takes the place of the cell."""
        if not self.repairs:
            return
        for position in range(table.start, table.end):
            texts = self.repairs.get(self.sheet.rows[position].number)
            if not texts:
                continue
            cells = [*self._row_cells(position)]
            for name, text in texts.items():
                index = table.roles.get(name, -1)
                if name == "full_name" and "full_name" not in table.roles:
                    self._split_name(table, cells, text)
                elif index < 0 and name == "amount":
                    index = next((at for role, at in table.roles.items() if role.startswith("amount")), -1)
                elif index < 0 and name.isupper() and len(name) <= 3:
                    index = column_index(name)
                if 0 <= index < len(cells):
                    cells[index] = text
            self.cells[position] = cells

    def _split_name(self, table: Table, cells: list[Any], text: str) -> None:
        family, _space, given = text.strip().rpartition(" ")
        for name, part in (("family_name", family), ("middle_name", ""), ("given_name", given)):
            if name in table.roles:
                cells[table.roles[name]] = part

    def _build(self, table: Table, walk: Walk) -> None:
        reading, sheet = self.reading, self.sheet
        if not walk.people:
            return
        self.people += len(walk.people)
        self._share_merged_amounts(walk)
        table.block_rows = walk.blocks
        builder = Builder(
            reading.schema,
            sheet,
            table,
            walk.people,
            walk.contexts,
            self.cells,
            self.repairs,
            self.workbook.epoch_1904,
            today(),
        )
        if self.merged_amounts:
            builder.merged_amounts = {
                index for index, position in enumerate(walk.people) if position in self.merged_amounts
            }
        built = builder.build()
        reading.tables.append(table)
        if self.garbled:
            self._mark_garbled(built)
        reading.rows += built.rows
        for note in built.notes:
            reading.note(note.code, note.count)
        hidden = sum(1 for position in walk.people if sheet.rows[position].hidden)
        for code, count in (
            ("hidden_rows", hidden),
            ("subtotals_skipped", len({total.row for total in walk.totals})),
            ("blocks", len(walk.blocks)),
            ("rows_dropped", walk.dropped),
            ("lines_skipped", walk.footer_lines),
            ("example_skipped", walk.examples),
        ):
            if count:
                reading.note(code, count)
        reading.totals += _Totals(table, walk, built).all()

    def _share_merged_amounts(self, walk: Walk) -> None:
        """An amount merged over several people is what each got if only so the written total comes out; else it is asked for."""
        for column in {column for column, _value in self.merged_amounts.values()}:
            own = sum(read_amount(self._row_cells(position)[column]).value or 0 for position in walk.people)
            shared = {
                position: value
                for position, (at, value) in self.merged_amounts.items()
                if at == column and position in walk.people
            }
            each = own + sum(read_amount(value).value or 0 for value in shared.values())
            if any(read_amount(total.cells.get(column, "")).value == each for total in walk.totals):
                for position, value in shared.items():
                    self.cells[position] = [*self._row_cells(position)]
                    self.cells[position][column] = value
                    del self.merged_amounts[position]
                    self.reading.note("merged_cells")

    def _mark_garbled(self, built: Built) -> None:
        for row in built.rows:
            if "full_name" not in self.repairs.get(row.row, {}):
                row.problems.insert(
                    0,
                    Problem(
                        "full_name",
                        row.columns.get("full_name", ""),
                        row.values["full_name"],
                        "legacy_font",
                        row.values["full_name"],
                    ),
                )

    def _read_headless(self) -> None:
        """A list without any headings, recognised by its cells alone."""
        sheet = self.sheet
        start = next(
            (
                position
                for position, row in enumerate(sheet.rows)
                if sum(1 for value in row.cells if value != "") >= 3
                and any(is_data(value) for value in row.cells if value != "")
            ),
            None,
        )
        if start is None:
            return
        width = len(sheet.rows[start].cells)
        facts = read_titles(
            [sheet.name, *(value for row in sheet.rows[:start] for value in row.cells if value.__class__ is str)]
        )
        resolver = Resolver(sheet, None, range(width), sheet.rows[start:], self.headings, facts)
        table = resolver.resolve()
        sure = {name.partition(".")[0] for name in table.roles}
        wanted = {"amount", "birth"} if self.reading.schema.field("amount") else {"birth"}
        if not ("full_name" in sure or {"family_name", "given_name"} <= sure) or not (wanted & sure):
            return
        self.reading.ambiguities += resolver.ambiguities
        self._read_table(table, [_Segment(None, start, len(sheet.rows))], facts, side=0)
        if self.people:
            self.reading.note("no_headings", sheet=sheet.name)


def _signature(block: HeaderBlock) -> tuple[tuple[int, str], ...]:
    return tuple((column, plain(block.text(column))) for column in sorted(block.paths))


def _says_anything(lines: list[str]) -> bool:
    facts = read_titles(lines)
    return bool(facts.kinds or facts.given_on or facts.amount or any(kinds_in(line) for line in lines))


class _Totals:
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
        for start in starts:
            if sums[written.people] - sums[start] == value:
                return start, written.people, True
        return (0 if written.grand or not starts else starts[0]), written.people, False


def _prefix(values: list[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


__all__ = ["GrandTotal", "Reading", "Total", "cell_text", "understand"]
