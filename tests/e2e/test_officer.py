"""An officer's day in a browser: how many clicks it takes, and that nothing typed is lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.vocabulary import Role
from scholarships.models import Batch
from tests import factories
from tests.factories import PASSWORD
from tests.scholarships.lists import make_batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]


@pytest.fixture
def stage():
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    for username, role, unit in (("officer.lc", Role.OFFICER, "LC"), ("approver", Role.APPROVER, "HP")):
        tree[username] = factories.make_user(username, role=role, unit=tree[unit])
    return tree


def sign_in_again(page) -> None:
    """The name stands there already; only the password is typed."""
    expect(page.locator("input[name=password]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_session_that_ends_while_one_types_loses_nothing(stage, page_of):
    batch = make_batch(stage["LC"], stage["officer.lc"])
    entry = f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/"
    page = page_of("officer.lc")

    # a row: saved by itself once its writer is back
    page.goto(entry)
    typed = {"full_name": "Phạm Thị Giữ Lại", "birth": "2012", "amount": "500000", "given_on": "21/5/2023"}
    for name, text in typed.items():
        page.fill(f"input[name={name}]", text)
    page.context.clear_cookies(name="sessionid")
    page.press("input[name=given_on]", "Enter")
    sign_in_again(page)
    page.wait_for_url(f"**{entry}")
    expect(page.locator("td strong", has_text="Phạm Thị Giữ Lại")).to_be_visible()
    assert batch.disbursements.count() == 1

    # an act: its page again, with the reason in its field, and nothing done
    page.goto(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/rut/")
    page.fill("main [name=reason]", "Nhập nhầm danh sách của năm trước.")
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button[type=submit]").last.click()
    if page.locator("dialog[open] [data-confirm-yes]").count():
        page.locator("dialog[open] [data-confirm-yes]").click()
    sign_in_again(page)
    page.wait_for_url("**/rut/")
    expect(page.locator("main [name=reason]")).to_have_value("Nhập nhầm danh sách của năm trước.")
    assert Batch.objects.get().state == "draft"
    assert page.problems == []
