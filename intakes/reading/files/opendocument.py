"""OpenDocument spreadsheets (.ods) to cells, read as a stream: repeated empty rows and columns cost nothing."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.markup import MOST_NESTED, Attributes, as_utf8, parse, parser_for
from intakes.reading.files.sheets import MAX_COLUMNS, MAX_SHEETS, Row, Sheet, Workbook, check_rows, pad

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_BLANK = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
MAX_CELLS = 4_000_000


def read_opendocument(content: bytes) -> Workbook:
    """Read the content.xml of an .ods file."""
    return _Reader().read(as_utf8(content))


class _Cell:
    """A cell whose elements are coming by."""

    def __init__(self, attributes: Attributes, *, covered: bool) -> None:
        self.attributes, self.covered = attributes, covered
        self.paragraphs: list[str] = []

    @property
    def value(self) -> Any:
        """What stands in the cell."""
        if self.covered:
            return ""
        told, kind = self.attributes.get, self.attributes.get(_OFFICE + "value-type")
        if kind in ("float", "currency", "percentage"):
            return float(told(_OFFICE + "value", "0"))
        if kind == "date":
            return _date(told(_OFFICE + "date-value", ""))
        if kind == "boolean":
            return told(_OFFICE + "boolean-value") == "true"
        if kind == "time":
            return time(0)
        return "\n".join(self.paragraphs)


class _Reader:
    """Takes the tags as they come: tables, in them rows, in them cells, in them paragraphs. Nothing is kept nested."""

    def __init__(self) -> None:
        self.workbook = Workbook([], "ods")
        self.hidden_styles: set[str] = set()
        self.struck_styles: set[str] = set()
        self.style = ""
        self.sheet = Sheet("")
        self.position = self.column = self.cell_column = self.cells_read = 0
        self.depth = 0
        self.row: Attributes | None = None
        self.cells: list[Any] = []
        self.cell: _Cell | None = None
        self.text: list[str] | None = None  # of the paragraph that is open
        self.row_depth = self.cell_depth = self.text_depth = self.skip_depth = 0

    def read(self, content: bytes) -> Workbook:
        parser = parser_for(namespaces=True)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._take_text
        parse(parser, content)
        for sheet in self.workbook.sheets:
            pad(sheet.rows)
        return self.workbook

    def _start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise WorkbookError("too_much")
        if self.skip_depth:
            return
        if self.text is not None:
            self._inside_text(name, attributes)
        elif self.cell is not None:
            if name == _TEXT + "p" and self.depth == self.cell_depth + 1:
                self.text, self.text_depth = [], self.depth
        elif self.row is not None:
            if name in _CELLS and self.depth == self.row_depth + 1:
                self.cell, self.cell_depth = _Cell(attributes, covered=name != _CELLS[0]), self.depth
        elif name == _TABLE + "table-row":
            self.row, self.row_depth, self.cells, self.cell_column = attributes, self.depth, [], 0
        else:
            self._outside_rows(name, attributes)

    def _inside_text(self, name: str, attributes: Attributes) -> None:
        if name.endswith("}annotation"):
            self.skip_depth = self.depth
        elif self.text is not None and name in _BLANK:
            self.text.append(_BLANK[name] * min(int(attributes.get(_TEXT + "c", "1")), 100))
            self.skip_depth = self.depth

    def _outside_rows(self, name: str, attributes: Attributes) -> None:
        if name == _TABLE + "table":
            if len(self.workbook.sheets) >= MAX_SHEETS:
                raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
            hidden = attributes.get(_TABLE + "style-name", "") in self.hidden_styles
            self.sheet, self.position, self.column = Sheet(attributes.get(_TABLE + "name", ""), hidden), 0, 0
            self.workbook.sheets.append(self.sheet)
        elif name == _TABLE + "table-column":
            repeat = int(attributes.get(_TABLE + "number-columns-repeated", "1"))
            if attributes.get(_TABLE + "visibility", "visible") != "visible":
                self.sheet.hidden_columns.update(range(self.column, min(self.column + repeat, MAX_COLUMNS)))
            self.column += repeat
        elif name in (_STYLE + "style", _STYLE + "default-style"):
            self.style = attributes.get(_STYLE + "name", "")
        elif name == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false" and self.style:
            self.hidden_styles.add(self.style)
        elif name == _STYLE + "text-properties" and self.style and _is_struck(attributes):
            self.struck_styles.add(self.style)

    def _take_text(self, text: str) -> None:
        if self.text is not None and not self.skip_depth:
            self.text.append(text)

    def _end(self, _name: str) -> None:
        depth, self.depth = self.depth, self.depth - 1
        if self.skip_depth:
            self.skip_depth = 0 if depth == self.skip_depth else self.skip_depth
        elif self.text is not None:
            if depth == self.text_depth and self.cell is not None:
                self.cell.paragraphs.append("".join(self.text))
                self.text = None
        elif self.cell is not None:
            if depth == self.cell_depth:
                self._take_cell(self.cell)
                self.cell = None
        elif self.row is not None and depth == self.row_depth:
            self._take_row(self.row)
            self.row = None

    def _take_cell(self, cell: _Cell) -> None:
        told, column = cell.attributes.get, self.cell_column
        repeat = int(told(_TABLE + "number-columns-repeated", "1"))
        wide = int(told(_TABLE + "number-columns-spanned", "1"))
        high = int(told(_TABLE + "number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            self.sheet.merged.append((self.position, column, self.position + high - 1, column + wide - 1))
        formula = told(_TABLE + "formula")
        if formula:
            self.sheet.formulas[self.position, column] = "=" + formula.partition("=")[2]
        value = cell.value
        if value != "":
            if column >= MAX_COLUMNS:
                self.sheet.cut = True
            else:
                self.cells.extend([""] * (column - len(self.cells)))
                self.cells.extend([value] * min(repeat, MAX_COLUMNS - column))
                if told(_TABLE + "style-name") in self.struck_styles:
                    self.sheet.struck.update((self.position, column + at) for at in range(min(repeat, MAX_COLUMNS)))
        self.cell_column += repeat

    def _take_row(self, attributes: Attributes) -> None:
        repeat = int(attributes.get(_TABLE + "number-rows-repeated", "1"))
        cells = self.cells
        if cells:
            self.cells_read += repeat * len(cells)
            check_rows(len(self.sheet.rows) + repeat)
            if self.cells_read > MAX_CELLS:
                raise WorkbookError("bomb")
            hidden = attributes.get(_TABLE + "visibility", "visible") != "visible"
            numbers = range(self.position + 1, self.position + repeat + 1)
            self.sheet.rows.extend(Row(number, hidden, list(cells)) for number in numbers)
        self.position += repeat


def _is_struck(attributes: Attributes) -> bool:
    told = (attributes.get(_STYLE + f"text-line-through-{name}", "none") for name in ("style", "type"))
    return any(value != "none" for value in told)


def _date(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == time(0) else moment
