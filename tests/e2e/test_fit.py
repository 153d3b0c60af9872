"""What only a browser can measure: whether figures keep to their places, at every width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
WIDTHS = (320, 360, 412, 768, 1024, 1280, 1440, 1920)
VALUES = (
    "14.936",
    "1.100",
    "305.522",
    "426.900.000 đồng",
    "10.426.900.000 đồng",
    "1.234.567.890.123 đồng",
    "chưa báo cáo",
)
OVERLAPS = """() => {
  const found = [], boxes = [...document.querySelectorAll('.figure')].map(e => [e, e.getBoundingClientRect()]);
  for (const [figure, box] of boxes) for (const part of figure.querySelectorAll('.figure-number, .figure-unit, .figure-hint, dt')) {
    const range = document.createRange(); range.selectNodeContents(part);
    for (const r of range.getClientRects())
      if (r.right > box.right + 0.5 || r.left < box.left - 0.5 || r.right > innerWidth) found.push([part.textContent, r.right, box.right]);
  }
  return found;
}"""


@pytest.fixture
def figures_page(browser):
    """A page of figures of one to seven together, each in a wide place and in a narrow panel, with our sheets."""
    sheet = (CSS / "public-pages.css").read_text(encoding="utf-8")
    text = re.sub(r'@import url\("([\w-]+\.css)"\);', lambda m: (CSS / m[1]).read_text(encoding="utf-8"), sheet)
    template = Template(
        "{% for kind in kinds %}{% for group in groups %}{% figures kind %}{% for value in group %}"
        '{% figure "Gia đình học tập được công nhận" value hint="10.286 lượt có hoàn cảnh khó khăn" main=forloop.first %}'
        "{% endfor %}{% endfigures %}{% endfor %}{% endfor %}"
    )
    groups = [VALUES[:count] for count in range(1, len(VALUES) + 1)] + [[value] * 4 for value in VALUES]
    body = template.render(Context({"kinds": ("cards", "band", "plain"), "groups": groups}))
    page = browser.new_page()
    page.set_content(
        f"<style>{text}</style><main class='wrap'>{body}<div style='width: 18rem; max-width: 100%'>{body}</div></main>"
    )
    yield page
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_figure_leaves_its_place(figures_page, width):
    figures_page.set_viewport_size({"width": width, "height": 900})
    assert figures_page.locator(".figure").count() > 200
    assert figures_page.evaluate(OVERLAPS) == []


def test_no_figure_leaves_its_place_on_paper(figures_page):
    figures_page.set_viewport_size({"width": 680, "height": 1000})
    figures_page.emulate_media(media="print")
    assert figures_page.evaluate(OVERLAPS) == []


def test_the_measure_sees_an_overlap(figures_page):
    figures_page.set_viewport_size({"width": 1280, "height": 900})
    figures_page.add_style_tag(content=".figure { max-width: 9rem; }")
    assert figures_page.evaluate(OVERLAPS)


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_number_of_a_photo_does_not_stand_on_its_caption(browser, media):
    sheet = (CSS / "public-pages.css").read_text(encoding="utf-8")
    text = re.sub(r'@import url\("([\w-]+\.css)"\);', lambda m: (CSS / m[1]).read_text(encoding="utf-8"), sheet)
    height = "24rem" if media == "screen" else "0"  # on paper a lazy picture may have no height yet
    page = browser.new_page()
    page.set_content(
        f"<style>{text}</style><main class='wrap'><div class='article-layout photo-story'><div class='article-body'>"
        f"<figure class='article-photo'><a class='photo-open' href='#' style='display: block; height: {height}'></a>"
        "<span class='photo-number'>4/5</span><figcaption>Bốn giờ chiều, một trang sách</figcaption></figure></div></div></main>"
    )
    page.emulate_media(media=media)
    assert page.evaluate(
        """() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('figcaption'));
        const words = range.getBoundingClientRect(), number = document.querySelector('.photo-number').getBoundingClientRect();
        return number.bottom <= words.top + 1; }"""
    )
    page.close()
