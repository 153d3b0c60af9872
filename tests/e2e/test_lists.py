"""Lists entered in a browser: children by keyboard alone, rows pasted and mended; the clicks and seconds are told."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from portal.vocabulary import Role
from scholarships.models import Disbursement
from tests import factories
from tests.scholarships.lists import add_row, make_batch
from tests.soak import at_length

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

CHILDREN = at_length(6, 30)
PASTED = at_length(60, 200)
LETTERS = "abcdeghiklmnopqrst"
PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def stage():
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    tree["programmes"] = factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    tree["officer"] = factories.make_user("officer.lc", role=Role.OFFICER, unit=tree["LC"])
    return tree


def name_of(place: int) -> str:
    return f"Vũ Thị {LETTERS[place // 15].upper()}{LETTERS[place % 15]}"


class Keyboard:
    """Keys on a page, counted."""

    def __init__(self, page):
        self.page, self.keys, self.since = page, 0, time.monotonic()

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        while self.page.evaluate("document.activeElement.name") != name:
            self.press("Tab")


def test_children_by_keyboard_alone_then_rows_pasted_mended_and_sent(stage, page_of):
    batch = make_batch(stage["LC"], stage["officer"])
    add_row(
        make_batch(stage["LC"], stage["officer"]), stage["officer"], stage["programmes"]["support"],
        full_name="Phạm Thị Đã Biết", school_class="7B", school="THCS Ngô Quyền",
    )  # fmt: skip
    page = page_of("officer.lc")
    page.set_default_timeout(60_000)
    entry = f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/"
    page.goto(entry)
    hand = Keyboard(page)

    # a known child is proposed without accents; its birth, class and school come along
    hand.type("pham thi da b")
    page.locator("[role=option]").wait_for()
    hand.press("ArrowDown", "Enter")
    expect(page.locator("#id_school_class")).to_have_value("7B")
    hand.tab_to("amount")
    hand.type("500000")
    hand.tab_to("given_on")
    hand.type("20/5/2023")
    hand.press("Enter")
    expect(page.locator("#sum-turns")).to_have_text("1", timeout=60_000)
    for place in range(1, CHILDREN):
        expect(page.locator("[name=full_name]")).to_be_focused()
        hand.type(name_of(place))
        hand.tab_to("birth")
        hand.type("2011")
        hand.tab_to("amount")
        hand.press("Control+d")  # as in the row above
        expect(page.locator("#id_amount")).to_have_value("500.000")
        hand.press("Enter")
        expect(page.locator("#sum-turns")).to_have_text(str(place + 1))
    print(f"{CHILDREN} children: 0 clicks, {hand.keys} keys, {time.monotonic() - hand.since:.1f} s")

    # the last one was nobody: taken back by the keyboard, and put back
    hand.press("Control+z")
    expect(page.locator("#sum-turns")).to_have_text(str(CHILDREN - 1))
    page.locator("form[action*='/lay-lai/'] button").press("Enter")
    expect(page.locator("#sum-turns")).to_have_text(str(CHILDREN))

    # cells of a spreadsheet pasted into the same form: three of them cannot be read
    wrong = {3: ("500.000", "31/02/2011"), 20: ("1.5", "15/03/2011"), 40: ("năm trăm", "16/03/2011")}
    lines = ["Họ và tên\tNgày sinh\tLớp\tTrường\tHình thức\tSố tiền\tNgày nhận"]
    for place in range(PASTED):
        amount, birth = wrong.get(place, ("300.000", f"{1 + place % 28:02}/{1 + place // 28:02}/2012"))
        lines.append(f"{name_of(place + 30)}\t{birth}\t6A\tTHCS Võ Thị Sáu\tKhen thưởng\t{amount}\t20/05/2023")
    since, clicks = time.monotonic(), 0
    page.locator("#id_full_name").evaluate(PASTE, "\r\n".join(lines) + "\r\n")
    page.wait_for_url("**/tep/**")
    marked = page.locator("#repairs-form input.is-invalid")
    expect(marked).to_have_count(3)
    for place, text in enumerate(("28/02/2011", "1500000", "500000")):
        marked.nth(place).fill(text)
    page.click("#repairs-form button[name=save]")
    expect(page.locator("#repairs-form input.is-invalid")).to_have_count(0)
    page.click("button[form=commit-form]")
    page.wait_for_url(f"**/danh-sach/{batch.pk}/")
    send = page.locator(f"form[action$='/{batch.pk}/gui/']")
    asks = send.get_attribute("data-confirm")  # what stands out is said before it is sent
    send.locator("button").click()
    if asks:
        page.click("dialog[open] [data-confirm-yes]")
    clicks += 4 if asks else 3
    expect(send).to_have_count(0)
    print(f"{PASTED} rows pasted, three cells mended, sent: {clicks} clicks, {time.monotonic() - since:.1f} s")
    batch.refresh_from_db()
    assert batch.state == "submitted"
    rows = Disbursement.objects.standing().filter(batch=batch)
    assert rows.count() == CHILDREN + PASTED
    assert rows.filter(amount__in=(1_500_000,)).count() == 1
    known = rows.get(recipient__full_name="Phạm Thị Đã Biết")
    assert (known.school, known.recipient.birth_year) == ("THCS Ngô Quyền", 2011)
    assert page.problems == []
