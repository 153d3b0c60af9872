"""A leader's three minutes on a phone: better or worse, who is late and whom to ring, a comment, the paper; taps counted."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.lib.periods import half_to_report
from portal.models import User
from portal.vocabulary import Role
from reports.models import ReportComment
from tests import factories
from tests.factories import PASSWORD
from tests.reports import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

PHONE = {"width": 360, "height": 740}
TWO_SCREENS = 2 * PHONE["height"]


@pytest.fixture
def stage():
    """A city with wards that owe the half-year, and its issued report of a year ago; the officer of one has a phone."""
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_user("officer.lechan", role=Role.OFFICER, unit=tree["LECHAN"])
    User.objects.filter(username="officer.lechan").update(phone="+84912345678")
    leader = factories.make_user("leader", role=Role.LEADER, unit=tree["HP"])
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {"HP": factories.make_fund(tree["HP"])}
    half = half_to_report(timezone.localdate())
    rows.give(tree, "HP", count=10, half=half.same_last_year().code)
    rows.freeze(tree["HP"], half.same_last_year(), leader)
    rows.give(tree, "HP", count=12, half=half.code, start=100)
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
    expect(turns).to_contain_text("12")
    expect(turns.locator(".lead-change")).to_have_text("▲ tăng 20%")
    assert is_within(page, panel, TWO_SCREENS)
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
    assert page.locator(".board-list tbody tr").first.bounding_box()["height"] <= 82  # nine on a screen

    page.go_back()
    page.locator(".lead-panel").get_by_role("link", name="Góp ý").click()
    page.locator("form[action$='/gop-y/'] textarea").fill("Xem lại số hội viên mới")
    page.locator("form[action$='/gop-y/'] button[type=submit]").click()
    expect(page.locator("section:has(#comments) li").first).to_contain_text("Xem lại số hội viên mới")
    assert ReportComment.objects.get().written_by.username == "leader"
    assert page.problems == []
