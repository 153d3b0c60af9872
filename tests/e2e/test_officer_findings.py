"""What an officer of 60 met on the way, done again: each test is named after its finding, and counts what it takes.

One sign-in and one database for the module: every test sends files and lists of its own.
"""

from __future__ import annotations

import datetime
import re
import time

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from intakes.models import Intake
from members.models import ConsentText, Membership, MembershipApplication
from portal.lib.periods import HalfYear
from portal.models import Posting
from portal.models.person import person_columns
from portal.vocabulary import Role
from reports.models import Submission
from scholarships.models import Batch
from scholarships.services.batches import create_batch
from tests import factories
from tests.conftest import empty_all_tables
from tests.intakes.cases import book
from tests.members.test_member_preview import workbook as people
from tests.scholarships.lists import add_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

HALF = HalfYear.containing(timezone.localdate())
BEFORE = HALF.previous()
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Lớp", "Trường", "Hoàn cảnh", "Hình thức", "Số tiền", "Ngày trao")
HOME = "/lam-viec/"


def day(number: int, half: HalfYear = HALF) -> str:
    return f"{half.first_day + datetime.timedelta(days=number):%d/%m/%Y}"


def line(name: str, amount: object = 500_000, on: str = "", **other: object) -> list[object]:
    cells = {"birth": "01/02/2012", "circumstance": "Hộ nghèo", "kind": "Học bổng"} | other
    return ["", name, cells["birth"], "5A", "TH Kim Đồng", cells["circumstance"], cells["kind"], amount, on or day(9)]


def pupils(letter: str, count: int = 3, **other: object) -> list[list[object]]:
    return [line(f"Trần Thị {letter}{'abcdeghikl'[n]}", **other) for n in range(count)]


def draft(house, rows: int = 0) -> Batch:
    """A list of the ward that its officer is still writing."""
    officer = house["officer.lechan"]
    batch = create_batch(unit=house["LECHAN"], half=HALF, mode="handed_out", actor=officer)
    for number in range(rows):
        name = f"Lê Thị {'ABCDEGHIKL'[batch.pk % 10]}{'abcdeghikl'[number]}{'abcdeghikl'[batch.pk // 10 % 10]}"
        add_row(
            batch, officer, house["programmes"]["scholarship"], full_name=name, given_on=HALF.first_day,
        )  # fmt: skip
    return batch


class Desk:
    """The officer's browser: clicks are counted and timed."""

    def __init__(self, browser, url: str, username: str) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN", base_url=url)
        client = Client()
        client.force_login(factories.User.objects.get(username=username))
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.clicks, self.since = 0, time.monotonic()

    def begin(self, address: str):
        self.page.goto(address)
        self.clicks, self.since = 0, time.monotonic()
        return self.page

    def click(self, selector: str, **options: object) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click(**options)

    def send(self, content: bytes, name: str = "danh-sach.xlsx") -> int:
        """Choose a file; the page sends it by itself. Return the upload's number."""
        self.clicks += 1
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(".drop label").first.click()
        chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        self.page.wait_for_url(re.compile(r"/tep/\d+/$"))
        expect(self.page.locator("#about")).to_be_visible()
        return int(self.page.url.split("/")[-2])

    def preview(self, rows, name: str = "danh-sach.xlsx", **sheet):
        self.begin("/lam-viec/tep/them/")
        self.send(book([HEAD, *rows], **sheet) if not isinstance(rows, bytes) else rows, name)
        return self.page

    def report(self, what: str) -> None:
        print(f"{what}: {self.clicks} clicks, {time.monotonic() - self.since:.1f} s")
        assert self.problems == []


@pytest.fixture(autouse=True)
def _django_db_helper(request):
    """Take the place of pytest-django's own, which empties the tables after each test: here the module does."""


@pytest.fixture(scope="module")
def house(browser, django_db_setup, django_db_blocker):
    """The ward's officer, the city's administrator, and a server of the module's own."""
    desks: list[Desk] = []
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_")  # what is emptied here
        empty_all_tables()
        server = LiveServer("localhost")
        try:
            tree = make_house()

            def sit(username: str) -> Desk:
                desks.append(Desk(browser, server.url, username))
                return desks[-1]

            tree["sit"], tree["officer"] = sit, sit("officer.lechan")
            yield tree
        finally:
            for one in desks:
                one.context.close()
            server.stop()
            empty_all_tables()


def make_house() -> dict:
    tree = factories.make_tree()
    factories.make_site_profile(phone="0225 384 1234")
    tree["programmes"] = factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LECHAN"], half="2025-H2")
    for name, role, unit in (
        ("officer.lechan", Role.OFFICER, "LECHAN"), ("administrator", Role.ADMINISTRATOR, "HP"),
    ):  # fmt: skip
        tree[name] = factories.make_user(name, role=role, unit=tree[unit])
    return tree


@pytest.fixture
def desk(house) -> Desk:
    return house["officer"]


def text_of(page) -> str:
    return page.locator("main").inner_text()


# ---- the clean file --------------------------------------------------------------------------------------------


def test_a_clean_file_from_home_to_sent_in_five_clicks_and_no_text(house, desk):
    page = desk.begin(HOME)
    desk.click(".page-actions a[href$='/tep/them/']")
    desk.send(book([HEAD, *pupils("A")]), "sach.xlsx")
    desk.click(".sum-bar .btn-sun")
    desk.click("form[action$='/gui/'] button")
    page.wait_for_url("**/bien-nhan/")
    desk.report("clean file from home to sent")
    assert desk.clicks <= 5
    sent = Batch.objects.get(file_name="sach.xlsx")
    assert (sent.state, sent.unit, sent.half) == ("submitted", house["LECHAN"], HALF.code)


# ---- HIGH ------------------------------------------------------------------------------------------------------


def test_h1_the_wrong_half_is_offered_once_and_moved(desk):
    title = [[f"DANH SÁCH TRAO HỌC BỔNG {HALF.label.upper()}"]]
    page = desk.preview(book([*title, HEAD, *pupils("B", 4, on=day(20, BEFORE))]), "nham-ky.xlsx")
    expect(page.locator(".repair")).to_have_count(0)  # one question, not a card for each row
    desk.click(f"#questions label:has-text('Chuyển tệp sang {BEFORE.label}')")
    desk.click("#questions button[name=answers]")
    expect(page.locator(".sum-bar dd").first).to_have_text("4")
    desk.report("H1 wrong half moved")
    assert not page.locator("details:has-text('nửa năm')[open]").count()


def test_h2_the_golden_button_saves_what_was_typed_and_what_is_left_stays_with_the_list(desk):
    page = desk.preview([*pupils("C"), line("Trần Thị Cx", "năm trăm"), line("Trần Thị Cy", "sáu trăm")], "chin.xlsx")
    page.locator(".repair input.is-invalid, .repair input[aria-invalid=true]").first.fill("1.500.000")
    desk.click(".sum-bar .btn-sun")
    expect(page.locator("#verdict")).to_contain_text("5 dòng")
    expect(page.locator(".repair")).to_have_count(1)
    desk.click(".sum-bar .btn-sun")
    desk.click("dialog[open] [data-confirm-yes]")
    expect(page.locator("main")).to_contain_text("1 dòng trong tệp chưa vào danh sách")
    desk.report("H2 typed repair taken in, one row left beside the list")
    made = Batch.objects.with_totals().get(file_name="chin.xlsx")
    assert (made.turns, made.amount) == (4, 3_000_000)


def test_h3_an_address_of_a_button_is_a_page_of_ours(house, desk):
    batch = draft(house)
    page = desk.begin(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/gui/")
    desk.click(f"main a[href$='/danh-sach/{batch.pk}/']")
    expect(page.locator("h1")).to_contain_text(batch.title)
    desk.report("H3 back from a button's address")  # the session that ends: test_officer.py


def test_h4_a_half_year_is_looked_over_sent_and_taken_back(house, desk):
    page = desk.begin(f"/lam-viec/nua-nam/{HALF}/11383/nhap/")
    page.fill("input[name=communication__events]", "53")
    desk.click("button[name=submit]")
    expect(page.locator("#to-check")).to_contain_text("chưa")  # what is missing, before anything is sent
    desk.click("form[action$='/gui/'] button")
    if page.locator("dialog[open]").count():
        desk.click("dialog[open] [data-confirm-yes]")
    expect(page.locator(".alert-success")).to_be_visible()
    desk.click("form[action$='/lay-lai/'] button")
    expect(page.locator(".alert-success")).to_contain_text("bản nháp")
    desk.report("H4 half-year looked over, sent, taken back")
    assert Submission.objects.get(unit=house["LECHAN"]).state == "draft"


def test_h5_the_first_page_says_what_is_due_and_where_the_work_stands(house, desk):
    for number in range(4):
        desk.begin("/lam-viec/tep/them/")
        desk.send(book([HEAD, *pupils("D", 2)]), f"cho-{number}.xlsx")
    page = desk.begin(HOME)
    buttons = page.locator(".page-actions .btn-lg")
    expect(buttons).to_have_count(2)
    words = text_of(page)
    assert "Hạn gửi" in words
    assert "Việc làm gần đây" in words
    waiting = page.locator("section:has(#unfinished) li")
    assert waiting.count() == Intake.objects.unfinished().count() >= 4
    expect(waiting.first).to_contain_text(f"Phường Lê Chân · {HALF.label}")  # M4: unit, half-year and rows of each
    expect(waiting.first).to_contain_text("2 dòng")
    desk.report("H5, M4 home")


def test_h7_rows_of_other_units_are_one_card(house, desk):
    rows = [
        [1, "Đỗ Thị Ánh", "15/03/1964", "Phường Lê Chân", "", "02/09/2025", ""],
        [2, "Vũ Văn Đức", "1958", "Quận Lê Chân", "", "02/03/2025", ""],  # of her predecessor: hers
        *([n, f"Trần Văn {'ABCDEGHIKL'[n % 10]}", "1970", "Phường Ngô Quyền", "", "02/09/2025", ""] for n in range(3, 9)),
    ]  # fmt: skip
    desk.begin("/lam-viec/tep/them/")
    desk.send(people(rows), "hoi-vien.xlsx")
    page = desk.page
    expect(page.locator("#grouped h2")).to_have_text("6 dòng thuộc đơn vị khác")
    expect(page.locator(".repair")).to_have_count(0)
    assert "đổi tất cả thành" not in text_of(page)  # another unit's name is no misspelling of this one's
    desk.click("button[name=drop_grouped]")
    expect(page.locator("#grouped")).to_have_count(0)
    desk.click(".sum-bar .btn-sun")
    page.wait_for_url("**/hoi-vien/**")
    expect(page.locator(".alert-success").first).to_be_visible()
    desk.report("H7 members of other units left out, the others added")


def test_a_ward_officers_monday(house, desk):
    """A new chapter, 40 members from a workbook sent by Zalo, two transfers, one joining request."""
    MembershipApplication.objects.create(
        **person_columns("Vũ Văn Bình", None), unit=house["LECHAN"], code="234678BCGHKL", phone="+84912345670",
        consent_text=ConsentText.objects.create(digest="0" * 64, text="Tôi đồng ý."),
    )  # fmt: skip
    chapter = "Chi hội Khu dân cư Hồ Sen"
    page = desk.begin("/lam-viec/")
    desk.click("#staff-nav a[href='/lam-viec/don-vi/']")
    desk.click(".page-actions .btn-primary")
    page.fill("input[name=name]", chapter)
    page.fill("input[name=founding_decision]", "12/QĐ-HKH")
    page.fill("input[name=founded_on]", "02/03/2026")
    desk.click(".form-card button[type=submit]")
    page.wait_for_url("**/11383-C2/")

    rows = [
        [n, f"Trần {'Thị' if n % 2 else 'Văn'} Hồ{'abcdeghiklmnopqrstuv'[n % 20]}", str(1950 + n), chapter, "Hưu trí",
         "15/03/2026", ""] for n in range(1, 41)
    ]  # fmt: skip
    desk.click("#staff-nav a[href='/lam-viec/hoi-vien/']")
    desk.click(".page-actions a[href$='/hoi-vien/tep/']")
    desk.clicks += 1
    with page.expect_file_chooser() as chooser:
        page.locator(".drop label").first.click()
    kind = "application/octet-stream"
    chooser.value.set_files({"name": "Danh sach hoi vien (1)(2).xlsx", "mimeType": kind, "buffer": people(rows)})
    desk.click(".form-card button[type=submit]")
    page.wait_for_url(re.compile(r"/tep/\d+/$"))
    desk.click(".sum-bar .btn-sun")
    page.wait_for_url("**/hoi-vien/**")
    members = Membership.objects.filter(unit__code="11383-C2")
    assert members.count() == 40

    for row in members.order_by("pk")[:2]:
        page.goto(f"/lam-viec/hoi-vien/?q={row.member.full_name}")
        desk.click("tbody tr th a")
        desk.click(f".page-actions a[href$='/{row.member_id}/chuyen/']")
        page.fill("input[name=unit]", "11383-C1")
        desk.click(".form-card button[type=submit]")
        page.wait_for_url(f"**/{row.member_id}/")
        assert row.member.memberships.filter(unit=house["BRANCH"], is_transfer=True).exists()

    desk.click("#staff-nav a[href='/lam-viec/hoi-vien/don/']")
    desk.click("tbody tr th a")
    desk.click(".form-card button[type=submit]")
    expect(page.locator(".alert-success").first).to_contain_text("Vũ Văn Bình")
    desk.report("a ward officer's Monday")
    assert desk.clicks <= 20


# ---- MEDIUM ----------------------------------------------------------------------------------------------------


def test_m1_m2_a_printed_code_outlives_a_reload_and_takes_a_phone_number(house, browser):
    new = factories.make_user("officer.moi", role=Role.OFFICER, unit=house["LECHAN"], phone="+84912345678")
    office = house["sit"]("administrator")
    session = office.context.cookies()[0]["value"]
    answered(session, house["administrator"])
    page = office.begin(f"/lam-viec/quan-tri/tai-khoan/{new.pk}/ma/")
    office.click("main form button[type=submit]")
    code = page.locator(".code-large").inner_text()
    page.reload()
    expect(page.locator(".code-large")).to_have_text(code)
    expect(page.locator(".code-sheet")).to_contain_text("0225 384 1234")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.code-large')).fontSize)") >= 24
    office.report("M1 code made, page loaded again")
    guest = browser.new_context(base_url=page.url.split("/lam-viec")[0], locale="vi-VN").new_page()
    guest.goto("/tai-khoan/kich-hoat/")
    guest.fill("input[name=username]", "0912.345.678")
    guest.fill("input[name=code]", code)
    guest.check("#show-passwords")
    expect(guest.locator("input[name=password1]")).to_have_attribute("type", "text")
    for name in ("password1", "password2"):
        guest.fill(f"input[name={name}]", factories.PASSWORD + "-moi")
    guest.locator("main form button[type=submit]").click()
    guest.wait_for_url("**/lam-viec/")  # and signed in
    guest.context.close()


def answered(session: str, person) -> None:
    """Let the browser's session say that the password was given just now."""
    from importlib import import_module

    from django.conf import settings

    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key=session)
    store["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    store["account_authentication_methods_user"] = str(person.pk)
    store.save()


def test_m3_nothing_is_called_by_its_code(house, desk):
    two = [("STT", "Họ và tên", "Ngày sinh", "Hình thức", "Mức", "Số tiền đã nhận", "Ngày trao")]
    two += [(n, f"Lê Văn E{'abc'[n]}", "01/03/2012", "Học bổng", 500_000 + n, 400_000, day(9)) for n in range(3)]
    page = desk.preview(book(two), "hai-cot.xlsx")
    asked = text_of(page)
    assert "amount" not in asked
    assert "Số tiền" in asked
    assert "Không có gì phải sửa" not in asked  # M5: while something is asked
    expect(page.locator("input[type=file]")).to_have_count(0)
    office = house["sit"]("administrator")
    page = office.begin("/lam-viec/quan-tri/nhat-ky/")
    audit = text_of(page)
    assert not re.search(r"\b(?:intakes|scholarships|portal|members|reports)\.[a-z]", audit)
    assert "(11383)" not in audit
    office.click("select[name=action]")
    page.select_option("select[name=action]", label="Tệp tải lên")
    office.click("main form button[type=submit]")
    expect(page.locator("tbody tr").first).to_contain_text("Tệp tải lên")
    page = office.begin("/lam-viec/quan-tri/tai-khoan/")
    assert "(11383)" not in text_of(page)
    assert "Cán bộ (Phường Lê Chân)" in text_of(page)
    office.report("M3 audit narrowed, accounts")


def test_m5_a_photo_of_a_list_is_called_so(desk, tmp_path):
    from PIL import Image

    picture = tmp_path / "anh.png"
    Image.new("RGB", (40, 40)).save(picture)
    sheet = openpyxl.Workbook()
    sheet.active.add_image(openpyxl.drawing.image.Image(str(picture)), "A1")
    sheet.save(tmp_path / "anh.xlsx")
    page = desk.begin("/lam-viec/tep/them/")
    with page.expect_file_chooser() as chooser:
        page.locator(".drop label").first.click()
    chooser.value.set_files(str(tmp_path / "anh.xlsx"))
    expect(page.locator("main .alert-danger")).to_contain_text("Tệp chỉ có ảnh")
    assert "trả lời câu hỏi" not in text_of(page)
    desk.report("M5 photo only")


def test_m6_what_one_should_know_is_in_sight(desk):
    page = desk.preview(book([HEAD, *pupils("G", 4)], hidden=(3,)), "an-dong.xlsx")
    expect(page.locator("section:has(#noticed)")).to_contain_text("ẩn")
    desk.report("M6 hidden row said in sight")


def test_m7_of_several_sheets_each_row_says_its_own(desk):
    def second(workbook):
        sheet = workbook.create_sheet("Khối 2")
        for row in (HEAD, line("Trần Thị Hx")):
            sheet.append(row)

    page = desk.preview(book([HEAD, line("Trần Thị Ha")], name="Khối 1", more=second), "hai-trang.xlsx")
    good = page.locator("section:has(#good) tbody tr")
    expect(good.nth(0)).to_contain_text("Khối 1")
    expect(good.nth(1)).to_contain_text("Khối 2")
    desk.report("M7 two sheets")


def test_m8_a_posting_s_unit_is_found_without_accents_or_level(house):
    office = house["sit"]("administrator")
    person = factories.make_user("officer.khac")
    page = office.begin(f"/lam-viec/quan-tri/tai-khoan/{person.pk}/phan-cong/")
    page.select_option("select[name=role]", "officer")
    unit = page.locator("[name=unit]")
    if unit.evaluate("one => one.nodeName") == "SELECT":
        pytest.fail("few units are a drop-down; the field is tested with words")
    unit.fill("an bien")
    office.click("main form button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()
    office.report("M8 posting on “an bien”")
    assert Posting.objects.get(user=person).unit == house["LC-AB"]


def test_m11_yes_and_no_and_fifty_million_are_understood(house, desk):
    page = desk.begin(f"/lam-viec/nua-nam/{HALF}/11383/nhap/")
    page.select_option("select[name=funds__topup_policy]", label="có")
    page.fill("input[name=funds__topup_amount]", "50 triệu")
    desk.click("main .btn:has-text('Lưu')")
    expect(page.locator(".alert-success")).to_be_visible()
    desk.report("M11 half-year: yes, 50 triệu")
    values = dict(Submission.objects.get(unit=house["LECHAN"]).values.values_list("indicator", "value"))
    assert (values["funds.topup_policy"], values["funds.topup_amount"]) == (1, 50_000_000)


def test_m12_an_impossible_amount_is_not_added_in(desk):
    page = desk.preview([*pupils("I", 2), line("Trần Thị Ix", 1_000_000_000_000)], "qua-lon.xlsx")
    expect(page.locator("#verdict")).to_have_text(re.compile(r"^3 dòng, 1\.000\.000 đồng; 1 dòng cần sửa"))
    desk.report("M12 impossible amount")


def test_m15_what_was_typed_in_a_second_tab_is_there_after_taking_the_list_back(house, desk):
    batch = draft(house, 2)
    first, second = desk.begin(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/"), desk.context.new_page()
    second.goto(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/")
    second.locator("form[action$='/gui/'] button").click()
    second.wait_for_url("**/bien-nhan/")
    for name, text in {
        "full_name": "Trần Thị Tab Hai",
        "birth": "2012",
        "amount": "500000",
        "given_on": day(9),
    }.items():
        first.fill(f"input[name={name}]", text)
    first.press("input[name=given_on]", "Enter")
    expect(first.locator("main")).to_contain_text("đã được gửi")
    desk.click("main a.btn")
    desk.click("form[action$='/lay-lai/'] button")
    desk.click(".page-actions a[href$='/nhap/']")
    expect(first.locator("input[name=full_name]")).to_have_value("Trần Thị Tab Hai")
    first.press("input[name=given_on]", "Enter")
    expect(first.locator("td strong", has_text="Trần Thị Tab Hai")).to_be_visible()
    desk.report("M15 typed in tab 2 after tab 1 has sent")
    second.close()


# ---- LOW -------------------------------------------------------------------------------------------------------

ALIGNED = """() => {
  const lineOf = node => { const range = document.createRange(); range.selectNodeContents(node); return range.getBoundingClientRect(); };
  const row = document.querySelector('td.actions a').closest('tr');
  return Math.abs(lineOf(row.querySelector('td.nowrap')).top - lineOf(row.querySelector('td.actions a')).top);
}"""
CUT = """() => [...document.querySelectorAll('main select')].filter(one => {
  const probe = document.createElement('span');
  const style = getComputedStyle(one);
  probe.style.cssText = `position:absolute;visibility:hidden;white-space:nowrap;font:${style.font}`;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const cut = [...one.options].some(option => {
    probe.textContent = option.textContent;
    document.body.append(probe);
    const wide = probe.getBoundingClientRect().width;
    probe.remove();
    return wide > room + 1;
  });
  return cut && one.name;
}).map(one => one.name)"""


def test_low_list_and_its_dialogs(house, desk):
    batch = draft(house, 2)
    page = desk.begin(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/")
    assert page.evaluate(ALIGNED) <= 2  # "Sửa / Bỏ" stand on the line of their row
    desk.click("form[action$='/gui/'] button")
    page.wait_for_url("**/bien-nhan/")
    desk.click(f"main a[href$='/nua-nam/{HALF}/']")  # from "sent" on to the half-year
    expect(page.locator("h1")).to_contain_text("Số liệu nửa năm")
    desk.report("LOW from sent to the half-year")


def test_low_a_perfect_file_shows_no_red_and_its_bar_is_called_by_its_place(desk):
    page = desk.preview(pupils("K", 2), "dep.xlsx")
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('.steps [aria-current]'), '::before').backgroundColor"
    )
    red, green, _blue = map(int, re.findall(r"\d+", colour)[:3])
    assert red < green
    assert "Bấm nút ở cuối trang" not in text_of(page)
    desk.click(".page-actions button")
    expect(page.locator("dialog[open] h2")).to_have_text("Bỏ tệp này?")  # not “Xác nhận thực hiện?” of everything
    desk.report("LOW perfect file")


def test_low_choices_are_not_cut_and_examples_are_of_this_year(desk):
    page = desk.preview([line("Trần Thị La", on="hôm nọ"), line("Trần Thị Lb", on="31/02/2026")], "ngay-sai.xlsx")
    assert f"15/03/{timezone.localdate().year}" in text_of(page)
    assert page.evaluate(CUT) == []
    assert "trang tính" not in page.locator(".repair-head").first.inner_text()  # there is only one
    desk.report("LOW choices and examples")


def test_low_thousands_have_their_point_and_the_head_counts_postings(house, desk):
    Posting.objects.create(
        user=house["officer.lechan"], unit=house["BRANCH"], role=Role.OFFICER, valid=(factories.REFORM, None)
    )
    desk.preview(pupils("M", 2), "dai.xlsx")
    intake = Intake.objects.get(file_name="dai.xlsx")
    Intake.objects.filter(pk=intake.pk).update(row_count=1342, to_mend=1024)
    page = desk.begin(HOME)
    expect(page.locator("section:has(#unfinished)")).to_contain_text("1.342 dòng · 1.024 dòng cần sửa")
    expect(page.locator(".staff-user-text small")).to_contain_text("và 1 phân công khác")
    desk.report("LOW home")
