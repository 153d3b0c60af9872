"""One list of columns for a table in a document, a CSV file and a workbook.

This is for documents and exports, whole and as they stand. Lists that people sort, filter and page through on the
screen are django-tables2's. Numbers stay numbers in a workbook, text never becomes a formula anywhere, and a missing
value is shown as missing: it is not zero.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.lib.vietnamese import TIME_ZONE, format_int, short_date

Kind = Literal["text", "int", "money", "date", "code"]

# What Excel and its kin take for the beginning of a formula, their full-width forms included.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """One column: `label` may be lazy text; `value` is a function of the row, or an attribute or key if not `name`.

    Kinds: text; int (a count); money (whole đồng); date; code (text that looks like a number and must not become one).
    A `summed` column appears in the total row.
    """

    name: str
    label: Any
    kind: Kind = "text"
    value: Callable[[Any], Any] | str | None = None
    summed: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in {"int", "money"}

    def of(self, row: Any) -> Any:
        """Return the row's value: str, int, date or None. An aware moment becomes its day in Viet Nam."""
        source = self.value or self.name
        value = source(row) if callable(source) else _read(row, source)
        if isinstance(value, dt.datetime):
            value = (value.astimezone(TIME_ZONE) if value.tzinfo else value).date()
        if value is None or isinstance(value, dt.date):
            return value
        return int(value) if self.is_number else str(value)

    def text(self, value: Any) -> str:
        """Return a value for readers: "10.426.900.000", "05/06/2026", "" for what is missing."""
        if value is None or isinstance(value, str):
            return value or ""
        if isinstance(value, dt.date):
            return short_date(value)
        return format_int(value) if self.is_number else str(value)


@dataclass(frozen=True)
class Cell:
    """One cell for a template: its text, whether it stands to the right, and whether it heads the row."""

    text: str
    is_number: bool = False
    is_header: bool = False


class Table:
    """Rows under columns.

    With `total_label` the `summed` columns get a total row; the label stands in the first column that has no numbers.

    `row_header` names the column that heads each row (`<th scope="row">`).
    """

    def __init__(
        self,
        columns: Iterable[Column],
        rows: Iterable[Any],
        *,
        total_label: Any = "",
        row_header: str = "",
        caption: Any = "",
    ) -> None:
        self.columns = tuple(columns)
        self.rows = list(rows)
        self.total_label = total_label
        self.row_header = row_header
        self.caption = caption

    @property
    def header(self) -> list[Cell]:
        """The heading cells."""
        return [Cell(str(column.label), column.is_number, is_header=True) for column in self.columns]

    def values(self) -> Iterable[list[Any]]:
        """Yield each row's values, without header and total."""
        for row in self.rows:
            yield [column.of(row) for column in self.columns]

    def total(self) -> list[Any] | None:
        """Return the total row's values, or None without `total_label`; where nothing is known, the sum is missing."""
        if not self.total_label:
            return None
        sums: list[Any] = [None] * len(self.columns)
        sums[self._label_place] = str(self.total_label)
        for place, column in enumerate(self.columns):
            if column.summed:
                known = [value for row in self.rows if (value := column.of(row)) is not None]
                sums[place] = sum(known) if known else None
        return sums

    def html_rows(self) -> list[list[Cell]]:
        """Return the body's cells; the total is `html_total`."""
        return [self._cells(values) for values in self.values()]

    def html_total(self) -> list[Cell]:
        """Return the total row's cells, empty without a total."""
        total = self.total()
        if total is None:
            return []
        cells = self._cells(total)
        cells[self._label_place] = Cell(str(self.total_label), is_header=True)
        return cells

    @property
    def _label_place(self) -> int:
        return next((place for place, column in enumerate(self.columns) if not column.is_number), 0)

    def _cells(self, values: list[Any]) -> list[Cell]:
        return [
            Cell(column.text(value), column.is_number, column.name == self.row_header)
            for column, value in zip(self.columns, values, strict=True)
        ]

    def csv(self) -> bytes:
        """Return UTF-8 with a byte order mark (Excel needs it), whole numbers plain, dates as 2026-06-05.

        Text that would start a formula gets an apostrophe in front. There is no total: files are read by machines.
        """
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow([_harmless(str(column.label)) for column in self.columns])
        for values in self.values():
            writer.writerow([_harmless(value) for value in values])
        return stream.getvalue().encode("utf-8-sig")

    def xlsx_rows(self) -> list[list[Any]]:
        """Return header, rows and total as str, int, date and None, as `write_workbook` writes them."""
        total = self.total()
        return [[str(column.label) for column in self.columns], *self.values(), *([total] if total else [])]


def _read(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _harmless(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return value


_FORMATS: dict[str, str] = {"int": "#,##0", "money": "#,##0", "date": "dd/mm/yyyy", "code": "@", "text": "General"}
_LINE = Side(style="thin", color="FF7E9598")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="FFD9EBEB")
_FONT, _BOLD = Font(name="Times New Roman", size=12), Font(name="Times New Roman", size=12, bold=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WIDEST = 60  # characters


def write_workbook(sheets: Mapping[str, Table]) -> bytes:
    """Return an .xlsx file with a sheet per table; a caption stands above its header.

    Text is always written as text, also where it begins like a formula. The header is repeated on each printed page.
    """
    book = Workbook(write_only=True)
    for name, table in sheets.items():
        _write_sheet(book.create_sheet(_sheet_name(name)), table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31].strip("' ") or "1"


def _write_sheet(sheet: WriteOnlyWorksheet, table: Table) -> None:
    rows = table.xlsx_rows()
    header = 2 if table.caption else 1
    for place in range(len(table.columns)):
        widest = max((len(_shown(table.columns[place], row[place])) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(max(widest + 2, 8), _WIDEST)
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape" if len(table.columns) > 6 else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if table.caption:
        sheet.append([_cell(sheet, str(table.caption), bold=True)])
    last = len(rows) - 1 if table.total_label else None
    for number, row in enumerate(rows):
        strong = number in {0, last}
        sheet.append(
            [
                _cell(sheet, value, column=column, bold=strong, head=number == 0)
                for column, value in zip(table.columns, row, strict=True)
            ]
        )


def _shown(column: Column, value: Any) -> str:
    return value if isinstance(value, str) else column.text(value)


def _cell(
    sheet: WriteOnlyWorksheet, value: Any, *, column: Column | None = None, bold: bool = False, head: bool = False
) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    cell.font = _BOLD if bold else _FONT
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = stays a text
    elif column is not None:
        cell.number_format = _FORMATS[column.kind]
    if column is not None:
        cell.border = _BOX
    if head:
        cell.fill = _HEAD_FILL
        cell.alignment = _CENTRED
    return cell
