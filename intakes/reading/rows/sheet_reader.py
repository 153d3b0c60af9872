"""One sheet to its tables: headings, titles, people, totals, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from intakes.reading.columns.headers import HeaderBlock, Headings, is_data
from intakes.reading.columns.layout import Resolver, split_side_by_side
from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import Sheet, Workbook, column_index
from intakes.reading.rows.builder import Builder
from intakes.reading.rows.cells import is_blank, read_amount, today
from intakes.reading.rows.results import Reading
from intakes.reading.rows.rows import Built, ListRow
from intakes.reading.rows.totals import Totals
from intakes.reading.rows.walk import Context, Walk, Walker
from intakes.reading.words.titles import Facts, read_titles
from intakes.reading.words.words import kinds_in, plain
from portal.lib.vietnamese import capitalised, format_money, title_of

Repairs = Mapping[tuple[str, int], Mapping[str, str]]


_MONEY = frozenset({"amount", "unit_price", "row_total"})
_OF_THE_PERSON = frozenset(
    {
        "full_name", "given_name", "family_name", "middle_name", "birth", "birth_day", "birth_month", "birth_year",
        "gender", "school", "school_class", "class_school", "commune", "phone", "unit",
        "guardian_name", "guardian_phone",
    }
)  # fmt: skip
_ADDRESS_OF_PUPILS = frozenset({"em", "cháu", "bé", "anh", "chị"})
_ADDRESS = _ADDRESS_OF_PUPILS | {"ông", "bà", "cụ", "bác", "chú"}
_SIGNS_OF_A_LIST = frozenset({"amount", "birth", "school_class", "gender", "kind", "given_on", "joined_on"})


@dataclass(slots=True)
class _Segment:
    block: HeaderBlock | None
    start: int
    end: int


class SheetReader:
    """Reads one sheet into a `Reading`."""

    def __init__(
        self,
        reading: Reading,
        workbook: Workbook,
        sheet: Sheet,
        headings: Headings,
        repairs: Repairs,
        dropped: AbstractSet[tuple[str, int]],
        garbled: AbstractSet[str],
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
        """Read all tables of the sheet; `headless`: no sheet of the workbook has headings."""
        sheet, reading = self.sheet, self.reading
        if not sheet.rows:
            reading.note("sheet_empty", sheet=sheet.name)
            return
        if not blocks:
            self._read_headless(headless)
        facts = read_titles([sheet.name]) if blocks else Facts()
        facts.lines.clear()
        facts.of_sheet = True
        groups = self._groups(blocks)
        for group in groups:
            facts = self._read_group(group, facts)
        if not self.people:
            reading.note("sheet_without_rows" if blocks else "sheet_skipped", sheet=sheet.name)
            return
        if sheet.hidden:
            reading.ask("hidden_sheet", sheet=sheet.name)
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
        """Return the blocks of headings, those together that say the same: page breaks, one table for each commune."""
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
        block = group[0].block
        if block is None:
            return facts
        lines, title_rows = self._lines(block.first)
        facts = facts.below(read_titles(lines))
        rows = [row for segment in group for row in self.sheet.rows[segment.start : segment.end]]
        spans = split_side_by_side(block, self.headings)
        for part, span in enumerate(spans):
            resolver = Resolver(self.sheet, block, span, rows, self.headings, facts)
            table = resolver.resolve()
            if not table.has_names:
                continue
            table.title_rows = title_rows
            self.reading.ambiguities += resolver.ambiguities
            facts = self._read_table(table, group, facts, side=part)
        return facts

    def _lines(self, before: int) -> tuple[list[str], list[int]]:
        """Return the texts above a block of headings, below the list before it, and the numbers of their rows."""
        rows = [row for row in self.sheet.rows[self.last_row + 1 : before] if any(value != "" for value in row.cells)]
        return [value for row in rows for value in row.cells if value.__class__ is str and value.strip()], [
            row.number for row in rows
        ]

    last_row = -1

    def _read_table(self, table: Table, group: list[_Segment], facts: Facts, *, side: int) -> Facts:
        table.start, table.end = group[0].start, group[-1].end
        self._fill_merged(table)
        self._apply_repairs(table, side)
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
        """Let a cell merged downwards hold for each of its rows; an amount is nobody's, a name that of its gifts."""
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
            if value == "" or name in ("birth", "ordinal", "row_total", ""):
                continue
            below = [at[number] for number in range(top + 2, bottom + 2) if number in at]
            if name == "amount":
                for position in (start, *below):
                    self.merged_amounts[position] = left, value
            elif name in ("full_name", "given_name", "family_name", "middle_name"):
                self._same_person(table, start, below)
            else:
                for position in below:
                    if any(cell != "" for cell in self._row_cells(position)):
                        self._fill(position, left, value)

    def _fill(self, position: int, column: int, value: Any) -> None:
        cells = self._row_cells(position)
        if cells[column] == "" and value != "":
            self.cells[position] = [*cells]
            self.cells[position][column] = value
            self.reading.note("merged_cells")

    def _same_person(self, table: Table, start: int, below: list[int]) -> None:
        """A name merged over several gifts is that of each; so is what else the first row says of the person."""
        money = [index for role, index in table.roles.items() if role.partition(".")[0] in _MONEY]
        personal = [index for role, index in table.roles.items() if role.partition(".")[0] in _OF_THE_PERSON]
        first = self._row_cells(start)
        for position in below:
            if any(not is_blank(self._row_cells(position)[index]) for index in money):
                for index in personal:
                    self._fill(position, index, first[index])

    def _row_cells(self, position: int) -> list[Any]:
        return self.cells.get(position) or self.sheet.rows[position].cells

    def _apply_repairs(self, table: Table, side: int) -> None:
        """Put what the officer typed in the place of the cell.

        Where tables stand side by side, fields are those of the first; the others are mended by the letter of a column.
        """
        if not self.repairs:
            return
        for position in range(table.start, table.end):
            texts = self.repairs.get(self.sheet.rows[position].number)
            if not texts:
                continue
            cells = [*self._row_cells(position)]
            for name, text in texts.items():
                lettered = name.isupper() and len(name) <= 3
                if side and not lettered:
                    continue
                index = table.roles.get(name, -1)
                if name == "full_name" and "full_name" not in table.roles:
                    self._split_name(table, cells, text)
                elif index < 0 and name == "amount":
                    index = next((at for role, at in table.roles.items() if role.startswith("amount")), -1)
                elif index < 0 and lettered:
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
                index: self.merged_amounts[position]
                for index, position in enumerate(walk.people)
                if position in self.merged_amounts and "amount" not in self.repairs.get(sheet.rows[position].number, {})
            }
        built = builder.build()
        reading.tables.append(table)
        if self.garbled:
            self._ask_about_garbled(built)
        self._take_off_titles(built)
        reading.rows += built.rows
        for note in built.notes:
            reading.note(note.code, note.count, at=note.sheet, rows=note.rows, **note.params)
        hidden = sum(1 for position in walk.people if sheet.rows[position].hidden)
        for code, count in (
            ("hidden_rows", hidden),
            ("subtotals_skipped", len({total.row for total in walk.totals})),
            ("blocks", len(walk.blocks)),
            ("rows_dropped", walk.dropped),
            ("example_skipped", walk.examples),
        ):
            if count:
                reading.note(code, count)
        if walk.footer_rows:
            reading.note("lines_skipped", len(walk.footer_rows), at=sheet.name, rows=walk.footer_rows)
        totals = Totals(table, walk, built).all()
        reading.totals += totals
        for total in totals:
            if total.difference and not total.grand:
                written, computed = format_money(total.written or 0), format_money(total.computed)
                reading.note(
                    "subtotal_differs", at=sheet.name, rows=[total.row], label=total.label, written=written,
                    computed=computed,
                )  # fmt: skip

    def _share_merged_amounts(self, walk: Walk) -> None:
        """Give each person an amount merged over several if only so the written total comes out.

        Else it is asked for.
        """
        for column in {column for column, _value in self.merged_amounts.values()}:
            own = sum(
                read_amount(self._row_cells(position)[column]).value or 0
                for position in walk.people
                if position not in self.merged_amounts
            )
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

    def _ask_about_garbled(self, built: Built) -> None:
        """Ask once about the names that were converted from an old font; the others stand as they were typed."""
        converted = []
        for row in built.rows:
            name = row.values["full_name"]
            if "full_name" in self.repairs.get(row.row, {}) or not name:
                continue
            parts = [
                row.cells[index]
                for role, index in row.table.roles.items()
                if role in ("full_name", "family_name", "middle_name", "given_name")
            ]
            if not self.garbled.isdisjoint(part for part in parts if part.__class__ is str):
                row.values["full_name"] = capitalised(name)
                row.problems = [problem for problem in row.problems if problem.code != "legacy_font"]
                converted.append(row)
        self._ask_to_take("legacy_font", converted)

    def _take_off_titles(self, built: Built) -> None:
        """Take "Em" and "Bà" off and say so; ask once about degrees and offices, which say more than how to address."""
        address = _ADDRESS_OF_PUPILS if self.reading.schema.field("amount") else _ADDRESS
        asked: list[ListRow] = []
        said: list[ListRow] = []
        for row in built.rows:
            problem = next((one for one in row.problems if one.code == "name_title" and one.suggestion), None)
            if problem is not None:
                row.values["full_name"] = problem.suggestion
                row.problems = [other for other in row.problems if other is not problem]
                (said if title_of(problem.value) in address else asked).append(row)
        self._ask_to_take("name_title", asked)
        if numbers := sorted({row.row for row in said}):
            self.reading.note("titles", len(numbers), at=self.sheet.name, rows=numbers)

    def _ask_to_take(self, code: str, rows: list[ListRow]) -> None:
        numbers = sorted({row.row for row in rows})
        if numbers:
            self.reading.ask(code, sheet=self.sheet.name, rows=numbers, example=rows[0].values["full_name"])

    def _read_headless(self, headless: bool) -> None:
        """Read a list without any headings, recognised by its cells alone."""
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
        if not table.has_names or len(sure & _SIGNS_OF_A_LIST) < (2 if headless else 3):
            return  # a summary by commune has names and sums, too
        self.reading.ambiguities += resolver.ambiguities
        self._read_table(table, [_Segment(None, start, len(sheet.rows))], facts, side=0)
        if self.people:
            self.reading.note("no_headings", sheet=sheet.name)


def _signature(block: HeaderBlock) -> tuple[tuple[int, str], ...]:
    return tuple((column, plain(block.text(column))) for column in sorted(block.paths))


def _says_anything(lines: list[str]) -> bool:
    facts = read_titles(lines)
    return bool(facts.kinds or facts.given_on or facts.amount or any(kinds_in(line) for line in lines))
