"""Where the cursor is can always be seen (WCAG 2.2, 2.4.11): no bar lies over the field one types in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from intakes.services.intakes import start_intake
from news.models import Category
from news.services import create_article
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
    half_year = "/lam-viec/nua-nam/2023-H1/LC/nhap/"
    walk(page, f"/lam-viec/hoc-bong/danh-sach/{batch.pk}/nhap/", f"/lam-viec/tep/{intake.pk}/", half_year)


def walk(page, *addresses: str) -> list[str]:
    """Go through the pages by Tab at every size; return the stops of the last walk. Fails where one is covered."""
    covered, stops = [], []
    for address in addresses:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            stops = stops_of(page)
            assert len(stops) > 10, (address, stops)
            covered += [(address, width, height, stop) for stop in stops if stop["over"]]
    assert covered == [], "\n".join(map(str, covered))
    assert page.problems == []
    return [stop["what"] for stop in stops]


def test_the_newsroom_s_list_is_walked_by_keys_story_by_story(page_of):
    tree = factories.make_tree()
    factories.make_site_profile()
    section = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    editor = factories.make_user("editor", role=Role.EDITOR, unit=tree["HP"])
    titles = [f"Bài viết số {number}" for number in range(8)]
    for title in titles:
        create_article(category=section, unit=tree["HP"], title=title, lead="Một câu.", body="<p>a</p>", actor=editor)
    page = page_of("editor")
    stops = walk(page, reverse("newsroom_list"))
    assert [what for what in stops if what in titles] == titles[::-1]
    assert stops.index("q") < stops.index("state") < stops.index(titles[-1]), "first what narrows the list"
