"""OpenDocument spreadsheets (.ods) to cells, read as a stream: repeated empty rows and columns cost nothing."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree

from .errors import WorkbookError
from .sheets import MAX_COLUMNS, MAX_SHEETS, Row, Sheet, Workbook, check_rows

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_BLANK = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
MAX_CELLS = 4_000_000


def read_opendocument(content: bytes) -> Workbook:
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        raise WorkbookError("corrupt")
    try:
        return _read(content)
    except (ElementTree.ParseError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("corrupt") from error


def _read(content: bytes) -> Workbook:
    workbook = Workbook([], "ods")
    hidden_styles: set[str] = set()
    sheet: Sheet | None = None
    position = column_position = cells_read = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == _TABLE + "table":
                if len(workbook.sheets) >= MAX_SHEETS:
                    raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
                hidden = element.get(_TABLE + "style-name", "") in hidden_styles
                sheet, position, column_position = Sheet(element.get(_TABLE + "name", ""), hidden), 0, 0
                workbook.sheets.append(sheet)
        elif tag == _STYLE + "style":
            properties = element.find(_STYLE + "table-properties")
            if properties is not None and properties.get(_TABLE + "display") == "false":
                hidden_styles.add(element.get(_STYLE + "name", ""))
        elif tag == _TABLE + "table-column" and sheet is not None:
            repeat = int(element.get(_TABLE + "number-columns-repeated", "1"))
            if element.get(_TABLE + "visibility", "visible") != "visible":
                sheet.hidden_columns.update(range(column_position, min(column_position + repeat, MAX_COLUMNS)))
            column_position += repeat
        elif tag == _TABLE + "table-row" and sheet is not None:
            repeat = int(element.get(_TABLE + "number-rows-repeated", "1"))
            cells = _cells(element, sheet, position)
            if cells:
                cells_read += repeat * len(cells)
                check_rows(len(sheet.rows) + repeat)
                if cells_read > MAX_CELLS:
                    raise WorkbookError("bomb")
                row_hidden = element.get(_TABLE + "visibility", "visible") != "visible"
                for offset in range(repeat):
                    sheet.rows.append(Row(position + offset + 1, row_hidden, list(cells)))
            position += repeat
            element.clear()
        elif tag == _TABLE + "table":
            element.clear()
            sheet = None
    for done in workbook.sheets:
        width = max((len(row.cells) for row in done.rows), default=0)
        for row in done.rows:
            row.cells.extend([""] * (width - len(row.cells)))
    return workbook


def _cells(row: ElementTree.Element, sheet: Sheet, position: int) -> list[Any]:
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


def _value(cell: ElementTree.Element) -> Any:
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


def _text(element: ElementTree.Element) -> str:
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
