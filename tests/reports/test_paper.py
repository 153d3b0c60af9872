"""The report on paper, as its pages and not as its markup: nothing torn, numbered, each figure with unit and source."""

import copy
import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter

import openpyxl
import pypdfium2
import pytest
from docx import Document
from PIL import Image

from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from reports import services
from reports.services.documents import (
    charts_of,
    render_report_docx,
    render_report_pdf,
    render_report_summary,
    render_report_xlsx,
)
from tests.reports import rows
from tests.soak import IS_SOAK

H1 = HalfYear(2023, 1)
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
FEWEST_ROWS = 4
MM, SEAL = 25.4 / 72, 25  # millimetres in a point; of room for a round seal and a signature


pytestmark = pytest.mark.django_db
_KEPT: dict = {}


@pytest.fixture
def payload(request):
    """What an issued report froze: plain data, so that it is made once for all tests of this file."""
    if not _KEPT:
        city, approver, leader = (request.getfixturevalue(name) for name in ("city", "approver", "leader"))
        rows.approve_all(city, H1, approver, {"LC": {"communication.events": 40}})
        _KEPT.update(services.issue_report(unit=city["HP"], period=H1, number=12, actor=leader).payload)
    return copy.deepcopy(_KEPT)


def widen(payload, count):
    """Return the payload as if `count` more units had reported what the first one did."""
    more = {f"U{number:03}": f"Phường số {number:03}" for number in range(count)}
    like = payload["by_unit"]["LC"]
    return payload | {
        "units": payload["units"] | more,
        "order": [*payload["order"], *more],
        "by_unit": payload["by_unit"] | {code: dict(like) for code in more},
    }


def lines_of(pdf):
    """The lines of each page, as one reads them."""
    return [page.get_textpage().get_text_range().splitlines() for page in pypdfium2.PdfDocument(pdf)]


def rows_by_page(pages, names):
    """Table -> how many rows of units (by their names) it has on each page on which it stands."""
    found, table = {}, None
    for number, lines in enumerate(pages):
        for line in lines:
            if begun := re.match(r"Bi[ể ]u (\d+)", line):  # a letter of another font comes late in its line
                table = begun[1]
            elif table and line.startswith(names):
                pieces = found.setdefault(table, {})
                pieces[number] = pieces.get(number, 0) + 1
    return {table: list(pieces.values()) for table, pieces in found.items()}


@pytest.mark.parametrize("count", range(1, 60) if IS_SOAK else (17, 20, 45))
def test_no_table_is_torn_under_four_rows(payload, count):
    wide = widen(payload, count)
    pages = lines_of(render_report_pdf(wide))
    added = rows_by_page(pages, ("Phường số ",))
    assert len(added) >= 3
    assert {sum(pieces) for pieces in added.values()} == {count}
    found = rows_by_page(pages, tuple(wide["units"][code] for code in wide["by_unit"]))
    torn = {table: pieces for table, pieces in found.items() if len(pieces) > 1 and min(pieces) < FEWEST_ROWS}
    assert torn == {}
    if count > 40:
        assert any(len(pieces) > 1 for pieces in found.values())  # else nothing was asked here


def test_charts_and_tables_are_numbered_and_say_unit_and_source(payload):
    text = "\n".join(line for lines in lines_of(render_report_pdf(payload)) for line in lines)
    assert re.findall(r"^Hình (\d)\.", text, re.MULTILINE) == ["1", "2", "3"]
    assert text.count("Nguồn: danh sách trao và báo cáo nửa năm của các đơn vị.") == 3
    assert re.findall(r"^Biểu (\d+)\.", text, re.MULTILINE) == [str(n + 1) for n in range(len(payload["tables"]))]
    assert "Đơn vị tính: đồng." in text


def test_each_printed_figure_is_explained_as_it_was_frozen(payload):
    """What an issued report says of a figure stays, whatever the catalogue says of it later; PDF and DOCX say the same."""
    codes = [code for table in payload["tables"] for code in table["codes"]]
    assert len(codes) > 20
    payload["indicators"][codes[1]]["definition"] = "Đếm theo cách của ngày ban hành, nay đã khác."
    pages = lines_of(render_report_pdf(payload))
    printed = " ".join(" ".join(line for lines in pages for line in lines).split())
    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(render_report_docx(payload))).paragraphs]
    written = " ".join(text for text in paragraphs if text.startswith("Giải thích chỉ tiêu."))
    for text in (printed, written):
        assert text.count("Giải thích chỉ tiêu.") == len(payload["tables"])
        for code in codes:
            told = payload["indicators"][code]
            assert told["definition"] in text, code
            assert told["label"] in text, code
    # said once for all columns of a table that count the same way
    same = next(one for one in map(told_in(payload), payload["tables"]) if len(set(one)) < len(one))
    assert all(text.count(max(same, key=same.count)) < len(same) for text in (printed, written))


@pytest.mark.parametrize("count", [0, 30])
def test_the_summary_of_many_units_is_two_pages_with_the_code_on_the_first(payload, count):
    """An issued one: its charts have as many bars as charts may have, and the code that verifies it stands before them."""
    first, second = lines_of(render_report_summary(widen(payload, count), "0" * 64))
    assert any("Ba điểm cần biết" in line for line in first)
    assert any("SHA-256" in line for line in first)
    assert not any("SHA-256" in line for line in second)
    assert sum(line.startswith("Hình") for line in second) == len(charts_of(widen(payload, count)))


def told_in(payload):
    return lambda table: [payload["indicators"][code]["definition"] for code in table["codes"]]


def test_a_chart_has_one_unit(payload):
    amounts = {code: figures | {"disbursements.amount": 7_000_000} for code, figures in payload["by_unit"].items()}
    amounts["LC"]["disbursements.amount"] = 10_426_900_000
    amounts["NQ"]["disbursements.amount"] = 426_900_000
    with official_language():
        chart = charts_of(payload | {"by_unit": amounts})[1]
    assert chart.note.startswith("Đơn vị tính: tỷ đồng.")
    figures = [text for text in re.findall(r"font-weight=\"bold\">([^<]*)<", chart.svg) if text != "–"]
    assert figures == ["10,43", "0,43"] + ["0,01"] * (len(figures) - 2)


def test_word_has_the_charts_as_pictures_that_say_what_they_show(payload):
    document = Document(io.BytesIO(render_report_docx(payload)))
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    charts = [text for text in told if text.startswith("Hình")]
    assert [text[:7] for text in charts] == ["Hình 1.", "Hình 2.", "Hình 3."]
    assert "Quận Lê Chân" in charts[0]
    pictures = [part for part in document.part.package.iter_parts() if part.content_type == "image/png"]
    drawn = [Image.open(io.BytesIO(part.blob)) for part in pictures]
    assert [picture.size[0] for picture in drawn].count(1400) == 3
    assert all(picture.convert("L").getextrema()[0] < 60 for picture in drawn)  # something dark is drawn on each
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert [text[:7] for text in paragraphs if text.startswith("Hình")] == ["Hình 1.", "Hình 2.", "Hình 3."]
    assert "Đơn vị tính: đồng." in paragraphs


def convert(path, kind, folder):
    """The file as LibreOffice writes it in another format; the test is skipped where there is none."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    place = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, place, "--headless", "--convert-to", kind, "--outdir", folder / "converted", path]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "converted" / path.with_suffix(f".{kind}").name).read_bytes()


def test_word_through_office_keeps_the_text_and_the_lines_of_the_head(payload, tmp_path):
    if not has_times():
        pytest.skip("no font is as wide as the one that the document names: apt-get install fonts-liberation")
    content = render_report_docx(payload)
    (tmp_path / "report.docx").write_bytes(content)
    pages = lines_of(convert(tmp_path / "report.docx", "pdf", tmp_path))
    heads = [count_letters(line) for line in pages[0]]
    assert count_letters(NATION) in heads
    assert count_letters(MOTTO) in heads
    written = "".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    assert count_letters(written) <= count_letters("".join(line for lines in pages for line in lines))


@pytest.mark.parametrize("count", [6, 17, 27])
def test_word_through_office_tears_no_table_under_four_rows(payload, count, tmp_path):
    if not has_times():
        pytest.skip("no font is as wide as the one that the document names: apt-get install fonts-liberation")
    wide = widen(payload, count)
    wide["units"] |= {code: f"Alpha {code}" for code in wide["units"] if code.startswith("U")}
    (tmp_path / "report.docx").write_bytes(render_report_docx(wide))
    pages = lines_of(convert(tmp_path / "report.docx", "pdf", tmp_path))
    assert all(len(lines) > 1 for lines in pages), "no page with its number alone"
    charts = [len(re.findall(r"nh [123]\.", "\n".join(lines))) for lines in pages]
    assert 3 in charts, "the charts stand on one page, as in the PDF"
    found = rows_by_page(pages, ("Alpha ",))
    assert len(found) >= 3
    assert {sum(pieces) for pieces in found.values()} == {count}
    assert [table for table, pieces in found.items() if min(pieces) < FEWEST_ROWS] == []


def has_times():
    """Whether documents in Times New Roman are as wide here as they are meant: in that font or one made to its widths."""
    found = subprocess.run(
        ["fc-match", "-f", "%{family}", "Times New Roman"], check=True, capture_output=True, text=True
    )
    return any(name in found.stdout for name in ("Times New Roman", "Liberation Serif", "Tinos", "Nimbus Roman"))


def count_letters(text):
    """How often each letter and figure stands in it: a letter taken from another font comes late in its line."""
    return Counter(re.findall(r"\w", text))


def test_a_workbook_tells_the_unit_of_each_column(payload):
    workbook = openpyxl.load_workbook(io.BytesIO(render_report_xlsx(payload)))
    heads = {str(cell.value) for sheet in workbook for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    assert {"Hội viên mới (người)", "Tổng số tiền đã trao (đồng)", "Học bổng (lượt)", "Chi hội"} <= heads


# A cell with a formula and the value that stands in the file for who does not compute.
CACHED = re.compile(rb"(<c [^>]*><f>[^<]*</f>)<v>[^<]*</v>")


def forget_values(workbook):
    """The workbook without the values of its formulas, and how many there were: whoever opens it must compute them."""
    told, emptied = 0, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(emptied, "w") as new:
        for name in old.namelist():
            content, count = CACHED.subn(rb"\1", old.read(name))
            told += count
            new.writestr(name, content)
    return emptied.getvalue(), told


def values_of(workbook):
    """Sheet and cell -> value, as they stand in the file."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }


def test_the_values_in_a_workbook_are_those_that_its_formulas_give(payload, tmp_path):
    """LibreOffice computes them anew, from a copy that holds none: every cell is then as it stood in ours."""
    content = render_report_xlsx(payload)
    emptied, count = forget_values(content)
    assert count > 5
    kept, blank = values_of(content), values_of(emptied)
    assert len(kept) - len(blank) == count
    (tmp_path / "report.xlsx").write_bytes(emptied)
    assert values_of(convert(tmp_path / "report.xlsx", "xlsx", tmp_path)) == kept


def height_of(page, text):
    """Where the text stands, in millimetres from the foot of the page: bottom and top."""
    words = page.get_textpage()
    begin, count = words.search(text, match_case=True).get_next()
    boxes = [words.get_charbox(place) for place in range(begin, begin + count)]
    return min(box[1] for box in boxes) * MM, max(box[3] for box in boxes) * MM


def test_a_seal_has_room_between_the_office_and_the_name(payload):
    payload["head"]["signer"] = "Nguyễn Văn An"
    pages = pypdfium2.PdfDocument(render_report_pdf(payload))
    page = next(page for page in pages if "Nguyễn Văn An" in page.get_textpage().get_text_range())
    assert height_of(page, "CHỦ TỊCH")[0] - height_of(page, "Nguyễn Văn An")[1] >= SEAL
    signed = Document(io.BytesIO(render_report_docx(payload)))
    names = [p for table in signed.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    name = next(paragraph for paragraph in names if paragraph.text == "Nguyễn Văn An")
    assert name.paragraph_format.space_before.mm >= SEAL


def test_units_that_reported_nothing_are_one_line_under_the_table(payload):
    silent = {f"S{number}": f"Xã Lặng {number}" for number in range(3)}
    payload["units"] |= silent
    payload["order"] += list(silent)
    payload["by_unit"] |= {code: {} for code in silent}
    pages = lines_of(render_report_pdf(payload))
    assert rows_by_page(pages, ("Xã Lặng ",)) == {}
    printed = " ".join(line for lines in pages for line in lines)
    written = " ".join(p.text for p in Document(io.BytesIO(render_report_docx(payload))).paragraphs)
    folded = re.compile(r"3 đơn vị [^.]* số liệu của biểu này: Xã Lặng 0, Xã Lặng 1, Xã Lặng 2\.")
    for text in (printed, written):
        assert len(folded.findall(" ".join(text.split()))) == len(payload["tables"])


def test_annexes_are_numbered_named_and_tied_to_their_paper(payload):
    """Nghị định 30/2020/NĐ-CP: Roman numbers where there are several, a title, "(Kèm theo ...)"; the text ends "./."."""
    payload["changes"] = [{"name": "Quận Lê Chân", "label": "Tổng số lượt trao", "text": "20 lượt, nay 21 lượt"}]
    written = "\n".join(one.text for one in Document(io.BytesIO(render_report_docx(payload))).paragraphs)
    printed = "\n".join(line.strip() for lines in lines_of(render_report_pdf(payload)) for line in lines)
    for text in (written, printed):
        assert re.findall(r"^Phụ lục.*", text, re.MULTILINE) == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
        for title in ("BIỂU ĐỒ", "THAY ĐỔI SO VỚI PHIÊN BẢN TRƯỚC", "BIỂU SỐ LIỆU"):
            assert re.search(rf"^{title}$", text, re.MULTILINE), title
        joined = " ".join(text.split())
        assert joined.count("(Kèm theo Báo cáo số 12/BC-HKH ngày ") == 3
        assert joined.count(f" của {payload['head']['association']})") == 3
        assert joined.count("./.") == 1
    only = payload | {"changes": [], "figures": {}, "by_unit": {code: {} for code in payload["by_unit"]}}
    assert re.findall(
        r"Phụ lục.*", "\n".join(line for lines in lines_of(render_report_pdf(only)) for line in lines)
    ) == ["Phụ lục"]


def test_a_draft_has_room_for_its_number_beside_the_symbol(city, leader):
    draft = services.build(city["HP"], H1).payload
    assert re.search(r"Số:\s+/BC-HKH", "\n".join(lines_of(render_report_pdf(draft))[0]))


def test_the_body_above_is_broken_before_the_name_of_its_ground(payload):
    payload["head"]["superior"] = "Hội Khuyến học thành phố Hải Phòng"
    assert "THÀNH PHỐ HẢI PHÒNG" in [line.strip() for line in lines_of(render_report_pdf(payload))[0]]


def find_outside(pdf):
    """Page and text of each line that stands less than 14 mm from the left or right edge of the sheet."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        words, edge = page.get_textpage(), page.get_width() - 14 / MM
        for place in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(place)
            if left < 14 / MM or right > edge:
                found.append((number, words.get_text_bounded(left, bottom, right, top)))
    return found


def test_long_names_stay_on_the_sheet(payload):
    """A unit's name has up to 160 letters: in the tables, in the head and in the place before the date."""
    name = "Phường " + "Nguyễn Bỉnh Khiêm Trạng Trình " * 5
    assert find_outside(render_report_pdf(payload)) == []
    payload["units"] |= {"LC": name.strip()}
    payload["unit_name"] = name.strip()
    payload["head"] |= {"issuer": f"Hội Khuyến học {name}", "place": name.removeprefix("Phường ").strip()}
    for pdf in (render_report_pdf(payload, "0" * 64), render_report_summary(payload, "0" * 64)):
        assert find_outside(pdf) == []
    first = lines_of(render_report_pdf(payload))[0]
    assert any(re.fullmatch(r"ngày \d\d tháng \d\d? năm \d{4}", line.strip()) for line in first)


def test_a_report_without_any_figure_has_no_blank_sheet_and_says_so(payload):
    """Neither chart nor table: the annex is a sentence under the text, not a heading on a landscape sheet of its own."""
    silent = {code: {} for code in payload["by_unit"]}
    empty = payload | {"figures": {}, "own": {}, "by_unit": silent, "tables": [], "points": [], "withheld": {}}
    pages = list(pypdfium2.PdfDocument(render_report_pdf(empty)))
    assert all(page.get_width() < page.get_height() for page in pages)
    said = "Chưa có số liệu nào của kỳ này để lập biểu."
    assert said in pages[-1].get_textpage().get_text_range()
    document = Document(io.BytesIO(render_report_docx(empty)))
    assert all(section.page_width < section.page_height for section in document.sections)
    assert said in [paragraph.text for paragraph in document.paragraphs]
    summary = "\n".join(line for lines in lines_of(render_report_summary(empty)) for line in lines)
    assert "cần biết" not in summary
    for points, heading in ((["Một."], "Điểm cần biết"), (["Một.", "Hai.", "Ba."], "Ba điểm cần biết")):
        lines = [
            line.strip() for page in lines_of(render_report_summary(payload | {"points": points})) for line in page
        ]
        assert heading in lines


def test_a_newer_version_of_the_same_figures_says_that_none_changed(payload):
    said = "Không có số liệu nào thay đổi so với phiên bản trước."
    newer = payload | {"replaced": "Báo cáo số 11/BC-HKH (phiên bản 1)", "reason": "Sửa lời văn", "changes": []}
    for one, count in ((newer, 1), (payload, 0)):
        text = " ".join(" ".join(line for lines in lines_of(render_report_pdf(one)) for line in lines).split())
        assert text.count(said) == count
        written = [paragraph.text for paragraph in Document(io.BytesIO(render_report_docx(one))).paragraphs]
        assert sum(said in paragraph for paragraph in written) == count
