"""Feeds and site maps: every published article, and nothing that readers may not see yet."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models import Article, Category
from news.views.caching import absolute, public_response
from news.views.metadata import iso
from portal.apps import public_addresses, public_pages
from portal.lib.language import official_language
from portal.models import SiteProfile

FEED_LENGTH = 50
URLS_PER_SITEMAP = 40_000  # the format allows 50,000
MOST_SITEMAPS = 50_000  # of one index
NEWS_HOURS = 48
CONTENT_TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}


@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    """Send the newest articles as RSS 2.0."""
    return _build_feed(request, Rss201rev2Feed, "rss")


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    """Send the newest articles as Atom."""
    return _build_feed(request, Atom1Feed, "atom")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """List every public page; beyond what one file may hold, list the files."""
    now = timezone.now()
    count = Article.objects.published(now).count()
    if count <= URLS_PER_SITEMAP:
        return _send_xml(request, _write_urlset(_list_pages(now) + _list_articles(now, 0)), now)
    last = -(-count // URLS_PER_SITEMAP)
    names = [reverse("sitemap_part", args=[number]) for number in range(last + 1)]
    parts = "".join(f"<sitemap><loc>{escape(absolute(name))}</loc></sitemap>" for name in names)
    return _send_xml(
        request, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>', now
    )


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
    """List the articles of the last two days for news search engines."""
    now = timezone.now()
    site = SiteProfile.objects.first()
    recent = Article.objects.published(now).filter(published_at__gt=now - dt.timedelta(hours=NEWS_HOURS)).newest_first()
    name = escape(site.name if site else "")
    entries = [
        f"<url><loc>{escape(absolute(one.get_absolute_url()))}</loc><news:news>"
        f"<news:publication><news:name>{name}</news:name><news:language>vi</news:language></news:publication>"
        f"<news:publication_date>{iso(one.published_at or now)}</news:publication_date>"
        f"<news:title>{escape(_strip_control(one.shown.title))}</news:title></news:news></url>"
        for one in recent.select_related("category", "published_revision")[:1000]
    ]
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    urlset = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {space}>{"".join(entries)}</urlset>'
    return _send_xml(request, urlset, now)


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
def _build_feed(request: HttpRequest, kind: type[SyndicationFeed], name: str) -> HttpResponseBase:
    now = timezone.now()
    site = SiteProfile.objects.first()
    name_of_site = site.name if site else settings.SITE_HOST
    feed = kind(
        title=_strip_control(name_of_site), author_name=_strip_control(name_of_site), language="vi",
        link=absolute(reverse("article_list")), description=_("Latest news"), subtitle=_("Latest news"),
        feed_url=absolute(reverse(name)),
    )  # fmt: skip
    articles = Article.objects.published(now).newest_first().select_related("category", "published_revision")
    for one in articles.defer("published_revision__body", "published_revision__body_html")[:FEED_LENGTH]:
        feed.add_item(
            title=_strip_control(one.shown.title),
            link=absolute(one.get_absolute_url()),
            description=escape(_strip_control(one.shown.lead)),  # both formats say that it is HTML
            unique_id=f"tag:{settings.SITE_HOST.partition(':')[0]},2023:article:{one.pk}",  # the address may change
            unique_id_is_permalink=False,
            pubdate=timezone.localtime(one.published_at),
            updateddate=timezone.localtime(one.changed_at or one.published_at),
            author_name=_strip_control(one.shown.byline or name_of_site),
            categories=[one.category.name],
        )
    until = Article.objects.next_change(now)
    return public_response(
        request, feed.writeString("utf-8").encode(), until=until, now=now, content_type=CONTENT_TYPES[name]
    )


def _list_pages(now: dt.datetime) -> list[tuple[str, str]]:
    pages = [(reverse(name), "") for name in ("home", *public_pages())]
    pages += [(path, iso(modified) if modified else "") for path, modified in public_addresses()]
    return pages + [(one.get_absolute_url(), "") for one in Category.objects.with_articles(now)]


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
