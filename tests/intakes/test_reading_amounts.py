"""Tiền: đơn vị, nhiều cột tiền, đợt trao, và những chỗ đọc được hai cách thì phải hỏi."""

from datetime import date

import pytest

from tests.intakes.cases import (
    AMOUNT,
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    numbered,
    read,
    total,
    turns,
)


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
    ],
)
def test_units_of_money(line, heading, factor):
    rows = [[*row[:8], row[8] / factor, row[9]] for row in numbered()]
    reading = read(book([[line or None], [*HEAD[:8], heading, "Ngày trao"], *rows, total(amount=AMOUNT / factor)]))
    assert_clean(reading)
    assert reading.grand_total.difference == 0


def test_title_and_heading_that_count_in_different_units_are_asked_about():
    reading = read(book([["ĐVT: nghìn đồng"], [*HEAD[:8], "Số tiền (đồng)", "Ngày trao"], *numbered()]))
    assert [(asked.code, asked.options[0][1]) for asked in reading.ambiguities] == [("unit_of_money", "amount:dong")]
    chosen = {"Số tiền (đồng)": "amount:dong"}
    head = [["ĐVT: nghìn đồng"], [*HEAD[:8], "Số tiền (đồng)", "Ngày trao"]]
    assert_clean(read(book([*head, *numbered()]), mapping=chosen))


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


def test_one_wrong_sum_of_a_row_does_not_matter():
    rows = [
        [1, "Lê Thị Na", 500_000, 200_000, 700_000, date(2024, 9, 5)],
        [2, "Lê Văn Tú", 500_000, None, 600_000, date(2024, 9, 5)],
    ]
    reading = read(book([["STT", "Họ và tên", "HB", "KT", "Tổng", "Ngày trao"], *rows]))
    assert [row.values["amount"] for row in reading.rows] == [500_000, 200_000, 500_000]
    assert not reading.ambiguities
