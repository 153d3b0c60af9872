"""The DOCX says the same as the PDF, with real styles and the decree's layout."""

import datetime as dt
import io
import shutil
import subprocess

import pytest
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from portal.lib import official
from portal.lib.docx import OfficialDocument
from portal.lib.tables import Column, Table

URL = "https://khuyenhoc.example/xac-minh/ABCDEFGHJK/"
HEAD = official.Head(
    superior="UBND thành phố Hải Phòng",
    issuer="Hội Khuyến học",
    symbol="BC-HKH",
    number=12,
    place="Hải Phòng",
    date=dt.date(2026, 2, 2),
    kind="Báo cáo",
    subject="Công tác khuyến học 6 tháng đầu năm 2023",
    summary="(Số liệu đến ngày 30/6/2023)",
    legal_bases=("Căn cứ Điều lệ",),
)
CLOSING = official.Closing(
    official.Signature(("TM. Ban Thường vụ", "Chủ tịch"), "Nguyễn Văn An"), ("Như trên", "Lưu: VT")
)
COLUMNS = [Column("unit", "Đơn vị"), Column("amount", "Số tiền (đồng)", kind="money", summed=True)]
ROWS = [{"unit": f"Phường {number}", "amount": number * 1_000_000} for number in range(1, 61)]


def write():
    document = OfficialDocument(title="Báo cáo 6 tháng", author="Hội Khuyến học")
    document.add_head(HEAD)
    document.add_title(HEAD)
    document.add_heading("I. Kết quả")
    document.add_heading("1. Hội viên", 2)
    document.add_paragraph("Đã kết nạp 1.100 hội viên mới.")
    document.add_table(Table(COLUMNS, ROWS, total_label="Tổng cộng", row_header="unit", caption="Biểu 1"))
    document.add_signature(CLOSING)
    document.add_verification(official.Verification("ABCDEFGHJK", URL), instruction="Quét mã", alt="Mã QR")
    document.start_wide_pages()
    document.add_table(Table(COLUMNS, ROWS[:2]), size=10)
    return document.to_bytes()


@pytest.fixture(scope="module")
def content():
    return write()


@pytest.fixture
def word(content):
    return Document(io.BytesIO(content))


def test_properties_name_title_author_and_language(word):
    properties = word.core_properties
    assert (properties.title, properties.author, properties.language) == ("Báo cáo 6 tháng", "Hội Khuyến học", "vi-VN")
    assert word.styles["Normal"].element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "vi-VN"


def test_margins_and_paper_are_the_decree_s(word):
    first, wide = word.sections
    assert [round(length.mm) for length in (first.page_width, first.page_height)] == [210, 297]
    assert [
        round(margin.mm) for margin in (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    ] == [20, 20, 30, 15]
    assert [round(length.mm) for length in (wide.page_width, wide.page_height)] == [297, 210]


def test_page_number_stands_on_top_from_the_second_page(word):
    first, wide = word.sections
    assert first.different_first_page_header_footer
    assert first.first_page_header.paragraphs[0].text == ""
    assert " PAGE " in [part.text for part in first.header._element.iter(qn("w:instrText"))]
    assert wide.header.is_linked_to_previous
    assert not wide.different_first_page_header_footer


def test_the_head_says_what_the_decree_asks(word):
    left, right = word.tables[0].rows[0].cells
    assert [paragraph.text for paragraph in left.paragraphs if paragraph.text] == [
        "UBND THÀNH\u00a0PHỐ\u00a0HẢI\u00a0PHÒNG",
        "HỘI KHUYẾN HỌC",
        "Số: 12/BC-HKH",
    ]
    assert [paragraph.text for paragraph in right.paragraphs] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hải Phòng, ngày 02 tháng 02 năm 2026",
    ]


def test_text_has_real_styles(word):
    styles = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs if paragraph.text]
    assert styles[:7] == [
        ("Title", "BÁO CÁO"),
        ("Subtitle", "Công tác khuyến học 6 tháng đầu năm 2023"),
        ("Unindented", "(Số liệu đến ngày 30/6/2023)"),
        ("Normal", "Căn cứ Điều lệ."),
        ("Heading 1", "I. Kết quả"),
        ("Heading 2", "1. Hội viên"),
        ("Normal", "Đã kết nạp 1.100 hội viên mới."),
    ]
    for name in ("Normal", "Heading 1", "Heading 2", "Title", "Subtitle", "Caption"):
        assert word.styles[name].font.name == "Times New Roman"


def test_table_repeats_its_header_and_splits_no_row(word):
    table = word.tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["Đơn vị", "Số tiền (đồng)"]
    assert [cell.text for cell in table.rows[-1].cells] == ["Tổng cộng", "1.830.000.000"]
    assert len(table.rows) == 62
    marks = [{child.tag for child in row._tr.trPr} for row in table.rows]
    assert qn("w:tblHeader") in marks[0]
    assert not any(qn("w:tblHeader") in mark for mark in marks[1:])
    assert all(qn("w:cantSplit") in mark for mark in marks)


def test_columns_share_the_width_by_what_they_hold(word):
    columns = [
        Column("n", "TT", kind="int"),
        Column("unit", "Đơn vị", value=lambda row: "Liên hiệp các hội khuyến học"),
    ]
    document = OfficialDocument(title="x")
    document.add_table(Table(columns, [{"n": 1}]))
    narrow, wide = Document(io.BytesIO(document.to_bytes())).tables[0].columns
    assert narrow.width < wide.width / 2
    assert round((narrow.width + wide.width) / 36000) == 165


def kept_with_next(table):
    """Row -> whether all of it stays on the page of the next one."""
    return [all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells) for row in table.rows]


def test_no_page_ends_within_four_rows_of_an_end_or_within_a_short_table(word):
    long, short = kept_with_next(word.tables[1]), kept_with_next(word.tables[-1])
    assert len(long) == 62  # the heading, sixty rows, the total
    assert long == [True] * 4 + [False] * 54 + [True] * 3 + [False]
    assert short == [True, True, False]


def test_an_empty_cell_is_no_higher_than_the_others():
    document = OfficialDocument(title="x")
    document.add_table(Table(COLUMNS, [{"unit": "", "amount": 1}]), size=9)
    row = Document(io.BytesIO(document.to_bytes())).tables[0].rows[1]
    ends = [cell.paragraphs[0]._p.pPr.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val")) for cell in row.cells]
    assert ends == ["18", "18"]  # half points


def test_a_note_is_smaller_than_the_text():
    document = OfficialDocument(title="x")
    document.add_note("76 đơn vị chưa báo cáo số liệu của biểu này.")
    run = Document(io.BytesIO(document.to_bytes())).paragraphs[-1].runs[0]
    assert (run.italic, run.font.size.pt) == (True, 11)


def test_signature_and_recipients(word):
    left, right = word.tables[2].rows[0].cells
    assert [paragraph.text for paragraph in left.paragraphs] == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert [paragraph.text for paragraph in right.paragraphs] == ["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH", "Nguyễn Văn An"]


def test_the_code_leads_to_its_address_and_says_what_it_is(word):
    picture = next(part for part in word.part.package.iter_parts() if part.content_type == "image/png")
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.blob)))] == [URL]
    assert [item.get("descr") for item in word.element.iter(qn("wp:docPr"))] == ["Mã QR"]
    assert "ABCD-EFGH-JK" in [paragraph.text for paragraph in word.tables[3].rows[0].cells[1].paragraphs]


def test_office_opens_it(content, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "report.docx").write_bytes(content)
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "report.docx"], check=True
    )
    assert (tmp_path / "report.pdf").stat().st_size > 10_000
