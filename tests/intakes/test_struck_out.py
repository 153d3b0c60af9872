"""Rows with a line through them, in every format that can say so: asked about, left out as first choice."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from members.schema import MEMBERS
from scholarships.schema import DISBURSEMENTS
from tests.intakes.cases import read
from tests.intakes.hostile import ods

FILES = Path(__file__).parent.parent / "data/files"
HEAD = ("Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao")
NAMES = ("Lê Thị An", "Trần Văn Bình", "Phạm Minh Châu")
ROWS = [(name, "15/03/2011", "Học bổng", 500_000 * number, "20/05/2023") for number, name in enumerate(NAMES, 1)]


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def styled(columns=range(1, 6), head=HEAD, rows=ROWS, strike=True):
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
    for column in columns:
        book.active.cell(3, column).font = Font(strike=strike)
    return saved(book)


def rich(*blocks):
    """The second name as text of several parts, in the cell itself."""
    book = openpyxl.Workbook()
    for row in (HEAD, *ROWS):
        book.active.append(row)
    book.active["A3"] = CellRichText(*blocks)
    return saved(book)


def part(text, strike=True):
    return TextBlock(InlineFont(strike=strike or None, b=True), text)


def shared(strike=True):
    """The same among the shared texts."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    line = book.add_format({"font_strikeout": True})
    sheet = book.add_worksheet()
    for number, row in enumerate((HEAD, *ROWS)):
        sheet.write_row(number, 0, row)
    sheet.write_rich_string(2, 0, line, "Trần Văn ", line if strike else book.add_format(), "Bình")
    book.close()
    return content.getvalue()


def opendocument():
    def cell(value, style=""):
        about = f'table:style-name="{style}" ' if style else ""
        if isinstance(value, int):
            return f'<table:table-cell {about}office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell {about}office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    styles = (
        '<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="ce1">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    rows = [
        f"<table:table-row>{''.join(cell(value, 'ce1' if number == 2 else '') for value in row)}</table:table-row>"
        for number, row in enumerate((HEAD, *ROWS))
    ]
    return ods(styles + "".join(rows))


def spreadsheetml():
    space = "urn:schemas-microsoft-com:office:spreadsheet"

    def cell(value, number):
        kind, style = "Number" if isinstance(value, int) else "String", ' ss:StyleID="s7"' if number == 2 else ""
        return f'<Cell{style}><Data ss:Type="{kind}">{value}</Data></Cell>'

    rows = [f"<Row>{''.join(cell(value, number) for value in row)}</Row>" for number, row in enumerate((HEAD, *ROWS))]
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles><Style ss:ID="s7">'
        f'<Font ss:StrikeThrough="1"/></Style></Styles><Worksheet ss:Name="DS"><Table>{"".join(rows)}</Table>'
        "</Worksheet></Workbook>"
    ).encode()


def webpage(before="<s>", after="</s>", style=""):
    def cells(row, number):
        tags = (before, after) if number == 2 else ("", "")
        return "".join(f"<td>{tags[0]}{value}{tags[1]}</td>" for value in row)

    rows = [f"<tr{style if number == 2 else ''}>{cells(row, number)}</tr>" for number, row in enumerate((HEAD, *ROWS))]
    return f"<html><meta charset=utf-8><table>{''.join(rows)}</table></html>".encode()


STRUCK = {
    "the whole row": styled,
    "the name": lambda: styled([1]),
    "the amount": lambda: styled([4]),
    "text in the cell": lambda: rich(part("Trần "), part("Văn Bình")),
    "shared text": shared,
    ".xls": (FILES / "struck.xls").read_bytes,
    ".ods": opendocument,
    "Excel 2003": spreadsheetml,
    "web page": webpage,
    "web page, style": lambda: webpage("", "", ' style="color: red; text-decoration: line-through"'),
}
NOT_STRUCK = {
    "another cell": lambda: styled([2, 3, 5]),
    "said not to be": lambda: styled(strike=False),
    "a part of the text": lambda: rich(part("Trần "), part("Văn Bình", strike=False)),
    "a part of a shared text": lambda: shared(strike=False),
    "web page, a part": lambda: webpage("<s>Em</s>", ""),
}


@pytest.mark.parametrize("make", STRUCK.values(), ids=STRUCK)
def test_a_row_struck_out_is_asked_about(make):
    reading = read(make(), DISBURSEMENTS)
    (question,) = [one for one in reading.questions if one.code == "struck_out"]
    assert (question.rows, next(iter(question.choices))) == ([3], "leave_out")
    assert len(reading.rows) == 3


@pytest.mark.parametrize("make", NOT_STRUCK.values(), ids=NOT_STRUCK)
def test_a_line_through_something_else_is_not(make):
    reading = read(make(), DISBURSEMENTS)
    assert [one.code for one in reading.questions if one.code == "struck_out"] == []
    assert len(reading.rows) == 3


def test_members_struck_out_are_asked_about_too():
    head = ("Họ và tên", "Ngày sinh", "Ngày vào Hội", "Điện thoại", "Đơn vị")
    rows = [(name, "1960", "01/02/2020", f"09123456{number}0", "Xã An Hưng") for number, name in enumerate(NAMES)]
    (question,) = read(styled([1], head, rows), MEMBERS).questions
    assert (question.code, question.rows) == ("struck_out", [3])
