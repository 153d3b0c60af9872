"""What was found wrong in the newsroom, each under its number: it stays mended."""

from __future__ import annotations

import base64
import datetime as dt
import html
import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import lxml.html
import pypdfium2
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from news import services
from news.models import Article, Category, Photo
from news.tasks import make_renditions
from portal.models import SearchEntry
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from tests import factories
from tests.news.conftest import picture
from tests.news.test_feeds import ATOM
from tests.news.test_inserting import pdf
from tests.news.test_newsroom import fields, said


@pytest.fixture(autouse=True)
def _a_site(site_profile):
    """Every page has a frame."""


@pytest.fixture
def with_photo(publish, editor):
    """A live story with one photo, and the photo."""
    photo = services.add_photo(file=picture(), caption="Chú thích cũ", alt="Các em nhận quà", credit="An", actor=editor)
    return publish(body=f'<p>Chữ</p><figure data-photo="{photo.pk}"></figure>', cover=photo), photo


def page_of(client, article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def words(photo, caption="Chú thích mới", alt="Các em cười", credit="Bình") -> dict[str, str]:
    return {f"photo-{photo.pk}-caption": caption, f"photo-{photo.pk}-alt": alt, f"photo-{photo.pk}-credit": credit}


def refused(sql: str, *values) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "1126-11-26T08:00", "26/11/0026 08:00", "9999-12-31T23:59"])
def test_f02_a_year_nobody_means_is_refused_and_every_page_stands(client, client_of, editor, write, publish, typed):
    live, draft = publish(), write()
    desk = client_of(editor)
    for article, field in ((draft, "at"), (live, "pinned_until"), (live, "until")):
        data = {field: typed, "back_dated": "on"}
        assert desk.post(reverse("newsroom_publish", args=[article.pk]), data).status_code == 200
    for url in ("/", "/rss/", "/atom/", "/sitemap.xml", "/tin-tuc/", live.get_absolute_url()):
        assert client.get(url).status_code == 200
    moment = dt.datetime(1126, 11, 26, tzinfo=dt.UTC)
    for column in ("published_at", "expires_at", "pinned_until"):
        assert "article_days" in refused(f"UPDATE news_article SET {column} = %s", moment)


def test_f03_a_text_that_the_editor_has_not_seen_is_not_published(client_of, editor, contributor, write):
    article = write(body="<p>Bản đã xem.</p>")
    url, shown = reverse("newsroom_publish", args=[article.pk]), version_of(article)
    assert "Bản đã xem." in client_of(editor).get(url).content.decode()
    edit = reverse("newsroom_update", args=[article.pk])
    client_of(contributor).post(edit, fields(article, body="<p>Câu chưa ai xem.</p>"))
    answer = client_of(editor).post(url, {"version": shown, "base": "1"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản đã xem." in text
    assert "Câu chưa ai xem." in text
    assert Article.objects.get().published_revision is None
    assert client_of(editor).post(url).status_code == 302


@pytest.mark.parametrize("page", ["newsroom_withdraw", "newsroom_publish"])
def test_f03_nor_is_any_other_decision_taken_on_a_stale_page(client_of, editor, contributor, publish, page):
    article = publish()
    shown = version_of(article)
    edit = reverse("newsroom_update", args=[article.pk])
    client_of(contributor).post(edit, fields(article, title="Tên chưa ai xem"))
    answer = client_of(editor).post(reverse(page, args=[article.pk]), {"version": shown, "base": "1", "reason": "Sai"})
    assert answer.status_code == 409
    assert "Tên chưa ai xem" in answer.content.decode()
    article.refresh_from_db()
    assert (article.withdrawn_at, article.published_revision.title) == (None, "Trao học bổng tại Đồ Sơn")


def test_f04_what_is_said_of_a_photo_reaches_readers_by_publishing_alone(
    client, client_of, contributor, editor, with_photo
):
    article, photo = with_photo
    before = page_of(client, article)
    data = fields(article, cover=photo.pk) | words(photo)
    assert client_of(contributor).post(reverse("newsroom_update", args=[article.pk]), data).status_code == 302
    assert page_of(client, article) == before
    assert "Chú thích cũ" in SearchEntry.objects.get().text
    article.refresh_from_db()
    assert article.has_unpublished_changes
    history = client_of(editor).get(reverse("newsroom_history", args=[article.pk])).content.decode()
    assert "mới" in history
    article = services.publish_article(article=article, actor=editor)
    after = page_of(client, article)
    assert "Chú thích mới" in after
    assert 'alt="Các em cười"' in after
    assert "Bình" in after
    assert "Sửa lần cuối" in after
    assert "Chú thích mới" in SearchEntry.objects.get().text


def test_f04_and_the_database_holds_it(with_photo):
    article, _photo = with_photo
    revision = article.published_revision_id
    changes = (
        ("photo_words", "'{}'"), ("title", "'x'"), ("cover_id", "NULL"), ("slug", "NULL"), ("body", "NULL"),
        ("body_html", "replace(body_html, 'cũ', 'khác')"), ("body_html", "replace(body_html, 'alt=\"Các em', 'alt=\"')"),
    )  # fmt: skip
    for column, value in changes:
        message = refused(f"UPDATE news_articlerevision SET {column} = {value} WHERE id = %s", revision)
        assert "article_revision_frozen" in message or "null value" in message
    assert "frozen" in refused("DELETE FROM news_articlerevision WHERE id = %s", revision)
    assert "append-only" in refused("DELETE FROM news_articlerevision_photos")
    for change in ("slug = 'x'", "published_revision_id = NULL", "category_id = NULL"):
        assert "article_shows_its_revision" in refused(f"UPDATE news_article SET {change}")


def test_f04_another_revision_is_never_shown_without_its_time(with_photo, editor):
    article, _photo = with_photo
    values = {"category": article.category, "title": article.title, "lead": "Khác", "body": "", "actor": editor}
    later = services.save_article(article=article, **values).working_revision
    message = refused("UPDATE news_article SET published_revision_id = %s", later.pk)
    assert "article_change_is_told" in message


def test_f05_a_live_story_moves_to_another_section_by_publishing_alone(client, client_of, contributor, editor, publish):
    article = publish()
    other = Category.objects.create(name="Xã hội học tập", slug="xa-hoi-hoc-tap", position=2)
    old = article.get_absolute_url()
    edit = reverse("newsroom_update", args=[article.pk])
    assert client_of(contributor).post(edit, fields(article, category=other.pk)).status_code == 302
    assert client.get(old).status_code == 200
    assert old in client.get("/").content.decode()
    assert "Xã hội học tập" in client_of(editor).get(reverse("newsroom_history", args=[article.pk])).content.decode()
    article.refresh_from_db()
    services.publish_article(article=article, actor=editor)
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("/tin-tuc/xa-hoi-hoc-tap/")
    assert "Sửa lần cuối" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    "name", ["!!!", "...", "学习", "Tin hoạt động hội!", "TIN HOẠT ĐỘNG HỘI", "Tin hoạt động  Hội"]
)
def test_f10_a_section_without_letters_or_with_a_known_name_is_refused_with_a_sentence(
    client_of, editor, section, name
):
    answer = client_of(editor).post(reverse("category_list"), {"name": name, "position": 99})
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode()
    section.refresh_from_db()
    assert (Category.objects.count(), section.name, section.position) == (1, "Tin hoạt động Hội", 1)


def test_f10_adding_changes_none_and_changing_adds_none(client_of, editor, section):
    desk = client_of(editor)
    known = {"name": "Khác", "slug": section.slug, "position": 99}
    assert "đã có địa chỉ này" in desk.post(reverse("category_list"), known).content.decode()
    url = reverse("category_update", args=[section.slug])
    assert desk.post(url, {"name": "Tin Hội", "position": 4, "slug": "khac"}).status_code == 302
    assert desk.post(url, {"name": "Tin khác", "position": 4, "version": ""}).status_code == 409
    section.refresh_from_db()
    assert (Category.objects.count(), section.name, section.slug) == (1, "Tin Hội", "tin-hoat-dong-hoi")
    services.create_category(name="Gương hiếu học", actor=editor)
    with pytest.raises(ValidationError):
        services.update_category(category=section, name="gương hiếu học", actor=editor)


def test_f11_a_save_that_is_refused_changes_nothing_captions_included(client_of, editor, contributor, with_photo):
    article, photo = with_photo
    mine = fields(article, title="Tên của tôi", cover=photo.pk) | words(photo, "Chú thích cũ", "Các em nhận quà", "An")
    theirs = fields(article, lead="Sapo của B", cover=photo.pk) | words(
        photo, "CHÚ THÍCH CỦA B", "Các em nhận quà", "An"
    )
    url = reverse("newsroom_update", args=[article.pk])
    assert client_of(contributor).post(url, theirs).status_code == 302
    answer = client_of(editor).post(url, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "CHÚ THÍCH CỦA B" in text
    article.refresh_from_db()
    assert article.working_revision.words_of(photo.pk)["caption"] == "CHÚ THÍCH CỦA B"
    form = answer.context["form"]  # put together: my title, their lead, their caption
    assert (form["title"].value(), form["lead"].value()) == ("Tên của tôi", "Sapo của B")
    assert [one["caption"].value() for _photo, one in answer.context["photos"]] == ["CHÚ THÍCH CỦA B"]
    assert answer.context["clashes"] == []


def test_f11_where_both_changed_the_same_place_it_is_named_and_mine_stands(client_of, editor, contributor, write):
    article = write(body="<p>một</p>\n<p>hai</p>\n<p>ba</p>")
    url = reverse("newsroom_update", args=[article.pk])
    client_of(contributor).post(url, fields(article, title="Tên của B", body="<p>một B</p>\n<p>hai</p>\n<p>ba</p>"))
    answer = client_of(editor).post(url, fields(article, title="Tên của A", body="<p>một</p>\n<p>hai</p>\n<p>ba A</p>"))
    assert answer.status_code == 409
    assert answer.context["form"]["title"].value() == "Tên của A"
    assert answer.context["form"]["body"].value() == "<p>một B</p>\n<p>hai</p>\n<p>ba A</p>"
    assert answer.context["clashes"] == ["Tiêu đề"]
    assert Article.objects.get().title == "Tên của B"


def test_f27_a_photo_sent_with_a_new_story_that_is_refused_is_kept(client_of, editor, section):
    desk, unit = client_of(editor), editor.current_postings[0].unit_id
    first = desk.get(reverse("newsroom_create"))
    data = {
        "title": "", "category": section.pk, "unit": unit, "lead": "Sáng nay.", "body": "<p>Một</p>",
        "form_key": first.context["form_key"],
    }  # fmt: skip
    answer = desk.post(reverse("newsroom_create"), data | {"new_photos": [picture()]})
    assert answer.status_code == 200
    photo = Photo.objects.get()
    assert f"photo-{photo.pk}-caption" in answer.content.decode()
    assert answer.context["cover_id"] == str(photo.pk)
    answer = desk.post(reverse("newsroom_create"), data | words(photo) | {"title": "Lễ trao"})
    article = Article.objects.get()
    assert list(article.photos.all()) == [photo]
    assert article.working_revision.words_of(photo.pk)["caption"] == "Chú thích mới"
    assert article.working_revision.cover == photo  # the first is the cover by itself


def test_f27_who_chooses_no_cover_for_a_new_story_gets_none(client_of, editor, section):
    desk, unit = client_of(editor), editor.current_postings[0].unit_id
    first = desk.get(reverse("newsroom_create"))
    data = {"title": "", "category": section.pk, "unit": unit, "lead": "", "body": "", "cover": "",
            "form_key": first.context["form_key"]}  # fmt: skip
    desk.post(reverse("newsroom_create"), data | {"new_photos": [picture()]})  # nobody has seen the photo yet
    photo = Photo.objects.get()
    answer = desk.post(reverse("newsroom_create"), data | words(photo))
    assert answer.context["cover_id"] == ""
    desk.post(reverse("newsroom_create"), data | words(photo) | {"title": "Lễ trao"})
    assert Article.objects.get().working_revision.cover is None
    key = desk.get(reverse("newsroom_create")).context["form_key"]
    desk.post(reverse("newsroom_create"), data | {"title": "Hai", "form_key": key, "new_photos": [picture((9, 7))]})
    assert Article.objects.get(title="Hai").working_revision.cover is not None  # and unseen it stays the first


def test_f28_a_caption_that_is_too_long_is_refused_beside_its_field(client_of, editor, with_photo):
    article, photo = with_photo
    data = fields(article, title="Tên khác", cover=photo.pk) | words(photo, caption="x" * 301)
    answer = client_of(editor).post(reverse("newsroom_update", args=[article.pk]), data)
    assert answer.status_code == 200
    assert f'href="#id_photo-{photo.pk}-caption"' in answer.content.decode()
    assert "x" * 301 in answer.content.decode()
    article.refresh_from_db()
    assert article.title == "Trao học bổng tại Đồ Sơn"


def test_f30_the_same_form_sent_twice_is_one_draft(client_of, editor, section):
    desk, unit = client_of(editor), editor.current_postings[0].unit_id
    key = desk.get(reverse("newsroom_create")).context["form_key"]
    data = {"title": "Lễ trao", "category": section.pk, "unit": unit, "lead": "", "body": "", "form_key": key}
    answers = [desk.post(reverse("newsroom_create"), data) for _time in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {
        reverse("newsroom_update", args=[Article.objects.get().pk])
    }
    assert "Đã lưu" in said(answers[0])


def test_p04_every_part_of_a_live_story_waits_for_publishing_and_a_restored_state_is_a_new_one(
    client_of, editor, with_photo
):
    article, photo = with_photo
    file = services.add_attachment(file=pdf("Kế hoạch.pdf"), article=article, actor=editor)
    article = services.save_article(
        article=article, category=article.category, title=article.title, lead="Sapo", byline="Lê An", source="Báo Hải Phòng",
        body=f'<p>Chữ</p><figure data-photo="{photo.pk}"></figure><figure data-file="{file.pk}"></figure>', cover=photo,
        photo_words=article.published_revision.photo_words, actor=editor,
    )  # fmt: skip
    shown = services.publish_article(article=article, actor=editor).published_revision
    saved = services.save_article(
        article=article, category=article.category, title="Mới", lead="Mới", body="<p>Mới</p>", byline="Mới",
        source="Mới", cover=None, photo_words={photo.pk: {"caption": "Mới", "alt": "Mới", "credit": "Mới"}}, actor=editor,
    )  # fmt: skip
    assert saved.published_revision == shown
    assert saved.revisions.count() == 3
    with pytest.raises(ConflictError):
        services.publish_article(article=article, version=version_of(article), actor=editor)
    desk = client_of(editor)
    history = html.unescape(desk.get(reverse("newsroom_history", args=[article.pk])).content.decode())
    for one in ("Báo Hải Phòng", "Kế hoạch.pdf", "Ảnh đại diện", "Lê An", "Chú thích cũ"):  # each part is compared
        assert one in history, one
    restore = reverse("newsroom_restore", args=[article.pk, shown.number])
    assert desk.post(restore, {"version": version_of(saved)}).status_code == 302
    saved.refresh_from_db()
    again = saved.working_revision
    assert (again.number, saved.published_revision) == (4, shown)
    for part in ("title", "lead", "body", "byline", "source", "cover_id", "photo_words", "category_id"):
        assert getattr(again, part) == getattr(shown, part), part
    assert (again.cover, again.attachment_ids_in_text) == (photo, [file.pk])
    assert timezone.now() >= saved.working_revision.created_at


@pytest.mark.parametrize("query", ["Tin hoạt động Hội", "Phương Mai", "Cổng tin tức", "1100", "Đồ Sơn học bổng"])
def test_f09_section_byline_source_and_numbers_are_found(client, publish, query):
    article = publish(byline="Phương Mai", source="Cổng tin tức Thành phố", body="<p>1.100 hội viên mới</p>")
    assert article.get_absolute_url() in client.get("/tim-kiem/", {"q": query}).content.decode()


def test_f09_a_renamed_section_is_found_by_its_new_name(client, publish, editor, section):
    article = publish()
    services.update_category(category=section, name="Gương sáng", actor=editor)
    assert article.get_absolute_url() in client.get("/tim-kiem/", {"q": "gương sáng"}).content.decode()
    assert article.get_absolute_url() not in client.get("/tim-kiem/", {"q": "tin hoạt động"}).content.decode()
    assert article.get_absolute_url() in client.get("/tim-kiem/", {"q": "học bổng đồ sơn"}).content.decode()


def test_f19_the_lead_of_a_feed_is_escaped_once(client, publish):
    lead = 'Điểm < 5 & > 3: "học sinh" <Thắp sáng> nhận quà'
    publish(lead=lead)
    rss, atom = (ET.fromstring(client.get(url).content) for url in ("/rss/", "/atom/"))
    for told in (rss.findtext("channel/item/description"), atom.findtext(f"{ATOM}entry/{ATOM}summary")):
        assert html.unescape(told) == lead
        assert "<" not in told


def test_f20_every_entry_of_a_feed_has_an_author(client, publish, site_profile):
    publish(byline="")
    publish(byline="Phương Mai", title="Bài khác")
    atom = ET.fromstring(client.get("/atom/").content)
    assert atom.findtext(f"{ATOM}author/{ATOM}name") == site_profile.name
    names = [one.findtext(f"{ATOM}author/{ATOM}name") for one in atom.iter(f"{ATOM}entry")]
    assert names == ["Phương Mai", site_profile.name]


def test_f39_a_feed_and_a_document_speak_the_sites_language_whatever_the_cookie(client, publish):
    article = publish(source="Cổng tin tức")
    plain = [client.get(url).content for url in ("/rss/", "/atom/")]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert [client.get(url).content for url in ("/rss/", "/atom/")] == plain
    assert "Nguồn tin" in text_of(client.get(article.get_absolute_url() + "ban-in.pdf").content)


def test_f38_what_people_wrote_is_vietnamese_on_an_english_screen(client, publish):
    article = publish(byline="Phương Mai", source="Cổng tin tức")
    publish(title="Tin khác")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = page_of(client, article)
    assert '<html lang="en"' in text
    for wanted in ('<h1 lang="vi">', 'article-lead" lang="vi"', 'article-body" lang="vi"', '<li lang="vi"><a'):
        assert wanted in text, wanted
    assert '<article lang="vi"' in client.get("/tin-tuc/").content.decode()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_f21_a_wide_table_loses_no_column_on_paper(client, publish):
    cells = "".join(f"<td>1{number}.426.900.000 đồng</td>" for number in range(9))
    address = "https://haiphong.gov.vn/" + "x" * 150
    article = publish(body=f"<table><tbody><tr>{cells}</tr></tbody></table><p>{address}</p>")
    document = pypdfium2.PdfDocument(client.get(article.get_absolute_url() + "ban-in.pdf").content)
    seen = ""
    for page in document:
        words = page.get_textpage()
        width, _height = page.get_size()
        for index in range(words.count_rects()):
            left, _bottom, right, _top = words.get_rect(index)
            assert 0 < left < right < width
        seen += words.get_text_bounded()
    seen = "".join(seen.split())
    assert all(f"1{number}.426.900.000đồng" in seen for number in range(9))
    assert seen.count("x") >= 150


def test_p05_the_caption_of_a_table_is_read_found_and_printed_with_it(client, publish):
    caption = "Bảng 1: số suất & tiền theo phường"
    cells = "".join(f"<td>{number}</td>" for number in range(9))
    article = publish(body=f"<table><caption>{caption}</caption><tbody><tr>{cells}</tr></tbody></table>")
    table = lxml.html.fromstring(page_of(client, article)).xpath("//div[contains(@class, 'article-body')]//table")[0]
    assert (table[0].tag, table[0].text_content(), table[1].tag) == ("caption", caption, "tbody")
    document = pypdfium2.PdfDocument(client.get(article.get_absolute_url() + "ban-in.pdf").content)
    printed = next(one for one in document if caption in one.get_textpage().get_text_bounded())
    assert printed.get_width() > printed.get_height()  # on the sheet that lies on its side for its nine columns
    assert article.title in client.get("/tim-kiem/", {"q": "so suat tien theo phuong"}).content.decode()
    live = SearchEntry.objects.get(ref=f"news.article:{article.pk}")
    assert caption in live.text.splitlines()


def test_f23_every_story_has_a_picture_to_share(client, publish, editor):
    photo = services.add_photo(file=picture((1300, 800)), caption="Lễ trao", alt="Các em", actor=editor)
    make_renditions.call(photo.pk)
    without, inside = publish(), publish(body=f'<figure data-photo="{photo.pk}"></figure>')
    for article, name in ((without, "share.jpg"), (inside, "-share.jpg")):
        text = page_of(client, article)
        shown = re.search(r'<meta property="og:image" content="([^"]+)"', text)[1]
        assert shown.endswith(name)
        assert shown.startswith(settings.SITE_URL)
        assert '<meta property="og:image:width" content="1200">' in text
        data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0])
        assert all(one.endswith(".jpg") for one in data["image"])
    drawn = Image.open(Path(settings.BASE_DIR) / "static/img/share.jpg")
    assert (drawn.size, drawn.format) == ((1200, 630), "JPEG")


def test_f24_the_link_to_zalo_has_the_form_that_zalos_own_button_sends(client, publish):
    article = publish()
    sent = re.search(r"https://sp\.zalo\.me/share_inline\?d=([^\"&]+)", page_of(client, article))[1]
    data = json.loads(base64.b64decode(unquote(sent)))
    assert data == {"url": settings.SITE_URL + article.get_absolute_url()}


def test_f26_signs_that_no_font_here_has_are_left_out_with_a_note(client, publish):
    article = publish(title="Lễ trao 🎓 học bổng", body="<p>Chúc mừng 🎉 các em 中文</p>")
    pdf = client.get(article.get_absolute_url() + "ban-in.pdf").content
    text = text_of(pdf)
    assert "4 ký hiệu" in text
    assert "Chúc mừng" in text
    assert "\ufffe" not in text
    assert "ký hiệu" not in text_of(client.get(publish().get_absolute_url() + "ban-in.pdf").content)


def test_f31_the_sitemap_lists_every_programme_fund_and_report(client, tree, publish):
    programmes = factories.make_programmes(tree["HP"])
    type(programmes["scholarship"]).objects.filter(pk=programmes["scholarship"].pk).update(is_public=True)
    listed = client.get("/sitemap.xml").content.decode()
    for programme in programmes.values():
        address = reverse("programme_detail", args=[programme.pk])
        assert (f"{settings.SITE_URL}{address}<" in listed) is (client.get(address).status_code == 200)
    assert reverse("programme_detail", args=[programmes["scholarship"].pk]) in listed


def test_f35_the_second_tabs_sign_in_goes_on_where_the_first_one_signed_in(editor, settings):
    first = Client(enforce_csrf_checks=True)
    first.force_login(editor)
    sign_in = reverse("account_login")
    data = {
        "csrfmiddlewaretoken": "x" * 64,
        "login": "editor",
        "password": factories.PASSWORD,
        "next": "/lam-viec/tin-tuc/",
    }
    answer = first.post(sign_in, data, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/lam-viec/tin-tuc/")
    outward = first.post(sign_in, data | {"next": "https://evil.vn/"}, headers={"Origin": "http://testserver"})
    assert outward.headers["Location"] == reverse("work_home")
    assert first.post(sign_in, data, headers={"Origin": "https://evil.vn"}).status_code == 403
