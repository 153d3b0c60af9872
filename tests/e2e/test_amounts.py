"""The figures of a draft on a phone: no number is broken, and three short ones stand in a line."""

from __future__ import annotations

import pytest

from portal.lib.periods import HalfYear
from tests.reports import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

BROKEN = """() => [...document.querySelectorAll('.table-lines td.num')].filter(cell => {
  const range = document.createRange(); range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
  return lines.size > 1 && !cell.textContent.trim().includes(' ');
}).map(cell => cell.textContent.trim())"""


@pytest.fixture
def draft():
    """A draft with sums of ten billion beside turns, of a half-year after an issued one."""
    tree, leader = rows.make_city(opening=200_000_000_000)
    rows.give(tree, "LC", count=30, amount=347_500_000)
    rows.freeze(tree["HP"], HalfYear(2023, 1), leader)
    rows.give(tree, "LC", count=20, amount=747_500_000, half="2023-H2")


@pytest.mark.parametrize("width", [320, 360, 412])
def test_no_number_is_broken(page_of, draft, width):
    page = page_of("leader", width=width)
    page.goto("/lam-viec/bao-cao/2023-H2/HP/")
    assert page.locator(".table-lines td.num", has_text="14.950.000.190").count()
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = page.locator(".table-lines tr", has_text="Số lượt").first.locator("td:visible").all()
    assert len({round(cell.bounding_box()["y"]) for cell in tops}) == 1
    assert not page.problems
