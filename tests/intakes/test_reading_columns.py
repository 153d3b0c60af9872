"""Cột: tiêu đề nhiều dòng, cột tách, cột gộp, cột đánh dấu, cột không tên."""

from datetime import date

import pytest

from portal.lib.vietnamese import Birth
from tests.intakes.cases import (
    AMOUNT,
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    fields,
    notes,
    numbered,
    problems,
    read,
)

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
