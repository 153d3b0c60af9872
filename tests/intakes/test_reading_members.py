"""Danh sách hội viên của các chi hội."""

from datetime import date

from members.schema import MEMBERS
from portal.lib.vietnamese import Birth
from tests.intakes.cases import (
    book,
    problems,
    read,
)


def test_members_of_chapters():
    rows = [
        ["HỘI KHUYẾN HỌC PHƯỜNG AN BIÊN"], ["DANH SÁCH HỘI VIÊN KẾT NẠP MỚI"],
        ["TT", "Họ và tên", "Năm sinh", None, "Nghề nghiệp, chức vụ", "Địa chỉ", "Ngày kết nạp", "SĐT/Zalo", "Số thẻ"], [None, None, "Nam", "Nữ"],
        ["I", "Chi hội Trường THCS Trần Phú"], [1, "TRẦN THỊ HÀ", None, 1970, "Giáo viên", "Tổ 5", "20/11/2024", 912345678, "HP-1"],
        ["II", "Chi hội TDP số 3"], [1, "Lê Văn Ba", 1955, None, "Hưu trí", "Tổ 3", date(2024, 9, 2), "0936.111.222 - 0225.3842615", "HP-2"],
        [None, "Tổng cộng: 2 hội viên"],
    ]  # fmt: skip
    reading = read(book(rows, merged=("C3:D3", "A3:A4", "B3:B4")), MEMBERS)
    assert not reading.bad_rows
    assert [
        (
            row.values["full_name"],
            row.values["birth"],
            row.values["gender"],
            row.values["unit"],
            row.values["phone"],
            str(row.values["joined_on"]),
            row.values["card_number"],
        )
        for row in reading.rows
    ] == [
        ("Trần Thị Hà", Birth(1970), "female", "Chi hội Trường THCS Trần Phú", "+84912345678", "2024-11-20", "HP-1"),
        ("Lê Văn Ba", Birth(1955), "male", "Chi hội TDP số 3", "+84936111222", "2024-09-02", "HP-2"),
    ]
    assert reading.totals[0].written_count == 2


def test_members_with_a_wrong_telephone():
    reading = read(
        book(
            [
                ["STT", "Họ và tên", "Năm sinh", "Điện thoại", "Chi hội"],
                [1, "Lê Văn Ba", 1955, "12", "Khu 1"],
                [2, "Lê Văn Tư", 1955, None, "Khu 1"],
            ]
        ),
        MEMBERS,
    )
    assert problems(reading) == [(2, "phone", "not_a_phone")]
