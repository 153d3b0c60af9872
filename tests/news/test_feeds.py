"""Feeds and site maps are valid XML and complete."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article, ArticleRevision, Category
from news.tasks import make_renditions
from news.views import feeds
from portal.apps import public_addresses, public_pages
from tests.news.conftest import picture
from tests.soak import at_length

URLS = feeds.URLS_PER_SITEMAP
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def tree_of(client, url: str) -> ET.Element:
    response = client.get(url)
    assert response.status_code == 200
    return ET.fromstring(response.content)


def plenty_of(article: Article, count: int) -> None:
    """Publish the article's like many times over, by three statements."""

    def copied(model: type[Model], **others: str) -> tuple[str, str]:
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        return ", ".join(columns), ", ".join(others.get(column, f"old.{column}") for column in columns)

    bare = {"published_revision_id": "NULL", "working_revision_id": "NULL", "form_key": "''"}
    into, values = copied(Article, **bare)
    texts, said = copied(ArticleRevision, article_id="new.id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO news_article ({into}) SELECT {values} FROM news_article old, generate_series(1, %s)"
            " WHERE old.id = %s",
            [count, article.pk],
        )
        cursor.execute(
            f"INSERT INTO news_articlerevision ({texts}) SELECT {said} FROM news_articlerevision old, news_article new"
            " WHERE old.id = %s AND new.published_revision_id IS NULL",
            [article.published_revision_id],
        )
        cursor.execute("ANALYZE news_articlerevision")
        cursor.execute(
            "UPDATE news_article a SET published_revision_id = r.id, working_revision_id = r.id"
            " FROM news_articlerevision r WHERE r.article_id = a.id AND a.published_revision_id IS NULL"
        )
        cursor.execute("ANALYZE news_article")


def test_rss_and_atom_hold_the_story_with_a_name_that_stays(client, publish, editor, site_profile):
    article = publish(title="A & B <i>\x0b")
    item = tree_of(client, "/rss/").find("channel/item")
    assert item.findtext("title") == "A & B <i>"
    assert item.findtext("link") == settings.SITE_URL + article.get_absolute_url()
    entry = tree_of(client, "/atom/").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == item.findtext("guid")
    assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == article.published_at
    article = services.save_article(
        article=article, category=article.category, title="Khác", lead="x", body="",
        actor=editor,
    )  # fmt: skip
    services.publish_article(article=article, actor=editor)
    changed = tree_of(client, "/rss/").find("channel/item")
    assert changed.findtext("link") != item.findtext("link")
    assert changed.findtext("guid") == item.findtext("guid")


def test_the_sitemap_has_every_story_with_its_last_change(client, publish, site_profile):
    articles = [publish(title=f"Bài {number}") for number in range(3)]
    publish(at=timezone.now() + dt.timedelta(hours=1))
    urls = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in tree_of(client, "/sitemap.xml")}
    for article in articles:
        assert urls[settings.SITE_URL + article.get_absolute_url()].endswith("+07:00")
    assert len([url for url in urls if url.count("/") > 5]) == 3
    for name in ("home", "report_list", "programme_list", "member_join"):  # each page of the public menus
        assert settings.SITE_URL + reverse(name) in urls


def test_beyond_one_file_the_sitemap_is_an_index_that_leads_to_every_story(client, publish, monkeypatch, site_profile):
    monkeypatch.setattr(feeds, "URLS_PER_SITEMAP", 2)
    articles = [publish(title=f"Bài {number}") for number in range(5)]
    index = tree_of(client, "/sitemap.xml")
    assert index.tag == f"{SITEMAP}sitemapindex"
    found = []
    for part in index.iter(f"{SITEMAP}loc"):
        found += [one.text for one in tree_of(client, part.text.removeprefix(settings.SITE_URL)).iter(f"{SITEMAP}loc")]
    assert {settings.SITE_URL + article.get_absolute_url() for article in articles} <= set(found)
    assert len(found) == len(set(found))
    assert client.get("/sitemap-9.xml").status_code == 404


def test_the_sitemap_takes_the_same_queries_for_many_stories(
    client, publish, django_assert_max_num_queries, site_profile
):
    article = publish()
    plenty_of(article, 300)
    with django_assert_max_num_queries(
        7
    ):  # two of articles, sections and tags, documents, programmes and funds, reports, books
        found = len(tree_of(client, "/sitemap.xml"))
    assert found == 301 + 3 + len(public_pages()) + len(public_addresses())  # home, tags and one category


def test_the_news_sitemap_has_the_last_two_days(client, publish, site_profile):
    publish(title="Cũ", at=timezone.now() - dt.timedelta(days=3))
    publish(title="Mới & nóng")
    titles = [one.text for one in tree_of(client, "/sitemap-tin-moi.xml").iter(f"{NEWS}title")]
    assert titles == ["Mới & nóng"]


def test_p10_a_section_has_feeds_of_its_own_and_older_pages_follow(client, publish, monkeypatch, site_profile):
    monkeypatch.setattr(feeds, "FEED_LENGTH", 2)
    other = Category.objects.create(name="Học bổng", slug="hoc-bong", position=2)
    titles = [publish(title=f"Bài {number}").title for number in range(5)]
    publish(title="Nơi khác", category=other)
    for url, entry, title in (
        ("/tin-tuc/tin-hoat-dong-hoi/rss/", "item", "title"),
        ("/tin-tuc/tin-hoat-dong-hoi/atom/", f"{ATOM}entry", f"{ATOM}title"),
    ):
        found, following = [], url
        while following:
            feed = tree_of(client, following)
            found += [one.findtext(title) for one in feed.iter(entry)]
            links = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}
            following = links.get("next", "").removeprefix(settings.SITE_URL)
        assert sorted(found) == titles
    assert "/tin-tuc/tin-hoat-dong-hoi/rss/" in client.get("/tin-tuc/tin-hoat-dong-hoi/").content.decode()
    for wrong in ("/tin-tuc/khac/rss/", "/rss/?page=9", "/rss/?page=0", "/atom/?page=abc"):
        assert client.get(wrong).status_code == 404, wrong


def test_p10_a_feed_holds_the_whole_text_where_it_is_asked_for(client, publish, editor, site_profile):
    photo = services.add_photo(file=picture((960, 600)), caption="Lễ trao <1>", alt="Các em", actor=editor)
    make_renditions.call(photo.pk)
    body = f'<p>Trao <strong>25</strong> suất &amp; quà cho <a href="/t/1">các em</a>.</p><figure data-photo="{photo.pk}"></figure>'
    publish(body=body)
    rss, atom = tree_of(client, "/rss/?full=1"), tree_of(client, "/atom/?full=1")
    whole = rss.findtext(f"channel/item/{CONTENT}encoded")
    assert whole == atom.findtext(f"{ATOM}entry/{ATOM}content")
    assert "Trao <strong>25</strong> suất &amp; quà" in whole
    assert "Lễ trao &lt;1&gt;" in whole
    addresses = [one for listed in re.findall(r'(?:href|src|srcset)="([^"]+)"', whole) for one in listed.split(", ")]
    assert len(addresses) > 4
    assert all(one.startswith(settings.SITE_URL) for one in addresses), addresses
    assert rss.find(f"channel/{ATOM}link").get("href") == f"{settings.SITE_URL}/rss/?full=1"
    assert tree_of(client, "/rss/").find(f"channel/item/{CONTENT}encoded") is None


def test_show7_every_story_stands_in_feeds_sitemap_and_news_sitemap(client, publish, monkeypatch, site_profile):
    count = at_length(short=23, soak=50_001)
    if count < URLS:
        monkeypatch.setattr(feeds, "URLS_PER_SITEMAP", 7)
        monkeypatch.setattr(feeds, "URLS_PER_NEWS_SITEMAP", 5)
    monkeypatch.setattr(feeds, "FEED_LENGTH", 5 if count < URLS else 500)  # a reader who follows goes page by page
    plenty_of(publish(), count - 1)
    expected = {settings.SITE_URL + one.get_absolute_url() for one in Article.objects.select_related("category")}
    assert len(expected) == count
    for index in ("/sitemap.xml", "/sitemap-tin-moi.xml"):
        parts = [one.text for one in tree_of(client, index).iter(f"{SITEMAP}loc")]
        found = [
            one.text
            for part in parts
            for one in tree_of(client, part.removeprefix(settings.SITE_URL)).iter(f"{SITEMAP}loc")
        ]
        assert expected <= set(found), index
        assert len(found) == len(set(found)), index
    found, following = [], "/rss/"
    while following:
        feed = tree_of(client, following)
        found += [one.findtext("link") for one in feed.iter("item")]
        links = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}
        following = links.get("next", "").removeprefix(settings.SITE_URL)
    assert len(found) == count
    assert set(found) == expected


def texts(node: ET.Element, *names: str) -> list[str]:
    """Return what each of these elements says; each stands there exactly once and says something."""
    for name in names:
        assert [bool((one.text or "").strip()) for one in node.findall(name)] == [True], (node.tag, name)
    return [node.findtext(name) for name in names]


def test_show7_the_feeds_have_what_rss_2_and_atom_require(client, publish, site_profile):
    for number in range(3):
        publish(title=f"Bài {number}")
    rss = tree_of(client, "/rss/")
    assert (rss.tag, rss.get("version"), len(rss.findall("channel"))) == ("rss", "2.0", 1)
    channel = rss.find("channel")
    _title, link, _about, language, built = texts(channel, "title", "link", "description", "language", "lastBuildDate")
    assert language == "vi"
    assert parsedate_to_datetime(built).tzinfo
    named = set()
    for item in channel.findall("item"):
        _title, address, guid, day = texts(item, "title", "link", "guid", "pubDate")
        assert address.startswith(settings.SITE_URL)
        assert item.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(day).tzinfo
        named.add(guid)
    assert len(named) == 3
    atom = tree_of(client, "/atom/")
    assert atom.tag == f"{ATOM}feed"
    feed_id, _title, _updated = texts(atom, *(f"{ATOM}{name}" for name in ("id", "title", "updated")))
    assert urlsplit(feed_id).scheme
    assert [one.get("href") for one in atom.findall(f"{ATOM}link") if one.get("rel") == "self"] == [
        f"{settings.SITE_URL}/atom/"
    ]
    for entry in atom.findall(f"{ATOM}entry"):
        _id, _title, updated = texts(entry, *(f"{ATOM}{name}" for name in ("id", "title", "updated")))
        assert dt.datetime.fromisoformat(updated).tzinfo
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        alternate = [
            one.get("href") for one in entry.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"
        ]
        assert len(alternate) == 1
    assert {one.findtext(f"{ATOM}id") for one in atom.findall(f"{ATOM}entry")} == named
    assert link.startswith(settings.SITE_URL)


def test_show7_the_sitemaps_keep_to_their_schemas(client, publish, site_profile):
    for number in range(3):
        publish(title=f"Bài {number}")
    whole, news = tree_of(client, "/sitemap.xml"), tree_of(client, "/sitemap-tin-moi.xml")
    for sitemap in (whole, news):
        assert sitemap.tag == f"{SITEMAP}urlset"
        assert {one.tag for one in sitemap} == {f"{SITEMAP}url"}
        for url in sitemap:
            (address,) = texts(url, f"{SITEMAP}loc")
            assert address.startswith(f"{settings.SITE_URL}/")
            assert address.isascii()  # escaped as addresses are
            assert len(address) < 2048
            for changed in url.findall(f"{SITEMAP}lastmod"):  # W3C's date and time, whole
                assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", changed.text)
                assert dt.datetime.fromisoformat(changed.text)
            assert {one.tag for one in url} <= {f"{SITEMAP}loc", f"{SITEMAP}lastmod", f"{NEWS}news"}
    for url in news:
        (story,) = url.findall(f"{NEWS}news")
        assert [one.tag for one in story] == [f"{NEWS}{name}" for name in ("publication", "publication_date", "title")]
        texts(story, f"{NEWS}publication_date", f"{NEWS}title")
        name, language = texts(story.find(f"{NEWS}publication"), f"{NEWS}name", f"{NEWS}language")
        assert (name, language) == (site_profile.name, "vi")
        assert dt.datetime.fromisoformat(story.findtext(f"{NEWS}publication_date")).tzinfo
    assert len(news) == 3
    assert feeds.URLS_PER_NEWS_SITEMAP <= 1_000
    assert feeds.URLS_PER_SITEMAP <= 50_000


def test_robots_are_told_what_is_not_for_them(client, site_profile):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /lam-viec/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


@pytest.mark.parametrize(
    "odd",
    ["A\x01\x08\x0bB", "]]> <![CDATA[ &amp; & <b>", "👨‍👩‍👧 🎓", "\ufffe\uffff lạ", "</script><script>", "a\u2028b", "10\u00a0tỷ", "x" * 60],
)  # fmt: skip
def test_show7_whatever_stands_in_titles_and_names_feeds_and_pages_stay_well_formed(
    client, publish, editor, site_profile, odd
):
    section = services.create_category(name=f"Mục {odd}", actor=editor)
    tag = services.create_tag(name=f"Thẻ {odd}", actor=editor)
    article = publish(
        title=f"Tin {odd}", lead=f"Lời {odd}", body=f"<p>{odd}</p>", byline=f"Người {odd}", category=section, tags=[tag]
    )
    for feed in ("rss", "atom"):
        for start in ("/", section.get_absolute_url(), tag.get_absolute_url()):
            assert len(tree_of(client, f"{start}{feed}/?full=1")), start
    for url in ("/sitemap.xml", "/sitemap-tin-moi.xml", f"{article.get_absolute_url()}qr.svg"):
        assert len(tree_of(client, url)), url
    page = client.get(article.get_absolute_url()).content.decode()
    assert not set("\x01\x08\x0b\ufffe\uffff\u2028") & set(page)
    told = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(told[0])["headline"] == article.title
