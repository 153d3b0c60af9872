"""Dòng tổng, chữ ký, dòng trống, trang tính phụ: cái gì là danh sách và cái gì đứng quanh nó."""

import pytest

from portal.lib.vietnamese import Birth
from tests.intakes.cases import (
    AMOUNT,
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    notes,
    numbered,
    read,
    total,
    turns,
)

TITLE = [
    ["HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["HỘI KHUYẾN HỌC HUYỆN AN LÃO", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH HỌC SINH NHẬN HỌC BỔNG, KHEN THƯỞNG, HỖ TRỢ 6 THÁNG CUỐI NĂM 2024"],
    ["(Kèm theo Quyết định số 12/QĐ-HKH ngày 05/4/2024 của Hội Khuyến học)"],
]

SIGNED = [
    [],
    [None, None, None, None, None, None, "An Lão, ngày 31 tháng 12 năm 2024"],
    [None, "NGƯỜI LẬP BIỂU", None, None, None, None, "TM. BAN THƯỜNG VỤ"],
    [None, "(Ký, ghi rõ họ tên)", None, None, None, None, "CHỦ TỊCH"],
    [],
    [None, "Nguyễn Văn Bình", None, None, None, None, "Lê Thị Hoa"],
]


def test_plain():
    reading = read(book([HEAD, *numbered()]))
    assert_clean(reading)
    first = reading.rows[0]
    assert (first.sheet, first.row, first.hidden) == ("Danh sách", 2, False)
    assert first.values["birth"] == Birth(2012, 3, 15)
    assert (first.values["gender"], first.values["school_class"], first.values["school"]) == (
        "female",
        "5A",
        "TH Kim Đồng",
    )
    assert (first.values["circumstance"], first.values["circumstance_code"]) == ("Hộ nghèo", "poor")
    assert first.raw["amount"] == "1000000"
    assert first.columns["given_on"] == "Ngày trao"
    assert reading.tables[0].header_rows == [1]


def test_title_total_and_signatures():
    reading = read(book([*TITLE, HEAD, *numbered(), total(), *SIGNED]))
    assert_clean(reading)
    assert (reading.grand_total.written, reading.grand_total.difference, reading.grand_total.label) == (
        AMOUNT,
        0,
        "Tổng cộng",
    )
    facts = reading.tables[0].facts
    assert (facts.half, facts.unit_name, facts.kind, facts.given_on) == ("2024-H2", "HUYỆN AN LÃO", None, None)


def test_signatures_without_total():
    assert_clean(read(book([HEAD, *numbered(), *SIGNED])))


def test_total_that_is_off():
    reading = read(book([HEAD, *numbered(), total(amount=AMOUNT + 100_000)]))
    assert (reading.grand_total.written, reading.grand_total.computed, reading.grand_total.difference) == (
        AMOUNT + 100_000,
        AMOUNT,
        100_000,
    )


@pytest.mark.parametrize(
    "label",
    [
        "Tổng cộng",
        "CỘNG",
        "Tổng số",
        "tổng",
        "TỔNG CỘNG TOÀN QUẬN",
        "Tổng cộng:",
        "Cộng (6 em)",
        "Tổng số tiền",
        "TONG CONG",
        "Tổng cộng: 6 lượt",
        "Cộng toàn trường",
    ],
)
@pytest.mark.parametrize("column", [0, 1, 4])
def test_labels_of_totals(label, column):
    reading = read(book([HEAD, *numbered(), total(label, column=column), *SIGNED]))
    assert_clean(reading)
    assert reading.grand_total.difference == 0


def test_total_in_words_and_label():
    reading = read(
        book(
            [
                HEAD,
                *numbered(),
                ["Tổng cộng: 6 lượt, số tiền 4.300.000 đồng"],
                ["Bằng chữ: Bốn triệu ba trăm nghìn đồng chẵn."],
            ]
        )
    )
    assert_clean(reading)
    assert (reading.grand_total.written, reading.grand_total.difference) == (4_300_000, 0)
    assert reading.totals[0].written_count == 6


def test_total_above_the_list():
    reading = read(book([HEAD, total(), *numbered()]))
    assert_clean(reading)
    assert reading.grand_total.difference == 0


def test_total_without_label():
    reading = read(book([HEAD, *numbered(), [None] * 8 + [AMOUNT]]))
    assert_clean(reading)
    assert reading.grand_total.difference == 0


def test_amount_alone_that_sums_up_nothing_is_a_row_to_mend():
    reading = read(book([HEAD, *numbered(), [None] * 8 + [123_000]]))
    assert len(reading.rows) == 7
    assert reading.rows[6].problems[0].code == "missing_name"


def test_column_numbers_blank_rows_and_gaps():
    rows = numbered()
    rows[3][0] = 17
    body = [[f"({number})" for number in range(1, 11)], rows[0], [], rows[1], rows[2], [], [], *rows[3:]]
    reading = read(book([HEAD, *body]))
    assert_clean(reading)
    assert [row.row for row in reading.rows] == [3, 5, 6, 9, 10, 11]


@pytest.mark.parametrize(
    "line",
    [
        list(range(1, 11)),
        ["A", "B", *range(1, 9)],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)=(7)x(8)", "(10)"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
    ],
)
def test_rows_of_column_numbers(line):
    assert_clean(read(book([HEAD, line, *numbered()])))


def test_hidden_rows_and_sheets_are_taken_and_said():
    def more(workbook):
        sheet = workbook.create_sheet("Bổ sung")
        sheet.sheet_state = "hidden"
        for row in [HEAD, *numbered(PEOPLE[:2])]:
            sheet.append(row)

    reading = read(book([HEAD, *numbered()], hidden=(3, 5), more=more))
    assert turns(reading) == expected() + expected(PEOPLE[:2])
    assert [row.row for row in reading.rows if row.hidden] == [3, 5]
    assert notes(reading)["hidden_rows"] == 2
    assert [(asked.code, asked.sheet) for asked in reading.questions] == [("hidden_sheet", "Bổ sung")]


def test_notes_sheet_summary_sheet_and_empty_sheet_are_left_out():
    def more(workbook):
        summary = workbook.create_sheet("Tổng hợp", 0)
        for row in [
            ["STT", "Xã, phường", "Số lượt", "Số tiền"],
            [1, "Xã An Hưng", 15, 12_100_000],
            [2, "Xã An Hồng", 15, 8_100_000],
            ["Tổng cộng", None, 30, 20_200_000],
        ]:
            summary.append(row)
        workbook.create_sheet("Trống")
        workbook.create_sheet("Ghi chú", 0).append(["Số liệu đã đối chiếu"])

    reading = read(book([HEAD, *numbered()], more=more))
    assert_clean(reading)
    assert [(note.code, note.params["sheet"]) for note in reading.notes] == [
        ("sheet_skipped", "Ghi chú"),
        ("sheet_skipped", "Tổng hợp"),
        ("sheet_empty", "Trống"),
    ]


def test_several_list_sheets():
    def more(workbook):
        sheet = workbook.create_sheet("Đợt 2")
        for row in [["Danh sách đợt 2"], HEAD, *numbered(PEOPLE[3:])]:
            sheet.append(row)

    reading = read(book([HEAD, *numbered(PEOPLE[:3])], more=more))
    assert_clean(reading)
    assert [table.sheet for table in reading.tables] == ["Danh sách", "Đợt 2"]
