"""Where the cursor is can always be seen (WCAG 2.2, 2.4.11): no bar lies over the field one types in."""

from __future__ import annotations

import pytest

from intakes.services.intakes import start_intake
from portal.vocabulary import Role
from scholarships.services.lists import DisbursementList
from tests import factories
from tests.scholarships.lists import make_batch
from tests.scholarships.test_intake_preview import BAD, GOOD, workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

SIZES = ((360, 430), (360, 640), (1280, 620))  # a phone with its keyboard up, a phone, a low laptop
#: How the focused element stands: null at the end of the page; else its words and what lies over it.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  if (getComputedStyle(at).position === 'fixed') return {what: at.textContent, over: []};  // the skip link: above all
  const over = [...document.querySelectorAll('*')].filter(bar => {
    const style = getComputedStyle(bar);
    if (!['sticky', 'fixed'].includes(style.position) || style.visibility === 'hidden' || bar.contains(at)) return false;
    const lies = bar.getBoundingClientRect();
    return lies.width && lies.height && lies.left < box.right - 1 && lies.right > box.left + 1
      && lies.top < box.bottom - 1 && lies.bottom > box.top + 1;
  }).map(bar => bar.className || bar.tagName);
  if (box.height < innerHeight / 2 && (box.top < -1 || box.bottom > innerHeight + 1)) over.push('the edge of the window');
  return {what: at.name || at.textContent.trim().slice(0, 30) || at.tagName, over};
}"""


def stops_of(page) -> list[dict]:
    stops = []
    for _press in range(250):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError("the end of the page is never reached by Tab")


def test_every_stop_of_tab_is_seen(page_of):
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    programmes = factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    officer = factories.make_user("officer.lc", role=Role.OFFICER, unit=tree["LC"])
    batch = make_batch(tree["LC"], officer, rows=6, programme=programmes["scholarship"])
    intake = start_intake(
        kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="ds.xlsx",
        content=workbook(GOOD + BAD), actor=officer,
    )  # fmt: skip
    page = page_of("officer.lc")
    covered = []
    for address in (
        f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/",
        f"/lam-viec/tep/{intake.pk}/",
        "/lam-viec/nua-nam/2023-H1/LC/nhap/",
    ):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            stops = stops_of(page)
            assert len(stops) > 10, (address, stops)
            covered += [(address, width, height, stop) for stop in stops if stop["over"]]
    assert covered == [], "\n".join(map(str, covered))
    assert page.problems == []
