"""Layouts as officers make them: each list here says the same in another way, and must be read the same."""

from datetime import date

import pytest
from openpyxl.comments import Comment

from members.schema import MEMBERS
from portal.lib.vietnamese import Birth
from tests.intakes.cases import (
    AMOUNT,
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    fields,
    notes,
    numbered,
    problems,
    read,
    turns,
    without,
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


def total(label="Tổng cộng", amount=AMOUNT, column=0):
    row = [None] * 10
    row[column], row[8] = label, amount
    return row


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
    assert any(note.code == "hidden_sheet" and "Bổ sung" in note.message for note in reading.notes)


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


# -- headings

TWO_ROWS = [
    ["TT", "Học sinh", None, None, "Nơi học", None, "Diện", "Nội dung trao", None, None],
    [None, "Họ và tên", "Ngày sinh", "Nam/Nữ", "Lớp", "Trường", None, "Hình thức", "Số tiền", "Ngày trao"],
]


@pytest.mark.parametrize("merged", [(), ("A2:A3", "B2:D2", "E2:F2", "G2:G3", "H2:J2")])
def test_two_rows_of_headings(merged):
    reading = read(book([["DANH SÁCH"], *TWO_ROWS, *numbered()], merged=merged))
    assert_clean(reading)
    assert reading.tables[0].header_rows == [2, 3]


def test_three_rows_of_headings():
    head = [
        ["TT", "Họ và tên", "Thông tin học sinh", None, None, None, "Hoàn cảnh", "Được nhận", None, None],
        [None, None, "Cá nhân", None, "Nơi học", None, None, "Hình thức", "Giá trị", None],
        [None, None, "Ngày sinh", "Giới tính", "Lớp", "Trường", None, None, "Số tiền", "Ngày trao"],
    ]
    merged = ("A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2", "G1:G3", "H1:J1", "H2:H3", "I2:J2")
    assert_clean(read(book([*head, *numbered()], merged=merged)))


def test_kinds_over_one_heading_of_amounts():
    head = [
        ["STT", "Họ và tên", "Ngày sinh", "Lớp", "Số tiền (đồng)", None, None, "Ngày trao"],
        [None, None, None, None, "Học bổng", "Khen thưởng", "Hỗ trợ", None],
    ]
    for merged in ((), ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1", "H1:H2")):
        reading = read(book([*head, *_per_kind(lambda person: [person[0], person[1], person[3]])], merged=merged))
        assert_clean(reading)


def _per_kind(start, kinds=("Học bổng", "Khen thưởng", "Hỗ trợ"), people=PEOPLE):
    return [
        [number, *start(person), *(person[7] if person[6] == kind else None for kind in kinds), person[8]]
        for number, person in enumerate(people, 1)
    ]


@pytest.mark.parametrize(
    "kinds",
    [
        ("Học bổng", "Khen thưởng", "Hỗ trợ"),
        ("Học bổng (đồng)", "Tiền thưởng (đồng)", "Tiền hỗ trợ (đồng)"),
        ("HB", "KT", "HT"),
        ("Mức học bổng", "Mức khen thưởng", "Mức hỗ trợ"),
        ("Suất học bổng", "Trao thưởng", "Trợ cấp"),
        ("Số tiền học bổng", "Số tiền khen thưởng", "Số tiền hỗ trợ"),
    ],
)
def test_one_column_of_amounts_per_kind(kinds):
    head = ["STT", "Họ và tên", "Ngày sinh", *kinds, "Ngày trao"]
    rows = _per_kind(lambda person: [person[0], person[1]])
    sums = [sum(person[7] for person in PEOPLE if person[6] == kind) for kind in ("Học bổng", "Khen thưởng", "Hỗ trợ")]
    reading = read(book([head, *rows, ["Tổng", None, None, *sums, None]]))
    assert_clean(reading)
    assert reading.grand_total.written == AMOUNT
    assert reading.grand_total.difference == 0
    assert [(item.kind, item.written, item.difference) for item in reading.totals] == [
        ("scholarship", sums[0], 0),
        ("award", sums[1], 0),
        ("support", sums[2], 0),
    ]


def test_amounts_in_two_columns_are_two_turns():
    head = ["STT", "Họ và tên", "Năm sinh", "Học bổng", "Khen thưởng", "Tổng cộng", "Ngày trao"]
    rows = [
        [1, "Lê Thị Na", 2010, 500_000, 200_000, 700_000, date(2024, 9, 1)],
        [2, "Lê Văn Tú", 2011, "-", 300_000, 300_000, date(2024, 9, 1)],
    ]
    reading = read(book([head, *rows, ["Cộng", None, None, 500_000, 500_000, 1_000_000]]))
    assert [(row.row, row.values["full_name"], row.values["kind"], row.values["amount"]) for row in reading.rows] == [
        (2, "Lê Thị Na", "scholarship", 500_000),
        (2, "Lê Thị Na", "award", 200_000),
        (3, "Lê Văn Tú", "award", 300_000),
    ]
    assert not reading.ambiguities
    assert notes(reading)["several_turns"] == 1
    assert (reading.grand_total.written, reading.grand_total.difference) == (1_000_000, 0)


def test_no_amount_in_any_column_of_kinds():
    head = ["STT", "Họ và tên", "Học bổng", "Khen thưởng", "Ngày trao"]
    reading = read(
        book(
            [
                head,
                [1, "Lê Thị Na", None, None, date(2024, 9, 1)],
                [2, "Lê Văn Tú", 300_000, None, date(2024, 9, 1)],
                [3, "Lê Văn Ba", None, 300_000, date(2024, 9, 1)],
            ]
        )
    )
    assert problems(reading)[0][:2] == (2, "amount")


def test_ticks_for_kinds():
    head = ["STT", "Họ và tên", "Ngày sinh", "Học bổng", "Khen thưởng", "Hỗ trợ", "Số tiền", "Ngày trao"]
    rows = [
        [
            number,
            person[0],
            person[1],
            *("x" if person[6] == kind else None for kind in ("Học bổng", "Khen thưởng", "Hỗ trợ")),
            person[7],
            person[8],
        ]
        for number, person in enumerate(PEOPLE, 1)
    ]
    assert_clean(read(book([head, *rows])))
    rows[0][4] = "x"
    assert problems(read(book([head, *rows]))) == [(2, "kind", "several_kinds")]


def test_ticks_for_circumstances():
    head = [
        ["STT", "Họ và tên", "Hoàn cảnh", None, None, "Hình thức", "Số tiền", "Ngày trao"],
        [None, None, "Hộ nghèo", "Mồ côi", "Khuyết tật", None, None, None],
    ]
    rows = [
        [1, "Lê Thị Na", "x", None, None, "Học bổng", 500_000, date(2024, 9, 1)],
        [2, "Lê Văn Tú", None, "x", None, "Hỗ trợ", 500_000, date(2024, 9, 1)],
        [3, "Lê Văn Ba", None, None, "x", "Hỗ trợ", 500_000, date(2024, 9, 1)],
    ]
    reading = read(book([*head, *rows], merged=("C1:E1",)))
    assert [row.values["circumstance_code"] for row in reading.rows] == ["poor", "orphan", "disability"]
    assert [row.values["kind"] for row in reading.rows] == ["scholarship", "support", "support"]
    assert not reading.ambiguities


@pytest.mark.parametrize(
    "heads",
    [
        ("Họ đệm", "Tên"),
        ("Họ và đệm", "Tên"),
        ("Họ", "Tên"),
        ("Họ và tên", None),
        ("Họ lót", "Tên"),
        ("Họ và tên đệm", "Tên"),
        ("Họ và tên", "Tên"),
    ],
)
def test_names_in_two_columns(heads):
    rows = [[row[0], *row[1].rsplit(" ", 1), *row[2:]] for row in numbered()]
    reading = read(book([["STT", *heads, *HEAD[2:]], *rows]))
    assert_clean(reading)
    assert reading.rows[0].raw["full_name"] == "Nguyễn Thị An"


def test_names_over_a_merged_heading():
    rows = [[row[0], *row[1].rsplit(" ", 1), *row[2:]] for row in numbered()]
    assert_clean(read(book([["STT", "Họ và tên", None, *HEAD[2:]], *rows], merged=("B1:C1",))))


def test_names_in_three_columns():
    rows = [
        [1, "Nguyễn", "Thị", "An", 2012, "Học bổng", 500_000, date(2024, 9, 1)],
        [2, "Lê", "Văn", "Tú", 2011, "Hỗ trợ", 500_000, date(2024, 9, 1)],
    ]
    reading = read(book([["STT", "Họ", "Đệm", "Tên", "Năm sinh", "Hình thức", "Số tiền", "Ngày trao"], *rows]))
    assert [row.values["full_name"] for row in reading.rows] == ["Nguyễn Thị An", "Lê Văn Tú"]


def test_birth_in_three_columns():
    head = [
        ["STT", "Họ và tên", "Ngày sinh", None, None, "Hình thức", "Số tiền", "Ngày trao"],
        [None, None, "Ngày", "Tháng", "Năm", None, None, None],
    ]
    reading = read(
        book(
            [
                *head,
                [1, "Nguyễn Thị An", 15, 3, 2012, "Học bổng", 500_000, date(2024, 9, 1)],
                [2, "Lê Văn Tú", None, None, 2011, "Hỗ trợ", 500_000, date(2024, 9, 1)],
            ],
            merged=("C1:E1",),
        )
    )
    assert [row.values["birth"] for row in reading.rows] == [Birth(2012, 3, 15), Birth(2011)]
    assert not reading.bad_rows


def test_births_under_boys_and_girls():
    head = [
        ["STT", "Họ và tên", "Năm sinh", None, "Hình thức", "Số tiền", "Ngày trao"],
        [None, None, "Nam", "Nữ", None, None, None],
    ]
    reading = read(
        book(
            [
                *head,
                [1, "Nguyễn Thị An", None, 2012, "Học bổng", 500_000, date(2024, 9, 1)],
                [2, "Lê Văn Tú", 2011, None, "Hỗ trợ", 500_000, date(2024, 9, 1)],
            ],
            merged=("C1:D1",),
        )
    )
    assert [(row.values["birth"], row.values["gender"]) for row in reading.rows] == [
        (Birth(2012), "female"),
        (Birth(2011), "male"),
    ]


@pytest.mark.parametrize("heads", [("Nam", "Nữ"), ("Nữ",)])
def test_ticks_for_gender(heads):
    rows = [
        [number, person[0], person[1], *("x" if person[2] == head else None for head in heads), *person[3:]]
        for number, person in enumerate(PEOPLE, 1)
    ]
    reading = read(book([["STT", "Họ và tên", "Ngày sinh", *heads, *HEAD[4:]], *rows]))
    assert_clean(reading)
    assert [row.values["gender"] for row in reading.rows] == [
        "female" if person[2] == "Nữ" else "male" for person in PEOPLE
    ]


def test_birth_year_alone():
    rows = [[row[0], row[1], row[2].year, *row[3:]] for row in numbered()]
    reading = read(book([["STT", "Họ và tên", "Năm sinh", *HEAD[3:]], *rows]))
    assert_clean(reading)
    assert reading.rows[1].values["birth"] == Birth(2010)


def test_two_columns_headed_day():
    """Only the cells tell the day of birth from the day of giving."""
    assert_clean(read(book([[*HEAD[:2], "Ngày, tháng, năm", *HEAD[3:9], "Ngày"], *numbered()])))


def test_unit_that_is_a_school():
    assert_clean(
        read(
            book(
                [
                    ["TT", "Họ tên HS", "NTNS", "GT", "Lớp", "Đơn vị", "Đối tượng", "Nội dung", "Mức (đ)", "Thời gian"],
                    *numbered(),
                ]
            )
        )
    )


def test_form_of_payment_is_no_kind():
    rows = [[*row[:8], "Tiền mặt", *row[8:]] for row in numbered()]
    reading = read(book([[*HEAD[:7], "Nội dung", "Hình thức", *HEAD[8:]], *rows]))
    assert_clean(reading)


def test_parents_and_others_are_not_the_pupil():
    rows = [[*row[:3], "Nguyễn Văn Cha", "0912345678", *row[3:], "Trần Thị Cô"] for row in numbered()]
    reading = read(book([[*HEAD[:3], "Họ tên cha (mẹ)", "SĐT phụ huynh", *HEAD[3:], "GVCN"], *rows]))
    assert_clean(reading)


def test_parents_under_a_heading_of_their_own():
    head = [
        ["STT", "Học sinh", None, "Phụ huynh", None, "Hình thức", "Số tiền", "Ngày trao"],
        [None, "Họ và tên", "Năm sinh", "Họ và tên", "Năm sinh", None, None, None],
    ]
    rows = [
        [1, "Nguyễn Thị An", 2012, "Nguyễn Văn Ba", 1980, "Học bổng", 500_000, date(2024, 9, 1)],
        [2, "Lê Văn Tú", 2011, "Lê Thị Tư", 1982, "Hỗ trợ", 500_000, date(2024, 9, 1)],
    ]
    reading = read(book([*head, *rows], merged=("B1:C1", "D1:E1")))
    assert [(row.values["full_name"], row.values["birth"]) for row in reading.rows] == [
        ("Nguyễn Thị An", Birth(2012)),
        ("Lê Văn Tú", Birth(2011)),
    ]
    assert not reading.ambiguities


def test_class_and_school_in_one_column():
    rows = [[*row[:4], f"{row[4]} - {row[5]}", *row[6:]] for row in numbered()]
    reading = read(book([[*HEAD[:4], "Lớp, trường", *HEAD[6:]], *rows]))
    assert_clean(reading)
    assert [(row.values["school_class"], row.values["school"]) for row in reading.rows[:2]] == [
        ("5A", "TH Kim Đồng"),
        ("7B2", "THCS Trần Phú"),
    ]


def test_unknown_headings_are_left_alone():
    rows = [[*row, "Kinh", 8.5, "Giỏi", "abc"] for row in numbered()]
    reading = read(book([[*HEAD, "Dân tộc", "ĐTB", "Xếp loại", "Cột lạ"], *rows]))
    assert_clean(reading)
    assert fields(reading)["Cột lạ"] is None


def test_headings_that_say_nothing_are_understood_by_their_cells():
    reading = read(book([["STT", "Họ và tên", "Ngày sinh", "A", "B", "C", "D", "E", "F", "G"], *numbered()]))
    assert_clean(reading)
    assert {column.header: column.reason for column in reading.tables[0].columns}["F"] == "content"


def test_a_list_without_headings():
    reading = read(book(numbered()))
    assert_clean(reading)
    assert "no_headings" in notes(reading)


# -- what the title says


def test_kind_date_and_amount_in_the_title():
    title = [["DANH SÁCH HỌC SINH NHẬN HỌC BỔNG"], ["Đợt trao ngày 20 tháng 11 năm 2024"], ["Trị giá 500.000đ/suất"]]
    reading = read(
        book(
            [
                *title,
                ["STT", "Họ và tên", "Ngày sinh", "Lớp"],
                *[[number, person[0], person[1], person[3]] for number, person in enumerate(PEOPLE, 1)],
            ]
        )
    )
    assert turns(reading) == [(person[0], "scholarship", 500_000, date(2024, 11, 20)) for person in PEOPLE]
    assert (
        notes(reading)["kind_from_title"],
        notes(reading)["date_from_title"],
        notes(reading)["amount_from_title"],
    ) == (6, 6, 6)


@pytest.mark.parametrize(
    ("line", "kind", "day", "amount"),
    [
        ("DANH SÁCH KHEN THƯỞNG HỌC SINH GIỎI NGÀY 20/11/2024", "award", date(2024, 11, 20), None),
        ("Danh sách học sinh được hỗ trợ, ngày 5.9.2024 (mỗi em 300.000 đồng)", "support", date(2024, 9, 5), 300_000),
        ("TRAO HỌC BỔNG 20-11-2024, MỖI SUẤT 1,5 TRIỆU ĐỒNG", "scholarship", date(2024, 11, 20), 1_500_000),
        ("Danh sách trao thưởng, mức 200.000 đồng/học sinh", "award", None, 200_000),
        ("DANH SÁCH HỌC SINH NHẬN HỌC BỔNG, KHEN THƯỞNG", None, None, None),
        ("Từ ngày 01/07/2024 đến ngày 31/12/2024", None, None, None),
        ("(Kèm theo Quyết định số 12/QĐ-HKH ngày 05/4/2024)", None, None, None),
        ("Hải Phòng, ngày 30 tháng 6 năm 2024", None, None, None),
        ("Danh sách hỗ trợ học bổng, mỗi suất trị giá 1 triệu đồng", "scholarship", None, 1_000_000),
        ("Tổng số tiền: 30.000.000 đồng", None, None, None),
        ("DANH SÁCH HỌC SINH NHẬN HỌC BỔNG (10 suất x 500.000 đồng)", "scholarship", None, 500_000),
        ("TRAO QUÀ VÀ HỌC BỔNG CHO HỌC SINH NGHÈO, MỖI EM 500 NGHÌN ĐỒNG", "scholarship", None, 500_000),
    ],
)
def test_lines_of_a_title(line, kind, day, amount):
    reading = read(book([[line], HEAD, *numbered()]))
    facts = reading.tables[0].facts
    assert (facts.kind, facts.given_on, facts.amount) == (kind, day, amount)
    assert turns(reading) == expected()  # what a row says itself comes first


def test_kind_in_the_sheet_name():
    def more(workbook):
        for kind in ("Khen thưởng", "Hỗ trợ"):
            sheet = workbook.create_sheet(kind)
            for row in [[*HEAD[:7], *HEAD[8:]], *without(6, people=[person for person in PEOPLE if person[6] == kind])]:
                sheet.append(row)

    reading = read(
        book(
            [[*HEAD[:7], *HEAD[8:]], *without(6, people=[person for person in PEOPLE if person[6] == "Học bổng"])],
            name="Học bổng",
            more=more,
        )
    )
    assert sorted(turns(reading)) == sorted(expected())


def test_kind_blocks():
    rows = []
    for numeral, kind in (("I", "HỌC BỔNG"), ("II", "KHEN THƯỞNG"), ("III", "HỖ TRỢ")):
        people = [person for person in PEOPLE if person[6].upper() == kind]
        rows += [
            [numeral, kind],
            *without(6, people=people),
            [None, f"Cộng {kind.lower()}", None, None, None, None, None, sum(person[7] for person in people)],
        ]
    reading = read(book([[*HEAD[:7], *HEAD[8:]], *rows, ["Tổng cộng", None, None, None, None, None, None, AMOUNT]]))
    assert sorted(turns(reading)) == sorted(expected())
    assert all(item.difference == 0 for item in reading.totals)
    assert reading.grand_total.written == AMOUNT


@pytest.mark.parametrize("form", ["{0}. {1}", "Phần {0}: {1}", "{0}/ {1}", "{1}", "{0} - {1}", "{0}) Danh sách {1}"])
def test_kind_blocks_in_one_cell(form):
    rows = []
    for numeral, kind in (("A", "Học bổng"), ("B", "Khen thưởng"), ("C", "Hỗ trợ")):
        rows += [[form.format(numeral, kind)], *without(6, people=[person for person in PEOPLE if person[6] == kind])]
    assert sorted(turns(read(book([[*HEAD[:7], *HEAD[8:]], *rows])))) == sorted(expected())


def test_communes_inside_kinds_with_sums_on_their_headings():
    head = [*HEAD[:7], *HEAD[8:]]
    rows = [
        ["A", "HỌC BỔNG", None, None, None, None, None, 3_000_000],
        ["I", "Xã An Hưng", None, None, None, None, None, 1_000_000],
        *without(6, people=PEOPLE[:1]),
        ["II", "Thị trấn An Lão", None, None, None, None, None, 2_000_000],
        *without(6, people=[PEOPLE[3], PEOPLE[5]]),
        ["B", "HỖ TRỢ", None, None, None, None, None, 1_000_000],
        ["I", "Xã An Hưng", None, None, None, None, None, 1_000_000],
        *without(6, people=[PEOPLE[1], PEOPLE[4]]),
    ]
    reading = read(book([head, *rows]))
    assert [(row.values["kind"], row.values["commune"]) for row in reading.rows] == [
        ("scholarship", "Xã An Hưng"),
        ("scholarship", "Thị trấn An Lão"),
        ("scholarship", "Thị trấn An Lão"),
        ("support", "Xã An Hưng"),
        ("support", "Xã An Hưng"),
    ]
    assert all(item.difference == 0 for item in reading.totals)


@pytest.mark.parametrize(
    "label",
    [
        "Xã An Hưng",
        "Phường Cát Bi",
        "1. Trường THCS Trần Phú",
        "HỘI KHUYẾN HỌC XÃ TÂN DÂN",
        "Khối 9",
        "Thôn Đoài",
        "TDP số 5",
        "* Chi hội khu 3",
        "II - TT. An Dương",
        "Lớp 5A",
        "Đợt 1",
    ],
)
def test_blocks_of_places_and_bodies(label):
    reading = read(book([HEAD, [label], *numbered(PEOPLE[:3]), [None, label], *numbered(PEOPLE[3:])]))
    assert_clean(reading)
    assert reading.rows[5].block


def test_block_of_a_place_without_its_word():
    reading = read(book([HEAD, ["I", "An Hưng"], *numbered(PEOPLE[:3]), ["II", "An Hồng"], *numbered(PEOPLE[3:])]))
    assert_clean(reading)
    assert [row.block for row in reading.rows] == ["An Hưng"] * 3 + ["An Hồng"] * 3


def test_circumstance_and_school_of_a_block():
    head = ["STT", "Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao"]
    rows = [
        ["Trường THCS Trần Phú"],
        [1, "Lê Thị Na", 2010, "Học bổng", 500_000, date(2024, 9, 1)],
        ["Học sinh mồ côi"],
        [2, "Lê Văn Tú", 2011, "Hỗ trợ", 500_000, date(2024, 9, 1)],
    ]
    reading = read(book([head, *rows]))
    assert [(row.values["school"], row.values["circumstance_code"]) for row in reading.rows] == [
        ("Trường THCS Trần Phú", None),
        ("Trường THCS Trần Phú", "orphan"),
    ]


# -- several tables on one sheet


def test_headings_again_at_every_page():
    reading = read(
        book(
            [
                *TITLE,
                HEAD,
                *numbered(PEOPLE[:2]),
                ["Cộng trang 1", *[None] * 7, 1_500_000],
                HEAD,
                *numbered(PEOPLE[2:4], 3),
                HEAD,
                *numbered(PEOPLE[4:], 5),
                total(),
            ]
        )
    )
    assert_clean(reading)
    assert len(reading.tables) == 1
    assert reading.grand_total.difference == 0


def test_two_tables_below_each_other():
    awards = [
        ["II. DANH SÁCH KHEN THƯỞNG NGÀY 20/11/2024"],
        ["STT", "Họ tên", "Lớp", "Mức thưởng"],
        [1, "Lê Thị Na", "9A", 200_000],
        [2, "Lê Văn Tú", "9B", 300_000],
        ["Cộng", None, None, 500_000],
    ]
    grants = [
        ["I. DANH SÁCH HỌC BỔNG NGÀY 05/09/2024"],
        ["TT", "Họ và tên", "Năm sinh", "Số tiền", "Ghi chú"],
        [1, "Bùi Thị Hoa", 2010, 1_000_000, None],
        [2, "Bùi Văn Nam", 2011, 500_000, None],
        ["Cộng", None, None, 1_500_000],
    ]
    reading = read(book([*grants, [], *awards, *SIGNED]))
    assert turns(reading) == [
        ("Bùi Thị Hoa", "scholarship", 1_000_000, date(2024, 9, 5)),
        ("Bùi Văn Nam", "scholarship", 500_000, date(2024, 9, 5)),
        ("Lê Thị Na", "award", 200_000, date(2024, 11, 20)),
        ("Lê Văn Tú", "award", 300_000, date(2024, 11, 20)),
    ]
    assert not reading.ambiguities
    assert (reading.grand_total.written, reading.grand_total.difference) == (2_000_000, 0)


def test_two_tables_with_the_same_headings_and_other_kinds():
    head = [*HEAD[:7], *HEAD[8:]]
    rows = []
    for kind in ("Học bổng", "Khen thưởng", "Hỗ trợ"):
        rows += [
            [f"DANH SÁCH {kind.upper()}"],
            head,
            *without(6, people=[person for person in PEOPLE if person[6] == kind]),
            [],
        ]
    assert sorted(turns(read(book(rows)))) == sorted(expected())


def test_two_tables_side_by_side():
    head = ["STT", "Họ và tên", "Năm sinh", "Số tiền"]
    left, right = (
        [[1, "Lê Thị Na", 2010, 500_000], [2, "Lê Văn Tú", 2011, 300_000]],
        [[3, "Bùi Thị Hoa", 2012, 200_000], [None] * 4],
    )
    reading = read(
        book(
            [
                ["DANH SÁCH HỌC BỔNG NGÀY 05/09/2024"],
                [*head, None, *head],
                *[[*one, None, *two] for one, two in zip(left, right, strict=True)],
            ]
        )
    )
    assert [(row.row, row.values["full_name"], row.values["amount"]) for row in reading.rows] == [
        (3, "Lê Thị Na", 500_000),
        (4, "Lê Văn Tú", 300_000),
        (3, "Bùi Thị Hoa", 200_000),
    ]
    assert not reading.bad_rows
    assert not reading.ambiguities


# -- money


@pytest.mark.parametrize(
    ("line", "heading", "factor"),
    [
        ("", "Số tiền (nghìn đồng)", 1000),
        ("", "Mức (1.000đ)", 1000),
        ("Đơn vị tính: nghìn đồng", "Số tiền", 1000),
        ("(ĐVT: 1.000 đồng)", "Mức hỗ trợ", 1000),
        ("", "Trị giá (triệu đồng)", 1_000_000),
        ("ĐVT: triệu đồng", "Thành tiền", 1_000_000),
        ("Đơn vị tính: đồng", "Số tiền", 1),
        ("ĐVT: nghìn đồng", "Số tiền (đồng)", 1),
    ],
)
def test_units_of_money(line, heading, factor):
    rows = [[*row[:8], row[8] / factor, row[9]] for row in numbered()]
    reading = read(book([[line or None], [*HEAD[:8], heading, "Ngày trao"], *rows, total(amount=AMOUNT / factor)]))
    assert_clean(reading)
    assert reading.grand_total.difference == 0


def test_texts_of_amounts():
    texts = ["1.000.000 đ", "500 nghìn", "300.000 đồng", "1,2 triệu", "500,000", "800k"]
    rows = [[*row[:8], text, row[9]] for row, text in zip(numbered(), texts, strict=True)]
    assert_clean(read(book([HEAD, *rows])))


def test_units_in_the_cells_come_before_that_of_the_heading():
    rows = [
        [*row[:8], text, row[9]]
        for row, text in zip(numbered(), ["1.000", "500", "300", "1.200.000đ", "0,5 triệu", "800"], strict=True)
    ]
    reading = read(book([[*HEAD[:8], "Số tiền (nghìn đồng)", "Ngày trao"], *rows]))
    assert turns(reading) == expected()


def test_amounts_that_look_like_thousands_are_asked_about():
    rows = [[*row[:8], row[8] / 1000, row[9]] for row in numbered()]
    content = book([HEAD, *rows])
    reading = read(content)
    assert [(item.code, item.options) for item in reading.ambiguities] == [
        ("unit_of_money", [("Số tiền", "amount:thousand"), ("Số tiền", "amount:dong")])
    ]
    assert_clean(read(content, mapping={"Số tiền": "amount:thousand"}))
    assert read(content, mapping={"Số tiền": "amount:dong"}).rows[0].values["amount"] == 1000


def test_unit_price_quantity_and_total():
    rows = [[*row[:8], row[8] / 2, 2, row[8], row[9]] for row in numbered()]
    assert_clean(read(book([[*HEAD[:8], "Đơn giá", "Số lượng", "Thành tiền", "Ngày trao"], *rows])))


def test_total_of_cash_and_gifts():
    rows = [[*row[:8], row[8] - 100_000, 100_000, row[8], row[9]] for row in numbered()]
    assert_clean(read(book([[*HEAD[:8], "Tiền mặt", "Quà (quy tiền)", "Tổng cộng", "Ngày trao"], *rows])))


def test_the_same_amount_twice():
    rows = [[*row[:9], row[8], row[9]] for row in numbered()]
    assert_clean(read(book([[*HEAD[:8], "Mức hỗ trợ", "Thực nhận", "Ngày trao"], *rows])))


# -- two readings


def test_two_amounts_are_asked_about():
    rows = [[*row[:9], row[8] + 50_000, row[9]] for row in numbered()]
    content = book([[*HEAD[:8], "Số tiền", "Mức hỗ trợ", "Ngày trao"], *rows])
    (ambiguity,) = read(content).ambiguities
    assert ambiguity.options == [("Số tiền", "amount"), ("Mức hỗ trợ", "amount")]
    assert "Mức hỗ trợ" in ambiguity.message
    assert_clean(read(content, mapping={"so tien": "amount"}))
    assert read(content, mapping={"Mức hỗ trợ": "amount"}).rows[0].values["amount"] == 1_050_000
    assert_clean(read(content, mapping={"Mức hỗ trợ": "ignore"}))
    assert_clean(read(content, mapping={"I": "amount"}))


def test_two_dates_are_asked_about():
    rows = [[*row, date(2024, 12, 31)] for row in numbered()]
    content = book([[*HEAD, "Ngày cấp"], *rows])
    assert [item.field for item in read(content).ambiguities] == ["given_on"]
    assert_clean(read(content, mapping={"Ngày trao": "given_on"}))


def test_two_kinds_are_asked_about():
    others = ["Hỗ trợ", "Học bổng", "Học bổng", "Khen thưởng", "Học bổng", "Khen thưởng"]
    content = book([[*HEAD, "Loại hỗ trợ"], *[[*row, other] for row, other in zip(numbered(), others, strict=True)]])
    assert [item.field for item in read(content).ambiguities] == ["kind"]
    assert_clean(read(content, mapping={"Hình thức": "kind", "Loại hỗ trợ": "note"}))


def test_headings_the_wrong_way_round_are_asked_about():
    content = book([[*HEAD[:2], "Ngày trao", *HEAD[3:9], "Ngày sinh"], *numbered()])
    assert [item.code for item in read(content).ambiguities] == ["swapped"]
    assert_clean(read(content, mapping={"Ngày trao": "birth", "Ngày sinh": "given_on"}))


def test_two_names_are_asked_about():
    content = book([[*HEAD, "Người nhận"], *[[*row, f"Nguyễn Văn {row[0]}"] for row in numbered()]])
    rows = [
        [*row, name] for row, name in zip(numbered(), ["Lê A", "Lê B", "Lê C", "Lê D", "Lê E", "Lê G"], strict=True)
    ]
    content = book([[*HEAD, "Người nhận"], *rows])
    assert [item.field for item in read(content).ambiguities] == ["full_name"]
    assert_clean(read(content, mapping={"Họ và tên": "full_name"}))


def test_kind_of_title_against_heading():
    head = ["STT", "Họ và tên", "Ngày sinh", "Mức thưởng", "Ngày trao"]
    content = book(
        [
            ["DANH SÁCH HỌC BỔNG"],
            head,
            *[[number, person[0], person[1], person[7], person[8]] for number, person in enumerate(PEOPLE, 1)],
        ]
    )
    (ambiguity,) = read(content).ambiguities
    assert ambiguity.field == "kind"
    assert {row.values["kind"] for row in read(content, mapping={"Mức thưởng": "amount.award"}).rows} == {"award"}
    assert {row.values["kind"] for row in read(content, mapping={"Mức thưởng": "amount.scholarship"}).rows} == {
        "scholarship"
    }


def test_mapping_names_an_unknown_heading():
    content = book(
        [
            ["STT", "Ai", "Ngày sinh", "Giới tính", "Lớp", "Trường", "Hoàn cảnh", "Cái gì", "Bao nhiêu", "Khi nào"],
            *numbered(),
        ]
    )
    assert_clean(
        read(content, mapping={"Ai": "full_name", "Cái gì": "kind", "Bao nhiêu": "amount", "Khi nào": "given_on"})
    )


# -- cells


def test_dates_as_texts_serials_and_without_year():
    texts = ["20/08/2024", "5-9-2024", 45616, "2024-12-01", "25.12.2024", "27/7"]
    rows = [[*row[:9], text] for row, text in zip(numbered(), texts, strict=True)]
    reading = read(book([["6 THÁNG CUỐI NĂM 2024"], HEAD, *rows]))
    assert_clean(reading)
    assert notes(reading)["year_from_title"] == 1


def test_names_are_mended_and_it_is_said():
    import unicodedata

    names = [
        "NGUYỄN THỊ AN",
        "  Tống  Văn Cộng ",
        unicodedata.normalize("NFD", "Trương Mai Đào"),
        "Phan\xa0Thị\xa0Thưởng",
        "đỗ hồng phúc",
        "Vũ Nam",
    ]
    reading = read(book([HEAD, *[[row[0], name, *row[2:]] for row, name in zip(numbered(), names, strict=True)]]))
    assert_clean(reading)
    assert {code: count for code, count in notes(reading).items() if code in ("capitals", "spaces", "decomposed")} == {
        "capitals": 2,
        "spaces": 2,
        "decomposed": 1,
    }


def test_headings_in_capitals_nfd_and_without_accents():
    import unicodedata

    for head in (
        [text.upper() for text in HEAD],
        [unicodedata.normalize("NFD", text) for text in HEAD],
        [
            "STT",
            "Ho va ten",
            "Ngay sinh",
            "Gioi tinh",
            "Lop",
            "Truong",
            "Hoan canh",
            "Hinh thuc",
            "So tien",
            "Ngay trao",
        ],
        [text.replace(" ", "\n") for text in HEAD],
        [f" {text} (*) " for text in HEAD],
    ):
        assert_clean(read(book([head, *numbered()])))


def test_ditto_marks_and_merged_cells():
    rows = numbered([(*person[:6], "Học bổng", 500_000, date(2024, 9, 1)) for person in PEOPLE])
    for row in rows[1:3]:
        row[7], row[9] = "nt", '"'
    for row in rows[4:]:
        row[7] = row[9] = None
    reading = read(book([HEAD, *rows], merged=("H5:H7", "J5:J7")))
    assert {(row.values["kind"], row.values["given_on"]) for row in reading.rows} == {("scholarship", date(2024, 9, 1))}
    assert not reading.bad_rows


def test_amount_merged_over_several_people_is_not_guessed():
    rows = numbered()
    rows[1][8] = rows[2][8] = None
    reading = read(book([HEAD, *rows], merged=("I2:I4",)))
    assert problems(reading) == [(3, "amount", "amount_merged"), (4, "amount", "amount_merged")]


def test_problems_of_cells():
    rows = numbered()
    rows[0][2], rows[1][2], rows[2][9], rows[3][9], rows[4][8], rows[5][8] = (
        date(2099, 1, 1),
        "abc",
        "32/13/2024",
        None,
        "1.5",
        None,
    )
    reading = read(book([HEAD, *rows]))
    assert problems(reading) == [
        (2, "birth", "birth_impossible"),
        (3, "birth", "birth_not_a_date"),
        (4, "given_on", "no_such_date"),
        (5, "given_on", "missing_date"),
        (6, "amount", "amount_ambiguous"),
        (7, "amount", "missing_amount"),
    ]
    assert all(problem.message for row in reading.rows for problem in row.problems)


def test_born_after_the_gift():
    rows = numbered()
    rows[0][2] = date(2024, 8, 21)
    assert problems(read(book([HEAD, *rows]))) == [(2, "birth", "birth_after_gift")]


def test_names_that_are_none():
    rows = numbered()
    rows[0][1], rows[1][1], rows[2][1], rows[3][1] = "Nguyễn Văn 2", 12345, "   ", "a@b.vn"
    assert problems(read(book([HEAD, *rows]))) == [
        (2, "full_name", "name_unreadable"),
        (3, "full_name", "name_unreadable"),
        (4, "full_name", "missing_name"),
        (5, "full_name", "name_unreadable"),
    ]


def test_old_fonts_are_named_with_what_is_meant():
    rows = numbered()
    rows[0][1], rows[1][1] = "NguyÔn ThÞ An", "Toáng Vaên Coäng"
    reading = read(book([HEAD, *rows]))
    assert problems(reading) == [(2, "full_name", "legacy_font"), (3, "full_name", "legacy_font")]
    assert [row.problems[0].suggestion for row in reading.rows[:2]] == ["Nguyễn Thị An", "Tống Văn Cộng"]


def test_a_sheet_in_an_old_font():
    head = ["STT", "Hä vµ tªn", "Ngµy sinh", "H×nh thøc", "Sè tiÒn", "Ngµy trao"]
    reading = read(
        book(
            [
                head,
                [1, "NguyÔn V¨n An", 2012, "Häc bæng", 500_000, date(2024, 9, 1)],
                [2, "TrÇn ThÞ H­¬ng", 2012, "Hç trî", 500_000, date(2024, 9, 1)],
            ]
        )
    )
    assert [(row.values["full_name"], row.values["kind"], row.problems[0].code) for row in reading.rows] == [
        ("Nguyễn Văn An", "scholarship", "legacy_font"),
        ("Trần Thị Hương", "support", "legacy_font"),
    ]


def test_unknown_kind_keeps_its_words():
    rows = numbered()
    rows[0][7], rows[1][7], rows[2][7] = "Tiếp sức đến trường", "Học bổng, khen thưởng", None
    reading = read(book([HEAD, *rows]))
    assert [(row.values["kind"], row.values["kind_text"]) for row in reading.rows[:3]] == [
        (None, "Tiếp sức đến trường"),
        (None, "Học bổng, khen thưởng"),
        (None, ""),
    ]
    assert problems(reading) == [(4, "kind", "missing_kind")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("HB", "scholarship"), ("Suất HB", "scholarship"), ("học bổng khuyến tài", "scholarship"), ("Cấp học bổng", "scholarship"), ("KT", "award"), ("Thưởng", "award"), ("Giấy khen", "award"),
        ("Khen thưởng HSG", "award"), ("Tiền thưởng", "award"), ("HT", "support"), ("Trợ cấp", "support"), ("Hỗ trợ HS nghèo", "support"), ("Giúp đỡ", "support"), ("HỖ TRỢ", "support"), ("Quà tặng", None), ("Xe đạp", None),
    ],
)  # fmt: skip
def test_words_for_kinds(text, kind):
    rows = numbered()
    rows[0][7] = text
    assert read(book([HEAD, *rows])).rows[0].values["kind"] == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hộ nghèo", "poor"), ("HN", "poor"), ("con hộ nghèo", "poor"), ("Hộ cận nghèo", "near_poor"), ("Cận nghèo", "near_poor"), ("HCN", "near_poor"), ("HCKK", "hardship"), ("Hoàn cảnh đặc biệt khó khăn", "hardship"),
        ("mồ côi cha", "orphan"), ("Khuyết tật nặng", "disability"), ("Bệnh hiểm nghèo", "illness"), ("Con thương binh", "policy"), ("HSG cấp TP", "merit"), ("Giải Nhất Toán", "merit"), ("Thành tích học tập", "merit"),
        ("Bán vé số", "other"), ("-", None), ("Không", None),
    ],
)  # fmt: skip
def test_words_for_circumstances(text, code):
    rows = numbered()
    rows[0][6] = text
    assert read(book([HEAD, *rows])).rows[0].values["circumstance_code"] == code


def test_repairs_and_dropped_rows():
    rows = numbered()
    rows[0][1], rows[1][8] = None, "năm trăm"
    content = book([HEAD, *rows])
    assert len(read(content).bad_rows) == 2
    reading = read(
        content, repairs={("Danh sách", 2): {"full_name": "Nguyễn Thị An"}, ("Danh sách", 3): {"amount": "500.000"}}
    )
    assert_clean(reading)
    assert turns(read(content, dropped={("Danh sách", 2), ("Danh sách", 3)})) == expected(PEOPLE[2:])


def test_repairs_of_what_stands_in_the_title_only():
    content = book(
        [["DANH SÁCH HỌC BỔNG"], ["STT", "Họ và tên", "Số tiền"], [1, "Lê Thị Na", 500_000], [2, "Lê Văn Tú", 500_000]]
    )
    assert problems(read(content)) == [(3, "given_on", "missing_date"), (4, "given_on", "missing_date")]
    reading = read(content, repairs={("Danh sách", number): {"given_on": "05/09/2024"} for number in (3, 4)})
    assert turns(reading) == [
        ("Lê Thị Na", "scholarship", 500_000, date(2024, 9, 5)),
        ("Lê Văn Tú", "scholarship", 500_000, date(2024, 9, 5)),
    ]
    assert not reading.bad_rows


def test_formulas_of_amounts_are_fine_and_those_of_names_are_not():
    def more(workbook):
        workbook.active["B3"] = '=B2&" x"'

    reading = read(book([HEAD, *numbered()], more=more))
    assert problems(reading) == [(3, "full_name", "formula")]
    mended = read(book([HEAD, *numbered()], more=more), repairs={("Danh sách", 3): {"full_name": "Tống Văn Cộng"}})
    assert_clean(mended)


def test_comments_do_no_harm():
    def more(workbook):
        workbook.active["B2"].comment = Comment("xem lại", "HKH")

    assert_clean(read(book([HEAD, *numbered()], more=more)))


def test_a_name_that_looks_like_an_office_or_a_total():
    names = ["Tổng Thị Toàn", "Cộng Văn Trưởng", "Xã Thị Ban", "Hội Văn Kế", "Chủ Thị Tịch", "Khối Văn Lớp"]
    reading = read(book([HEAD, *[[row[0], name, *row[2:]] for row, name in zip(numbered(), names, strict=True)]]))
    assert [row.values["full_name"] for row in reading.rows] == names


def test_lists_starting_in_another_column():
    assert_clean(read(book([[], [None, None, *HEAD], *[[None, None, *row] for row in numbered()]])))


def test_no_numbers_at_all():
    assert_clean(read(book([HEAD[1:], *[row[1:] for row in numbered()], ["Tổng cộng", *[None] * 6, AMOUNT]])))


# -- members


def test_members_of_chapters():
    rows = [
        ["HỘI KHUYẾN HỌC PHƯỜNG AN BIÊN"], ["DANH SÁCH HỘI VIÊN KẾT NẠP MỚI"],
        ["TT", "Họ và tên", "Năm sinh", None, "Nghề nghiệp, chức vụ", "Địa chỉ", "Ngày kết nạp", "SĐT/Zalo", "Số thẻ"], [None, None, "Nam", "Nữ"],
        ["I", "Chi hội Trường THCS Trần Phú"], [1, "TRẦN THỊ HÀ", None, 1970, "Giáo viên", "Tổ 5", "20/11/2024", 912345678, "HP-1"],
        ["II", "Chi hội TDP số 3"], [1, "Lê Văn Ba", 1955, None, "Hưu trí", "Tổ 3", date(2024, 9, 2), "0936.111.222 - 0225.3842615", "HP-2"],
        [None, "Tổng cộng: 2 hội viên"],
    ]  # fmt: skip
    reading = read(book(rows, merged=("C3:D3", "A3:A4", "B3:B4")), MEMBERS)
    assert not reading.bad_rows
    assert [
        (
            row.values["full_name"],
            row.values["birth"],
            row.values["gender"],
            row.values["unit"],
            row.values["phone"],
            str(row.values["joined_on"]),
            row.values["card_number"],
        )
        for row in reading.rows
    ] == [
        ("Trần Thị Hà", Birth(1970), "female", "Chi hội Trường THCS Trần Phú", "+84912345678", "2024-11-20", "HP-1"),
        ("Lê Văn Ba", Birth(1955), "male", "Chi hội TDP số 3", "+84936111222", "2024-09-02", "HP-2"),
    ]
    assert reading.totals[0].written_count == 2


def test_members_with_a_wrong_telephone():
    reading = read(
        book(
            [
                ["STT", "Họ và tên", "Năm sinh", "Điện thoại", "Chi hội"],
                [1, "Lê Văn Ba", 1955, "12", "Khu 1"],
                [2, "Lê Văn Tư", 1955, None, "Khu 1"],
            ]
        ),
        MEMBERS,
    )
    assert problems(reading) == [(2, "phone", "not_a_phone")]


# -- found by trying


def test_block_with_a_number_typed_as_text_and_its_count():
    reading = read(
        book(
            [
                HEAD,
                ["1", "Xã An Hưng: 3 em"],
                *numbered(PEOPLE[:3]),
                [None, "Cộng: 3 em", *[None] * 6, 1_800_000],
                ["2", "Xã An Hồng: 3 em"],
                *numbered(PEOPLE[3:]),
                [None, "Cộng: 3 em", *[None] * 6, 2_500_000],
                total("TỔNG CỘNG: 6 em", column=1),
            ]
        )
    )
    assert_clean(reading)
    assert [(item.rows, item.written_count, item.difference) for item in reading.totals] == [
        (3, 3, 0),
        (3, 3, 0),
        (6, 6, 0),
    ]


def test_block_heading_with_its_count_in_another_column():
    head = ["STT", "Họ và tên", "Lớp", "Thành tích", "Mức thưởng", "Ngày trao"]
    reading = read(
        book(
            [
                head,
                ["I", "Trường THCS Trần Phú", None, "2 em"],
                [1, "Lê Thị Na", "9A", "Giải Nhất", 500_000, date(2024, 11, 20)],
                [2, "Lê Văn Tú", "9B", "HSG", 300_000, date(2024, 11, 20)],
                [None, "Cộng", None, "2 em", 800_000],
            ]
        )
    )
    assert [(row.values["full_name"], row.values["kind"], row.block) for row in reading.rows] == [
        ("Lê Thị Na", "award", "Trường THCS Trần Phú"),
        ("Lê Văn Tú", "award", "Trường THCS Trần Phú"),
    ]


def test_rounds_with_dates_in_their_headings():
    rows = [
        [1, "Lê Thị Na", "5A", 500_000, 400_000, 900_000],
        [2, "Lê Văn Tú", "5A", 500_000, None, 500_000],
        [None, "Cộng", None, 1_000_000, 400_000, 1_400_000],
    ]
    reading = read(
        book(
            [
                ["DANH SÁCH HỌC BỔNG"],
                ["STT", "Họ và tên", "Lớp", "Đợt 1 (05/09/2024)", "Đợt 2 (20/11/2024)", "Tổng cộng"],
                *rows,
            ]
        )
    )
    assert turns(reading) == [
        ("Lê Thị Na", "scholarship", 500_000, date(2024, 9, 5)),
        ("Lê Thị Na", "scholarship", 400_000, date(2024, 11, 20)),
        ("Lê Văn Tú", "scholarship", 500_000, date(2024, 9, 5)),
    ]
    assert (reading.grand_total.written, reading.grand_total.difference) == (1_400_000, 0)


def test_rounds_without_dates_are_asked_about():
    content = book(
        [
            ["DANH SÁCH HỌC BỔNG NGÀY 05/09/2024"],
            ["STT", "Họ và tên", "Lớp", "Đợt 1", "Đợt 2"],
            [1, "Lê Thị Na", "5A", 500_000, 500_000],
            [2, "Lê Văn Tú", "5A", 500_000, None],
        ]
    )
    assert [item.field for item in read(content).ambiguities] == ["amount"]
    assert [row.values["amount"] for row in read(content, mapping={"Đợt 1": "amount", "Đợt 2": "amount"}).rows] == [
        500_000
    ] * 3


def test_kinds_over_counts_and_amounts():
    head = [
        ["STT", "Họ và tên", "Lớp", "Học bổng", None, "Khen thưởng", None, "Ngày trao"],
        [None, None, None, "Số suất", "Số tiền", "Số suất", "Số tiền", None],
    ]
    rows = [
        [1, "Lê Thị Na", "5A", 1, 500_000, None, None, date(2024, 9, 5)],
        [2, "Lê Văn Tú", "5A", None, None, 1, 300_000, date(2024, 9, 5)],
        [None, "Cộng", None, 1, 500_000, 1, 300_000],
    ]
    reading = read(book([*head, *rows], merged=("D1:E1", "F1:G1")))
    assert [(row.values["kind"], row.values["amount"]) for row in reading.rows] == [
        ("scholarship", 500_000),
        ("award", 300_000),
    ]
    assert not reading.ambiguities
    assert reading.grand_total.difference == 0


def test_kinds_over_dates_and_amounts():
    head = [
        ["STT", "Họ và tên", "Học bổng", None, "Khen thưởng", None],
        [None, None, "Ngày trao", "Số tiền", "Ngày trao", "Số tiền"],
    ]
    rows = [
        [1, "Lê Thị Na", date(2024, 9, 5), 500_000, date(2024, 10, 1), 200_000],
        [2, "Lê Văn Tú", None, None, date(2024, 10, 1), 300_000],
    ]
    reading = read(book([*head, *rows], merged=("C1:D1", "E1:F1")))
    assert turns(reading) == [
        ("Lê Thị Na", "scholarship", 500_000, date(2024, 9, 5)),
        ("Lê Thị Na", "award", 200_000, date(2024, 10, 1)),
        ("Lê Văn Tú", "award", 300_000, date(2024, 10, 1)),
    ]


def test_amount_merged_over_several_people_that_the_total_explains():
    rows = [
        [1, "Lê Thị Na", 2012, "Học bổng", 500_000, date(2024, 9, 5)],
        [2, "Lê Văn Tú", 2011, "Học bổng", None, date(2024, 9, 5)],
        ["Tổng", None, None, None, 1_000_000],
    ]
    reading = read(
        book([["STT", "Họ và tên", "Năm sinh", "Hình thức", "Số tiền", "Ngày trao"], *rows], merged=("E2:E3",))
    )
    assert [row.values["amount"] for row in reading.rows] == [500_000, 500_000]
    assert not reading.bad_rows


def test_amounts_in_blocks():
    rows = [
        ["I. Mức 1.000.000 đồng/suất"],
        [1, "Lê Thị Na", "5A"],
        ["II. Mức 500.000 đồng/suất"],
        [2, "Lê Văn Tú", "5A"],
        [None, "Tổng cộng: 1.500.000 đồng"],
    ]
    reading = read(book([["DANH SÁCH HỌC SINH NHẬN HỌC BỔNG, ngày 5/9/2024"], ["STT", "Họ và tên", "Lớp"], *rows]))
    assert [row.values["amount"] for row in reading.rows] == [1_000_000, 500_000]
    assert reading.grand_total.difference == 0


def test_dates_in_blocks():
    rows = [
        ["Đợt 1: ngày 05/09/2024"],
        [1, "Lê Thị Na", "5A", 500_000],
        ["Đợt 2: ngày 20/11/2024"],
        [1, "Lê Văn Tú", "5A", 300_000],
    ]
    reading = read(book([["DANH SÁCH HỌC SINH ĐƯỢC HỖ TRỢ"], ["STT", "Họ và tên", "Lớp", "Số tiền"], *rows]))
    assert [row.values["given_on"] for row in reading.rows] == [date(2024, 9, 5), date(2024, 11, 20)]


def test_headings_broken_over_two_rows_by_hand():
    head = [
        ["Số", "Họ và tên", "Ngày, tháng,", "Giới", "Lớp", "Trường", "Hoàn cảnh", "Hình", "Số tiền", "Ngày"],
        ["TT", "học sinh", "năm sinh", "tính", None, "học", "gia đình", "thức", "(đồng)", "trao"],
    ]
    assert_clean(read(book([*head, *numbered()])))


def test_lines_of_contact_above_are_no_headings():
    lines = [
        ["Đơn vị: Hội KH huyện An Lão", None, "Người lập: Nguyễn Văn B", "Điện thoại: 0912345678"],
        ["Họ và tên người lập: Lê A", "Chức vụ: Chủ tịch", "Địa chỉ: An Lão"],
    ]
    assert_clean(read(book([*lines, HEAD, *numbered()])))


def test_two_people_in_one_cell():
    rows = numbered()
    rows[0][1], rows[1][1], rows[2][1] = (
        "Nguyễn Văn An\nTrần Thị Bình",
        "Nguyễn Văn An, Trần Thị Bình",
        "Trương Mai\nĐào",
    )
    reading = read(book([HEAD, *rows]))
    assert problems(reading) == [(2, "full_name", "name_unreadable"), (3, "full_name", "name_unreadable")]
    assert reading.rows[2].values["full_name"] == "Trương Mai Đào"


def test_one_wrong_sum_of_a_row_does_not_matter():
    rows = [
        [1, "Lê Thị Na", 500_000, 200_000, 700_000, date(2024, 9, 5)],
        [2, "Lê Văn Tú", 500_000, None, 600_000, date(2024, 9, 5)],
    ]
    reading = read(book([["STT", "Họ và tên", "HB", "KT", "Tổng", "Ngày trao"], *rows]))
    assert [row.values["amount"] for row in reading.rows] == [500_000, 200_000, 500_000]
    assert not reading.ambiguities


def test_the_same_heading_twice_is_told_apart_by_its_letter():
    rows = [
        [1, "Lê Thị Na", "HB", 500_000, 400_000, date(2024, 9, 5)],
        [2, "Lê Văn Tú", "HB", 500_000, 300_000, date(2024, 9, 5)],
    ]
    content = book([["STT", "Họ và tên", "Hình thức", "Số tiền", "Số tiền", "Ngày trao"], *rows])
    (ambiguity,) = read(content).ambiguities
    assert ambiguity.options == [("Số tiền (D)", "amount"), ("Số tiền (E)", "amount")]
    assert [row.values["amount"] for row in read(content, mapping={"Số tiền (E)": "amount"}).rows] == [400_000, 300_000]


def test_choices_that_fit_nothing_are_said():
    reading = read(book([HEAD, *numbered()]), mapping={"Không có": "amount", "Lớp": "lop"})
    assert {note.code for note in reading.notes} == {"mapping_unused", "mapping_unknown"}


def test_a_single_person_and_a_name_with_the_word_of_a_kind():
    reading = read(
        book(
            [
                ["STT", "Họ và tên", "Lớp", "Hình thức", "Số tiền", "Ngày trao"],
                [1, "Lê Thị Thưởng", "5A", "KT", 200_000, date(2024, 9, 5)],
            ]
        )
    )
    assert turns(reading) == [("Lê Thị Thưởng", "award", 200_000, date(2024, 9, 5))]


def test_teachers_and_students():
    reading = read(
        book(
            [
                ["DANH SÁCH GIÁO VIÊN ĐƯỢC KHEN THƯỞNG NGÀY 20/11/2024"],
                ["TT", "Họ và tên", "Năm sinh", "Đơn vị công tác", "Mức thưởng"],
                [1, "Nguyễn Văn An", 1980, "THCS Trần Phú", 500_000],
            ]
        )
    )
    assert reading.rows[0].values["recipient_kind"] == "teacher"
    reading = read(
        book(
            [
                ["TT", "Họ và tên", "Trường", "Hình thức", "Mức", "Ngày"],
                [1, "Nguyễn Văn An", "ĐH Bách khoa", "HB", 500_000, date(2024, 9, 5)],
                [2, "Lê Văn Tú", "THPT Ngô Quyền", "HB", 500_000, date(2024, 9, 5)],
            ]
        )
    )
    assert [row.values["recipient_kind"] for row in reading.rows] == ["student", None]
