"""A leader's three minutes on a phone: better or worse, who is late and whom to ring, a comment, the paper; taps counted."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from portal.lib.periods import half_to_report
from portal.models import Unit, User
from portal.vocabulary import Role
from reports.models import ReportComment
from reports.services.commenting import comment_report
from scholarships.models import Batch, Disbursement, Fund
from tests import factories
from tests.factories import PASSWORD, REFORM
from tests.reports import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

PHONE = {"width": 360, "height": 740}
ONE_SCREEN, TWO_SCREENS = PHONE["height"], 2 * PHONE["height"]
SMALLEST_TEXT, SMALLEST_TARGET = 16, 44

# The smallest letters in it, and the least height of what a finger meets there: of a row that is all link, the row's.
SMALLEST = """panel => {
    const shown = [...panel.querySelectorAll("*")].filter(one => one.checkVisibility() && one.getClientRects().length)
    const told = shown.filter(one => [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
    const letters = told.map(one => parseFloat(getComputedStyle(one).fontSize))
    const targets = shown.filter(one => one.matches("a, summary"))
    const met = targets.map(one => {
        const row = one.closest(".lead-figures > div, .lead-bars li") || one
        return row.getBoundingClientRect().height
    })
    return [Math.min(...letters), Math.min(...met)]
}"""


@pytest.fixture
def stage():
    """A city with wards that owe the half-year, and its issued report of a year ago; the officer of one has a phone.

    Nothing on the leader's home is left out: five units rank, each figure has moved, and a fund runs low.
    """
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_user("officer.lechan", role=Role.OFFICER, unit=tree["LECHAN"])
    User.objects.filter(username="officer.lechan").update(
        phone="+84912345678", full_name="Cán bộ Hội Khuyến học quận Lê Chân"
    )
    leader = factories.make_user("leader", role=Role.LEADER, unit=tree["HP"])
    tree["programmes"] = factories.make_programmes(tree["HP"])
    half = half_to_report(timezone.localdate())
    places = (("W1", "Xã Nguyễn Bỉnh Khiêm"), ("W2", "Phường Hưng Đạo"), ("W3", "Đặc khu Cát Hải"))
    for code, name in places:
        tree[code] = factories.make_unit(
            code, name, parent=tree["HP"], level=factories.make_level("commune"), since=REFORM
        )
    Unit.objects.update(contact="Thường trực Hội Khuyến học", phone="+842253000001")
    wards = ("LECHAN", "NGOQUYEN", *dict(places))
    tree["funds"] = {code: factories.make_fund(tree[code]) for code in ("HP", *wards)}
    rows.give(tree, "HP", count=50, half=half.same_last_year().code)
    rows.freeze(tree["HP"], half.same_last_year(), leader)
    for number, code in enumerate(wards):
        rows.give(tree, code, count=10 + number, half=half.code, start=100 + 20 * number)
    Fund.objects.filter(pk=tree["funds"]["HP"].pk).update(low_below=10**14)
    for number in range(8):  # what was said before does not push the form out of sight
        comment_report(unit=tree["HP"], period=half, text=f"Góp ý trước đó, điều thứ {number}", actor=leader)
    return tree


def is_within(page, target, height: int) -> bool:
    """Whether it stands within so much of the page as it opens."""
    box = target.bounding_box()
    return box["y"] + box["height"] <= height and page.evaluate("document.documentElement.scrollWidth") <= 360


def test_three_minutes_on_a_phone(page_of, stage):
    page, taps = page_of(**PHONE), 0
    page.goto("/")
    for target in (page.locator("[data-nav-toggle=site-nav]"), page.locator("#site-nav a[href*='/tai-khoan/']")):
        target.click()
        taps += 1
    page.fill("input[name=login]", "leader")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    taps += 1
    page.wait_for_url("**/lam-viec/**")

    panel = page.locator(".lead-panel")
    expect(panel.locator(".lead-figures dd")).to_have_count(5)
    turns = panel.locator(".lead-figures dd").first  # better or worse than the report that was issued a year ago
    expect(turns).to_contain_text("60")
    expect(turns.locator(".lead-change")).to_have_text("▲ tăng 20%")
    expect(panel.locator(".lead-units")).to_have_text(re.compile(r"0/5 đơn vị; còn 5"))
    expect(panel.locator(".lead-points li")).to_have_count(3)
    expect(panel.locator(".lead-bars li")).to_have_count(4)  # two gave most, two least
    expect(panel.locator(".lead-low summary")).to_have_text("1 quỹ sắp cạn")
    for part in (".lead-figures", ".lead-units", ".lead-points", ".lead-ranks", ".lead-low", ".lead-papers"):
        assert is_within(page, panel.locator(part), ONE_SCREEN), part
    letters, targets = panel.evaluate(SMALLEST)
    assert letters >= SMALLEST_TEXT
    assert targets >= SMALLEST_TARGET
    panel.locator(".lead-low summary").click()
    expect(panel.locator(".lead-low a")).to_contain_text("Quỹ khuyến học HP")
    panel.locator(".lead-low summary").click()
    summary = panel.get_by_role("link", name="PDF tóm tắt")
    printed = page.request.get(summary.get_attribute("href"))
    taps += 1
    assert printed.body().startswith(b"%PDF-")
    assert taps <= 5

    to_late = 0
    panel.locator("a[href*='/lam-viec/nua-nam/']").click()
    to_late += 1
    page.wait_for_url("**/lam-viec/nua-nam/*/")
    ring = page.locator("a[href='tel:+84912345678']")
    expect(ring).to_be_visible()  # who is late and whom to ring
    assert to_late <= 3
    assert is_within(page, ring, TWO_SCREENS)
    board = page.locator(".board-list tbody tr")
    calls = board.locator("a[href^='tel:']")
    assert calls.count() == board.count()  # by its officer's phone, else by the unit's own
    for number in range(board.count()):
        row, call = board.nth(number), calls.nth(number).bounding_box()
        state = row.locator(".status").first.bounding_box()
        long_name = 18 * ("Cán bộ Hội Khuyến học" in row.inner_text())  # a name of two lines
        assert row.bounding_box()["height"] <= 82 + long_name  # nine on a screen
        assert state["y"] + state["height"] <= call["y"] + 4  # neither stands on the other
        assert 24 <= call["height"] <= 30  # a finger's, and the number on one line

    page.go_back()
    to_comment, form = 0, page.locator("form[action$='/gop-y/']")
    page.locator(".lead-panel").get_by_role("link", name="Góp ý").click()
    to_comment += 1
    words, send = form.locator("textarea"), form.locator("button[type=submit]")
    for part in (words, send):  # the second screen opens at the comment: nothing is looked for by scrolling
        expect(part).to_be_in_viewport(ratio=1)
    words.click()
    to_comment += 1
    words.fill("Xem lại số hội viên mới")
    send.click()
    to_comment += 1
    assert to_comment <= 3
    expect(page.locator("section:has(#comments) li").first).to_contain_text("Xem lại số hội viên mới")
    assert ReportComment.objects.get(text="Xem lại số hội viên mới").written_by.username == "leader"
    assert page.problems == []


def test_in_english_both_papers_stand_in_the_first_screen_too(page_of, stage):
    """English words are longer on the buttons: the comment may stand below, the papers may not."""
    page = page_of("leader", **PHONE)
    page.goto("/lam-viec/")
    page.locator("details.staff-user > summary").click()
    page.locator(".staff-user-menu button[value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    panel = page.locator(".lead-panel")
    for part in (".lead-figures", ".lead-units", ".lead-points", ".lead-ranks", ".lead-low"):
        assert is_within(page, panel.locator(part), ONE_SCREEN), part
    for name in ("Summary PDF", "Full version"):
        assert is_within(page, panel.get_by_role("link", name=name), ONE_SCREEN), name
    assert page.problems == []


def test_figures_that_nothing_stands_beside_are_read_on_the_line_of_their_name(page_of, stage):
    page = page_of("leader", **PHONE)
    page.goto(f"/lam-viec/bao-cao/{half_to_report(timezone.localdate()).code}/W1/")
    lines = page.locator(".table-lines tbody tr").all()
    assert len(lines) > 50
    for line in lines:
        name, value = line.locator("th").bounding_box(), line.locator("td:visible").bounding_box()
        assert name["width"] >= 120
        assert name["x"] + name["width"] <= value["x"]
    heights = sorted(line.bounding_box()["height"] for line in lines)
    assert heights[len(heights) // 2] <= 84, "most names take three lines at most, beside “chưa báo cáo” too"
    assert page.problems == []


def test_a_list_of_lists_fits_a_tablet_held_upright(page_of, stage):
    with transaction.atomic(), rows.unguarded():
        Disbursement.objects.update(amount=96_150_000)
        Batch.objects.update(title="Danh sách trao 6 tháng cuối năm 2026", state="returned", reason="Sai")
    page = page_of("leader", width=768)
    page.goto("/lam-viec/hoc-bong/danh-sach/")
    table = page.locator(".table-wrap").first
    assert table.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth"), "no figure must be scrolled for"
