"""What a clerk would ask: one sentence, its rows, its choices with sums, one answer; nothing of it taken before."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from intakes.reading.files.workbook import read_workbook
from intakes.reading.kept import pack_reading, unpack_reading
from intakes.reading.reading import understand
from intakes.services.questions import named_rows, settle
from scholarships.schema import DISBURSEMENTS

HEAD = ("STT", "Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao")


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, (state, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in (HEAD, *rows):
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def child(name, amount=500_000):
    return (1, name, "15/03/2011", "Học bổng", amount, "20/05/2023")


def reading_of(content):
    reading = understand(read_workbook(content, "ds.xlsx"), DISBURSEMENTS)
    return unpack_reading(pack_reading(reading), DISBURSEMENTS)


@pytest.fixture
def with_draft():
    rows = [child("Lê Thị An"), child("Trần Văn Bình")]
    draft = [child("Lê Thị An", 100_000), child("Phạm Minh Châu", 150_000)]
    return reading_of(workbook(DS=("visible", rows), Nhap=("hidden", draft)))


def test_a_hidden_sheet_is_asked_about_with_its_rows_and_their_sum(with_draft):
    settled = settle(with_draft.rows, with_draft.questions, {})
    (asked,) = settled.asked
    said = asked.as_json()
    assert (said["kind"], said["sheet"], said["rows"]) == ("hidden_sheet", "Nhap", [2, 3])
    assert "250.000 đồng" in said["message"]
    assert [(one["code"], one["rows"], one["amount"]) for one in said["choices"]] == [
        ("leave_out", 0, 0),
        ("take", 2, 250_000),
    ]
    assert settled.held == {("Nhap", 2), ("Nhap", 3)}


def test_an_answer_leaves_the_rows_out_or_takes_them(with_draft):
    (question,) = with_draft.questions
    assert len(settle(with_draft.rows, [question], {question.id: "leave_out"}).rows) == 2
    taken = settle(with_draft.rows, [question], {question.id: "take"})
    assert len(taken.rows) == 4
    assert not taken.held
    assert settle(with_draft.rows, [question], {question.id: "perhaps"}).held


def test_a_question_keeps_its_name_when_the_file_is_read_again(with_draft):
    rows = [child("Lê Thị An"), child("Trần Văn Bình")]
    again = reading_of(workbook(DS=("visible", rows), Nhap=("hidden", [child("Ai Khác")])))
    assert again.questions[0].id == with_draft.questions[0].id


def test_a_choice_of_its_own_changes_the_rows(with_draft):
    with_draft.ask("hidden_sheet", sheet="DS", rows=[3], changes={"take": {"amount": [900_000]}})
    question = with_draft.questions[-1]
    rows = settle(with_draft.rows, [question], {question.id: "take"}).rows
    assert [row.values["amount"] for row in rows] == [500_000, 900_000, 100_000, 150_000]
    assert [row.values["amount"] for row in with_draft.rows] == [500_000, 500_000, 100_000, 150_000]


def test_numbers_of_rows_are_named_in_spans():
    assert named_rows([3, 5, 6, 7, 9]) == "3, 5–7, 9"
    assert named_rows(range(1, 60, 2)).endswith(", …")
