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


def end_session(page) -> None:
    """Half a day goes by on the page's clock, and the browser drops the cookie."""
    page.clock.fast_forward("12:00:00")
    page.context.clear_cookies(name="sessionid")


def sign_in_again(page, *, first: str = "") -> None:
    """On the page itself, the name stands there already; only the password is typed."""
    expect(page.locator("#sign-in-again input[name=password]")).to_be_focused()
    if first:
        page.keyboard.type(first)
        page.keyboard.press("Enter")
        expect(page.locator("#sign-in-again [data-problem]")).not_to_be_empty()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_session_that_ends_while_one_types_loses_nothing(stage, page_of):
    batch = make_batch(stage["LC"], stage["officer.lc"])
    entry = f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/"
    page = page_of("officer.lc")
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/con-dang-nhap/" in request.url else None)

    # a row: saved by itself once its writer is back
    page.goto(entry)
    typed = {"full_name": "Phạm Thị Giữ Lại", "birth": "2012", "amount": "500000", "given_on": "21/5/2023"}
    for name, text in typed.items():
        page.fill(f"input[name={name}]", text)
    end_session(page)
    page.press("input[name=given_on]", "Enter")
    sign_in_again(page, first="không phải mật khẩu")
    expect(page.locator("td strong", has_text="Phạm Thị Giữ Lại")).to_be_visible()
    assert page.url.endswith(entry)  # it never left
    assert batch.disbursements.count() == 1

    # an act: its page still, with the reason in its field, and nothing done until the button is pressed again
    page.goto(f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/rut/")
    page.fill("main [name=reason]", "Nhập nhầm danh sách của năm trước.")
    end_session(page)
    press = page.locator("main form button[type=submit]").last
    press.click()
    sign_in_again(page)
    page.locator("#sign-in-again [data-again] button").click()
    expect(page.locator("main [name=reason]")).to_have_value("Nhập nhầm danh sách của năm trước.")
    assert Batch.objects.get().state == "draft"
    asked.clear()
    press.click()
    expect(page.locator("main .status, main .page-intro").first).to_contain_text("Đã rút")
    assert asked == []  # the portal has just told of the session: the form goes at once
    assert Batch.objects.get().state == "withdrawn"
    assert page.problems == []
