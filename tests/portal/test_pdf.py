"""Documents as PDF/UA: tagged, in Vietnamese, with embedded fonts, laid out as the decree asks, and closed to the outside."""

import base64
import datetime as dt
import io
import re

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.template import engines
from PIL import Image

from portal.lib import charts, official, pdf
from portal.lib.tables import Column, Table

TITLE = "Báo cáo công tác khuyến học 6 tháng đầu năm 2023"
URL = "https://khuyenhoc.example/xac-minh/ABCDEFGHJK/"
HEAD = official.Head(
    superior="UBND thành phố Hải Phòng",
    issuer="Hội Khuyến học",
    symbol="BC-HKH",
    number=7,
    place="Hải Phòng",
    date=dt.date(2023, 7, 5),
    kind="Báo cáo",
    subject="Công tác khuyến học 6 tháng đầu năm 2023",
    legal_bases=("Căn cứ Điều lệ Hội Khuyến học Việt Nam", "Căn cứ Kế hoạch năm 2023;"),
)
CLOSING = official.Closing(
    official.Signature(("TM. Ban Thường vụ", "Chủ tịch"), "Nguyễn Văn An"), ("Hội Khuyến học Việt Nam", "Lưu: VT")
)
TEMPLATE = """{% extends "documents/official.html" %}{% block content %}
<h2>I. Kết quả</h2>
{% for _ in paragraphs %}<p>Các cấp hội đẩy mạnh phong trào khuyến học, khuyến tài, xây dựng xã hội học tập trên địa bàn
thành phố; trao học bổng cho gần 15.000 lượt học sinh có hoàn cảnh khó khăn.</p>{% endfor %}
{% include "documents/_chart.html" with src=chart alt="Lượt theo đơn vị" caption="Hình 1" %}
{% include "documents/_table.html" %}
<p><a href="/bao-cao/2023-H1/HP/">Xem trực tuyến</a></p>
{% endblock %}"""
ROWS = [{"unit": f"Phường số {number}", "turns": number, "amount": number * 1_250_000} for number in range(1, 71)]


def render(paragraphs=6, rows=ROWS, **changes):
    columns = [
        Column("unit", "Đơn vị"),
        Column("turns", "Lượt", kind="int", summed=True),
        Column("amount", "Số tiền (đồng)", kind="money", summed=True),
    ]
    context = {
        "title": TITLE,
        "head": HEAD,
        "closing": CLOSING,
        "verification": official.Verification("ABCDEFGHJK", URL, "ab" * 32),
        "paragraphs": range(paragraphs),
        "chart": charts.chart_data_uri(charts.bar_chart([("Lê Chân", 2310), ("Cát Hải", None)], title="Lượt")),
        "table": Table(columns, rows, total_label="Tổng cộng", row_header="unit", caption="Biểu 1"),
    }
    html = engines["django"].from_string(TEMPLATE).render(context | changes)
    return pdf.render_pdf(html, title=TITLE, base_url="https://khuyenhoc.example")


@pytest.fixture(scope="module")
def report():
    return render()


@pytest.fixture(scope="module")
def pages(report):
    document = pypdfium2.PdfDocument(report)
    return [document[place] for place in range(len(document))]


def text_of(page):
    return " ".join(page.get_textpage().get_text_bounded().split())


def test_it_is_tagged_and_names_its_language_and_title(report):
    with pikepdf.open(io.BytesIO(report)) as file, file.open_metadata() as metadata:
        assert str(file.Root.Lang) == "vi"
        assert bool(file.Root.MarkInfo.Marked)
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert metadata["dc:title"] == TITLE
        assert metadata["pdfuaid:part"] == "1"
        kinds = tag_kinds(file.Root.StructTreeRoot)
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Caption", "/Figure", "/Link"} <= kinds


def tag_kinds(element):
    kinds = {str(element.S)} if "/S" in element else set()
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            kinds |= tag_kinds(child)
    return kinds


def test_every_font_is_embedded_once_and_is_ours(report):
    with pikepdf.open(io.BytesIO(report)) as file:
        fonts = [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
        descendants = [font for font in fonts if "/FontDescriptor" in font]
        assert all("/FontFile2" in font.FontDescriptor or "/FontFile3" in font.FontDescriptor for font in descendants)
        names = sorted(re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont)) for font in descendants)
        assert names == ["Tinos", "Tinos-Bold", "Tinos-Bold-Italic", "Tinos-Italic"]
        assert all("/ToUnicode" in font for font in fonts if font.get("/Subtype") == "/Type0")


def test_the_head_says_what_the_decree_asks(pages):
    text = text_of(pages[0])
    for words in (
        "UBND THÀNH PHỐ HẢI PHÒNG",
        "HỘI KHUYẾN HỌC",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 07/BC-HKH",
        "Hải Phòng, ngày 05 tháng 7 năm 2023",
        "BÁO CÁO",
        "Căn cứ Điều lệ Hội Khuyến học Việt Nam;",
        "Căn cứ Kế hoạch năm 2023.",
    ):
        assert words in text


def millimetres_of_ink(page, top=0.0, bottom=0.0):
    """Left, top, right, bottom margin without ink, of what stands between `top` and `bottom` millimetres."""
    scale = 6
    image = page.render(scale=scale).to_pil().convert("L").point(lambda value: 255 * (value < 160))
    image.paste(0, (0, 0, image.width, int(top / 25.4 * 72 * scale)))
    image.paste(0, (0, image.height - int(bottom / 25.4 * 72 * scale), image.width, image.height))
    left, upper, right, lower = image.getbbox()
    to_mm = 25.4 / 72 / scale
    return left * to_mm, upper * to_mm, (image.width - right) * to_mm, (image.height - lower) * to_mm


def test_margins_are_the_decree_s(pages):
    assert [round(side / 72 * 25.4) for side in pages[0].get_size()] == [210, 297]
    for page in pages:
        left, upper, right, lower = millimetres_of_ink(page, top=19, bottom=19)  # within: number, and code at the foot
        assert left == pytest.approx(30, abs=1)
        assert right == pytest.approx(15, abs=1)
        assert 19.9 <= upper <= 25
        assert lower >= 19.5


def test_pages_are_numbered_on_top_from_the_second(pages):
    for number, page in enumerate(pages, start=1):
        width, height = page.get_size()
        band = page.get_textpage().get_text_bounded(left=0, bottom=height - 20 / 25.4 * 72, right=width, top=height)
        assert band.strip() == ("" if number == 1 else str(number))
    image = pages[1].render(scale=4).to_pil().convert("L").point(lambda value: 255 * (value < 160))
    left, _, right, _ = image.crop((0, 0, image.width, int(19 / 25.4 * 72 * 4))).getbbox()
    middle = (30 + (210 - 15)) / 2 / 25.4 * 72 * 4
    assert (left + right) / 2 == pytest.approx(middle, abs=4)


def test_a_long_table_repeats_its_header_and_says_its_total(pages):
    with_rows = [text_of(page) for page in pages if "Phường số" in text_of(page)]
    assert len(with_rows) >= 2
    assert all("Đơn vị" in text and "Số tiền (đồng)" in text for text in with_rows)
    assert f"Tổng cộng {sum(range(71)):,} ".replace(",", ".") in with_rows[-1] + " "


def test_a_signature_never_stands_alone_on_its_page():
    for paragraphs in range(1, 12, 2):
        document = pypdfium2.PdfDocument(render(paragraphs, ROWS[:25], verification=None))
        last = text_of(document[len(document) - 1])
        assert "Nguyễn Văn An" in last
        assert "Xem trực tuyến" in last


def test_the_code_on_paper_leads_to_its_address(pages):
    found = [barcode.text for page in pages for barcode in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]
    assert set(found) == {URL}
    assert len(found) == len(pages) + 1  # at the foot of every page, and under the text
    assert "ABCD-EFGH-JK" in text_of(pages[-1])
    assert URL in text_of(pages[-1])


def test_links_become_absolute(report):
    with pikepdf.open(io.BytesIO(report)) as file:
        links = {str(note.A.URI) for page in file.pages for note in page.get("/Annots", []) if "/A" in note}
    assert links == {"https://khuyenhoc.example/bao-cao/2023-H1/HP/"}


def test_text_comes_back_whole_from_composed_and_decomposed_letters():
    words = "Nguyễn Thị Hằng, Đường Ỷ Lan, ₫"
    decomposed = "Nguye\u0302\u0303n"
    html = f"<html lang=vi><p style='font-family: Tinos'>{words} {decomposed}"
    text = text_of(pypdfium2.PdfDocument(pdf.render_pdf(html, title="x"))[0])
    assert words in text
    assert "\ufffd" not in text


def test_a_missing_number_and_date_leave_room_to_write():
    head = official.Head(issuer="Hội Khuyến học", subject="Về việc họp", symbol="HKH", place="Hải Phòng")
    assert re.fullmatch(r"Số: \u2007+/HKH", head.number_line)
    assert re.fullmatch(r"Hải Phòng, ngày \u2007+ tháng \u2007+ năm \u2007+", head.place_and_date)


def test_recipients_and_legal_bases_are_punctuated_as_the_decree_asks():
    assert CLOSING.recipient_lines == ["- Hội Khuyến học Việt Nam;", "- Lưu: VT."]
    assert HEAD.legal_lines == ["Căn cứ Điều lệ Hội Khuyến học Việt Nam;", "Căn cứ Kế hoạch năm 2023."]


# ---- what a document may load ----------------------------------------------------------------------------------------

RED = (255, 0, 0)


@pytest.fixture
def folders(tmp_path):
    for name in ("static", "media", "secret"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8), RED).save(tmp_path / name / "red.png")
    (tmp_path / "media" / "link.png").symlink_to(tmp_path / "secret" / "red.png")
    return {"/static/": [tmp_path / "static"], "/media/": [tmp_path / "media"]}


def shows_red(source, folders):
    html = f'<html lang=vi><img alt="đỏ" width=200 height=200 src="{source}">'
    page = pypdfium2.PdfDocument(pdf.render_pdf(html, title="x", base_url="https://site.example", folders=folders))[0]
    return RED in set(page.render().to_pil().convert("RGB").get_flattened_data())


@pytest.mark.parametrize("source", ["/media/red.png", "/static/red.png", "https://site.example/media/red.png?v=1"])
def test_project_files_are_loaded(source, folders):
    assert shows_red(source, folders)


def test_data_addresses_are_loaded(folders, tmp_path):
    content = base64.b64encode((tmp_path / "media" / "red.png").read_bytes()).decode()
    assert shows_red(f"data:image/png;base64,{content}", folders)


@pytest.mark.parametrize(
    "source",
    [
        "file://{root}/secret/red.png",
        "{root}/secret/red.png",
        "/media/../secret/red.png",
        "/media/%2e%2e/secret/red.png",
        "/media/link.png",
        "/media//{root}/secret/red.png",
        "http://127.0.0.1:9/red.png",
        "https://site.example.evil/media/red.png",
        "/elsewhere/red.png",
        "/media/lost.png",
    ],
)
def test_nothing_else_is_loaded(source, folders, tmp_path):
    assert not shows_red(source.format(root=tmp_path), folders)


def test_a_missing_stylesheet_stops_the_document(folders):
    html = '<html lang=vi><link rel="stylesheet" href="/static/css/lost.css"><p>x'
    with pytest.raises(pdf.MissingFileError, match=r"lost\.css"):
        pdf.render_pdf(html, title="x", base_url="https://site.example", folders=folders)


def test_a_second_document_does_not_inherit_from_the_first(report):
    html = "<html lang=vi><p>Ngắn"
    other = pdf.render_pdf(html, title="Khác", lang="en")
    with pikepdf.open(io.BytesIO(other)) as file, file.open_metadata() as metadata:
        assert metadata["dc:title"] == "Khác"
        assert str(file.Root.Lang) == "en"
