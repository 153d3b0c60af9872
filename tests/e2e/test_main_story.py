"""The one story that must always work: an officer's workbook, a signed report, an article on a reader's phone."""

from __future__ import annotations

import base64
import datetime
import io

import pypdfium2
import pytest
import zxingcpp
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import expect

from news.models import Article, Category
from portal.vocabulary import Role
from reports.models import Report, Submission
from reports.services.documents import tables_of
from scholarships.models import Batch, Disbursement
from tests import factories
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

HEAD = [
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Lớp",
    "Trường",
    "Hoàn cảnh",
    "Hình thức",
    "Số tiền (đồng)",
    "Ngày trao",
]


def workbook_with_three_bad_rows() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    sheet.append(["DANH SÁCH TRAO HỌC BỔNG 6 THÁNG ĐẦU NĂM 2023"])
    sheet.append(HEAD)
    for place in range(1, 10):
        name = f"Trần Thị Sen {'ABCDEFGHI'[place - 1]}" if place != 3 else ""
        amount = "một triệu" if place == 5 else 1_000_000
        day = "31/02/2023" if place == 7 else datetime.date(2023, 5, place)
        sheet.append(
            [place, name, datetime.date(2012, 3, place), "Nữ", "5A", "TH Kim Đồng", "Hộ nghèo", "Học bổng", amount, day]
        )
    sheet.append(["", "Tổng cộng", "", "", "", "", "", "", 9_000_000, ""])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def stage():
    """Tree, site, programmes, a fund of the district, the cast, a section; NQ has been listed as missing by nobody yet."""
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    for username, role, unit in [
        ("officer.lechan", Role.OFFICER, "LECHAN"), ("approver", Role.APPROVER, "HP"),
        ("leader", Role.LEADER, "HP"), ("editor", Role.EDITOR, "HP"),
    ]:  # fmt: skip
        factories.make_user(username, role=role, unit=tree[unit])
    Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi")
    return tree


def submit(page, action_part: str = "") -> None:
    """Press the button of the page's own form, or of the one that goes to an address; say yes when a dialog asks."""
    form = f"form[action*='{action_part}']" if action_part else "main form[method=post]:not([action])"
    before = page.url
    page.locator(f"{form} button[type=submit]").last.click()
    if page.url == before and page.locator("dialog[open] [data-confirm-yes]").count():
        page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.locator(".alert-success, .alert-info").first).to_be_visible()  # the next page says what was done


def drop_file(page, content: bytes) -> None:
    """Let a file fall on the frame, as a hand does with the mouse."""
    data = page.evaluate_handle(
        """bytes => { const held = new DataTransfer();
        held.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))], "tha-vao.pdf")); return held; }""",
        base64.b64encode(content).decode(),
    )
    page.dispatch_event("#compare .drop", "drop", {"dataTransfer": data})


def compare_files(page, on_file: bytes) -> None:
    """The paper's own file is the same, with one byte changed it is another; neither leaves the reader's browser."""
    changed = bytearray(on_file)
    changed[len(changed) // 2] ^= 1
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#compare .file-button")).to_be_visible()
    assert page.locator("#compare input[type=file]").bounding_box()["width"] < 2  # one button, in the page's language
    for content, answer, kind in ((on_file, "khớp", "success"), (bytes(changed), "khác", "danger")):
        file = {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("#compare input[type=file]", file)
        told = page.locator(f"#compare-answer.alert-{kind}")
        expect(told).to_contain_text(f"bao-cao.pdf: {answer}")
        expect(page.locator("#compare .file-name")).to_have_text("bao-cao.pdf")
    drop_file(page, on_file)
    expect(page.locator("#compare-answer.alert-success")).to_contain_text("tha-vao.pdf: khớp")
    assert asked == []


A4 = (595, 842)  # points
ON_PAPER = """() => [...document.querySelectorAll('main form, main button, main .btn, main textarea, main input, main nav')]
    .filter(one => one.getClientRects().length).map(one => one.outerHTML.slice(0, 80))"""


def print_page(page) -> str:
    """Print as the browser does: A4, nothing to press, no letter outside the paper; return the text without blanks."""
    page.emulate_media(media="print")
    assert page.evaluate(ON_PAPER) == []
    headings = page.locator("main thead th").all_inner_texts()
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    page.emulate_media(media="screen")
    told = ""
    for sheet in document:
        width, height = sheet.get_size()
        assert sorted((round(width), round(height))) == pytest.approx(A4, abs=2)
        text = sheet.get_textpage()
        told += text.get_text_bounded()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        assert all(left >= -1 and right <= width + 1 for left, _bottom, right, _top in boxes)
    told = "".join(told.split())
    assert [one for one in headings if one and "".join(one.split()) not in told] == []
    return told


def test_from_a_workbook_to_a_reader(stage, page_of, live_server, settings):
    settings.SITE_URL = live_server.url

    # the officer of the ward that succeeded the district: upload, three repairs, commit, submit
    officer = page_of("officer.lechan", password=PASSWORD)
    officer.goto("/lam-viec/hoc-bong/danh-sach/them/")
    officer.check("input[name=mode][value=handed_out]")
    officer.select_option("select[name=unit]", str(stage["LC"].pk))
    officer.select_option("select[name=half]", "2023-H1")
    officer.check("input[name=way][value=upload]")
    officer.set_input_files(
        "input[name=content]",
        {"name": "le-chan.xlsx", "mimeType": "application/octet-stream", "buffer": workbook_with_three_bad_rows()},
    )
    officer.locator("main form button[type=submit]").last.click()
    officer.wait_for_url("**/tep/**")
    expect(officer.locator(".repair")).to_have_count(3)
    wrong = officer.locator(".repair .is-invalid")
    expect(wrong).to_have_count(3)
    for field, text in zip(wrong.all(), ("Trần Thị Sen C", "1 triệu", "07/05/2023"), strict=True):
        field.fill(text)
    officer.locator("#repairs-form button[name=save]").click()
    expect(officer.locator(".repair")).to_have_count(0)
    expect(officer.locator("#verdict")).to_contain_text("9.000.000")
    officer.locator("button[form=commit-form]").click()
    officer.wait_for_url("**/danh-sach/*/")
    batch = Batch.objects.get()
    submit(officer, f"/danh-sach/{batch.pk}/gui/")
    batch.refresh_from_db()
    assert (batch.state, batch.disbursements.count()) == ("submitted", 9)

    # the half-year of the district that has ended
    officer.goto("/lam-viec/nua-nam/2023-H1/LC/nhap/")
    officer.locator("form#half-year textarea").first.fill("Tuyên truyền về học tập suốt đời tại các khu dân cư.")
    officer.locator("form#half-year input[type=text], form#half-year input[type=number]").first.fill("3")
    officer.locator("form#half-year button[name=submit]").click()
    officer.wait_for_url("**/2023-H1/LC/")
    expect(officer.locator("#to-check li").first).to_be_visible()  # most figures are blank: looked at, then sent
    submit(officer, "/2023-H1/LC/gui/")
    assert Submission.objects.get().state == "submitted"

    # the city approves the list and the half-year, and lists the silent district as missing
    approver = page_of("approver", password=PASSWORD)
    approver.goto(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/duyet/")
    submit(approver)
    assert Disbursement.objects.filter(paid_at__isnull=False).count() == 9
    approver.goto("/lam-viec/nua-nam/2023-H1/LC/")
    submit(approver, "/nua-nam/2023-H1/LC/duyet/")
    assert Submission.objects.get(unit=stage["LC"]).state == "approved"
    approver.goto("/lam-viec/nua-nam/2023-H1/NQ/")
    approver.locator("details:has(form[action*='/NQ/thieu/']) summary").click()
    approver.locator("form[action*='/NQ/thieu/'] textarea, form[action*='/NQ/thieu/'] input[type=text]").fill(
        "Đơn vị không gửi số liệu dù đã được nhắc."
    )
    submit(approver, "/NQ/thieu/")

    # the leader issues and downloads the PDF
    leader = page_of("leader", password=PASSWORD)
    leader.goto("/lam-viec/bao-cao/2023-H1/HP/")
    submit(leader, "/bao-cao/2023-H1/HP/danh-so/")
    report = Report.objects.get()
    link = leader.locator("a[href*='/bao-cao/tep/'][href$='.pdf']").first.get_attribute("href")
    submit(leader, "/bao-cao/2023-H1/HP/ban-hanh/")
    printed = leader.request.get(link)
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body() == report.content_of("pdf")

    # the page of the staff and the public one print as papers
    leader.goto("/lam-viec/bao-cao/2023-H1/HP/")
    print_page(leader)
    leader.goto("/bao-cao/2023-H1/HP/")
    told = print_page(leader)
    for table in tables_of(report.payload):
        for heading, cell in zip(table.header, table.html_total(), strict=True):
            assert "".join(f"{heading.text}".split()) in told
            assert "".join(cell.text.split()) in told

    # one click makes the draft article
    leader.goto("/lam-viec/bao-cao/2023-H1/HP/tin-bai/")
    submit(leader)
    article = Article.objects.get()
    assert "9 lượt" in article.working_revision.body

    # the editor publishes
    editor = page_of("editor", password=PASSWORD)
    editor.goto(f"/lam-viec/tin-tuc/{article.pk}/dang/")
    submit(editor)
    article.refresh_from_db()
    assert article.published_revision is not None

    # a reader on a phone: opens it, enlarges the text, opens the QR code in full
    reader = page_of(width=360, height=740)
    reader.goto("/")
    reader.locator(f"a[href*='-{article.pk}/']").first.click()
    reader.wait_for_url(f"**-{article.pk}/")
    assert reader.evaluate("document.documentElement.scrollWidth") <= 361
    size = "parseFloat(getComputedStyle(document.querySelector('.article-body')).fontSize)"
    before = reader.evaluate(size)
    reader.locator("[data-text-size=large]").click()
    assert reader.evaluate(size) > before
    reader.locator("a[data-dialog*=qr]").last.click()
    expect(reader.locator("dialog[open] img")).to_be_visible()
    reader.locator("dialog[open] img").evaluate("picture => picture.decode()")
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(reader.screenshot())))
    assert seen
    story = reader.url
    reader.goto(seen[0].text)  # the short address on the card leads to the story
    assert reader.url == story

    # anybody checks the paper by its code
    reader.goto(f"/xac-minh/{report.code}/")
    assert report.sha256[:12] in reader.content().replace(" ", "")
    compare_files(reader, report.content_of("pdf"))
    for person in (officer, approver, leader, editor, reader):
        assert person.problems == []
