"""A list of a thousand rows returned for one of them: mended by hand, and by the corrected file; the clicks counted."""

from __future__ import annotations

import datetime
import time

import pytest
from playwright.sync_api import expect

from intakes.services.intakes import commit_intake, plan_intake, start_intake
from portal.vocabulary import Role
from scholarships.models import Batch
from scholarships.services.batches import return_batch, submit_batch
from scholarships.services.lists import DisbursementList
from scholarships.services.reviewing import remark_rows
from tests import factories
from tests.scholarships.test_services_intakes import line, workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

LETTERS = "ABCDEGHIKL"
LEAVING = """() => {
  const event = new Event('beforeunload', {cancelable: true});
  window.dispatchEvent(event);
  return event.defaultPrevented;
}"""
ODD = 503  # the place of row 504 of the sheet, under its heading


def thousand_rows(odd_amount: int) -> list[tuple]:
    first = datetime.date(2009, 1, 1)
    return [
        line(
            f"Trần Thị {LETTERS[place // 100]}{LETTERS[place // 10 % 10].lower()}{LETTERS[place % 10].lower()}",
            odd_amount if place == ODD - 1 else 500_000,
            birth=f"{first + datetime.timedelta(place):%d/%m/%Y}",
        )
        for place in range(1000)
    ]


@pytest.fixture
def returned():
    """The list of LC, returned with a remark beside row 504."""
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    officer = factories.make_user("officer.lechan", role=Role.OFFICER, unit=tree["LECHAN"])
    approver = factories.make_user("approver", role=Role.APPROVER, unit=tree["HP"])
    intake = start_intake(
        kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="ds.xlsx",
        content=workbook(*thousand_rows(20_000_000)), actor=officer,
    )  # fmt: skip
    plan = plan_intake(intake=intake, actor=officer)
    batch = commit_intake(intake=intake, token=plan.token, actor=officer).made
    submit_batch(batch=batch, actor=officer)
    odd = batch.disbursements.get(row_number=ODD + 1)
    remark_rows(batch=batch, remarks={odd.pk: "20 triệu? Xem lại"}, actor=approver)
    return return_batch(batch=batch, reason="Một dòng cần xem lại", actor=approver)


class Hand:
    """Clicks on a page, counted and timed."""

    def __init__(self, page):
        self.page, self.clicks, self.since = page, 0, time.monotonic()

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def choose(self, label: str, field: str, file: dict) -> None:
        """Click a button that asks for a file, and choose one; the page goes on by itself."""
        self.clicks += 1
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(label).click()
        chooser.value.set_files(file)

    def report(self, way: str) -> None:
        print(f"{way}: {self.clicks} clicks, {time.monotonic() - self.since:.1f} s")


def demand_one_list_sent(returned, *, actions: list[str]) -> None:
    batch = Batch.objects.with_totals().get()  # one list, no second one
    assert (batch.pk, batch.state) == (returned.pk, "submitted")
    assert (batch.turns, batch.amount) == (1000, 500_000_000)
    assert [event.action for event in batch.events.all()] == actions


def test_by_hand_in_at_most_four_clicks(returned, page_of):
    page = page_of("officer.lechan")
    page.goto("/lam-viec/hoc-bong/danh-sach/")
    hand = Hand(page)
    hand.click(f"a[href$='/danh-sach/{returned.pk}/']")
    hand.click("section:has(#remarks) a[href*='/sua/']")  # the row that the approver means comes first
    expect(page.locator("input[name=amount]")).to_have_value("20.000.000")
    assert not page.evaluate(LEAVING)
    page.fill("input[name=amount]", "500000")
    assert page.evaluate(LEAVING)  # what is typed and not saved is asked about
    hand.click("#row-form button[type=submit]")
    hand.click(f"form[action$='/{returned.pk}/gui/'] button")
    expect(page.locator(".alert-success")).to_be_visible()
    hand.report("by hand")
    assert hand.clicks <= 4
    demand_one_list_sent(returned, actions=["create", "submit", "return", "edit", "submit"])
    assert "20.000.000 đồng → 500.000 đồng" in returned.events.get(action="edit").reason
    assert page.problems == []


def test_by_the_corrected_file_in_at_most_five_clicks(returned, page_of):
    page = page_of("officer.lechan")
    page.goto("/lam-viec/hoc-bong/danh-sach/")
    hand = Hand(page)
    hand.click(f"a[href$='/danh-sach/{returned.pk}/']")
    content = workbook(*thousand_rows(500_000))
    hand.choose(
        "label[for=corrected_content]",
        "content",
        {"name": "sua.xlsx", "mimeType": "application/octet-stream", "buffer": content},
    )
    page.wait_for_url("**/tep/**")
    beside = page.locator("section:has(#compared) tbody tr")
    expect(beside).to_have_count(1)
    expect(beside).to_contain_text("20.000.000")
    expect(beside).to_contain_text("500.000")
    hand.click("button[form=commit-form]")
    hand.click(f"form[action$='/{returned.pk}/gui/'] button")
    expect(page.locator(".alert-success")).to_be_visible()
    hand.report("by the corrected file")
    assert hand.clicks <= 5
    demand_one_list_sent(returned, actions=["create", "submit", "return", "edit", "submit"])
    assert "1 dòng sửa, 0 dòng mới, 0 dòng bỏ" in returned.events.get(action="edit").reason
    assert returned.disbursements.get(taken_out=True).amount == 20_000_000
    assert page.problems == []
