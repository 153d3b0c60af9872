"""The public pages as a phone gets them: how much before the first scroll, nothing that jumps, no other host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pypdfium2
import pytest
from playwright.sync_api import expect

from news import services
from news.models import Category, ReadCount
from news.tasks import make_renditions
from news.views import reads as counting
from portal.vocabulary import Role
from tests import factories
from tests.e2e.conftest import give_session
from tests.news.conftest import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

MOST_REQUESTS, MOST_KB, MOST_SHIFT = 12, 250, 0.01
SHIFT = """window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shift += entry.value;
})).observe({ type: "layout-shift", buffered: true });"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((one) => !one.closest(".visually-hidden, .table-wrap")
  && one.getBoundingClientRect().right > innerWidth + 1).map((one) => `${one.tagName}.${one.className}`)"""

#: How wide a code is on paper in mm, without the white around it (96 pixels of CSS are an inch).
CODE_MM = (
    """() => document.querySelector(".article-end .qr-image svg path").getBoundingClientRect().width / 96 * 25.4"""
)


@pytest.fixture
def site():
    """A site with two articles: one with four photos, one whose title has a word without end."""
    tree = factories.make_tree()
    factories.make_site_profile()
    section = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    editor = factories.make_user("editor", role=Role.EDITOR, unit=tree["HP"])
    photos = [
        services.add_photo(file=picture((480 + number, 320)), caption="Lễ trao", alt="Các em nhận quà", actor=editor)
        for number in range(4)
    ]
    text = "<p>Các em nhận học bổng.</p>".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos)
    titles = ("Trao học bổng", "Xem https://haiphong.gov.vn/" + "x" * 150)
    articles = [
        services.create_article(
            unit=tree["HP"], category=section, title=title, lead="Sáng nay.", body=text, cover=photo, actor=editor
        )
        for title, photo in zip(titles, photos, strict=False)
    ]
    return [services.publish_article(article=article, actor=editor) for article in articles]


def test_show3_the_first_view_is_small_stands_still_and_asks_no_other_host(site, page_of):
    for photo in site[0].published_revision.photos.all():
        make_renditions.call(photo.pk)
    page = page_of(width=360, height=740)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    asked, weighed = {}, {}
    network.on("Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]}))
    network.on("Network.loadingFinished", lambda told: weighed.update({told["requestId"]: told["encodedDataLength"]}))
    page.add_init_script(SHIFT)
    for path in ("/", "/tin-tuc/", site[0].get_absolute_url(), "/tim-kiem/?q=hoc+bong"):
        asked.clear()
        weighed.clear()
        network.send("Network.clearBrowserCache")
        page.goto(path, wait_until="networkidle")
        urls = [url for url in asked.values() if not url.startswith("data:")]
        assert {urlsplit(url).netloc for url in urls} == {urlsplit(page.url).netloc}
        sheets = [url for url in urls if url.endswith(".css")][1:]  # an installation has them all in the first one
        urls = {url for url in urls if url not in sheets}  # the mark is the page's icon too: kept, asked once
        assert len(urls) <= MOST_REQUESTS, "\n".join(sorted(urls))
        assert sum(weighed.values()) <= MOST_KB * 1024, (path, weighed)
        assert page.evaluate("window.shift") < MOST_SHIFT, path
    assert page.problems == []


def test_p15_a_page_tells_that_it_was_read_after_some_seconds_and_only_then(site, browser, live_server):
    told, firefox = [], "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"
    readers = (
        {"user_agent": firefox},
        {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user_agent": f"{firefox} 2", "java_script_enabled": False},
        {"user_agent": f"{firefox} 3", "session": True},
    )
    for choices in readers:
        is_staff = choices.pop("session", False)
        context = browser.new_context(base_url=live_server.url, **choices)
        if is_staff:
            give_session(context, "editor", live_server.url)
        page = context.new_page()
        page.clock.install(time=0)
        page.clock.pause_at(1)  # an installed clock runs on by itself: a slow machine would read longer than it is told
        page.on("request", lambda request: told.append(request.url) if request.method == "POST" else None)
        page.goto(site[0].get_absolute_url(), wait_until="networkidle")
        page.clock.run_for(4000)
        assert told == []
        if choices.get("java_script_enabled", True):
            with page.expect_response("**/da-doc/") as answer:
                page.clock.run_for(2000)
            assert answer.value.status == 204
            page.clock.run_for(60_000)
            assert len(told) == 1, "a page tells once"
            told.clear()
        context.close()
        counting.reads.flush()
        assert ReadCount.objects.filter(article=site[0], count=1).exists(), "the first reader alone"


def test_f32_a_word_without_end_in_a_title_keeps_to_its_page(site, page_of):
    article = site[1]
    reader, editor = page_of(width=360), page_of("editor", width=360)
    for path in ("/", "/tin-tuc/", article.get_absolute_url(), "/tim-kiem/?q=haiphong"):
        reader.goto(path)
        assert reader.evaluate(TOO_WIDE) == [], path
    for path in ("", f"{article.pk}/", f"{article.pk}/dang/"):
        editor.goto(f"/lam-viec/tin-tuc/{path}", wait_until="networkidle")
        assert editor.evaluate(TOO_WIDE) == [], path


def test_photos_are_seen_one_by_one_by_keys_and_the_focus_comes_back(site, page_of):
    page = page_of()
    page.goto(site[0].get_absolute_url())
    photos, viewer = page.locator(".photo-open"), page.locator("#photo-viewer")
    photos.nth(1).focus()
    page.keyboard.press("Enter")
    place = viewer.locator("[data-viewer-place]")
    expect(place).to_have_text("2 / 4")
    expect(viewer.locator("[data-viewer-words]")).to_contain_text("Lễ trao")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("1 / 4")  # behind the last comes the first
    page.keyboard.press("ArrowLeft")
    expect(place).to_have_text("4 / 4")
    expect(viewer.locator("img")).to_have_attribute("alt", "Các em nhận quà")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(photos.nth(1)).to_be_focused()
    assert page.problems == []


def test_show3_a_video_asks_its_host_when_a_reader_presses_its_card_and_not_before(site, page_of):
    editor = site[0].created_by
    video = '<figure data-video="youtube:dQw4w9WgXcQ" title="Lễ trao"></figure>'
    text = {"title": "Bài có phim", "lead": "Sáng nay.", "body": f"<p>Các em.</p>{video}"}
    article = services.create_article(unit=site[0].unit, category=site[0].category, actor=editor, **text)
    article = services.publish_article(article=article, actor=editor)
    page, elsewhere = page_of(), []

    def answer(route):
        elsewhere.append(route.request.url)
        route.fulfill(content_type="text/html", body="<p>Phim</p>")

    page.goto("/")
    here = urlsplit(page.url).netloc
    page.route(lambda url: urlsplit(url).netloc not in ("", here), answer)
    for press in ("key", "mouse"):
        page.goto(article.get_absolute_url(), wait_until="networkidle")
        card = page.locator(".video-card")
        expect(card).to_contain_text("YouTube")
        assert elsewhere == []
        if press == "key":
            card.focus()
            page.keyboard.press("Enter")
        else:
            card.click()
        player = page.locator(".article-video iframe")
        expect(player).to_have_attribute("title", "Lễ trao")
        expect(page.frame_locator(".article-video iframe").locator("p")).to_have_text("Phim")
        expect(player).to_be_focused()
        assert [urlsplit(url).netloc for url in elsewhere] == ["www.youtube-nocookie.com"]
        elsewhere.clear()
    assert page.problems == []


def test_titles_are_suggested_while_a_word_is_half_typed_and_one_is_opened_by_keys(site, page_of):
    page = page_of(width=360)
    page.goto("/tim-kiem/")
    field, offered = page.locator("main [name=q]"), page.locator("#q-titles [role=option]")
    field.press_sequentially("hoc bo")
    expect(offered).to_have_text(["Trao học bổng"])
    expect(offered).to_be_visible()
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    field.press_sequentially("ng")
    expect(offered).to_have_count(2)  # and one whose text has it
    assert page.evaluate(TOO_WIDE) == []
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "q-titles-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Trao**")
    assert page.locator(f'a[href="{site[0].get_absolute_url()}"]').count() >= 1
    assert page.problems == []


def test_on_paper_a_wide_table_keeps_every_column_and_the_code_is_30_mm(site, page_of):
    heads = "".join(f"<th>Cột{number:02}</th>" for number in range(1, 15))
    cells = "".join(f"<td>{number:02}.000.000đ</td>" for number in range(1, 15))
    article = services.create_article(
        unit=site[0].unit, category=site[0].category, title="Số liệu mười bốn cột", lead="Sáng nay.",
        body=f"<table><tr>{heads}</tr><tr>{cells}</tr></table>", actor=site[0].created_by,
    )  # fmt: skip
    article = services.publish_article(article=article, actor=site[0].created_by)
    page = page_of()
    page.goto(article.get_absolute_url())
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, format="A4"))
    words = "".join("".join(one.get_textpage().get_text_bounded().split()) for one in printed)
    missing = [f"{number:02}" for number in range(1, 15) if f"Cột{number:02}" not in words]
    missing += [f"{number:02}" for number in range(1, 15) if f"{number:02}.000.000đ" not in words]
    page.emulate_media(media="print")
    assert missing == []
    assert page.evaluate(CODE_MM) >= 30
    assert page.problems == []


def test_show3_without_scripts_everything_is_read_and_found(site, browser, live_server):
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto("/")
    page.click("text=Trao học bổng")
    assert page.locator(".article-photo img").count() == 4
    assert page.locator("[data-print]").is_hidden()
    assert page.locator(".photo-open").first.get_attribute("href").endswith(".jpg")  # the whole photo, as a link
    page.goto("/tim-kiem/")
    page.fill("main [name=q]", "hoc bong")
    page.press("main [name=q]", "Enter")
    assert page.locator(f'a[href="{site[0].get_absolute_url()}"]').count() >= 1
    context.close()


def test_p11_without_scripts_the_contents_lead_to_their_headings_and_stay_off_paper(site, browser, live_server):
    article = site[0]
    text = "".join(f"<h2>{words}</h2><p>{'Các em nhận học bổng. ' * 60}</p>" for words in ("Một", "Hai", "Ba"))
    values = {"title": article.title, "category": article.category, "lead": "Sáng nay."}
    editor = article.created_by
    article = services.save_article(article=article, body=text, actor=editor, **values)
    article = services.publish_article(article=article, actor=editor)
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(article.get_absolute_url())
    contents = page.locator(".article-contents")
    contents.get_by_role("link", name="Ba").press("Enter")
    expect(page).to_have_url(f"{live_server.url}{article.get_absolute_url()}#muc-ba")
    expect(page.locator("#muc-ba")).to_be_in_viewport()
    page.emulate_media(media="print")
    expect(contents).to_be_hidden()
    expect(page.locator("#muc-ba")).to_be_visible()
    context.close()


LOST = """() => [...document.querySelectorAll("body *")].filter((one) => !one.closest(".visually-hidden, .table-wrap")
  && getComputedStyle(one).overflow !== "visible" && getComputedStyle(one).display !== "inline"
  && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1) && one.textContent.trim())
  .map((one) => `${one.tagName}.${one.className}`)"""
TEXT_PX = """() => parseFloat(getComputedStyle(document.querySelector(".article-body p")).fontSize)"""


def test_the_size_of_the_text_is_chosen_by_keys_and_stays_on_the_device(site, page_of):
    page, article = page_of(width=360), site[0]
    page.goto(article.get_absolute_url())
    smaller, original, larger = (page.locator(f"[data-text-size={size}]") for size in ("small", "normal", "large"))
    expect(original).to_have_attribute("aria-pressed", "true")
    sizes = [page.evaluate(TEXT_PX)]
    for button in (larger, smaller):
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(original).to_have_attribute("aria-pressed", "false")
        sizes.append(page.evaluate(TEXT_PX))
        page.reload()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.evaluate(TEXT_PX) == sizes[-1]
        page.goto(site[1].get_absolute_url())  # of every article, not of this one
        assert page.evaluate(TEXT_PX) == sizes[-1]
        page.goto(article.get_absolute_url())
    assert sizes[2] < sizes[0] < sizes[1]
    original.click()
    page.reload()
    assert page.evaluate(TEXT_PX) == sizes[0]
    page.evaluate("localStorage.setItem('text-size', 'huge')")  # what no button set
    page.reload()
    expect(original).to_have_attribute("aria-pressed", "true")
    assert page.problems == []


@pytest.mark.parametrize(("width", "letters"), [(640, "100%"), (320, "100%"), (1280, "200%"), (640, "200%")])
def test_at_twice_the_size_with_large_text_nothing_is_lost(site, page_of, width, letters):
    """Zoomed in (a narrower page), or with the browser's letters twice as large."""
    page, article = page_of(width=width), site[0]
    page.add_init_script(
        f"localStorage.setItem('text-size', 'large'); addEventListener('DOMContentLoaded',"
        f" () => document.documentElement.style.fontSize = '{letters}')"
    )
    for path in (article.get_absolute_url(), "/", "/tin-tuc/", "/tim-kiem/?q=hoc+bong"):
        page.goto(path)
        assert page.evaluate(TOO_WIDE) == [], path
        assert page.evaluate(LOST) == [], path
    assert page.problems == []
