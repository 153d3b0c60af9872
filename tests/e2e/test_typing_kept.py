"""What was typed stays: when a sending was stopped and its writer went on, and when a form comes back after a refusal."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from news.models import Category
from portal.models import User
from portal.vocabulary import Role
from scholarships.services.batches import submit_batch
from tests import factories
from tests.e2e.test_way_back import LEAVING
from tests.scholarships.lists import make_batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]


@pytest.fixture
def section():
    """A section in which two editors alone publish, and a third is on the list."""
    tree = factories.make_tree()
    factories.make_site_profile()
    found = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    for name in ("editor", "editor.hai", "editor.ba"):
        factories.make_user(name, role=Role.EDITOR, unit=tree["HP"])
    found.editors.set(User.objects.filter(username__in=("editor", "editor.hai")))
    return found


def stop_on_its_way(page, button: str) -> None:
    """Press a button whose sending comes to nothing: the page stays, as after the browser's own button to stop."""
    page.route("**/*", lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_())
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator(button).first.click(no_wait_after=True)


def test_who_types_on_after_stopping_a_sending_is_asked_before_leaving(section, page_of):
    page = page_of("editor")
    page.goto(f"/lam-viec/chuyen-muc/{section.slug}/")
    page.fill("[name=description]", "Một dòng")
    stop_on_its_way(page, "main form [type=submit]")
    assert not page.evaluate(LEAVING)  # it is on its way, for all that the page knows
    page.fill("[name=description]", "Một dòng, hai dòng")
    assert page.evaluate(LEAVING)
    assert page.problems == []


def test_a_story_written_on_after_stopping_its_sending_is_kept_again(section, page_of):
    page = page_of("editor")
    page.clock.install()
    page.goto("/lam-viec/tin-tuc/viet/")
    expect(page.locator(".tiptap")).to_be_visible()
    page.fill("[name=title]", "Bài viết dở")
    stop_on_its_way(page, "[data-story-form] .story-actions [type=submit]")
    page.locator(".tiptap").click()
    page.keyboard.type("Viết tiếp sau khi dừng")
    page.clock.fast_forward(2_000)
    kept = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('story:')).map((key) => localStorage[key]).join()"
    )
    assert "Viết tiếp sau khi dừng" in kept
    assert page.evaluate(LEAVING)
    assert page.problems == []


def test_a_box_that_was_unticked_comes_back_unticked(section, page_of):
    page = page_of("editor")
    page.goto(f"/lam-viec/chuyen-muc/{section.slug}/")
    boxes = {
        name: page.get_by_label(User.objects.get(username=name).full_name, exact=True)
        for name in ("editor", "editor.hai", "editor.ba")
    }
    page.fill("[name=description]", "Của tôi")
    boxes["editor.hai"].uncheck()
    boxes["editor.ba"].check()
    Category.objects.update(description="Của người khác")
    page.locator("main form [type=submit]").first.click()
    page.locator(".state-page a.btn-primary").click()
    expect(page.locator("[name=description]")).to_have_value("Của tôi")
    assert {name: box.is_checked() for name, box in boxes.items()} == {
        "editor": True, "editor.hai": False, "editor.ba": True,
    }  # fmt: skip
    assert page.problems == []


def test_tags_section_and_kind_of_a_story_come_back_as_its_text_does(section, page_of):
    other = Category.objects.create(name="Gương sáng", slug="guong-sang", position=2)
    page = page_of("editor")
    page.clock.install()
    page.goto("/lam-viec/tin-tuc/viet/")
    expect(page.locator(".tiptap")).to_be_visible()
    page.fill("[name=tags]", "Quỹ khuyến học, Lê Chân")
    page.select_option("[name=category]", str(other.pk))
    page.check("[name=is_photo_story]")
    with page.expect_response("**/tin-tuc/giu/"):
        page.clock.fast_forward(15_000)
    elsewhere = page_of("editor")
    elsewhere.goto("/lam-viec/tin-tuc/viet/")
    elsewhere.locator("#story-unsaved a").click()
    demand_same(elsewhere, other)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".tiptap")).to_be_visible()
    page.click("[data-kept-use]")
    demand_same(page, other)
    assert page.problems == []


def demand_same(page, section):
    expect(page.locator("[name=tags]")).to_have_value("Quỹ khuyến học, Lê Chân")
    expect(page.locator("[name=category]")).to_have_value(str(section.pk))
    expect(page.locator("[name=is_photo_story]")).to_be_checked()


def test_the_calendar_of_a_day_of_another_century_shows_today_and_closes(section, page_of):
    page = page_of("editor")
    page.goto("/lam-viec/trang-chu/")
    field = page.locator("input[data-calendar]").first
    field.fill("01/01/1850")
    page.locator(".calendar-button").first.click()
    expect(page.locator(".calendar [aria-current=date]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".calendar").first).to_be_hidden()
    expect(field).to_have_value("01/01/1850")
    assert page.problems == []


def test_a_remark_that_could_not_be_kept_is_asked_about_until_it_is(page_of):
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    programme = factories.make_programmes(tree["HP"])["scholarship"]
    factories.make_fund(tree["LC"])
    officer = factories.make_user("officer.lechan", role=Role.OFFICER, unit=tree["LECHAN"])
    factories.make_user("approver", role=Role.APPROVER, unit=tree["HP"])
    batch = make_batch(tree["LC"], officer, rows=1, programme=programme)
    submit_batch(batch=batch, actor=officer)
    page = page_of("approver")
    page.goto(reverse("batch_approve", args=[batch.pk]))
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    remark = page.locator("input.remark").first
    remark.fill("Xin xem lại")
    remark.press("Enter")
    expect(page.locator(".remark-kept")).to_contain_text("Chưa giữ")
    assert page.evaluate(LEAVING)
    page.unroute("**/*")
    remark.fill("Xin xem lại dòng này")
    remark.press("Enter")
    expect(page.locator(".remark-kept")).not_to_contain_text("Chưa giữ")
    assert not page.evaluate(LEAVING)
