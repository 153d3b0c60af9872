"""OpenDocument spreadsheets (.ods) to cells, read as a stream: repeated empty rows and columns cost nothing."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree as ET

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import MAX_COLUMNS, MAX_SHEETS, Row, Sheet, Workbook, check_rows, pad

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_BLANK = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
MAX_CELLS = 4_000_000


def read_opendocument(content: bytes) -> Workbook:
    """Read the content.xml of an .ods file."""
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        raise WorkbookError("corrupt")
    try:
        return _Reader().read(content)
    except (ET.ParseError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("corrupt") from error


class _Reader:
    """Takes the elements as they come."""

    def __init__(self) -> None:
        self.workbook = Workbook([], "ods")
        self.hidden_styles: set[str] = set()
        self.sheet = Sheet("")
        self.position = self.column = self.cells_read = 0

    def read(self, content: bytes) -> Workbook:
        takers = {
            _STYLE + "style": self._style,
            _TABLE + "table-column": self._columns,
            _TABLE + "table-row": self._row,
        }
        # Entities were refused above, and nothing outside the file is ever fetched.
        for event, element in ET.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314 # nosec B314
            if event == "start" and element.tag == _TABLE + "table":
                self._table(element)
            elif event == "end" and element.tag in takers:
                takers[element.tag](element)
        for sheet in self.workbook.sheets:
            pad(sheet.rows)
        return self.workbook

    def _table(self, element: ET.Element) -> None:
        if len(self.workbook.sheets) >= MAX_SHEETS:
            raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
        hidden = element.get(_TABLE + "style-name", "") in self.hidden_styles
        self.sheet, self.position, self.column = Sheet(element.get(_TABLE + "name", ""), hidden), 0, 0
        self.workbook.sheets.append(self.sheet)

    def _style(self, element: ET.Element) -> None:
        properties = element.find(_STYLE + "table-properties")
        if properties is not None and properties.get(_TABLE + "display") == "false":
            self.hidden_styles.add(element.get(_STYLE + "name", ""))

    def _columns(self, element: ET.Element) -> None:
        repeat = int(element.get(_TABLE + "number-columns-repeated", "1"))
        if element.get(_TABLE + "visibility", "visible") != "visible":
            self.sheet.hidden_columns.update(range(self.column, min(self.column + repeat, MAX_COLUMNS)))
        self.column += repeat

    def _row(self, element: ET.Element) -> None:
        repeat = int(element.get(_TABLE + "number-rows-repeated", "1"))
        cells = _cells(element, self.sheet, self.position)
        if cells:
            self.cells_read += repeat * len(cells)
            check_rows(len(self.sheet.rows) + repeat)
            if self.cells_read > MAX_CELLS:
                raise WorkbookError("bomb")
            hidden = element.get(_TABLE + "visibility", "visible") != "visible"
            numbers = range(self.position + 1, self.position + repeat + 1)
            self.sheet.rows.extend(Row(number, hidden, list(cells)) for number in numbers)
        self.position += repeat
        element.clear()


def _cells(row: ET.Element, sheet: Sheet, position: int) -> list[Any]:
    cells: list[Any] = []
    column = 0
    for element in row:
        if element.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        repeat = int(element.get(_TABLE + "number-columns-repeated", "1"))
        value = _value(element) if element.tag == _TABLE + "table-cell" else ""
        wide = int(element.get(_TABLE + "number-columns-spanned", "1"))
        high = int(element.get(_TABLE + "number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            sheet.merged.append((position, column, position + high - 1, column + wide - 1))
        formula = element.get(_TABLE + "formula")
        if formula:
            sheet.formulas[position, column] = "=" + formula.partition("=")[2]
        if value != "":
            if column >= MAX_COLUMNS:
                sheet.cut = True
            else:
                cells.extend([""] * (column - len(cells)))
                cells.extend([value] * min(repeat, MAX_COLUMNS - column))
        column += repeat
    return cells


def _value(cell: ET.Element) -> Any:
    kind = cell.get(_OFFICE + "value-type")
    if kind in ("float", "currency", "percentage"):
        return float(cell.get(_OFFICE + "value", "0"))
    if kind == "date":
        return _date(cell.get(_OFFICE + "date-value", ""))
    if kind == "boolean":
        return cell.get(_OFFICE + "boolean-value") == "true"
    if kind == "time":
        return time(0)
    paragraphs = cell.findall(_TEXT + "p")
    return "\n".join(_text(paragraph) for paragraph in paragraphs) if paragraphs else ""


def _text(element: ET.Element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag.endswith("}annotation"):
            continue
        if child.tag in _BLANK:
            text += _BLANK[child.tag] * min(int(child.get(_TEXT + "c", "1")), 100)
        else:
            text += _text(child)
        text += child.tail or ""
    return text


def _date(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == time(0) else moment
