"""One list of columns gives HTML, CSV and XLSX that agree, and no text becomes a formula."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.tables import Cell, Column, Table, write_workbook

UNIT = Column("unit", "Đơn vị")
TURNS = Column("turns", "Lượt", kind="int", summed=True)
AMOUNT = Column("amount", "Số tiền (đồng)", kind="money", summed=True)
DAY = Column("given_on", "Ngày", kind="date")
PHONE = Column("phone", "Điện thoại", kind="code")
COLUMNS = [UNIT, TURNS, AMOUNT, DAY, PHONE]


@dataclass
class Line:
    unit: str
    turns: int | None
    amount: int | None
    given_on: dt.date | dt.datetime | None
    phone: str


ROWS = [
    Line("Quận Lê Chân", 1200, 1_426_900_000, dt.date(2023, 6, 5), "0912345678"),
    Line("Huyện Bạch Long Vĩ", None, None, None, "+84912345678"),
]


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_html_shows_what_readers_expect_and_missing_is_not_zero():
    table = Table(COLUMNS, ROWS, total_label="Tổng cộng", row_header="unit")
    assert [cell.text for cell in table.header] == ["Đơn vị", "Lượt", "Số tiền (đồng)", "Ngày", "Điện thoại"]
    first, second = table.html_rows()
    assert first[:4] == [
        Cell("Quận Lê Chân", is_header=True),
        Cell("1.200", is_number=True),
        Cell("1.426.900.000", is_number=True),
        Cell("05/06/2023"),
    ]
    assert [cell.text for cell in second] == ["Huyện Bạch Long Vĩ", "", "", "", "+84912345678"]
    assert [cell.text for cell in table.html_total()] == ["Tổng cộng", "1.200", "1.426.900.000", "", ""]


def test_total_of_nothing_known_is_missing():
    assert Table([UNIT, TURNS], ROWS[1:], total_label="Tổng cộng").total() == ["Tổng cộng", None]
    assert Table([UNIT, TURNS], ROWS).total() is None
    assert Table([UNIT, TURNS], ROWS).html_total() == []


def test_label_of_the_total_stands_beside_the_row_numbers():
    table = Table(
        [Column("no", "TT", kind="int"), UNIT, TURNS], [{"no": 1, "unit": "x", "turns": 5}], total_label="Tổng"
    )
    assert table.html_total() == [Cell("", is_number=True), Cell("Tổng", is_header=True), Cell("5", is_number=True)]


def test_csv_is_read_by_machines():
    rows = read_csv(Table(COLUMNS, ROWS, total_label="Tổng cộng").csv())
    assert rows[1:] == [
        ["Quận Lê Chân", "1200", "1426900000", "2023-06-05", "0912345678"],
        ["Huyện Bạch Long Vĩ", "", "", "", "'+84912345678"],
    ]


def test_workbook_keeps_numbers_dates_and_leading_zeros():
    book = read_xlsx(write_workbook({"Lê Chân": Table(COLUMNS, ROWS, total_label="Tổng cộng", caption="Biểu 1")}))
    sheet = book["Lê Chân"]
    assert sheet["A1"].value == "Biểu 1"
    assert [cell.value for cell in sheet[3]] == [
        "Quận Lê Chân",
        1200,
        1_426_900_000,
        dt.datetime(2023, 6, 5),  # noqa: DTZ001 (a workbook's dates know no zone)
        "0912345678",
    ]
    assert sheet["C3"].number_format == "#,##0"
    assert [cell.value for cell in sheet[4]] == ["Huyện Bạch Long Vĩ", None, None, None, "+84912345678"]
    assert sheet["C5"].value == 1_426_900_000
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$2:$2"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "＝1"])
def test_text_never_becomes_a_formula(text):
    table = Table([Column("t", "=Nhãn")], [{"t": text}])
    header, row = read_csv(table.csv())
    assert header == ["'=Nhãn"]
    assert row == ["'" + text]
    cell = read_xlsx(write_workbook({"x": table})).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == text


def test_negative_numbers_are_no_formulas():
    assert read_csv(Table([Column("n", "n", kind="money")], [{"n": -5}]).csv())[1] == ["-5"]


def test_values_come_from_functions_keys_and_attributes():
    columns = [Column("a", "A", value=lambda row: row["x"] * 2, kind="int"), Column("b", "B", value="y")]
    assert list(Table(columns, [{"x": 4, "y": "z"}]).values()) == [[8, "z"]]
    assert Column("turns", "T", kind="int").of(ROWS[0]) == 1200


def test_a_moment_is_its_day_in_viet_nam():
    moment = dt.datetime(2023, 6, 30, 18, 30, tzinfo=dt.UTC)
    assert DAY.of(Line("", 0, 0, moment, "")) == dt.date(2023, 7, 1)


@pytest.mark.parametrize(("name", "title"), [("A/B: [2023]*?", "A B   2023"), ("x" * 40, "x" * 31), ("", "1")])
def test_sheets_get_names_that_excel_takes(name, title):
    assert read_xlsx(write_workbook({name: Table([UNIT], [])})).sheetnames == [title]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20), max_size=5))
def test_any_text_comes_back_from_csv(texts):
    rows = read_csv(Table([Column("t", "t"), Column("u", "u")], [{"t": text, "u": "x"} for text in texts]).csv())
    assert [row[0].removeprefix("'") for row in rows[1:]] == [text.removeprefix("'") for text in texts]
