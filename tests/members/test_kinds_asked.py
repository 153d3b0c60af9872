"""What a careful clerk would ask about a list of members: the kinds of a list of gifts, by the same functions."""

from __future__ import annotations

import pytest
from openpyxl.styles import Font

from intakes.services.files import plan_file
from intakes.services.plans import Asked
from members.services.lists import MemberList
from portal.models import User
from tests.intakes.cases import book

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Họ và tên", "Năm sinh", "Đơn vị", "Nghề nghiệp", "Ngày vào Hội", "Điện thoại", "Ghi chú"]
NAMES = ("Đỗ Thị Ánh", "Vũ Văn Đức", "Hoàng Thị Em", "Bùi Văn Phú", "Ngô Thị Sen", "Lê Văn Tám")


def member(place: int, **other: object) -> list[object]:
    cells = {
        "name": NAMES[place], "born": 1960 + place, "unit": "Quận Ngô Quyền", "joined": f"{14 + place}/05/2023",
        "phone": f"09123456{place:02d}", "note": "",
    } | other  # fmt: skip
    return [
        place + 1,
        cells["name"],
        cells["born"],
        cells["unit"],
        "Hưu trí",
        cells["joined"],
        cells["phone"],
        cells["note"],
    ]


def members(**other: object) -> list[list[object]]:
    return [member(place, **other) for place in range(6)]


def strike(workbook) -> None:
    for cell in workbook.active[3]:
        cell.font = Font(strike=True)


def sheet_of(name: str, state: str = "visible"):
    def add(workbook) -> None:
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(HEAD)
        sheet.append(member(5, name="Trần Thị Thêm"))

    return add


def plan_of(tree, content: bytes, file_name: str = "hoi-vien.xlsx"):
    asked = Asked(actor=User.objects.system(), unit=tree["NQ"], file_name=file_name)
    return plan_file(MemberList(), content, asked)


def with_row(place: int, **other: object) -> list[list[object]]:
    rows = members()
    rows[place] = member(place, **other)
    return rows


#: What stands in the file, and what is said: open questions, notes, refused rows. Letters as in the list of kinds.
SAID = {
    "a: a section's heading": (lambda: book([HEAD, *members()[:3], ["", "Ban Kiểm tra"], *members()[3:]]), [], ["blocks"], 0),
    "b: another birth, the same phone": (
        lambda: book([HEAD, *members(), member(0, born=1970)]), ["alike_phone"], [], 0,
    ),
    "b: a title before the name": (lambda: book([HEAD, *with_row(1, name="NGƯT Vũ Văn Đức")]), ["name_title"], [], 0),
    "d: a hidden sheet": (lambda: book([HEAD, *members()], more=sheet_of("Sheet2", "hidden")), ["hidden_sheet"], [], 0),
    "d: a sheet nobody sees": (lambda: book([HEAD, *members()], more=sheet_of("x", "veryHidden")), [], ["sheet_veiled"], 0),
    "d: a sheet of examples": (lambda: book([HEAD, *members()], more=sheet_of("Mẫu nhập")), [], ["sheet_of_examples"], 0),
    "d: struck out": (lambda: book([HEAD, *members()], more=strike), ["struck_out"], [], 0),
    "d: noted as moved away": (lambda: book([HEAD, *with_row(2, note="chuyển đi")]), ["not_received"], [], 0),
    "e: a unit merged over its people": (
        lambda: book([HEAD, *members()], merged=("D2:D4",)), [], ["merged_cells"], 0,
    ),
    "f: another unit in the title": (
        lambda: book([["HỘI KHUYẾN HỌC QUẬN LÊ CHÂN"], HEAD[:3] + HEAD[4:], *[row[:3] + row[4:] for row in members()]]),
        ["other_unit"], [], 0,
    ),
    "g: two people in a cell": (lambda: book([HEAD, *with_row(3, name="Bùi Văn Phú và Lê Thị Sáu")]), [], [], 1),
    "g: broken letters": (lambda: book([HEAD, *with_row(3, name="Nguyá»…n VÄƒn Tám")]), [], [], 1),
    "h: day and month exchanged": (
        lambda: book([HEAD, *[member(n, joined=day) for n, day in enumerate(
            ["05/20/2023", "05/21/2023", "05/22/2023", "05/25/2023", "05/06/2023", "05/28/2023"])]]),
        ["doubt_date_order"], [], 0,
    ),
    "i: a second telephone number": (
        lambda: book([HEAD, *with_row(4, phone="0912345678 / 0987654321")]), [], ["second_phone"], 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_members_are_asked_about_as_gifts_are(tree, name):
    make, asked, noted, refused = SAID[name]
    plan = plan_of(tree, make())
    assert [question.question.code for question in plan.open_questions] == asked
    assert set(noted) <= {note.code for note in plan.notes}
    assert len(plan.rejected) == refused
    told = plan.said_as_json()
    assert [set(one) for one in told["questions"]] == [{"id", "kind", "sheet", "rows", "message", "choices"}] * len(
        asked
    )
    assert all(set(one) == {"kind", "sheet", "rows", "message"} for one in told["notes"])


def test_j_a_page_named_as_a_workbook_is_read(tree):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEAD, *members()])
    plan = plan_of(tree, f"<html><body><table>{cells}</table></body></html>".encode(), "hoi-vien.xls")
    assert len(plan.accepted) == 6
