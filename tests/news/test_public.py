"""What readers get, when, and at which address."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import lxml.html
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from news import services
from news.models import Category
from news.tasks import make_renditions
from portal.lib.vietnamese import TIME_ZONE
from portal.models import Fanpage, User
from portal.services.highlights import publish_highlight
from tests import factories
from tests.news.conftest import SEVEN_THIRTY, picture
from tests.test_languages_of_pages import KEPT, VIETNAMESE, can_be_marked, said

EIGHT = SEVEN_THIRTY.replace(hour=8, minute=0)
SECOND = dt.timedelta(seconds=1)
FILES = ("article_qr_svg", "article_qr_png", "article_pdf")


def short(article) -> str:
    return reverse("article_short", args=[article.pk])


def addresses(article) -> list[str]:
    parts = [article.category.slug, article.slug, article.pk]
    return [article.get_absolute_url(), *(reverse(name, args=parts) for name in FILES)]


def places(client, article) -> dict[str, bool]:
    """Every place where an article shows, and whether it does."""
    lists = {
        "home": "/", "list": "/tin-tuc/", "section": article.category.get_absolute_url(), "rss": "/rss/", "atom": "/atom/",
        "sitemap": "/sitemap.xml", "news sitemap": "/sitemap-tin-moi.xml", "search": "/tim-kiem/?q=do+son",
    }  # fmt: skip
    shown = {name: article.get_absolute_url() in client.get(url).content.decode() for name, url in lists.items()}
    return shown | {url: client.get(url).status_code == 200 for url in addresses(article)}


def test_p01_a_story_scheduled_for_eight_is_there_at_eight_and_nowhere_a_second_before(
    client, publish, clock, site_profile
):
    clock(SEVEN_THIRTY)
    article = publish(at=EIGHT, until=EIGHT + dt.timedelta(hours=1))
    clock(EIGHT - SECOND)
    assert not any(places(client, article).values())
    assert client.get(article.get_absolute_url()).status_code == 404
    clock(EIGHT)
    assert all(places(client, article).values())
    clock(EIGHT + dt.timedelta(hours=1))
    assert not any(places(client, article).values())
    assert client.get(article.get_absolute_url()).status_code == 404


def test_p01_it_is_other_news_to_its_neighbour_from_the_same_second(client, publish, clock, site_profile):
    clock(SEVEN_THIRTY)
    neighbour, article = publish(title="Bài bên cạnh"), publish(at=EIGHT)
    for moment, shown in ((EIGHT - SECOND, False), (EIGHT, True)):
        clock(moment)
        assert (article.title in client.get(neighbour.get_absolute_url()).content.decode()) is shown


def test_p01_no_cache_keeps_a_page_beyond_its_next_change(client, publish, clock, site_profile):
    clock(SEVEN_THIRTY)
    live = publish(title="Đang hiện", until=EIGHT)
    publish(at=EIGHT)
    for before, kept in ((5 * SECOND, 1), (SECOND / 2, 0)):
        clock(EIGHT - before)
        for url in ("/", "/tin-tuc/", "/rss/", live.get_absolute_url()):
            assert client.get(url).headers["Cache-Control"] == f"public, max-age=0, s-maxage={kept}", url


def test_a_draft_is_seen_by_nobody(client, write, site_profile):
    article = write()
    assert not any(places(client, article).values())
    assert {client.get(url).status_code for url in addresses(article)} == {404}


def test_p08_a_wrong_slug_or_section_leads_on_in_one_step(client, publish, site_profile):
    article = publish()
    Category.objects.create(name="Khác", slug="khac")
    for url in (f"/tin-tuc/khac/sai-{article.pk}/", f"/tin-tuc/khong-co/{article.slug}-{article.pk}/"):
        response = client.get(url + "?utm=x")
        assert response.status_code == 301
        assert response.headers["Location"] == article.get_absolute_url() + "?utm=x"
    response = client.get(f"/tin-tuc/khac/sai-{article.pk}/qr.svg")
    assert response.headers["Location"] == article.get_absolute_url() + "qr.svg"
    assert client.get(f"/tin-tuc/khac/sai-{article.pk + 1}/").status_code == 404


def test_an_address_in_nfd_capitals_or_with_accents_is_not_found_and_breaks_nothing(client, publish, site_profile):
    article = publish()
    for slug in (unicodedata.normalize("NFD", "đồ-sơn"), "ĐỒ", "a%00b", "x" * 3000):
        assert client.get(f"/tin-tuc/{slug}/y-{article.pk}/").status_code in (301, 400, 404)
    assert client.get(f"/tin-tuc/a/b-{'9' * 40}/").status_code == 404


def test_p08_a_withdrawn_story_says_so_with_day_and_reason(client, publish, editor, site_profile):
    article = services.withdraw_article(article=publish(), reason="Số liệu chưa đúng", actor=editor)
    for url in addresses(article):
        response = client.get(url)
        assert response.status_code == 410
        text = response.content.decode()
        assert "Số liệu chưa đúng" in text
        assert timezone.localtime(article.withdrawn_at).strftime("%d/%m/%Y") in text
        assert article.title not in text
    assert not any(places(client, article).values())


def test_a_story_withdrawn_before_anybody_could_read_it_was_never_there(client, publish, editor, site_profile):
    article = publish(at=timezone.now() + dt.timedelta(days=1))
    services.withdraw_article(article=article, reason="Không đăng nữa", actor=editor)
    assert client.get(article.get_absolute_url()).status_code == 404


def meta(html: str) -> dict[str, str]:
    found: dict[str, str] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            values = dict(attrs)
            if tag == "meta" and "property" in values:
                found[values["property"]] = values["content"]
            if tag == "link":
                found[values["rel"]] = values["href"]

    Reader().feed(html)
    return found


def test_p09_metadata_say_what_the_database_says(client, write, editor, section, site_profile):
    photo = services.add_photo(file=picture((1700, 1100)), caption="Ảnh", alt="Các em", actor=editor)
    make_renditions.call(photo.pk)
    title = 'Tin "nóng" </script><script>alert(1)</script> & <b>'
    article = write(title=title, cover=photo, byline="Phương Mai", source="Cổng tin tức")
    first = dt.datetime(2023, 7, 21, 6, 25, tzinfo=dt.UTC)
    article = services.publish_article(article=article, at=first, actor=editor)
    article = services.save_article(
        article=article, category=section, title=title, lead="Khác", body="<p>b</p>",
        byline="Phương Mai", cover=photo, actor=editor,
    )  # fmt: skip
    article = services.publish_article(article=article, actor=editor)
    html = client.get(article.get_absolute_url()).content.decode()
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])
    address = settings.SITE_URL + article.get_absolute_url()
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == title
    assert data["datePublished"] == "2023-07-21T13:25:00+07:00"
    assert dt.datetime.fromisoformat(data["dateModified"]) == article.changed_at
    assert data["author"] == {"@type": "Person", "name": "Phương Mai"}
    assert data["publisher"]["name"] == site_profile.name
    assert data["articleSection"] == section.name
    assert data["inLanguage"] == "vi"
    assert len(data["image"]) >= 3
    assert data["mainEntityOfPage"]["@id"] == address
    tags = meta(html)
    assert tags["canonical"] == tags["og:url"] == address
    assert tags["og:title"] == title
    assert tags["article:published_time"] == "2023-07-21T13:25:00+07:00"
    assert tags["article:modified_time"].endswith("+07:00")
    assert tags["og:image"].endswith("-share.jpg")
    assert "<script>alert" not in html


def test_p13_a_story_is_marked_as_new_for_two_days_and_not_a_second_longer(client, publish, clock, site_profile):
    article = publish()
    marked = 'class="story-new"'
    for late, is_marked in ((dt.timedelta(days=2) - SECOND, True), (dt.timedelta(days=2), False)):
        clock(article.published_at + late)
        for url in ("/", "/tin-tuc/", article.category.get_absolute_url()):
            assert (marked in client.get(url).content.decode()) is is_marked, url


def test_p09_no_robot_keeps_a_search_or_a_sheet_to_print(client, publish, site_profile):
    article = publish()
    assert '<meta name="robots" content="noindex' in client.get("/tim-kiem/?q=hoc+bong").content.decode()
    assert "noindex" not in client.get(article.get_absolute_url()).content.decode()
    sheet = client.get(addresses(article)[3])
    assert (sheet.status_code, sheet["X-Robots-Tag"]) == (200, "noindex")
    assert sheet["Content-Type"] == "application/pdf"


def test_p07_words_of_markup_find_nothing(client, publish, site_profile):
    article = publish(body='<div class="khung"><p><strong>Các em</strong> nhận quà.</p></div>')
    for word in ("div", "strong", "class", "khung", "figure"):
        assert article.get_absolute_url() not in client.get("/tim-kiem/", {"q": word}).content.decode()
    assert article.get_absolute_url() in client.get("/tim-kiem/", {"q": "cac em nhan qua"}).content.decode()


def test_p11_the_page_has_everything_the_customer_asked_for(client, publish, clock, site_profile):
    clock(dt.datetime(2023, 7, 21, 6, 25, tzinfo=dt.UTC))
    Fanpage.objects.create(name="Cổng tin tức", owner="Thành phố Hải Phòng", url="https://www.facebook.com/x")
    publish(title="Tin thứ hai")
    figures = [{"label": "lượt", "said": "gần 15.000", "exact": "14.936", "link": "/bao-cao/"}]
    article = publish(byline="Phương Mai", source="Cổng tin tức Thành phố", figures=figures)
    html = client.get(article.get_absolute_url()).content.decode()
    for wanted in (
        "Thứ Sáu, 21/07/2023 13:25", "data-print", 'data-text-size="small"', 'data-text-size="large"', "article-lead", "./.",
        "Phương Mai", "Cổng tin tức Thành phố", "Tiện ích thông tin", "Nguồn tin", f"QR CODE: <span lang=\"vi\">{article.title}",
        "sp.zalo.me", "facebook.com/sharer", "mailto:", "data-copy=", "qr.svg", "qr.png",
        "Thành phố Hải Phòng", "Tin thứ hai", "21/07/2023", '<a href="/bao-cao/"><span class="figure-number">14.936</span></a>',
    ):  # fmt: skip
        assert wanted in html, wanted
    assert html.index('class="share"') < html.index('class="qr"')
    assert not re.findall(r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="https?:', html)


def long_text(*headings: str) -> str:
    return "".join(f"{heading}<p>{'Các em nhận học bổng. ' * 60}</p>" for heading in headings)


def test_p11_a_long_story_has_its_contents_and_a_short_one_none(client, publish, site_profile):
    text = long_text(
        "<h2>Kết quả &amp; <strong>số suất</strong></h2>", "<h3>Ở Đồ Sơn</h3>", "<h2>Việc tiếp theo</h2>",
        "<h3>Ở Đồ Sơn</h3>", "<h4>Chi tiết</h4>",
    )  # fmt: skip
    article = publish(body=text)
    page = lxml.html.fromstring(client.get(article.get_absolute_url()).content)
    (contents,) = page.xpath("//nav[contains(@class, 'article-contents')]")
    lines = [(one.text_content(), one.get("href")) for one in contents.iter("a")]
    assert lines == [
        ("Kết quả & số suất", "#muc-ket-qua-so-suat"), ("Ở Đồ Sơn", "#muc-o-do-son"),
        ("Việc tiếp theo", "#muc-viec-tiep-theo"), ("Ở Đồ Sơn", "#muc-o-do-son-2"),
    ]  # fmt: skip
    assert [one.text_content() for one in contents.xpath("./ol/li/ol/li/a")] == ["Ở Đồ Sơn", "Ở Đồ Sơn"]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for _words, href in lines} <= set(ids)
    for feed in ("/rss/", "/atom/"):  # whose readers have no place to go to
        whole = client.get(feed, {"full": "1"}).content.decode()
        assert "Việc tiếp theo" in whole
        assert "muc-viec" not in whole
    for short in (long_text("<h2>Một</h2>", "<h2>Hai</h2>"), "<h2>Một</h2><p>a</p><h2>Hai</h2><h2>Ba</h2><p>b</p>"):
        page = client.get(publish(body=short).get_absolute_url()).content.decode()
        assert 'id="muc-hai"' in page  # a link to a heading leads there all the same
        assert "article-contents" not in page


def test_p11_the_anchor_of_a_heading_stays_when_others_come_and_go(client, publish, editor, site_profile):
    article = publish(body=long_text("<h2>Một</h2>", "<h2>Hai</h2>", "<h2>!!!</h2>"))
    before = client.get(article.get_absolute_url()).content.decode()
    values = {"title": article.title, "category": article.category, "lead": "Sáng nay."}
    article = services.save_article(
        article=article, body=long_text("<h2>Trước</h2>", "<h3>Mới</h3>", "<h2>Hai</h2>"), actor=editor, **values
    )
    services.publish_article(article=article, actor=editor)
    after = client.get(article.get_absolute_url()).content.decode()
    assert ['href="#muc-hai"' in page for page in (before, after)] == [True, True]
    assert ['href="#muc-mot"' in page for page in (before, after)] == [True, False]
    assert 'href="#muc"' in before


def test_both_qr_codes_lead_to_the_short_address_and_carry_the_title(client, publish, tmp_path, site_profile):
    article = publish(title="Đẩy mạnh công tác khuyến học, khuyến tài <b>")
    svg, png = (client.get(article.get_absolute_url() + name).content for name in ("qr.svg", "qr.png"))
    (tmp_path / "qr.png").write_bytes(png)
    image = Image.open(tmp_path / "qr.png")
    assert zxingcpp.read_barcode(image).text == f"{settings.SITE_URL}/t/{article.pk}"
    assert image.height > image.width  # the title stands under the code
    drawing = ET.fromstring(svg)
    words = " ".join(one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert words == article.title
    assert float(drawing.get("width").removesuffix("mm")) >= 30
    page = client.get(article.get_absolute_url()).content.decode()
    assert f"{settings.SITE_URL}/t/{article.pk}" in page


def test_the_short_address_leads_on_and_follows_what_becomes_of_the_story(client, publish, write, editor, site_profile):
    article, draft = publish(), write()
    for address in (f"/t/{article.pk}", f"/t/{article.pk}/"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (301, article.get_absolute_url())
    assert client.get(f"/t/{draft.pk}").status_code == client.get("/t/999999").status_code == 404
    assert client.get(f"/t/{'9' * 40}").status_code == 404
    services.withdraw_article(article=article, reason="Sai số liệu", actor=editor)
    assert client.get(f"/t/{article.pk}").status_code == 410


def test_the_article_is_a_document_too(client, publish, site_profile):
    response = client.get(publish().get_absolute_url() + "ban-in.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_an_unchanged_page_is_answered_304_and_a_changed_one_anew(client, publish, editor, site_profile):
    article = publish()
    for url in (article.get_absolute_url(), "/", "/tin-tuc/", "/rss/", "/atom/", "/sitemap.xml"):
        etag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304, url
        other = client.get(url, headers={"if-match": '"another"'})  # 412: no cache gives it to anybody else
        assert (other.status_code, "public" in other.get("Cache-Control", "")) == (412, False), url
    etag = client.get(article.get_absolute_url()).headers["ETag"]
    Fanpage.objects.create(name="Trang mới", owner="Hội Khuyến học", url="https://www.facebook.com/y")
    response = client.get(article.get_absolute_url(), headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "Trang mới" in response.content.decode()


def test_the_page_follows_every_change_that_readers_should_see(client, publish, editor, section, site_profile):
    photo = services.add_photo(file=picture(), caption="Cũ", alt="Các em", actor=editor)
    article = publish(body=f'<figure data-photo="{photo.pk}"></figure>')
    url = article.get_absolute_url()

    def page() -> str:
        return client.get(url).content.decode()

    assert "Cũ" in page()
    article = services.save_article(
        article=article, category=section, title=article.title, lead="Một câu.",
        body=f'<figure data-photo="{photo.pk}"></figure>', actor=editor,
        photo_words={photo.pk: {"caption": "Mới", "alt": "Các em", "credit": ""}},
    )  # fmt: skip
    assert "Cũ" in page()
    services.publish_article(article=article, actor=editor)
    url = article.get_absolute_url()
    assert "Mới" in page()
    Category.objects.filter(pk=section.pk).update(name="Chuyên mục mới")
    assert "Chuyên mục mới" in page()
    type(site_profile).objects.update(name="Tên Hội mới")
    assert "Tên Hội mới" in page()


def test_readers_leave_no_cookie_and_pages_hold_nothing_of_theirs(client, publish, site_profile):
    article = publish()
    url = article.get_absolute_url()
    response = client.get(url + "?fbclid=abc")
    assert not response.cookies
    assert "abc" not in response.content.decode()
    assert "abc" not in client.get("/?fbclid=abc").content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_the_article_takes_one_query_and_lists_a_constant_few(
    client, publish, write, django_assert_num_queries, django_assert_max_num_queries, site_profile
):
    article = publish()
    client.get(article.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(article.get_absolute_url())
    publish(title="Bài khác")
    with django_assert_num_queries(1):  # rendered anew
        client.get(article.get_absolute_url())
    for number in range(12):
        publish(title=f"Bài {number}")
    for url in ("/", "/tin-tuc/", article.category.get_absolute_url()):
        with django_assert_max_num_queries(6):
            client.get(url)


def test_no_story_stands_twice_on_the_home_page_and_a_pinned_one_leads(client, publish, editor, section, site_profile):
    notices = Category.objects.create(name="Thông báo", slug="thong-bao", is_notice=True, position=5)
    stories = [publish(title=f"Bài số {number}") for number in range(12)] + [
        publish(title="Thông báo A", category=notices)
    ]
    later = timezone.now() + dt.timedelta(days=1)
    services.publish_article(article=stories[0], pinned_until=later, actor=editor)
    publish_highlight(
        key="x", title="Số liệu", figures=[{"label": "lượt", "value": "14.936"}], link="/bao-cao/",
        actor=User.objects.system(),
    )  # fmt: skip
    html = client.get("/").content.decode()
    links = re.findall(r'<h[23] class="story-title"><a href="([^"]+)"', html)
    assert links[0] == stories[0].get_absolute_url()
    assert len(links) == len(set(links)) == 5 + 4
    assert html.count(f'href="{stories[-1].get_absolute_url()}"') == 1
    assert "14.936" in html


def test_p13_the_archive_of_a_day_leads_to_its_neighbours(client, publish, site_profile):
    day = dt.datetime(2023, 7, 21, 0, 0, tzinfo=TIME_ZONE)
    publish(title="Đúng ngày", at=day)
    publish(title="Hôm trước", at=day - dt.timedelta(seconds=1))
    publish(title="Tuần sau", at=day + dt.timedelta(days=6))
    for typed in ("21/07/2023", "2023-07-21", "21-7-2023"):
        text = client.get("/tin-tuc/", {"day": typed}).content.decode()
        assert "Đúng ngày" in text
        assert not {"Hôm trước", "Tuần sau"} & set(re.findall(">([^<]+)</a>", text))
        assert 'href="?day=2023-07-20"' in text
        assert 'href="?day=2023-07-27"' in text
        assert "/tin-tuc/?day=2023-07-21" in text  # canonical
    wrong = client.get("/tin-tuc/", {"day": "31/02/2023"})
    assert wrong.status_code == 200
    assert "31/02/2023" in wrong.content.decode()
    assert client.get("/tin-tuc/", {"day": "21/07/2023", "page": "2"}).status_code == 404


def test_p13_every_section_is_a_row_of_its_own_with_the_way_to_the_rest(client, publish, section, site_profile):
    other = Category.objects.create(name="Học bổng", slug="hoc-bong", position=2)
    for number in range(6):
        publish(title=f"Bài {number}")
        publish(title=f"Học bổng {number}", category=other)
    rows = client.get("/").content.decode().split('class="section-row"')[1:]
    assert [one.get_absolute_url() in row for one, row in zip((section, other), rows, strict=True)] == [True, True]
    assert all("Xem thêm" in row for row in rows)


@pytest.mark.parametrize("page", ["0", "-1", "99999", "abc", "٣", "9" * 5000, ""])
def test_a_page_that_is_none_is_not_found(client, publish, site_profile, page):
    publish()
    assert client.get("/tin-tuc/", {"page": page}).status_code == 404
    assert client.get("/tin-tuc/", {"page": "1"}).status_code == 200


def test_an_empty_site_still_has_its_pages(client, site_profile):
    for url in (
        "/",
        "/tin-tuc/",
        "/gioi-thieu/",
        "/rss/",
        "/atom/",
        "/sitemap.xml",
        "/sitemap-tin-moi.xml",
        "/robots.txt",
    ):
        assert client.get(url).status_code == 200, url


def test_about_shows_how_the_association_is_built_and_whom_to_ask(client, tree, leader, site_profile):
    tree["LECHAN"].phone, tree["LECHAN"].contact = "+842253123456", "Bà Tư"
    tree["LECHAN"].save()
    page = client.get(reverse("about")).content.decode()
    chart = page.partition("unit-chart")[2].partition("<h2>")[0]
    assert leader.full_name in chart
    assert tree["LECHAN"].name_on(timezone.localdate()) in chart
    assert "Bà Tư" in chart
    assert 'href="tel:+842253123456"' in chart
    assert tree["LC"].name_on(dt.date(2023, 7, 1)) not in chart  # ended: its heirs stand there


def test_what_people_wrote_is_marked_as_vietnamese_on_an_english_screen(client, publish, editor, section):
    """WCAG 3.1.2: whole sentences, not proper names alone; an English voice reads them else."""
    factories.make_site_profile(
        about="Hội vận động mọi người học tập.", address="Số 5 phố Cầu Đất", owner_line="Cơ quan của Hội",
        responsible_person="Thường trực Hội", licence_line="Giấy phép số một",
    )  # fmt: skip
    section.description, section.is_notice = "Những việc Hội đang làm", True
    section.save()
    live = publish(title="Thông báo đợt một")
    gone = publish(title="Thông báo đợt hai")
    services.withdraw_article(article=gone, reason="Số liệu chưa đúng", replacement=live, actor=editor)
    client.cookies["django_language"] = "en"
    pages = [
        "/",
        "/tin-tuc/",
        section.get_absolute_url(),
        "/gioi-thieu/",
        "/lien-he/",
        short(gone),
        live.get_absolute_url(),
    ]
    for page in pages:
        wrong = [
            f"{page}: {where}: {text}"
            for text, marked, where in said(client.get(page).content.decode())
            if marked != "vi" and can_be_marked(where) and VIETNAMESE.search(text) and not KEPT.search(text)
        ]
        assert wrong == []


def test_p13_a_day_without_news_says_so_and_leads_to_its_neighbours(client, publish, site_profile):
    publish(at=SEVEN_THIRTY)
    page = client.get("/tin-tuc/?day=22/07/2023").content.decode()
    assert "Ngày này không có tin" in page
    assert 'href="?day=2023-07-21"' in page
    assert "trở lại sau" not in page
