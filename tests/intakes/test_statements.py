"""What title and closing lines say - number, sums, day, kind - is compared with the rows and said when it differs."""

from __future__ import annotations

import pytest

from tests.intakes.cases import HEAD, book, numbered, read

CODES = ("count_differs", "amount_differs", "amount_not_as_title", "day_not_as_title", "kind_not_as_title")


def said(*titles, rows=None, below=()):
    reading = read(book([*([title] for title in titles), HEAD, *(rows or numbered()), *below]))
    return {note.code: note for note in reading.notes if note.code in CODES}


def alike(**changed):
    """Six rows of one kind, day and amount, but for what is changed: position of the row -> (column, value)."""
    rows = numbered()
    for row in rows:
        row[7:10] = "Học bổng", 500_000, "20/05/2023"
    for place, (column, value) in changed.items():
        rows[int(place[1:])][column] = value
    return rows


@pytest.mark.parametrize(
    ("title", "code", "part"),
    [
        ("Danh sách gồm 8 em", "count_differs", "8"),
        ("Danh sách 45 học sinh nhận học bổng", "count_differs", "45"),
        ("Tổng số tiền: 5.000.000 đồng", "amount_differs", "5.000.000"),
        ("Mỗi suất 400.000 đồng", "amount_not_as_title", "400.000"),
        ("DANH SÁCH TRAO NGÀY 28/05/2023", "day_not_as_title", "28/05/2023"),
        ("DANH SÁCH KHEN THƯỞNG", "kind_not_as_title", "Khen thưởng"),
    ],
)
def test_a_title_that_says_something_else_is_told(title, code, part):
    found = said(title, rows=alike())
    assert list(found) == [code]
    assert part in found[code].message


@pytest.mark.parametrize(
    "title",
    ["Danh sách gồm 6 em", "Tổng số tiền: 3.000.000 đồng", "Mỗi suất 500.000 đồng", "DANH SÁCH HỌC BỔNG NGÀY 20/05/2023",
     "Năm học 2022-2023", "Lớp 5 có 2 lớp"],
)  # fmt: skip
def test_a_title_that_agrees_says_nothing(title):
    assert said(title, rows=alike()) == {}


def test_the_one_row_that_differs_is_named():
    found = said("HỌC BỔNG NGÀY 20/05/2023, MỖI SUẤT 500.000 ĐỒNG", rows=alike(r2=(8, 1_000_000), r4=(9, "21/05/2023")))
    assert {code: note.rows for code, note in found.items()} == {"amount_not_as_title": [5], "day_not_as_title": [7]}


def test_a_list_with_amounts_of_several_kinds_is_no_contradiction():
    assert said("TRAO HỌC BỔNG, MỖI SUẤT 500.000 ĐỒNG", rows=alike(r1=(8, 1), r2=(8, 2), r3=(8, 3))) == {}


def test_the_closing_line_is_compared_too():
    closing = ["Danh sách này gồm 5 em, tổng số tiền 2.500.000 đồng"]
    assert set(said(rows=alike(), below=([], closing))) == {"count_differs", "amount_differs"}
    closing = ["Danh sách này gồm 6 em, tổng số tiền 3.000.000 đồng"]
    assert said(rows=alike(), below=([], closing)) == {}
