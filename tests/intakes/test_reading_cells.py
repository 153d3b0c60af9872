"""Ô: ngày, tên, loại, hoàn cảnh, phông chữ cũ, ô gộp, điều cán bộ sửa lại."""

from datetime import date

import pytest
from openpyxl.comments import Comment

from tests.intakes.cases import (
    AMOUNT,
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    notes,
    numbered,
    problems,
    read,
    turns,
)


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
    assert problems(reading) == [(row, "amount", "amount_merged") for row in (2, 3, 4)]


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
    assert [(row.values["full_name"], row.values["kind"]) for row in reading.rows] == [
        ("Nguyễn Văn An", "scholarship"),
        ("Trần Thị Hương", "support"),
    ]
    assert [(asked.code, asked.rows) for asked in reading.questions] == [("legacy_font", [2, 3])]
    assert not problems(reading)


def test_forms_of_address_are_taken_off_and_degrees_asked_about():
    rows = numbered()
    for row, name in zip(rows, ["Em Nguyễn Văn An", "Cháu Trần Bình", "ThS. Lê Chi", "Ông Ích Khiêm"], strict=False):
        row[1] = name
    reading = read(book([HEAD, *rows]))
    names = [row.values["full_name"] for row in reading.rows[:4]]
    assert names == ["Nguyễn Văn An", "Trần Bình", "Lê Chi", "Ông Ích Khiêm"]
    assert [note.rows for note in reading.notes if note.code == "titles"] == [[2, 3]]
    assert [(asked.code, asked.rows) for asked in reading.questions] == [("name_title", [4])]


def test_a_column_in_an_old_font_is_judged_whole():
    rows = numbered()
    for row, name in zip(rows, ["Lª Hång", "Hµ Thu An", "Vò Mai Lan", "Nguyễn Minh Khải"], strict=False):
        row[1] = name
    reading = read(book([HEAD, *rows]))
    assert [(row.row, row.problems[0].suggestion) for row in reading.rows if row.problems] == [
        (2, "Lê Hồng"),
        (3, "Hà Thu An"),
        (4, "Vũ Mai Lan"),
    ]


@pytest.mark.parametrize(
    ("name", "code", "suggestion"),
    [
        ("Nguyá»…n VÄƒn Tám", "name_mojibake", "Nguyễn Văn Tám"),
        ("Nguyễn Thị Оanh", "name_letters", "Nguyễn Thị Oanh"),
        ("Nguyễn Văn Em và Trần An", "name_two_people", ""),
        ("Nguyễn Thị Dung (con bà Hoa)", "name_brackets", "Nguyễn Thị Dung"),
        ("Không nhận", "name_unreadable", ""),
        ("Hai cháu An và Bình", "name_two_people", ""),
        ("An và Bình", "name_two_people", ""),
        ("Lê Thị An 🎓", "name_letters", "Lê Thị An"),
        ("1. Nguyễn Văn Giáp", "name_unreadable", "Nguyễn Văn Giáp"),
        ("Nguyễn Văn Hùng - 5A", "name_unreadable", "Nguyễn Văn Hùng"),
        ("Nguyễn Văn 2", "name_unreadable", ""),
    ],
)
def test_what_nobody_is_called_is_refused_with_what_may_be_meant(name, code, suggestion):
    rows = numbered()
    rows[0][1] = name
    reading = read(book([HEAD, *rows]))
    assert problems(reading) == [(2, "full_name", code)]
    assert reading.rows[0].problems[0].suggestion == suggestion


@pytest.mark.parametrize("name", ["“Lê Quang Huy”", "H’Mai Niê", "Và A Chư", "Phan T. Quý", "Maria Nguyễn Xuân"])
def test_rare_names_are_taken(name):
    rows = numbered()
    rows[0][1] = name
    assert not problems(read(book([HEAD, *rows])))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Không thuộc hộ nghèo", "other"),
        ("khong thuoc ho ngheo", "other"),
        ("Chưa thuộc diện hộ cận nghèo", "other"),
        ("Hộ nghèo (đã cắt 2022)", "other"),
        ("Đã thoát nghèo", "other"),
        ("Chưa được công nhận hộ nghèo", "other"),
        ("Không đủ điều kiện xét hộ cận nghèo", "other"),
        ("Đã ra khỏi diện hộ nghèo", "other"),
        ("Trước đây là hộ nghèo", "other"),
        ("Đang làm hồ sơ hộ nghèo", "other"),
        ("Hộ nghèo: không", "other"),
        ("Hộ nghèo cũ", "other"),
        ("Hộ nghèo, chưa được nhận quà", "poor"),
        ("Đủ điều kiện hộ nghèo", "poor"),
        ("Bố mất việc", "other"),
        ("Con CN", "other"),
        ("Mẹ làm kế toán (KT)", "other"),
        ("HN", "poor"),
        ("KT; HCKK", "disability"),
        ("Không nơi nương tựa", "orphan"),
        ("Hộ nghèo, không có bố", "poor"),
        ("Bố mất sớm", "orphan"),
    ],
)
def test_circumstances_are_read_by_their_meaning(text, code):
    rows = numbered()
    rows[0][6] = text
    row = read(book([HEAD, *rows])).rows[0]
    assert row.values["circumstance_code"] == code


def test_denied_circumstances_are_said_with_their_rows():
    rows = numbered()
    rows[0][6] = rows[2][6] = "Không thuộc hộ nghèo"
    said = [note for note in read(book([HEAD, *rows])).notes if note.code == "circumstance_denied"]
    assert [(note.params["text"], note.rows) for note in said] == [("Không thuộc hộ nghèo", [2, 4])]


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


def test_two_people_in_one_cell():
    rows = numbered()
    rows[0][1], rows[1][1], rows[2][1] = (
        "Nguyễn Văn An\nTrần Thị Bình",
        "Nguyễn Văn An, Trần Thị Bình",
        "Trương Mai\nĐào",
    )
    reading = read(book([HEAD, *rows]))
    assert problems(reading) == [(2, "full_name", "name_two_people"), (3, "full_name", "name_two_people")]
    assert reading.rows[2].values["full_name"] == "Trương Mai Đào"


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
