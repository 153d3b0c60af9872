"""Feeds and site maps: every published article, and nothing that readers may not see yet."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from news.models import Article, ArticleQuerySet, Category, Tag
from news.views.caching import absolute, public_response
from news.views.metadata import iso
from portal.apps import public_addresses, public_pages
from portal.lib.language import official_language
from portal.lib.numbers import whole_number
from portal.models import SiteProfile

FEED_LENGTH = 50
MOST_FEED_PAGES = 100_000
URLS_PER_SITEMAP = 40_000  # the format allows 50,000
URLS_PER_NEWS_SITEMAP = 1_000  # as the format says
MOST_SITEMAPS = 50_000  # of one index
NEWS_HOURS = 48
CONTENT_TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}


class _Rss(Rss201rev2Feed):
    """RSS 2.0 whose older pages follow after RFC 5005; with the whole text where it is asked for."""

    def rss_attributes(self) -> dict[str, str]:
        """Return what the root element says, the words for whole texts included."""
        return super().rss_attributes() | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the whole text of an article."""
        super().add_item_elements(handler, item)
        if item["whole"]:
            handler.addQuickElement("content:encoded", item["whole"])

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Add the links to the pages before and after."""
        super().add_root_elements(handler)
        for rel, href in self.feed["pages"]:
            handler.addQuickElement("atom:link", "", {"rel": rel, "href": href})


class _Atom(Atom1Feed):
    """Atom whose older pages follow after RFC 5005; with the whole text where it is asked for."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the whole text of an article."""
        super().add_item_elements(handler, item)
        if item["whole"]:
            handler.addQuickElement("content", item["whole"], {"type": "html"})

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Add the links to the pages before and after."""
        super().add_root_elements(handler)
        for rel, href in self.feed["pages"]:
            handler.addQuickElement("link", "", {"rel": rel, "href": href})


@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    """Send the newest articles as RSS 2.0."""
    return _build_feed(request, _Rss, "rss", reverse("rss"))


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    """Send the newest articles as Atom."""
    return _build_feed(request, _Atom, "atom", reverse("atom"))


@require_safe
def category_rss(request: HttpRequest, category: str) -> HttpResponseBase:
    """Send the newest articles of one section as RSS 2.0."""
    return _build_feed(request, _Rss, "rss", reverse("category_rss", args=[category]), category)


@require_safe
def category_atom(request: HttpRequest, category: str) -> HttpResponseBase:
    """Send the newest articles of one section as Atom."""
    return _build_feed(request, _Atom, "atom", reverse("category_atom", args=[category]), category)


@require_safe
def tag_rss(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the newest articles of a tag or series as RSS 2.0."""
    return _build_feed(request, _Rss, "rss", reverse("tag_rss", args=[slug]), tag=slug)


@require_safe
def tag_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the newest articles of a tag or series as Atom."""
    return _build_feed(request, _Atom, "atom", reverse("tag_atom", args=[slug]), tag=slug)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """List every public page; beyond what one file may hold, list the files."""
    now = timezone.now()
    count = Article.objects.published(now).count()
    if count <= URLS_PER_SITEMAP:
        return _send_xml(request, _write_urlset(_list_pages(now) + _list_articles(now, 0)), now)
    last = -(-count // URLS_PER_SITEMAP)
    names = [reverse("sitemap_part", args=[number]) for number in range(last + 1)]
    return _send_xml(request, _write_index(names), now)


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponseBase:
    """List one file's share of the articles; file 0 has the pages and sections."""
    now = timezone.now()
    if part > MOST_SITEMAPS:
        raise Http404
    entries = _list_articles(now, part - 1) if part else _list_pages(now)
    if not entries:
        raise Http404
    return _send_xml(request, _write_urlset(entries), now)


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponseBase:
    """List the articles of the last two days for news search engines; beyond what one file may hold, list the files."""
    now = timezone.now()
    count = _recent(now).count()
    if count <= URLS_PER_NEWS_SITEMAP:
        return _send_xml(request, _write_news(now, 0), now)
    names = [reverse("news_sitemap_part", args=[part]) for part in range(1, -(-count // URLS_PER_NEWS_SITEMAP) + 1)]
    return _send_xml(request, _write_index(names), now)


@require_safe
def news_sitemap_part(request: HttpRequest, part: int) -> HttpResponseBase:
    """List one file's share of the articles of the last two days."""
    now = timezone.now()
    if not 1 <= part <= MOST_SITEMAPS or not _recent(now)[(part - 1) * URLS_PER_NEWS_SITEMAP :].exists():
        raise Http404
    return _send_xml(request, _write_news(now, part - 1), now)


def _recent(now: dt.datetime) -> ArticleQuerySet:
    return Article.objects.published(now).filter(published_at__gt=now - dt.timedelta(hours=NEWS_HOURS)).newest_first()


def _write_news(now: dt.datetime, part: int) -> str:
    site = SiteProfile.objects.first()
    name = escape(_strip_control(site.name) if site else "")
    start, size = part * URLS_PER_NEWS_SITEMAP, URLS_PER_NEWS_SITEMAP
    entries = [
        f"<url><loc>{escape(absolute(one.get_absolute_url()))}</loc><news:news>"
        f"<news:publication><news:name>{name}</news:name><news:language>vi</news:language></news:publication>"
        f"<news:publication_date>{iso(one.published_at or now)}</news:publication_date>"
        f"<news:title>{escape(_strip_control(one.shown.title))}</news:title></news:news></url>"
        for one in _recent(now)
        .select_related("category", "published_revision")
        .defer("figures", "published_revision__body", "published_revision__body_html")[start : start + size]
    ]
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {space}>{"".join(entries)}</urlset>'


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what is not for them, and where the list of pages is."""
    lines = [
        "User-agent: *",
        "Disallow: /lam-viec/",
        "Disallow: /tai-khoan/",
        "Disallow: /tim-kiem/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('news_sitemap'))}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@official_language()
def _build_feed(
    request: HttpRequest, kind: type[SyndicationFeed], name: str, path: str, slug: str = "", *, tag: str = ""
) -> HttpResponseBase:
    now = timezone.now()
    number = whole_number(request.GET.get("page", "1"), least=1, most=MOST_FEED_PAGES)
    section = Tag.objects.filter(slug=tag).first() if tag else Category.objects.filter(slug=slug).first()
    if number is None or ((slug or tag) and section is None):
        raise Http404
    site = SiteProfile.objects.first()
    name_of_site = site.name if site else settings.SITE_HOST
    rows = Article.objects.published(now).newest_first().select_related("category", "published_revision")
    if section:
        rows = rows.filter(**{"category" if slug else "published_revision__tags": section.pk})
    start, is_whole = (number - 1) * FEED_LENGTH, "full" in request.GET
    rows = rows.defer("figures", "published_revision__body", *([] if is_whole else ["published_revision__body_html"]))
    articles = list(rows[start : start + FEED_LENGTH + 1])
    if not articles and (tag or number > 1):
        raise Http404
    asked = f"{path}?full=1" if is_whole else path
    turn = f"{asked}{'&' if is_whole else '?'}page="
    pages = [("next", absolute(f"{turn}{number + 1}"))] if len(articles) > FEED_LENGTH else []
    pages += [("previous", absolute(f"{turn}{number - 1}"))] if number > 1 else []
    about = _strip_control(section.name) if section else _("Latest news")
    feed = kind(
        title=_strip_control(name_of_site), author_name=_strip_control(name_of_site), language="vi",
        link=absolute(section.get_absolute_url() if section else reverse("article_list")),
        description=about, subtitle=about,
        feed_url=absolute(asked), pages=pages,
    )  # fmt: skip
    _add_articles(feed, articles[:FEED_LENGTH], name_of_site, is_whole=is_whole)
    until = Article.objects.next_change(now)
    return public_response(
        request, feed.writeString("utf-8").encode(), until=until, now=now, content_type=CONTENT_TYPES[name]
    )


def _add_articles(feed: SyndicationFeed, articles: list[Article], name_of_site: str, *, is_whole: bool) -> None:
    for one in articles:
        feed.add_item(
            title=_strip_control(one.shown.title),
            link=absolute(one.get_absolute_url()),
            description=escape(_strip_control(one.shown.lead)),  # both formats say that it is HTML
            unique_id=f"tag:{settings.SITE_HOST.partition(':')[0]},2023:article:{one.pk}",  # the address may change
            unique_id_is_permalink=False,
            pubdate=timezone.localtime(one.published_at),
            updateddate=timezone.localtime(one.changed_at or one.published_at),
            author_name=_strip_control(one.shown.byline or name_of_site),
            categories=[_strip_control(one.category.name)],
            whole=_lead_home(one.shown.body_html) if is_whole else "",
        )


def _lead_home(markup: str) -> str:
    """Return the text of an article for a program elsewhere: its links and photos lead to this site."""
    return re.sub(
        r'(?:href|src|srcset)="[^"]*"',
        lambda found: re.sub(r'(?<=[" ])/(?!/)', f"{settings.SITE_URL}/", found[0]),
        _strip_control(markup),
    )


def _list_pages(now: dt.datetime) -> list[tuple[str, str]]:
    pages = [(reverse(name), "") for name in ("home", "tag_index", *public_pages())]
    pages += [(path, iso(modified) if modified else "") for path, modified in public_addresses()]
    named = (("category_detail", Category.objects), ("tag_detail", Tag.objects))
    sections, tags = (kind.with_articles(now).order_by().values_list(Value(name), "slug") for name, kind in named)
    return pages + [(reverse(name, args=[slug]), "") for name, slug in sections.union(tags, all=True)]


def _list_articles(now: dt.datetime, part: int) -> list[tuple[str, str]]:
    if part < 0:
        return []
    articles = Article.objects.published(now).order_by("id").annotate(modified=Coalesce("changed_at", "published_at"))
    rows = articles.values_list("category__slug", "slug", "pk", "modified")
    rows = rows[part * URLS_PER_SITEMAP : (part + 1) * URLS_PER_SITEMAP]
    pattern = reverse("article_detail", args=["0c0", "0s0", 0])
    return [
        (pattern.replace("0c0", category).replace("0s0-0", f"{slug}-{pk}"), iso(modified))
        for category, slug, pk, modified in rows
    ]


def _write_index(names: list[str]) -> str:
    parts = "".join(f"<sitemap><loc>{escape(absolute(name))}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'


def _write_urlset(entries: list[tuple[str, str]]) -> str:
    urls = "".join(
        f"<url><loc>{escape(absolute(path))}</loc>{f'<lastmod>{modified}</lastmod>' if modified else ''}</url>"
        for path, modified in entries
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def _send_xml(request: HttpRequest, markup: str, now: dt.datetime) -> HttpResponseBase:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{markup}'.encode()
    return public_response(request, body, now=now, content_type="application/xml; charset=utf-8")


def _strip_control(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
