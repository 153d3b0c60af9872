"""Workbooks that the portal hands out: tables, the rows to mend, blank forms.

Text that came from people never becomes a formula, and characters that XML forbids are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import Sheet, Workbook, cell_text
from intakes.reading.rows.results import Reading
from intakes.reading.words.schemas import Schema
from portal.vocabulary import Circumstance, Gender, LearningModel, ProgrammeKind

Text = str | Promise
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_FORMATS = {"amount": "#,##0", "int": "#,##0", "date": "dd/mm/yyyy", "text": "@", "datetime": "dd/mm/yyyy hh:mm"}
_TITLE = Font(name="Times New Roman", size=14, bold=True)
_HEAD = Font(name="Times New Roman", size=11, bold=True)
_BODY = Font(name="Times New Roman", size=11)
_HINT = Font(name="Times New Roman", size=10, italic=True, color="595959")
_WRONG = Font(name="Times New Roman", size=11, color="B00020")
_FONTS = {"title": _TITLE, "line": _HEAD, "heading": _HEAD, "total": _HEAD, "body": _BODY, "wrong": _WRONG}
_HEAD_FILL = PatternFill("solid", fgColor="E7EEF7")
_EXAMPLE_FILL = PatternFill("solid", fgColor="F5F5F5")
_THIN = Side(style="thin", color="9AA5B1")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ERROR_HEADING = "Lỗi"
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
FORM_ROWS = 500


def safe_text(value: object) -> str:
    """Text that no spreadsheet program runs.

    A leading "=", "+", "-", "@" or control character gets an apostrophe before it.
    """
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value)).replace("\ufffe", "").replace("\uffff", "")
    text = "".join(letter for letter in text if not "\ud800" <= letter <= "\udfff")[:32_000]
    return f"'{text}" if text.startswith(_RISKY) else text


def _safe(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 1e15 else str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value if value.year >= 1900 else value.strftime("%d/%m/%Y")
    return safe_text(value)


class _Pen:
    """Makes the cells of one sheet. A look is worked out once: openpyxl takes longer over a font than over a value."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.looks: dict[tuple[str, str], Any] = {}

    def _look(self, name: str, form: str) -> Any:
        cell = WriteOnlyCell(self.page)
        cell.font = _FONTS[name]
        if name not in ("title", "line"):
            cell.border = _BOX
        if name == "heading":
            cell.fill, cell.alignment = _HEAD_FILL, _CENTRE
        if form:
            cell.number_format = form
        return cell._style

    def cell(self, value: Any, kind: str = "", look: str = "body") -> WriteOnlyCell:
        safe = _safe(value)
        form = _FORMATS.get(kind, "") or (_FORMATS["date"] if isinstance(safe, date) else "")
        style = self.looks.get((look, form))
        if style is None:
            style = self.looks[look, form] = self._look(look, form)
        cell = WriteOnlyCell(self.page)
        cell.value = safe
        if safe.__class__ is str:
            cell.data_type = "s"  # openpyxl takes text with "=" in front for a formula
        cell._style = style
        return cell


def _saved(book: Book) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _print_setup(page: Any, header_row: int | None = None) -> None:
    """A4 landscape, one page wide, the headings on every page."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.5
    if header_row:
        page.print_title_rows = f"{header_row}:{header_row}"


def _sheet_name(title: object) -> str:
    return _SHEET_NAME.sub(" ", safe_text(title)).strip("' ")[:31] or "Sheet1"


def write_table(
    columns: Sequence[tuple[Text, float, str]],
    rows: Iterable[Sequence[Any]],
    title: Text = "",
    *,
    sheet: Text = "",
    total: Sequence[Any] | None = None,
) -> bytes:
    """Return a workbook of one table.

    `columns`: heading, width in characters, and kind: text, int, amount, date, datetime or "". Rows are
    written as they come, so that their number does not matter for memory.
    """
    book = Book(write_only=True)
    page = book.create_sheet(_sheet_name(str(sheet or title or "Danh sách")))
    header_row = 3 if title else 1
    for index, (_label, width, _kind) in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(index)].width = width
    page.freeze_panes = f"A{header_row + 1}"
    _print_setup(page, header_row)
    pen = _Pen(page)
    if title:
        page.append([pen.cell(str(title), look="title")])
        page.append([])
    page.append([pen.cell(str(label), look="heading") for label, _width, _kind in columns])
    kinds = [kind for _label, _width, kind in columns]
    for row in rows:
        page.append([pen.cell(value, kind) for value, kind in zip(row, kinds, strict=False)])
    if total is not None:
        page.append([pen.cell(value, kind, "total") for value, kind in zip(total, kinds, strict=False)])
    return _saved(book)


def write_errors(workbook: Workbook, reading: Reading, bad: Mapping[tuple[str, int], str]) -> bytes:
    """Return the same sheets with titles, headings and blocks, but only the rows to mend, and what is wrong with each.

    `bad`: (sheet, row number as the spreadsheet shows it) -> sentence. The officer mends the rows and sends this file.
    """
    book = Book(write_only=True)
    for sheet in workbook.sheets:
        wrong = {number: sentence for (name, number), sentence in bad.items() if name == sheet.name}
        if wrong:
            page = book.create_sheet(_sheet_name(sheet.name))
            _print_setup(page)
            _copy_rows(page, sheet, [table for table in reading.tables if table.sheet == sheet.name], wrong)
    if not book.sheetnames:
        book.create_sheet("Sheet1")
    return _saved(book)


def _copy_rows(page: Any, sheet: Sheet, tables: Sequence[Table], wrong: Mapping[int, str]) -> None:
    heads = {number for table in tables for number in table.header_rows}
    first_heads = {min(table.header_rows) for table in tables if table.header_rows}
    kept = {number for table in tables for number in (*table.block_rows, *table.title_rows)}
    width = max((len(row.cells) for row in sheet.rows), default=1)
    for index in range(width):
        longest = max(
            (
                len(cell_text(row.cells[index]))
                for row in sheet.rows[:60]
                if index < len(row.cells) and row.number not in kept
            ),
            default=8,
        )
        page.column_dimensions[get_column_letter(index + 1)].width = min(max(longest + 2, 7), 34)
    page.column_dimensions[get_column_letter(width + 1)].width = 60
    pen = _Pen(page)
    for row in sheet.rows:
        values = [_whole(value) for value in row.cells] + [""] * (width - len(row.cells))
        for (line, column), formula in sheet.formulas.items() if row.number in wrong else ():
            if line == row.number - 1 and column < width and isinstance(values[column], str):
                values[column] = formula  # shown as text, so that the officer sees what to replace
        if row.number in heads:
            page.append(
                [
                    *(pen.cell(value, look="heading") for value in values),
                    pen.cell(_ERROR_HEADING if row.number in first_heads else "", look="heading"),
                ]
            )
        elif row.number in kept:
            page.append([pen.cell(value, look="line") for value in row.cells])
        elif row.number in wrong:
            page.append([*(pen.cell(value) for value in values), pen.cell(wrong[row.number], look="wrong")])


def _whole(value: Any) -> Any:
    if isinstance(value, time | timedelta):
        return cell_text(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WIDTHS = {
    "full_name": 26,
    "birth": 13,
    "gender": 10,
    "school_class": 9,
    "school": 24,
    "commune": 20,
    "circumstance": 20,
    "kind": 16,
    "amount": 15,
    "given_on": 13,
    "note": 20,
    "unit": 28,
    "address": 28,
    "place": 20,
    "model": 20,
    "decided_by": 24,
}
_LISTS = {
    "gender": ",".join(gender.written for gender in reversed(Gender)),
    "kind": ",".join(kind.written for kind in ProgrammeKind),
    "circumstance": ",".join(one.written for one in Circumstance if one.words),
    "model": ",".join(model.written for model in LearningModel),
}
_FORM_HEADINGS = {
    "disbursements": "DANH SÁCH HỌC SINH NHẬN HỌC BỔNG, KHEN THƯỞNG, HỖ TRỢ",
    "members": "DANH SÁCH HỘI VIÊN",
    "titles": "DANH SÁCH DANH HIỆU HỌC TẬP",
}


def _number_format(schema: Schema, name: str) -> str:
    """Return how a column of a blank form takes what is typed: days, phones and classes as they are written."""
    field = schema.field(name)
    if name == "amount":
        return "#,##0"
    return "@" if name == "school_class" or (field and field.kind in ("birth", "date", "phone")) else "General"


def blank_form(schema: Schema, title: Text = "") -> bytes:
    """Return an empty list to fill in: an example row that reading leaves out, choices to pick from, A4."""
    book = Book()
    page: Any = book.active
    page.title = "Danh sách"
    width = len(schema.form) + 1
    page.append([safe_text(title or _FORM_HEADINGS.get(schema.name, str(schema.title)))])
    page["A1"].font, page["A1"].alignment = _TITLE, Alignment(horizontal="center")
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    page.append([])
    page.append(["STT", *(heading for _name, heading, _example in schema.form)])
    page.append(["Ví dụ", *(example for _name, _heading, example in schema.form)])
    for column in range(1, width + 1):
        head, example = page.cell(3, column), page.cell(4, column)
        head.font, head.fill, head.border, head.alignment = _HEAD, _HEAD_FILL, _BOX, _CENTRE
        example.font, example.fill, example.border = _HINT, _EXAMPLE_FILL, _BOX
    page.column_dimensions["A"].width = 7
    last = 4 + FORM_ROWS
    for index, (name, _heading, _example) in enumerate(schema.form, 2):
        letter = get_column_letter(index)
        page.column_dimensions[letter].width = _WIDTHS.get(name, 16)
        if name in _LISTS:
            choices = DataValidation(
                type="list", formula1=f'"{_LISTS[name]}"', allow_blank=True, showErrorMessage=name != "circumstance"
            )
            page.add_data_validation(choices)
            choices.add(f"{letter}5:{letter}{last}")
        for row in range(4, 40):
            cell = page.cell(row, index)
            cell.border = _BOX
            if row > 4:
                cell.font = _BODY
            cell.number_format = _number_format(schema, name)
    for row in range(5, 40):
        page.cell(row, 1).border = _BOX
    page.row_dimensions[3].height = 32
    page.freeze_panes = "C4"
    _print_setup(page, 3)
    page.oddFooter.center.text = "&P/&N"
    return _saved(book)
