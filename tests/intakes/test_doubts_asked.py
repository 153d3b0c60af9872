"""A doubt about many rows is one question; its answer mends, takes, leaves out, or hands them to the officer."""

from __future__ import annotations

from datetime import date

import pytest

from intakes.services.questions import settle
from members.schema import MEMBERS
from tests.intakes.cases import HEAD, PEOPLE, book, numbered, read


def swapped():
    """Three days that a US program exchanged, three that it left as text."""
    rows = numbered()
    days = [date(2024, 5, 3), "28/05/2024", date(2024, 2, 6), "16/01/2024", date(2024, 3, 4), "25/09/2024"]
    for row, day in zip(rows, days, strict=True):
        row[9] = day
    return read(book([HEAD, *rows]))


def classes():
    rows = numbered()
    rows[0][4], rows[1][4] = 60, 700
    return read(book([HEAD, *rows]))


def far(amount=50_000_000):
    rows = numbered()
    rows[1][8] = rows[3][8] = amount
    return read(book([HEAD, *rows, *numbered(PEOPLE, 7)]))


def words():
    rows = [[*row, text] for row, text in zip(numbered()[:2], ["Một triệu đồng", "Năm trăm nghìn"], strict=True)]
    rows[1][8] = 400_000
    return read(book([[*HEAD, "Bằng chữ"], *rows]))


def old_font():
    """Three names typed for TCVN3 among Unicode ones, the headings in Unicode."""
    rows = numbered()
    rows[0][1], rows[2][1], rows[4][1] = "Lª Hång", "NguyÔn V¨n B×nh", "Vò Mai Lan"
    return read(book([HEAD, *rows]))


def answer(reading, choice):
    (question,) = reading.questions
    return settle(reading.rows, reading.questions, {question.id: choice})


@pytest.mark.parametrize(
    ("make", "code", "rows", "field", "mended", "stays"),
    [
        (swapped, "doubt_date_order", [2, 4, 6], "given_on", date(2024, 3, 5), date(2024, 5, 3)),
        (classes, "doubt_class_is_number", [2, 3], "school_class", "6E1", "60"),
        (old_font, "doubt_legacy_font", [2, 4, 6], "full_name", "Lê Hồng", None),
        (words, "doubt_words_differ", [3], "amount", 500_000, 400_000),
        (far, "doubt_amount_far", [3, 5], "amount", None, 50_000_000),
    ],
)
def test_one_question_for_all_rows_and_what_its_answers_do(make, code, rows, field, mended, stays):
    reading = make()
    (question,) = reading.questions
    assert (question.code, question.rows) == (code, rows)
    held = settle(reading.rows, reading.questions, {})
    assert sorted(row for _sheet, row in held.held) == rows
    assert held.asked[0].message
    assert ("mend" in question.choices) == (mended is not None)
    for choice, value in (("mend", mended), ("take", stays)):
        if choice in question.choices:
            taken = {row.row: row for row in answer(reading, choice).rows}
            assert (taken[rows[0]].values[field], taken[rows[0]].problems) == (value, [])
    corrected = {row.row: row for row in answer(reading, "correct").rows}
    assert [number for number, row in corrected.items() if row.problems] == rows
    assert not answer(reading, "correct").held
    assert len(answer(reading, "leave_out").rows) == len(reading.rows) - len(rows)


def test_rows_corrected_one_by_one_are_not_asked_about_again():
    def file(**options):
        rows = numbered()
        rows[1][8] = rows[3][8] = 50_000_000
        return read(book([HEAD, *rows, *numbered(PEOPLE, 7)]), **options)

    (before,) = file().questions
    (after,) = file(repairs={("Danh sách", 3): {"amount": "500.000"}}).questions
    assert (after.rows, after.id) == ([5], before.id)


def test_an_amount_that_nobody_gets_is_refused_without_asking():
    reading = far(999_999_999_999)
    assert not reading.questions
    assert [row.row for row in reading.rows if row.problems] == [3, 5]


def test_days_of_members_are_asked_about_too():
    head = ("Họ và tên", "Ngày sinh", "Ngày vào Hội", "Đơn vị")
    days = [date(2023, 5, 3), "28/05/2023", date(2023, 2, 6), "16/01/2023", date(2023, 3, 4), "25/09/2023"]
    rows = [(person[0], 1960, day, "Xã An Hưng") for person, day in zip(PEOPLE, days, strict=True)]
    reading = read(book([head, *rows]), MEMBERS)
    (question,) = reading.questions
    assert (question.code, question.params["field"], question.rows) == ("doubt_date_order", "joined_on", [2, 4, 6])
    assert answer(reading, "mend").rows[0].values["joined_on"] == date(2023, 3, 5)
