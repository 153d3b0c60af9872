"""Workbooks in the XML of Excel 2003 (SpreadsheetML) to cells, read as a stream."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.markup import MOST_NESTED, Attributes, as_utf8, parse, parser_for
from intakes.reading.files.sheets import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Row, Sheet, Workbook, check_rows, pad

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_SS, _X = "urn:schemas-microsoft-com:office:spreadsheet}", "urn:schemas-microsoft-com:office:excel}"
MAX_CELLS = 4_000_000


def read_spreadsheetml(content: bytes) -> Workbook:
    """Read a workbook of Excel 2003's XML."""
    return _Reader().read(as_utf8(content))


class _Reader:
    """Takes the tags as they come: worksheets, in them rows, in them cells, in them data."""

    def __init__(self) -> None:
        self.workbook = Workbook([], "spreadsheetml")
        self.depth = self.row = self.column = self.cells_read = self.columns_seen = 0
        self.sheet: Sheet | None = None
        self.cells: list[Any] | None = None
        self.hidden = False
        self.cell: Attributes | None = None
        self.kind = ""
        self.text: list[str] | None = None
        self.name = self.style = ""
        self.struck_styles: set[str] = set()

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
        if name == _SS + "Worksheet":
            if len(self.workbook.sheets) >= MAX_SHEETS:
                raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
            self.sheet = Sheet(attributes.get(_SS + "Name", ""))
            self.workbook.sheets.append(self.sheet)
            self.row = self.columns_seen = 0
        elif name == _SS + "Column" and self.sheet is not None:
            first = _number(attributes, "Index", self.columns_seen + 1)
            last = first + _number(attributes, "Span", 0)
            if attributes.get(_SS + "Hidden") == "1":
                self.sheet.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
            self.columns_seen = last
        elif name == _SS + "Row" and self.sheet is not None:
            self.row = _number(attributes, "Index", self.row + 1)
            check_rows(self.row if self.row <= MAX_ROWS else len(self.sheet.rows))
            self.cells, self.column, self.hidden = [], 0, attributes.get(_SS + "Hidden") == "1"
        elif name == _SS + "Cell" and self.cells is not None:
            self.column = _number(attributes, "Index", self.column + 1)
            self.cell, self.kind, self.text = attributes, "", None
        elif name == _SS + "Data" and self.cell is not None:
            self.kind, self.text = attributes.get(_SS + "Type", "String"), []
        elif name == _SS + "Style":
            self.style = attributes.get(_SS + "ID", "")
        elif name == _SS + "Font" and attributes.get(_SS + "StrikeThrough") == "1":
            self.struck_styles.add(self.style)
        elif name in (_X + "Visible", _X + "Date1904"):
            self.name, self.text = name, []

    def _take_text(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == _SS + "Data" and self.cell is not None and self.text is not None:
            self._put(_value(self.kind, "".join(self.text)))
            self.text = None
        elif name == _SS + "Cell" and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif name == _SS + "Row" and self.cells is not None and self.sheet is not None:
            if any(cell != "" for cell in self.cells):
                self.sheet.rows.append(Row(self.row, self.hidden, self.cells))
                check_rows(len(self.sheet.rows))
            self.cells = None
        elif name == self.name and name == _X + "Visible" and self.sheet is not None:
            self.sheet.hidden = "".join(self.text or ()).strip() in ("SheetHidden", "SheetVeryHidden")
            self.name, self.text = "", None
        elif name == self.name and name == _X + "Date1904":
            self.workbook.epoch_1904 = "".join(self.text or ()).strip() != "0"
            self.name, self.text = "", None

    def _put(self, value: Any) -> None:
        if self.cells is None or self.sheet is None or value == "":
            return
        self.cells_read += 1
        if self.cells_read > MAX_CELLS:
            raise WorkbookError("bomb")
        if self.column > MAX_COLUMNS:
            self.sheet.cut = True
            return
        self.cells.extend([""] * (self.column - len(self.cells)))
        self.cells[self.column - 1] = value

    def _end_cell(self, attributes: Attributes) -> None:
        if self.sheet is None:
            return
        if (formula := attributes.get(_SS + "Formula")) and self.column <= MAX_COLUMNS:
            self.sheet.formulas[self.row - 1, self.column - 1] = formula
        if attributes.get(_SS + "StyleID") in self.struck_styles:
            self.sheet.struck.add((self.row - 1, self.column - 1))
        across, down = _number(attributes, "MergeAcross", 0), _number(attributes, "MergeDown", 0)
        if across or down:
            row, column = self.row - 1, self.column - 1
            self.sheet.merged.append((row, column, row + down, column + across))
        self.column += across


def _number(attributes: Attributes, name: str, otherwise: int) -> int:
    text = attributes.get(_SS + name, "")
    return int(text) if text.isdecimal() and len(text) < 8 else otherwise


def _value(kind: str, text: str) -> Any:
    if kind == "Number":
        return float(text)
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        moment = datetime.fromisoformat(text.strip())
        return moment.date() if moment.time() == time(0) else moment
    return text
