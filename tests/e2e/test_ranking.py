"""The units' rows of a report on a phone, in the order of a figure that the reader chooses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.lib.periods import HalfYear
from tests.reports import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

PAGE = "/bao-cao/2023-H1/HP/"


@pytest.fixture
def report():
    """An issued report in which district LC gave more often, and district NQ more money."""
    tree, leader = rows.make_city()
    rows.give(tree, "LC", count=30, amount=100_000)
    rows.give(tree, "NQ", count=20, amount=900_000, start=50)
    return rows.freeze(tree["HP"], HalfYear(2023, 1), leader)


def units_of(part):
    """The rows that can be seen, each its unit and the figure beside it."""
    return [one.inner_text().split("\n") for one in part.locator("summary").all()]


@pytest.mark.parametrize("width", [320, 360, 700])
def test_the_greatest_of_the_chosen_figure_comes_first_and_the_total_stays_last(page_of, report, width):
    page = page_of(width=width)
    page.goto(PAGE)
    part = page.locator("[data-ranked]").first
    plain, chooser = units_of(part), part.locator("select")
    names = [name for name, _figure in plain]
    closing = names[2:]
    for number in range(chooser.locator("option").count() - 1):
        chooser.select_option(str(number))
        ranked = units_of(part)
        heading = chooser.locator("option:checked").inner_text()
        expect(part.locator("[data-ranked-by]")).to_have_text(heading)
        assert [name for name, _figure in ranked[2:]] == closing
    orders = {}
    for option in chooser.locator("option").all()[1:]:
        chooser.select_option(option.get_attribute("value"))
        orders[option.inner_text()] = [name for name, _figure in units_of(part)[:2]]
    assert {tuple(order) for order in orders.values()} == {tuple(names[:2]), tuple(names[1::-1])}, orders
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chooser.select_option("")
    assert units_of(part) == plain
    assert not page.problems


def test_without_scripts_the_rows_stand_in_the_order_of_the_report_and_nothing_is_to_choose(
    browser, live_server, report
):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{live_server.url}{PAGE}")
    assert page.locator("details.unit-figures").first.is_visible()
    assert not any(one.is_visible() for one in page.locator("[data-ranked] select").all())
    context.close()
