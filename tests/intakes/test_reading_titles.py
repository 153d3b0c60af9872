"""Điều mà tiêu đề, tên trang tính và các mục giữa bảng nói cho những dòng bên dưới; nhiều bảng trên một trang."""

from datetime import date

import pytest

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
