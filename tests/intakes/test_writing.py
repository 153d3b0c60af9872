"""Workbooks handed out: no text becomes a formula, the rows to mend come back readable, the form reads as empty."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest

from intakes.reading.files.workbook import read_workbook
from intakes.reading.reading import understand
from intakes.reading.writing import blank_form, safe_text, write_errors, write_table
from members.schema import MEMBERS, TITLES
from scholarships.schema import DISBURSEMENTS
from tests.intakes.cases import (
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    numbered,
    problems,
    read,
    turns,
    without,
)

AT = datetime.combine(date(2024, 9, 1), time(7, 30))


def rows_to_mend(content, bad):
    workbook = read_workbook(content, "a.xlsx")
    return write_errors(workbook, understand(workbook, DISBURSEMENTS), bad)


def sheet_of(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize(
    "text", ["=1+1", "+84912", "-5", "@x", "\tx", "\r=x", '=HYPERLINK("http://x","y")', "|cmd", "%x"]
)
def test_text_never_becomes_a_formula(text):
    assert safe_text(text)[0] == "'"
    cell = sheet_of(write_table([("A", 10, "text")], [[text]]))["A2"]
    assert cell.data_type == "s"
    assert not str(cell.value).startswith(("=", "+", "-", "@"))


def test_characters_that_xml_forbids_are_left_out():
    assert safe_text("a\x00b\x0bc\ud800d\uffffe") == "abcde"
    assert safe_text("Nguyễn Thị An") == "Nguyễn Thị An"


def test_table():
    rows = ([f"Em {number}", number * 1000, date(2024, 9, 1), AT, None] for number in range(1, 4))
    content = write_table(
        [
            ("Họ tên", 20, "text"),
            ("Số tiền", 12, "amount"),
            ("Ngày", 12, "date"),
            ("Lúc", 16, "datetime"),
            ("Trống", 5, ""),
        ],
        rows,
        title="Danh sách: [thử]",
        total=["Tổng cộng", 6000],
    )
    sheet = sheet_of(content)
    assert sheet["A1"].value == "Danh sách: [thử]"
    assert [cell.value for cell in sheet[3]] == ["Họ tên", "Số tiền", "Ngày", "Lúc", "Trống"]
    assert [cell.value for cell in sheet[4]] == ["Em 1", 1000, datetime.combine(date(2024, 9, 1), time()), AT, None]
    assert (sheet["B4"].number_format, sheet["C4"].number_format) == ("#,##0", "dd/mm/yyyy")
    assert (sheet["A7"].value, sheet["B7"].value) == ("Tổng cộng", 6000)
    assert (sheet.freeze_panes, sheet.page_setup.orientation) == ("A4", "landscape")


def test_rows_to_mend_come_with_titles_headings_and_blocks():
    rows = without(6)
    rows[0][1], rows[4][7] = None, -1
    content = book(
        [
            ["HỘI KHUYẾN HỌC"],
            ["DANH SÁCH NGÀY 20/11/2024"],
            [*HEAD[:7], *HEAD[8:]],
            ["I", "HỌC BỔNG"],
            *rows[:3],
            ["II", "HỖ TRỢ"],
            *rows[3:],
            ["Tổng cộng", *[None] * 6, 1],
        ]
    )
    bad = {(row.sheet, row.row): row.problems[0].message for row in read(content).bad_rows}
    assert len(bad) == 2
    written = rows_to_mend(content, bad)
    sheet = sheet_of(written)
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[0] for line in lines] == ["HỘI KHUYẾN HỌC", "DANH SÁCH NGÀY 20/11/2024", "STT", "I", 1, "II", 5]
    assert lines[2][-1] == "Lỗi"
    assert lines[4][-1] == bad["Danh sách", 5]
    again = read(written)
    assert problems(again) == [(5, "full_name", "missing_name"), (7, "amount", "amount_not_positive")]
    assert [row.values["kind"] for row in again.rows] == ["scholarship", "support"]


def test_mended_rows_are_read_again():
    rows = numbered()
    rows[2][8] = "ba trăm nghìn"
    content = book([HEAD, *rows])
    workbook = openpyxl.load_workbook(io.BytesIO(rows_to_mend(content, {("Danh sách", 4): "x"})))
    workbook.active["I2"] = 300_000
    mended = io.BytesIO()
    workbook.save(mended)
    reading = read(mended.getvalue())
    assert turns(reading) == expected(PEOPLE[2:3])
    assert not reading.bad_rows


def test_formulas_are_shown_as_text_in_the_rows_to_mend():
    def more(workbook):
        workbook.active["B3"] = '=HYPERLINK("http://x","y")'

    cell = sheet_of(rows_to_mend(book([HEAD, *numbered()], more=more), {("Danh sách", 3): "x"}))["B2"]
    assert cell.value == '\'=HYPERLINK("http://x","y")'
    assert cell.data_type == "s"


def test_no_rows_to_mend():
    assert sheet_of(rows_to_mend(book([HEAD, *numbered()]), {})).max_row == 1


@pytest.mark.parametrize("schema", [DISBURSEMENTS, MEMBERS, TITLES])
def test_the_example_of_a_blank_form_fills_every_column(schema):
    sheet = sheet_of(blank_form(schema))
    filled = {sheet.cell(3, column).value: sheet.cell(4, column).value for column in range(2, sheet.max_column + 1)}
    assert [head for head, example in filled.items() if example in (None, "")] == ["Ghi chú"]
    sheet["A4"].value = 1  # the example as a row of its own is read without a word
    content = io.BytesIO()
    sheet.parent.save(content)
    reading = read(content.getvalue(), schema)
    assert problems(reading) == []
    assert len(reading.rows) == 1


@pytest.mark.parametrize("schema", [DISBURSEMENTS, MEMBERS])
def test_blank_form_is_empty_and_understood(schema):
    content = blank_form(schema, "Danh sách")
    reading = read(content, schema)
    assert reading.rows == []
    sheet = sheet_of(content)
    assert sheet["A4"].value == "Ví dụ"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.freeze_panes == "C4"
    assert any("Nam,Nữ" in validation.formula1 for validation in sheet.data_validations.dataValidation)


def test_filled_form():
    workbook = openpyxl.load_workbook(io.BytesIO(blank_form(DISBURSEMENTS)))
    for number, person in enumerate(PEOPLE, 1):
        name, birth, gender, grade, school, circumstance, kind, amount, given = person
        for column, value in enumerate(
            [
                number,
                name,
                birth.strftime("%d/%m/%Y"),
                gender,
                grade,
                school,
                "Xã An Hưng",
                circumstance,
                kind,
                amount,
                given,
                None,
            ],
            1,
        ):
            workbook.active.cell(4 + number, column, value)
    content = io.BytesIO()
    workbook.save(content)
    reading = read(content.getvalue())
    assert_clean(reading)
    assert {row.values["commune"] for row in reading.rows} == {"Xã An Hưng"}
    assert [column.field for column in reading.tables[0].columns] == [
        "ordinal",
        *(name for name, _heading, _example in DISBURSEMENTS.form),
    ]
