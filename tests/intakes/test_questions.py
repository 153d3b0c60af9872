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
    assert named_rows(range(1, 60, 2)).endswith(" 23 … (còn 18 nữa)")


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [
        ("Ngầm", "veryHidden", "sheet_veiled"),
        ("Ví dụ", "visible", "sheet_of_examples"),
        ("Mẫu", "hidden", "sheet_of_examples"),
        ("VI DU", "visible", "sheet_of_examples"),
        ("Sample", "visible", "sheet_of_examples"),
        ("Mẫu nhập liệu", "visible", "sheet_of_examples"),
        ("VD1", "visible", "sheet_of_examples"),
    ],
)
def test_what_nobody_sees_and_examples_are_left_out_and_said(name, state, code):
    reading = reading_of(workbook(DS=("visible", [child("Lê Thị An")]), **{name: (state, [child("Nguyễn Văn A")])}))
    assert [row.values["full_name"] for row in reading.rows] == ["Lê Thị An"]
    (note,) = [note for note in reading.notes if note.code == code]
    assert (note.sheet, note.rows, "500.000" in note.message) == (name, [2], True)
    assert not reading.questions


def test_a_list_typed_into_the_example_is_a_list():
    assert len(reading_of(workbook(Mẫu=("visible", [child("Lê Thị An")]))).rows) == 1


def with_notes(*notes):
    book = Workbook()
    book.active.title = "DS"
    book.active.append((*HEAD, "Ghi chú"))
    for number, note in enumerate(notes):
        book.active.append((*child(f"Lê Thị {['Anh', 'Bình', 'Chi', 'Dung', 'Em'][number]}"), note))
    out = BytesIO()
    book.save(out)
    return reading_of(out.getvalue())


def test_rows_noted_as_not_given_are_asked_about():
    reading = with_notes("", "Vắng", "Không nhận, đã trả lại quỹ", "Vắng", "Huy chương vàng")
    assert [(one.code, one.rows, one.params["text"]) for one in reading.questions] == [
        ("not_received", [3, 5], "Vắng"),
        ("not_received", [4], "Không nhận, đã trả lại quỹ"),
    ]
    assert list(reading.questions[0].choices) == ["leave_out", "take"]


@pytest.mark.parametrize("note", ["khong nhan", "đã mất", "Em đã mất", "bảo lưu", "Nghỉ học", "chưa phát", "qua đời"])
def test_other_words_of_it_are_asked_about_too(note):
    (question,) = with_notes("", note).questions
    assert (question.code, question.rows) == ("not_received", [3])


@pytest.mark.parametrize("note", ["Đã chuyển khoản", "bố đã mất", "Quà vàng", "Mẹ nhận thay", "đã mất giấy khai sinh"])
def test_words_that_only_look_like_it_are_not(note):
    assert not with_notes("", note).questions


def test_a_form_by_its_number_is_filled_in():
    reading = reading_of(
        workbook(DS=("visible", [child("Lê Thị An")]), **{"Mẫu số 1": ("visible", [child("Lê Văn Bê")])})
    )
    assert len(reading.rows) == 2


def test_a_row_noted_as_example_is_left_out():
    reading = with_notes("", "(ví dụ)")
    assert len(reading.rows) == 1
    assert [note.rows for note in reading.notes if note.code == "rows_of_examples"] == [[3]]
