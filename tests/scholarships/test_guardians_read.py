"""A parent's or guardian's column of an officer's list: read to the child, never taken for the child, refusing no gift."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from scholarships.models import Recipient
from scholarships.services.taking import take_in
from tests.scholarships.lists import HALF, build_plan

pytestmark = pytest.mark.django_db
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao")
ROWS = [
    (1, "Nguyễn Thị An", "15/03/2011", "Học bổng", 500_000, "20/05/2023"),
    (2, "Vũ Văn Bé", "16/03/2011", "Học bổng", 500_000, "20/05/2023"),
    (3, "Lê Thị Cúc", "17/03/2012", "Học bổng", 500_000, "20/05/2023"),
]
PARENTS = ("Nguyễn Văn Tư", "Vũ Thị Năm", "Lê Văn Sáu")
PHONES = ("0912 345 678", "0912345679", "hàng xóm")


def content(*columns, above=None):
    """A list with more columns behind: each (heading, cells); `above` heads all of them."""
    book = Workbook()
    book.active.title = "DS"
    if above:
        book.active.append([*HEAD, above])
        for column in range(1, len(HEAD) + 1):
            book.active.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
        book.active.merge_cells(
            start_row=1, end_row=1, start_column=len(HEAD) + 1, end_column=len(HEAD) + len(columns)
        )  # fmt: skip
    book.active.append([*(HEAD if not above else [None] * len(HEAD)), *(heading for heading, _cells in columns)])
    for number, row in enumerate(ROWS):
        book.active.append([*row, *(cells[number] for _heading, cells in columns)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def read(tree, programmes, fund_lc):
    def plan(*columns, **asked):
        return build_plan(unit=tree["LC"], half=HALF, content=content(*columns, **asked))

    return plan


def guardians(plan):
    return [(row.values["guardian_name"], row.values["guardian_phone"]) for row in plan.rows]


@pytest.mark.parametrize(
    ("name", "phone"),
    [
        ("Họ tên phụ huynh", "SĐT phụ huynh"), ("Cha/mẹ", "Điện thoại cha mẹ"), ("Họ và tên bố (mẹ)", "Số ĐT bố (mẹ)"),
        ("Người giám hộ", "Số điện thoại người giám hộ"), ("Tên mẹ", "ĐT mẹ"), ("Con ông (bà)", "SĐT bố mẹ"),
        ("HỌ TÊN CHỦ HỘ", "SĐT PHỤ HUYNH"), ("Phụ huynh học sinh", "Số điện thoại phụ huynh học sinh"),
    ],
)  # fmt: skip
def test_name_and_telephone_of_a_guardian_are_read(read, name, phone):
    plan = read((name, PARENTS), (phone, PHONES))
    assert [row.status for row in plan.rows] == ["new"] * 3
    assert guardians(plan) == [("Nguyễn Văn Tư", "+84912345678"), ("Vũ Thị Năm", "+84912345679"), ("Lê Văn Sáu", "")]
    assert any("điện thoại" in note.message and "bỏ qua" in note.message for note in plan.notes)


def test_two_lines_of_headings(read):
    plan = read(("Họ và tên", PARENTS), ("Điện thoại", PHONES), above="Phụ huynh")
    assert guardians(plan)[:2] == [("Nguyễn Văn Tư", "+84912345678"), ("Vũ Thị Năm", "+84912345679")]
    assert [row.name for row in plan.rows] == [row[1] for row in ROWS]


@pytest.mark.parametrize(
    "heading", ["Giáo viên chủ nhiệm", "GVCN", "Người giới thiệu", "Tên chủ tài khoản", "Người nhận thay"]
)
def test_other_people_are_no_guardians(read, heading):
    assert guardians(read((heading, PARENTS), ("SĐT", PHONES))) == [("", "")] * 3


def test_a_guardian_goes_to_the_child_and_what_is_known_stays(read, officer_lc):
    take_in(
        plan=read(("Phụ huynh", ("Nguyễn Văn Tư", "", "")), ("SĐT phụ huynh", PHONES)), state="draft", actor=officer_lc
    )
    told = dict(Recipient.objects.values_list("full_name", "guardian_name"))
    assert told == {"Nguyễn Thị An": "Nguyễn Văn Tư", "Vũ Văn Bé": "", "Lê Thị Cúc": ""}
    again = read(("Phụ huynh", ("Ông Khác", "Vũ Thị Năm", "Lê Văn Sáu")), ("SĐT phụ huynh", ("", "", "")))
    for row in again.rows:
        assert row.status == "known"
    child = Recipient.objects.get(full_name="Nguyễn Thị An")
    assert (child.guardian_phone, list(Recipient.objects.matching("van tu"))) == ("+84912345678", [child])


def test_a_name_that_is_too_long_is_refused_beside_its_field(read):
    plan = read(("Phụ huynh", ("Nguyễn " * 30, "Vũ Thị Năm", "Lê Văn Sáu")), ("SĐT phụ huynh", PHONES))
    assert [row.status for row in plan.rows] == ["rejected", "new", "new"]
    assert plan.rows[0].errors[0].field == "guardian_name"
