"""The words officers use: many headings for each field, each tried in a whole list; and any order of the columns."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intakes.cases import (
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    fields,
    notes,
    numbered,
    problems,
    read,
    turns,
)

NAMES = [
    "Họ và tên", "Họ tên", "HỌ VÀ TÊN", "Họ & tên", "Họ tên HS", "Họ và tên HS", "Họ tên học sinh", "Tên học sinh", "Họ và tên học sinh", "Họ và tên SV", "Họ tên sinh viên", "Họ và tên cháu",
    "Họ và tên con", "Họ tên con", "Họ và tên em", "Tên các em", "Người nhận", "Người được nhận", "Họ và tên người nhận", "Họ tên người nhận học bổng", "Họ và tên người được khen thưởng", "Họ và tên (chữ in hoa)",
    "Họ, tên", "Họ, chữ đệm và tên", "Họ và tên trẻ em", "Học sinh", "Tên", "Họ và tên khai sinh", "Họ tên cá nhân", "Họ và tên học sinh được trao học bổng", "Đối tượng được nhận", "Người được thưởng", "Họ và\ntên",
    "Họ tên các cháu", "Họ và tên người thụ hưởng", "Cá nhân", "Họ - tên", "Họ/tên", "HOTEN", "Tên HS", "Full name", "Họ và tên học viên", "Họ và tên giáo viên", "Ho ten",
]  # fmt: skip
BIRTHS = [
    "Ngày sinh", "Năm sinh", "NTNS", "N.T.N.S", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Ngày/tháng/năm sinh", "Sinh ngày", "Sinh năm", "Ngày sinh (dd/mm/yyyy)", "NGÀY SINH", "Ng.sinh", "N.Sinh", "NS",
    "Ngày, tháng,\nnăm sinh", "Ngày sinh của học sinh", "Ngày tháng sinh", "Năm, tháng, ngày sinh", "Ngày tháng năm", "Ngày sinh/Năm sinh", "Ngày sinh HS", "Ngày - tháng - năm sinh", "DOB", "Ngày, th, năm sinh", "Ngay sinh", "Ngày",
]  # fmt: skip
GENDERS = [
    "Giới tính",
    "Nam/Nữ",
    "Nam, nữ",
    "Nam (Nữ)",
    "Giới",
    "Phái",
    "GT",
    "G.tính",
    "Nam-Nữ",
    "GIỚI TÍNH",
    "Giới tính (Nam/Nữ)",
    "Nam/ nữ",
]
CLASSES = [
    "Lớp",
    "Lớp học",
    "Học lớp",
    "Tên lớp",
    "HS lớp",
    "Học sinh lớp",
    "LỚP",
    "Lớp (năm học 2024-2025)",
    "Đang học lớp",
    "Khối/lớp",
    "Lớp/khối",
    "Lớp hiện tại",
]
SCHOOLS = [
    "Trường", "Trường học", "Đơn vị", "Đơn vị trường", "Nơi học", "Học sinh trường", "Tên trường", "Học tại trường", "TRƯỜNG", "Trường (đơn vị)", "Nhà trường", "HS trường", "Trường đang học", "Cơ sở giáo dục", "Đơn vị (Trường)",
    "Trường THCS", "Trường, đơn vị", "Học trường", "Đơn vị công tác", "Nơi học tập",
]  # fmt: skip
CIRCUMSTANCES = [
    "Hoàn cảnh", "Hoàn cảnh gia đình", "Diện", "Thuộc diện", "Đối tượng", "Thuộc đối tượng", "Diện hộ", "Hoàn cảnh GĐ", "HCGĐ", "Gia cảnh", "HOÀN CẢNH", "Diện chính sách", "Lý do", "Lý do trao", "Hoàn cảnh/Thành tích", "Diện hoàn cảnh",
    "Hoàn cảnh (nghèo, cận nghèo...)", "Tóm tắt hoàn cảnh", "Đối tượng ưu tiên", "Hộ", "Hoàn cảnh học sinh", "Diện ưu tiên", "Tiêu chí", "Hoàn cảnh cụ thể", "Thành tích", "Diện khó khăn", "Đối tượng chính sách", "Thành phần",
]  # fmt: skip
KINDS = [
    "Hình thức", "Loại", "Loại hình", "Nội dung", "Danh mục", "Chương trình", "Loại hỗ trợ", "Hình thức hỗ trợ", "Nội dung hỗ trợ", "Nội dung trao", "Hạng mục", "Khoản", "HÌNH THỨC", "Hình thức trao tặng", "Loại suất", "Được nhận", "Phân loại",
    "Hình thức khen thưởng", "Nội dung chi", "Chế độ", "Loại trợ cấp", "Tên chương trình", "Học bổng/Khen thưởng/Hỗ trợ", "Loại học bổng", "HB/KT/HT", "Danh mục chi", "Hình thức (HB, KT, HT)", "Loại hình hỗ trợ", "Nội dung được nhận", "Mục chi", "Dạng hỗ trợ", "Suất",
]  # fmt: skip
AMOUNTS = [
    "Số tiền", "Số tiền (đồng)", "Mức", "Mức tiền", "Mức hỗ trợ", "Mức thưởng", "Mức HB", "Mức học bổng", "Trị giá", "Giá trị", "Thành tiền", "Kinh phí", "Số tiền (VNĐ)", "SỐ TIỀN", "Số tiền nhận", "Số tiền được nhận", "Thực nhận", "Tiền thưởng",
    "Số tiền hỗ trợ", "Mức trao", "Tiền mặt", "Trị giá (đ)", "Mức chi", "Số tiền trao", "Tổng tiền", "Tổng số tiền", "Số tiền / suất", "Mức quà", "Giá trị suất học bổng", "Số tiền học bổng", "Mức suất", "Quy tiền", "ST", "Số tiền đã nhận", "Tiền",
    "Mức hưởng", "Số tiền được hưởng (đồng)", "Trị giá quà", "Đơn giá", "Tổng cộng", "Mức trợ cấp (đồng/suất)", "Giá trị phần thưởng",
]  # fmt: skip
GIVEN = [
    "Ngày trao", "Ngày cấp", "Ngày nhận", "Ngày phát", "Thời gian trao", "Thời gian", "Ngày tặng", "Ngày trao tặng", "Ngày chi", "NGÀY TRAO", "Ngày tháng trao", "Ngày, tháng, năm trao", "Trao ngày", "Ngày hỗ trợ", "Ngày khen thưởng", "Ngày tổ chức",
    "Thời điểm trao", "Ngày trao học bổng", "Ngày nhận tiền", "Đợt trao", "Ngày chi trả", "Thời gian cấp", "Ngày cấp phát", "Ngày nhận HB", "Thời gian tổ chức", "Ngày thực hiện", "Ngày trao (dd/mm/yyyy)", "Ngày", "Ngày được nhận", "Đợt",
]  # fmt: skip
SYNONYMS = {1: NAMES, 2: BIRTHS, 3: GENDERS, 4: CLASSES, 5: SCHOOLS, 6: CIRCUMSTANCES, 7: KINDS, 8: AMOUNTS, 9: GIVEN}
FIELDS = [None, "full_name", "birth", "gender", "school_class", "school", "circumstance", "kind", "amount", "given_on"]


@pytest.mark.parametrize(
    ("column", "heading"), [(column, heading) for column, headings in SYNONYMS.items() for heading in headings]
)
def test_heading(column, heading):
    head = [*HEAD]
    head[column] = heading
    reading = read(book([head, *numbered()]))
    assert_clean(reading)
    assert "no_headings" not in notes(reading)
    found, reason = next((item.field, item.reason) for item in reading.tables[0].columns if item.index == column)
    assert reason == "header"
    assert found == FIELDS[column] or (found in ("programme", "unit_price", "row_total") and column in (7, 8))


@pytest.mark.parametrize("heading", ["STT", "TT", "Số TT", "Stt", "S.T.T", "Số thứ tự", "No.", "STT chung", "", "Số"])
def test_heading_of_numbers(heading):
    assert_clean(read(book([[heading or None, *HEAD[1:]], *numbered()])))


@st.composite
def headed_lists(draw):
    """Columns in any order, each under one of its names."""
    order = draw(st.permutations(range(1, 10)))
    numbered_first = draw(st.booleans())
    heads = {column: draw(st.sampled_from(SYNONYMS[column][:14])) for column in order}
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=5, max_size=9))
    columns = [0, *order] if numbered_first else list(order)
    rows = [[row[column] for column in columns] for row in numbered(people)]
    return people, [["STT" if column == 0 else heads[column] for column in columns], *rows]


@given(headed_lists())
@settings(max_examples=60, deadline=None)
def test_any_order_of_any_headings_reads_the_same(case):
    people, rows = case
    reading = read(book([["DANH SÁCH"], *rows]))
    assert not reading.ambiguities
    assert not problems(reading)
    assert "no_headings" not in notes(reading)
    assert turns(reading) == expected(people)
    wanted = [(person[1].year, person[3], person[4], person[5]) for person in people]
    assert [
        (row.values["birth"].year, row.values["school_class"], row.values["school"], row.values["circumstance"])
        for row in reading.rows
    ] == wanted


def test_every_column_is_shown_with_its_reason():
    reading = read(book([[*HEAD, "Ký nhận", "Lạ"], *[[*row, None, "abc"] for row in numbered()]]))
    columns = {column.header: column for column in reading.tables[0].columns}
    assert columns["Số tiền"].samples == ["1000000", "500000", "300000"]
    assert (columns["Số tiền"].letter, columns["Số tiền"].reason) == ("I", "header")
    assert (columns["Ký nhận"].field, columns["Lạ"].field) == (None, None)
    assert fields(reading)["Ngày trao"] == "given_on"


def test_mapping_by_letter_and_to_nothing():
    content = book([HEAD, *numbered()])
    assert "birth" not in fields(read(content, mapping={"c": "ignore"})).values()
    assert read(content, mapping={"C": "ignore"}).rows[0].values["birth"] is None


def test_dates_alone_tell_which_is_which():
    rows = [
        [1, "Lê Thị Na", date(2010, 5, 5), "Học bổng", 500_000, date(2024, 9, 1)],
        [2, "Lê Văn Tú", date(2012, 5, 5), "Học bổng", 500_000, date(2024, 9, 1)],
    ]
    reading = read(book([["STT", "Họ tên", "Ngày", "Loại", "Mức", "Ngày"], *rows]))
    assert [(row.values["birth"].year, row.values["given_on"].year) for row in reading.rows] == [
        (2010, 2024),
        (2012, 2024),
    ]
    assert not reading.ambiguities
