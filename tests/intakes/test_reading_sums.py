"""What a clerk would stop at: sums that disagree, merged amounts, swapped days, people below a signature."""

from datetime import date

import pytest

from intakes.reading.files.workbook import read_workbook
from tests.intakes.cases import HEAD, book, numbered, problems, read, total


def test_an_amount_fifty_times_the_usual_is_asked_until_it_is_typed_again():
    rows = numbered()
    rows[1][8] = 50_000_000
    content = book([HEAD, *rows])
    assert problems(read(content)) == [(3, "amount", "amount_far")]
    again = read(content, repairs={("Danh sách", 3): {"amount": "50.000.000"}})
    assert not problems(again)
    assert again.rows[1].values["amount"] == 50_000_000


def test_amounts_in_words_are_compared():
    words = ["Một triệu đồng", "Năm trăm nghìn đồng chẵn", "Ba trăm linh một nghìn đồng"]
    rows = [[*row, text] for row, text in zip(numbered()[:3], words, strict=True)]
    rows[0][8], rows[1][8], rows[2][8] = 1_000_000, 500_000, 301_000
    head = [*HEAD, "Bằng chữ"]
    assert not problems(read(book([head, *rows])))
    rows[1][8] = 400_000
    assert problems(read(book([head, *rows]))) == [(3, "amount", "words_differ")]


def test_a_wrong_subtotal_is_said_with_its_row():
    rows = numbered()
    first = sum(row[8] for row in rows[:3])
    sheet = [
        HEAD,
        ["I", "Xã An Hưng"],
        *rows[:3],
        total("Cộng xã An Hưng", first),
        ["II", "Xã Bắc Sơn"],
        *rows[3:],
        total("Cộng xã Bắc Sơn", 1_000),
        total(),
    ]
    said = [note for note in read(book(sheet)).notes if note.code == "subtotal_differs"]
    assert [note.rows for note in said] == [[11]]


def test_a_class_that_became_a_number_is_asked_about():
    rows = numbered()
    rows[0][4], rows[1][4], rows[2][4] = 60, 700, 9
    reading = read(book([HEAD, *rows]))
    assert [(row.row, row.problems[0].suggestion) for row in reading.rows if row.problems] == [(2, "6E1"), (3, "7E2")]


def test_days_that_an_american_program_swapped_are_asked_about():
    rows = numbered()
    for row, day in zip(rows, ["28/05/2024", date(2024, 5, 3), "16/01/2024", date(2024, 2, 6)], strict=False):
        row[9] = day
    rows = rows[:4]
    assert [(row.row, row.problems[0].suggestion) for row in read(book([HEAD, *rows])).rows if row.problems] == [
        (3, "05/03/2024"),
        (5, "02/06/2024"),
    ]
    rows[0][9] = "05/06/2024"  # a day that text writes below 13: nothing speaks for a swap
    assert not problems(read(book([HEAD, *rows])))


def test_people_below_a_line_like_a_signature_are_taken_and_signers_are_not():
    head = ["Họ và tên", "Lớp", "Số tiền"]
    sheet = [
        ["DANH SÁCH TRAO HỌC BỔNG NGÀY 28/05/2023"],
        head,
        ["Nguyễn Minh Khải", "6A1", 500_000],
        ["Ghi chú: các em dưới đây nhận đợt 2"],
        ["Lê Quang Huy", "7B", 500_000],
        ["Người lập", "Chủ tịch"],
        ["Trần Văn Hùng", "Phạm Thị Lan"],
    ]
    reading = read(book(sheet))
    assert [row.values["full_name"] for row in reading.rows] == ["Nguyễn Minh Khải", "Lê Quang Huy"]
    assert [note.rows for note in reading.notes if note.code == "lines_skipped"] == [[4, 6, 7]]


def test_a_name_merged_over_two_gifts_is_that_of_both():
    rows = numbered()[:2]
    rows[1] = [None, None, None, None, None, None, rows[1][6], "Hỗ trợ", 300_000, rows[1][9]]
    reading = read(book([HEAD, *rows], merged=("B2:B3",)))
    one, two = reading.rows
    assert one.values["full_name"] == two.values["full_name"]
    assert one.values["birth"] == two.values["birth"]
    assert not problems(reading)


_TABLE = "<tr><td>Họ và tên</td><td>Lớp</td><td>Số tiền</td></tr><tr><td>Nguyễn An</td><td>5A</td><td>500.000</td></tr>"
_XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
    '<Row><Cell><Data ss:Type="String">Họ và tên</Data></Cell><Cell><Data ss:Type="String">Lớp</Data></Cell>'
    '<Cell><Data ss:Type="String">Số tiền</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">Nguyễn An</Data></Cell><Cell><Data ss:Type="String">5A</Data></Cell>'
    '<Cell><Data ss:Type="Number">500000</Data></Cell></Row></Table></Worksheet></Workbook>'
)
_TEXT = "Họ và tên\tLớp\tSố tiền\nNguyễn An\t5A\t500000\n"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_CELL = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
_FLAT = (
    f'<?xml version="1.0"?><office:document xmlns:office="{_OFFICE}office:1.0" xmlns:table="{_OFFICE}table:1.0" '
    f'xmlns:text="{_OFFICE}text:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body>'
    "<office:spreadsheet><table:table table:name='A'><table:table-row>"
    + "".join(map(_CELL.format, ("Họ và tên", "Lớp", "Số tiền")))
    + "</table:table-row><table:table-row>"
    + "".join(map(_CELL.format, ("Nguyễn An", "5A", "500000")))
    + "</table:table-row></table:table></office:spreadsheet></office:body></office:document>"
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"<html><head><meta charset='utf-8'></head><table>{_TABLE}</table></html>".encode(), "a.xls"),
        (_XML.encode(), "a.xls"),
        (_TEXT.encode("utf-16"), "a.xls"),
        (_TEXT.encode(), "a.xls"),
        (_TEXT.encode("utf-16-le"), "a.csv"),
        (_FLAT.encode(), "a.fods"),
    ],
)
def test_formats_of_older_software_are_read(content, name):
    rows = read_workbook(content, name).sheets[0].rows
    assert [str(row.cells[0]) for row in rows] == ["Họ và tên", "Nguyễn An"]
    assert len(rows[1].cells) == 3
