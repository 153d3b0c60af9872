"""The newsroom as its editors use it: paste, photos, and text that no lost session and no second person takes away."""

from __future__ import annotations

import base64
import re
import time

import pytest
from playwright.sync_api import expect

from news import services
from news.forms import EDITOR_WORDS
from news.models import Article, Category, Photo
from portal.models import Unit, User
from portal.vocabulary import Role
from tests import factories
from tests.e2e.conftest import give_session
from tests.news.conftest import picture
from tests.news.test_markup import GOOGLE, LIBRE, WORD, WORD_CLEAN, WORD_COMMENT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

PASTE = """(node, html) => {
  const clipboard = new DataTransfer();
  clipboard.setData("text/html", html);
  clipboard.setData("text/plain", "chữ");
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
}"""
HAND_OVER = """(node, { kind, html, files }) => {
  const handed = new DataTransfer();
  if (html) handed.setData("text/html", html);
  files.forEach(({ name, type, bytes }) => {
    handed.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name, { type }));
  });
  const told = { bubbles: true, cancelable: true };
  node.dispatchEvent(
    kind === "paste" ? new ClipboardEvent(kind, { clipboardData: handed, ...told }) : new DragEvent(kind, { dataTransfer: handed, ...told })
  );
}"""
SAID = """(bar) => [...bar.querySelectorAll("[title], [aria-label]")].flatMap((one) =>
  [one.title, one.getAttribute("aria-label")].filter(Boolean))"""
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('story:')).length"


@pytest.fixture
def desk():
    """The site with a section, an editor and a contributor."""
    tree = factories.make_tree()
    factories.make_site_profile()
    Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    factories.make_user("editor", role=Role.EDITOR, unit=tree["HP"])
    factories.make_user("contributor", role=Role.CONTRIBUTOR, unit=tree["HP"])


def files(count: int) -> list[dict]:
    return [
        {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": picture((60 + number, 40)).getvalue()}
        for number in range(count)
    ]


def in_text(size: tuple[int, int]) -> str:
    """A picture's bytes as text."""
    return base64.b64encode(picture(size, "PNG").getvalue()).decode()


def open_new(page):
    page.goto("/lam-viec/tin-tuc/viet/")
    expect(page.locator(".tiptap")).to_be_visible()


def captioned_clean(caption: str) -> str:
    return f"<table><caption>{caption}</caption><tbody><tr><td>Lê Chân</td></tr></tbody></table>"


def test_f12_f13_what_word_libreoffice_and_google_docs_copy_comes_out_clean_every_time(desk, page_of):
    page = page_of("editor")
    struck = WORD.replace("</body>", '<p>Còn <s>cũ</s> mới</p><img src="file:///C:/anh.png"></body>')
    clean = WORD_CLEAN + "\n<p>Còn mới</p>"
    captioned = "<table><caption>Bảng 1: <b>số suất</b></caption><tr><td>Lê Chân</td></tr></table>"
    copies = (
        (captioned, "Lê Chân", captioned_clean("Bảng 1: số suất")),
        (struck, "Còn mới", clean),
        (WORD_COMMENT, "Hội nghị", "<p>Hội nghị sơ kết.</p>"),
        (GOOGLE, "Đậm thường", "<p><strong>Đậm</strong> thường</p>\n<ul><li>Một</li></ul>"),
        (LIBRE, "Hai", "<p><strong>Đậm</strong></p>\n<ul><li>Một<ul><li>Hai</li></ul></li></ul>"),
    )
    for source, shown, expected in copies:
        for _time in range(2):
            open_new(page)
            page.fill("[name=title]", "Bài dán")
            page.locator(".tiptap").evaluate(PASTE, source)
            expect(page.locator(".tiptap")).to_contain_text(shown)
            if source == struck:
                expect(page.locator("#story-pasted")).to_contain_text("1 chỗ đã gạch bỏ")
                expect(page.locator("#story-pasted")).to_contain_text("2 hình")
            page.click("text=Lưu bản nháp")
            page.wait_for_url("**/lam-viec/tin-tuc/*/")
        bodies = {one.working_revision.body for one in Article.objects.order_by("-id")[:2]}
        assert bodies == {expected}
    open_new(page)
    page.fill("[name=title]", "Bảng")
    page.locator(".tiptap").evaluate(PASTE, captioned)
    caption = page.get_by_label("Tên bảng, nếu có")
    expect(caption).to_have_value("Bảng 1: số suất")
    caption.fill("Bảng 2 ")  # written where it stands; Enter in it saves nothing
    caption.press("Enter")
    expect(page).to_have_url(re.compile("/lam-viec/tin-tuc/viet/$"))
    page.locator(".tiptap td").click()
    page.keyboard.press("End")
    page.keyboard.type(" mới")
    page.click("text=Lưu bản nháp")
    page.wait_for_url(re.compile(r"/lam-viec/tin-tuc/\d+/$"))
    expect(caption).to_have_value("Bảng 2")
    clean = captioned_clean("Bảng 2").replace("Lê Chân", "Lê Chân mới")
    assert Article.objects.latest("id").working_revision.body == clean
    caption.fill("")  # taken away, and back by the editor's own way back
    page.locator(".tiptap td").click()
    page.keyboard.press("Control+z")
    expect(caption).to_have_value("Bảng 2")
    caption.fill(" ")
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu bản nháp").click()
    expect(caption).to_have_value("")
    body = Article.objects.latest("id").working_revision.body
    assert body == clean.replace("<caption>Bảng 2</caption>", "")
    assert page.problems == []


def test_a_table_made_here_gets_its_caption(desk, page_of):
    page = page_of("editor", width=360)
    open_new(page)
    page.fill("[name=title]", "Bảng mới")
    page.locator(".tiptap").click()
    page.locator("[title='Chèn bảng']").click()
    page.locator("dialog[open] button[type=submit]").click()
    caption = page.get_by_label("Tên bảng, nếu có")
    expect(caption).to_have_value("")
    caption.press_sequentially("Bảng 1 <số suất>")
    page.locator(".tiptap th, .tiptap td").first.click()
    page.keyboard.type("Lê Chân")
    page.click("text=Lưu bản nháp")
    page.wait_for_url(re.compile(r"/lam-viec/tin-tuc/\d+/$"))
    body = Article.objects.latest("id").working_revision.body
    assert body.startswith("<table><caption>Bảng 1 &lt;số suất&gt;</caption><tbody><tr><td>Lê Chân</td>")
    assert page.problems == []


def test_pasted_pictures_become_photos_where_they_stood_and_what_is_no_picture_is_counted(desk, page_of):
    page = page_of("editor")
    page.set_default_timeout(60_000)
    open_new(page)
    page.fill("[name=title]", "Bài dán có ảnh")
    pasted = (
        f'<p>Một <img src="data:image/png;base64,{in_text((61, 40))}"></p><p>Hai</p>'
        '<p><img src="data:image/png;base64,AAAA"><img src="data:image/png;base64,%"></p>'
        f'<p><del><img src="data:image/png;base64,{in_text((63, 40))}">cũ</del>Ba</p>'
        f"<p><img src=\"data:image/png,\"><img src='data:image/png;base64,{in_text((62, 40))}'></p><p>Bốn</p>"
    )
    with page.expect_request("**/dan/") as sent:
        page.locator(".tiptap").evaluate(HAND_OVER, {"kind": "paste", "html": pasted, "files": []})
    assert "base64" not in sent.value.post_data  # the pictures went alone
    expect(page.locator(".tiptap figure img")).to_have_count(2)
    expect(page.locator("#story-pasted")).to_contain_text("1 chỗ đã gạch bỏ")
    expect(page.locator("#story-pasted")).to_contain_text("3 hình")
    page.locator(".tiptap > p").last.click()
    alone = {"name": "image.png", "type": "image/png", "bytes": in_text((64, 40))}
    copied = '<meta charset="utf-8"><img src="https://example.vn/a.png" alt="">'  # as browsers copy one from a page
    page.locator(".tiptap").evaluate(HAND_OVER, {"kind": "paste", "html": copied, "files": [alone]})
    expect(page.locator(".tiptap figure img")).to_have_count(3)
    expect(page.locator("#story-pasted")).to_be_hidden()  # nothing was left out this time
    page.locator(".tiptap figure figcaption input").first.fill("Toàn cảnh")  # a caption is asked under each
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/lam-viec/tin-tuc/*/")
    revision = Article.objects.get().working_revision
    order = re.findall(r"<p>(.*?)</p>|<figure", revision.body)
    assert [one or "ảnh" for one in order] == ["Một", "ảnh", "Hai", "Ba", "ảnh", "Bốn", "ảnh"]
    assert [Photo.objects.get(pk=one).width for one in revision.photo_ids_in_text] == [61, 62, 64]
    assert revision.words_of(revision.photo_ids_in_text[0])["caption"] == "Toàn cảnh"
    assert Photo.objects.count() == 3  # what was struck out was not brought in
    assert page.problems == []


def test_a_newspapers_page_brings_no_points_in_as_photos_and_a_photo_in_a_table_stays_in_its_cell(desk, page_of):
    page = page_of("editor")
    page.set_default_timeout(60_000)
    open_new(page)
    page.fill("[name=title]", "Chép từ báo")
    point = f"data:image/png;base64,{in_text((1, 1))}"
    pasted = (
        f'<figure><picture><img class="lazy" src="{point}" data-src="https://x.vn/a.jpg"></picture><figcaption>Chú thích</figcaption>'
        f'</figure><p>Đoạn<img src="{point}"></p><table><tr><td><img src="data:image/png;base64,{in_text((61, 40))}"></td>'
        f'<td><img src="data:image/png;base64,{in_text((62, 40))}"></td></tr><tr><td>Ảnh 1</td><td>Ảnh 2</td></tr></table><p>Hết</p>'
    )
    page.locator(".tiptap").evaluate(HAND_OVER, {"kind": "paste", "html": pasted, "files": []})
    expect(page.locator(".tiptap td figure img")).to_have_count(2)
    expect(page.locator("#story-pasted")).to_contain_text("1 hình")
    expect(page.locator("[data-photo-row]")).to_have_count(2)
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/lam-viec/tin-tuc/*/")
    one, two = Photo.objects.order_by("pk")
    assert Article.objects.get().working_revision.body == (
        "<p>Chú thích</p>\n<p>Đoạn</p>\n<table><tbody>"
        f'<tr><td><figure data-photo="{one.pk}"></figure></td><td><figure data-photo="{two.pk}"></figure></td></tr>'
        "<tr><td>Ảnh 1</td><td>Ảnh 2</td></tr></tbody></table>\n<p>Hết</p>"
    )
    assert page.problems == []


def test_show6_photos_chosen_without_a_network_go_again_by_themselves_and_a_lost_session_is_told_as_one(
    desk, page_of, live_server
):
    page = page_of("editor", width=360)
    page.set_default_timeout(60_000)
    open_new(page)
    page.context.set_offline(True)
    page.set_input_files("[name=new_photos]", files(3))
    again = page.locator("button[data-send-again]", has_text="Gửi lại")
    expect(again).to_have_count(3)
    page.context.set_offline(False)
    expect(page.locator("[data-photo-row]")).to_have_count(3)
    expect(page.locator("#photo-progress p")).to_have_count(0)
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("[name=new_photos]", files(4)[3])
    expect(page.locator("#photo-progress")).to_contain_text("phiên đăng nhập đã hết")
    page.locator(".tiptap").evaluate(PASTE, "<p>một <b>hai</b></p>")
    expect(page.locator("#story-pasted")).to_contain_text("phiên đăng nhập đã hết")
    expect(page.locator("#story-pasted")).to_be_in_viewport()  # beside the text, not above the title
    expect(page.locator(".tiptap")).to_contain_text("chữ")
    give_session(page.context, "editor", live_server.url)
    again.click()
    expect(page.locator("[data-photo-row]")).to_have_count(4)
    assert page.problems == []


def test_h3_photos_go_in_one_after_the_other_and_the_first_is_the_cover(desk, page_of):
    page = page_of("editor")
    open_new(page)
    page.fill("[name=title]", "Mười hai ảnh")
    page.locator(".tiptap").click()
    page.keyboard.type("Đoạn đầu.")
    page.set_input_files("[name=new_photos]", files(12))
    expect(page.locator("[data-photo-row]")).to_have_count(12, timeout=60_000)
    numbers = page.locator("[data-photo-row]").evaluate_all("all => all.map(one => one.dataset.photoRow)")
    rows = [int(number) for number in numbers]
    for number in rows[:3]:
        page.click(f'[data-insert-photo="{number}"]')
    page.click("[data-insert-all]")
    expect(page.locator(".tiptap figure")).to_have_count(12)
    page.locator(".tiptap figure figcaption input").first.fill("Toàn cảnh hội nghị")
    expect(page.locator(f"[name=photo-{rows[0]}-caption]")).to_have_value("Toàn cảnh hội nghị")
    expect(page.locator(f'[data-photo-row="{rows[0]}"] [data-missing=caption]')).to_be_hidden()
    lacks_words = page.locator(f'[data-photo-row="{rows[0]}"] [data-missing=alt]')
    decorative = page.locator(f"[name=photo-{rows[0]}-decorative]")
    expect(lacks_words).to_be_visible()
    decorative.check()
    expect(lacks_words).to_be_hidden()
    decorative.uncheck()
    expect(lacks_words).to_be_visible()
    titles = page.locator(".prose-menubar [title]").evaluate_all("all => all.map(one => one.title)")
    assert titles  # f34
    assert not {"bold", "italic", "unordered list", "insert link", "undo", "Add row", "Delete table"} & set(titles)
    words = page.locator(".prose-menubar__option").all_inner_texts()
    assert not {"Paragraph", "Heading 2", "Heading 3"} & {word.strip() for word in words}
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/lam-viec/tin-tuc/*/")
    revision = Article.objects.get().working_revision
    assert revision.photo_ids_in_text == rows
    assert revision.cover_id == rows[0]
    assert revision.words_of(rows[0])["caption"] == "Toàn cảnh hội nghị"


def test_f06_f25_f37_p02_unsaved_text_is_kept_for_its_writer_alone_and_dropped_when_saved(desk, page_of, live_server):
    page = page_of("editor")
    page.clock.install()
    open_new(page)
    page.fill("[name=title]", "Bài thứ nhất")
    page.press("[name=title]", "Enter")  # half a thought: saves nothing
    page.clock.fast_forward(2_000)
    expect(page.locator("#story-status")).to_be_visible()
    assert page.evaluate(KEPT) == 1
    assert not Article.objects.exists()
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/lam-viec/tin-tuc/*/")
    open_new(page)
    expect(page.locator("#story-kept")).to_be_hidden()  # it is saved
    page.fill("[name=title]", "Bài thứ hai")
    page.fill("[name=lead]", "Một giờ viết")
    with page.expect_response("**/tin-tuc/giu/"):
        page.clock.fast_forward(15_000)  # from here on the server has it too
    expect(page.locator("#story-autosaved")).to_be_visible()
    elsewhere = page_of("editor")
    open_new(elsewhere)
    elsewhere.locator("#story-unsaved a").click()
    expect(elsewhere.locator("[name=title]")).to_have_value("Bài thứ hai")
    expect(elsewhere.locator("[name=lead]")).to_have_value("Một giờ viết")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/lam-viec/tin-tuc/")
    assert asked == ["beforeunload"]
    open_new(page)
    expect(page.locator("#story-kept")).to_be_visible()
    page.fill("[name=title]", "Bài thứ ba")  # a third one while the second is offered
    page.clock.fast_forward(2_000)
    expect(page.locator("#story-status")).to_be_visible()
    assert page.evaluate(KEPT) == 2
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.click("[data-kept-use]")
    expect(page.locator("[name=title]")).to_have_value("Bài thứ ba")
    page.context.clear_cookies(name="sessionid")  # the session ends, the network goes
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/login/**")
    assert page.evaluate(KEPT) >= 1
    assert Article.objects.count() == 1
    give_session(page.context, "contributor", live_server.url)  # a second person at the same machine
    open_new(page)
    expect(page.locator("#story-kept")).to_be_hidden()
    give_session(page.context, "editor", live_server.url)
    open_new(page)
    expect(page.locator("#story-kept")).to_be_visible()
    beside = page.context.new_page()
    open_new(beside)
    for tab, title in ((page, "Bài thứ tư"), (beside, "Bài thứ năm")):
        tab.fill("[name=title]", title)
        page.clock.fast_forward(2_000)
        expect(tab.locator("#story-status")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/logout/']").evaluate("form => form.requestSubmit()")
    page.wait_for_url(lambda url: "/lam-viec/" not in url)
    page.clock.fast_forward(4_000)
    assert page.evaluate(KEPT) == 0  # who signs out leaves nothing on the machine, nor does a page that stands open


def test_show9_an_editors_monday_from_word_and_twelve_photos_to_a_live_story(desk, page_of):
    page, clicks, began = page_of("editor"), [], time.monotonic()

    def click(what):
        clicks.append(what)
        page.locator(what).first.click()

    page.set_default_timeout(60_000)  # twelve photos are read one after the other
    page.goto("/lam-viec/tin-tuc/")
    click("text=Viết bài mới")
    click("[name=title]")
    page.keyboard.type("Hội nghị sơ kết công tác khuyến học sáu tháng đầu năm")
    page.keyboard.press("Tab")
    page.fill("[name=lead]", "Sáng 21/7, Hội Khuyến học thành phố tổ chức Hội nghị sơ kết.")
    click(".tiptap")
    page.locator(".tiptap").evaluate(PASTE, WORD)
    expect(page.locator("#story-pasted")).to_be_visible()  # what did not come along is said
    clicks.append("[name=new_photos]")
    page.set_input_files("[name=new_photos]", files(12))
    expect(page.locator("[data-photo-row]")).to_have_count(12, timeout=60_000)
    click("[data-insert-all]")
    expect(page.locator(".tiptap figure")).to_have_count(12)
    for place, row in enumerate(page.locator("[data-photo-row]").all(), start=1):
        row.locator("[name$=-caption]").fill(f"Ảnh hội nghị số {place}")
        row.locator("[name$=-alt]").fill(f"Đại biểu phát biểu, cảnh thứ {place}")
    click("button[value=publish]")
    page.wait_for_url("**/dang/")
    expect(page.locator("#id_back_dated")).to_be_hidden()  # asked only where the time lies in the past
    for typed, asked in (("21/07/2023 08:00", True), ("01/01/2099", False), ("hôm qua", True), ("", False)):
        page.fill("#id_at", typed)
        expect(page.locator("#id_back_dated")).to_be_visible(visible=asked)
    click("main form button[type=submit]")
    page.wait_for_url("**/lam-viec/tin-tuc/")
    seconds = time.monotonic() - began
    article = Article.objects.published().select_related("published_revision", "category").get()
    assert len(article.published_revision.photo_ids_in_text) == 12
    page.goto(article.get_absolute_url())
    assert page.locator(".article-photo img").count() == 12
    assert page.problems == []
    print(f"clicks {len(clicks)}, seconds {seconds:.0f}")
    assert len(clicks) <= 12, clicks


def test_from_a_phone_photos_and_a_draft_take_four_taps(desk, page_of):
    page, taps = page_of("editor", width=360, height=740), []
    page.set_default_timeout(60_000)

    def tap(what):
        taps.append(what)
        page.locator(what).first.click()

    page.goto("/lam-viec/tin-tuc/")
    tap("text=Viết bài mới")
    button, label = (page.locator(one).bounding_box() for one in ("[data-choose-photos]", "label[for=id_title]"))
    assert label["y"] - button["y"] - button["height"] >= 8  # a finger's room
    with page.expect_file_chooser() as chosen:
        tap("[data-choose-photos]")  # the phone offers its camera and its gallery
    assert chosen.value.is_multiple()
    assert "image/*" in chosen.value.element.get_attribute("accept")
    assert chosen.value.element.get_attribute("capture") is None  # a gallery as well as the camera
    chosen.value.set_files(files(2))
    expect(page.locator("[data-photo-count]")).to_have_text(re.compile(r": 2$"))
    tap("[name=title]")
    page.keyboard.type("Lễ trao học bổng ở Đồ Sơn")
    tall = page.locator(".prose-menubar__button:visible").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert tall
    assert min(tall) >= 44
    dropped = {
        "name": "IMG_9.jpg",
        "type": "image/jpeg",
        "bytes": base64.b64encode(picture((77, 40)).getvalue()).decode(),
    }
    page.locator(".drop:has([name=new_photos])").evaluate(HAND_OVER, {"kind": "drop", "files": [dropped, dropped]})
    expect(page.locator("[data-photo-row]")).to_have_count(3)  # twice the same is one
    tap(".story-quick button[type=submit]")
    page.wait_for_url(re.compile(r"/lam-viec/tin-tuc/\d+/$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    article = Article.objects.get()
    assert article.title == "Lễ trao học bổng ở Đồ Sơn"
    assert article.working_revision.cover == article.photos.earliest("pk")
    assert article.photos.count() == 3
    assert page.problems == []
    print(f"taps {len(taps)}")
    assert len(taps) <= 4, taps


def test_f34_the_toolbar_is_vietnamese_within_each_kind_of_heading(desk, page_of):
    page = page_of("editor")
    open_new(page)
    page.locator(".tiptap").evaluate(PASTE, "<h2>Một</h2><h3>Hai</h3><h4>Ba</h4>")
    for level, name in (("h2", "Tiêu đề lớn"), ("h3", "Tiêu đề vừa"), ("h4", "Tiêu đề nhỏ")):
        page.locator(f".tiptap {level}").click()
        chosen = page.locator(".prose-menubar__button--heading").locator("visible=true").first
        expect(chosen).to_have_attribute("title", name)
        expect(chosen).to_have_attribute("aria-label", name)
    assert page.problems == []


def test_f34_files_videos_links_and_photos_of_the_library_are_kept_and_the_toolbar_is_vietnamese(desk, page_of):
    editor, section = User.objects.get(username="editor"), Category.objects.get()
    unit = Unit.objects.get(code="HP")
    photo = services.add_photo(file=picture((64, 48)), unit=unit, caption="Lễ trao", alt="Các em", actor=editor)
    known = services.create_article(
        unit=unit, category=section, title="Trao quà “Đồ Sơn”", lead="a", body="<p>a</p>", actor=editor
    )
    known = services.publish_article(article=known, actor=editor)
    page = page_of("editor")
    open_new(page)
    page.fill("[name=title]", "Bài có tệp")
    said = page.locator(".prose-menubar").evaluate(SAID)
    assert said
    assert not set(said) & {word for word, shown in EDITOR_WORDS.items() if word != str(shown)}, "English"
    page.locator(".tiptap").press_sequentially("Xem ")
    page.click("text=Đường dẫn đến một trang của cổng này")
    page.fill("#insert-link", "do son")
    page.click("#insert-pages button")
    page.locator("summary", has_text="Video").click()
    page.fill("#insert-video", "https://example.vn/phim")
    page.fill("#insert-video-title", "Lễ trao")
    page.click("#insert-video-put")
    expect(page.locator("#insert-video-said")).to_contain_text("YouTube")  # refused beside its field
    expect(page.locator("#insert-video")).to_be_focused()
    page.fill("#insert-video", "https://youtu.be/dQw4w9WgXcQ?si=a")
    page.keyboard.press("Enter")
    expect(page.locator("#insert-video-said")).to_be_empty()
    expect(page.locator(".tiptap [data-video]")).to_contain_text("Lễ trao")
    pdf = {"name": "Kế hoạch.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nstartxref\n9\n%%EOF\n"}
    page.set_input_files("[name=new_files]", pdf)
    expect(page.locator(".tiptap [data-file]")).to_contain_text("Kế hoạch.pdf")
    page.locator(".tiptap [data-file]").click()
    page.keyboard.press("Delete")  # taken out, and put in again
    expect(page.locator(".tiptap [data-file]")).to_have_count(0)
    page.click("#insert-files [data-insert-file]")
    expect(page.locator(".tiptap [data-file]")).to_contain_text("Kế hoạch.pdf")
    page.set_input_files("[name=new_files]", pdf | {"name": "Trang.pdf", "buffer": b"<html>"})
    expect(page.locator("#insert-file-said")).to_contain_text("Trang.pdf")
    page.locator(".tiptap > p").last.click()
    page.click("[title='Chèn bảng']")
    assert page.locator("dialog[open] option").all_inner_texts() == ["Có", "Không"]
    page.locator("dialog[open] select").select_option(label="Có")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator(".tiptap th")).to_have_count(3)
    page.locator(".tiptap th").first.click()
    page.keyboard.type("Lớp")
    page.click("#photo-library summary")
    page.click(".library-offers button")
    page.click(f"[data-insert-photo='{photo.pk}']")
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/lam-viec/tin-tuc/*/")
    body = Article.objects.order_by("-id")[0].working_revision.body
    assert f'<a href="{known.get_absolute_url()}">Trao quà “Đồ Sơn”</a>' in body
    assert '<figure data-video="youtube:dQw4w9WgXcQ" title="Lễ trao"></figure>' in body
    assert body.count('<figure data-file="') == 1
    assert "<th>Lớp</th>" in body
    assert f'<figure data-photo="{photo.pk}"></figure>' in body
    expect(page.locator(".tiptap figure")).to_have_count(3)  # and opened again they stand there
    assert page.problems == []


def test_show6_a_lost_network_an_expired_session_and_a_second_editor_lose_no_sentence_and_no_caption(desk, page_of):
    editor, section = User.objects.get(username="editor"), Category.objects.get()
    article = services.create_article(
        unit=Unit.objects.get(code="HP"), category=section, title="Tên cũ", lead="Sapo cũ", body="", actor=editor
    )
    photo = services.add_photo(file=picture((64, 48)), caption="Cũ", alt="Các em", article=article, actor=editor)
    page = page_of("editor")
    page.set_default_timeout(60_000)
    edit = f"/lam-viec/tin-tuc/{article.pk}/"
    page.goto(edit)
    expect(page.locator(".tiptap")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#story-offline")).to_contain_text("được giữ trên máy này")
    page.fill("[name=title]", "Tên gõ khi mất mạng")
    page.fill(f"[name=photo-{photo.pk}-caption]", "Chú thích gõ khi mất mạng")
    page.locator(".tiptap").press_sequentially("Câu gõ khi mất mạng.")
    page.click("text=Lưu bản nháp")
    expect(page.locator("#story-offline")).to_contain_text("Chưa lưu được gì")
    assert page.url.endswith(edit)  # and not on the browser's own page of errors
    assert page.evaluate(KEPT) == 1
    words = {photo.pk: {"caption": "Cũ", "alt": "Lời tả của người thứ hai", "credit": ""}}
    services.save_article(
        article=article, category=section, title="Tên cũ", lead="Sapo của người thứ hai", body="", photo_words=words,
        actor=User.objects.get(username="contributor"),
    )  # fmt: skip
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(page.locator("#story-offline")).to_be_hidden()
    page.click("text=Lưu bản nháp")
    page.wait_for_url("**/login/**")
    page.fill("input[name=password]", factories.PASSWORD)
    page.click("main form button[type=submit]")
    page.click("text=Lưu bản đang hiện ở đây")  # both put together, sent by itself after the signing in
    page.wait_for_url(f"**{edit}")
    expect(page.locator("#story-kept")).to_be_hidden()
    assert page.evaluate(KEPT) == 0  # the server has it all
    revision = Article.objects.get().working_revision
    assert (revision.title, revision.lead) == ("Tên gõ khi mất mạng", "Sapo của người thứ hai")
    assert revision.body == "<p>Câu gõ khi mất mạng.</p>"
    assert revision.words_of(photo.pk)["caption"] == "Chú thích gõ khi mất mạng"
    assert revision.words_of(photo.pk)["alt"] == "Lời tả của người thứ hai"
    assert page.problems == []
