"""One article: its page, its QR code, its PDF."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from news import services
from news.models import Article, Reading
from news.views.caching import Memo, etag_of, frame, public_response, render_public
from news.views.metadata import as_json_ld, breadcrumbs, iso, news_article, share_image
from portal.lib.glyphs import leave_out_unprintable
from portal.lib.language import official_language
from portal.lib.pdf import render_pdf
from portal.lib.qr import qr_data_uri
from portal.lib.qr_card import qr_card_png, qr_card_svg
from portal.views.downloads import ASKED_AGAIN, CONTENT_TYPES, name_file
from portal.views.errors import gone

WIDE_TABLE = 6  # columns; from here on a table is printed on a sheet on its side
_pages: Memo[bytes] = Memo(256)
_papers: Memo[bytes] = Memo(32)


@require_safe
def article_detail(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """The article as readers see it, by one query. A wrong slug or category with the right id is redirected once."""
    now = timezone.now()
    article = _find_public(pk, now)
    if article.withdrawn_at is not None:
        return _say_withdrawn(request, article, now)
    if article.url != request.path:
        return _redirect_moved(request, article.url)
    language = translation.get_language()
    key = (article.version, article.frame_version, article.tags, article.other, language)
    return public_response(
        request,
        lambda: _pages.get(key, lambda: _render_page(article)),
        etag=etag_of(*key),
        modified=article.modified_at,
        until=article.expires_at,
        now=now,
    )


@require_safe
def article_short(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lead from the short address, which stands on paper for years, to where the article is now."""
    now = timezone.now()
    article = _find_public(pk, now)
    if article.withdrawn_at is not None:
        return _say_withdrawn(request, article, now)
    return _redirect_moved(request, article.url)


@require_safe
def article_qr_svg(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Return the QR code of the article's short address as SVG, its title under it."""
    return _send_file(
        request, pk, "article_qr_svg", "image/svg+xml", lambda one: qr_card_svg(one.short_address, one.title).encode()
    )


@require_safe
def article_qr_png(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Send the QR code of the article's short address as a picture, its title under it."""
    return _send_file(request, pk, "article_qr_png", "image/png", lambda one: qr_card_png(one.short_address, one.title))


@require_safe
@official_language()
def article_pdf(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Send the article as a document to print and keep."""

    def make(one: Reading) -> bytes:
        return _papers.get((one.version, one.frame_version), lambda: _render_paper(one))

    response = _send_file(request, pk, "article_pdf", CONTENT_TYPES["pdf"], make)
    if response.status_code == 200:
        name_file(response, f"{slug}-{pk}.pdf", inline=True)
        response.headers["X-Robots-Tag"] = "noindex"  # the page is what a search engine shows
    return response


def _find_public(pk: int, now: dt.datetime) -> Reading:
    """Return what readers may know of the article: public, or taken back from them. Anything else does not exist."""
    article = Reading.find(pk, now)
    if article is None or not (article.is_public or article.was_withdrawn_from_readers):
        raise Http404
    return article


def _say_withdrawn(
    request: HttpRequest, article: Reading, now: dt.datetime, name: str = "article_detail"
) -> HttpResponse:
    """Say since when and why, and what is read instead; merged into another, lead to the same page or file of that."""
    instead: Any = Article.objects.read_instead_of(article.id, now)
    if instead is not None and instead.is_one:
        return _redirect_moved(request, reverse(name, args=[instead.category.slug, instead.slug, instead.pk]))
    response = gone(
        request, reason=article.withdrawn_reason, withdrawn_at=article.withdrawn_at,
        replacement=instead and {"url": instead.get_absolute_url(), "title": instead.shown.title},
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _redirect_moved(request: HttpRequest, url: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
    response.headers["Cache-Control"] = ASKED_AGAIN  # kept for ever, it would lead in a circle once it moves back
    return response


def _send_file(
    request: HttpRequest, pk: int, name: str, content_type: str, make: Callable[[Reading], bytes]
) -> HttpResponseBase:
    now = timezone.now()
    article = _find_public(pk, now)
    if article.withdrawn_at is not None:
        return _say_withdrawn(request, article, now, name)
    url = reverse(name, args=[article.category_slug, article.slug, article.id])
    if url != request.path:
        return _redirect_moved(request, url)
    etag = etag_of(article.version, article.frame_version, name, translation.get_language())
    return public_response(
        request, lambda: make(article), etag=etag, until=article.expires_at, now=now, content_type=content_type
    )


def _render_page(article: Reading) -> bytes:
    site = frame(article.frame_version)["site"]
    steps = [(_("Home"), "/"), (article.category_name, article.category_url), (article.title, article.url)]
    reading, contents = services.with_anchors(article.body_html)
    context: dict[str, Any] = {
        "article": article,
        "reading": reading,
        "contents": contents,
        "share_image": share_image(),
        "crumbs": [*steps[1:2], (article.title, "")],
        "published_iso": iso(article.published_at),
        "modified_iso": iso(article.modified_at),
        "json_ld": [as_json_ld(news_article(article, site)), as_json_ld(breadcrumbs(steps))],
        "other_news": article.other_news,
    }
    return render_public("news/article_detail.html", context, path=article.url, frame_version=article.frame_version)


def _render_paper(article: Reading) -> bytes:
    site = frame(article.frame_version)["site"]
    context = {
        "article": article,
        "title": article.title,
        "lang": "vi",
        **frame(article.frame_version),
        "qr": qr_data_uri(article.short_address, title=article.title),
        "reading": mark_safe(_mark_wide_tables(_lead_out(article.body_html))),  # noqa: S308 - cleaned when it was saved # nosec B308 B703
    }
    markup, _missing = leave_out_unprintable(render_to_string("news/article_pdf.html", context))
    written = (article.title, article.lead, article.body_html, article.byline, article.source)
    if missing := leave_out_unprintable("".join(written))[1]:
        sentence = ngettext(
            "%(count)d character of the article cannot be printed and is left out here; the page has it.",
            "%(count)d characters of the article cannot be printed and are left out here; the page has them.",
            missing,
        )
        markup = markup.replace("<!-- missing signs -->", f"<p>{escape(sentence % {'count': missing})}</p>")
    return render_pdf(markup, title=leave_out_unprintable(article.title)[0] or site.name, lang="vi")


def _lead_out(markup: str) -> str:
    """Return the text for paper: its links lead to the site, photos are no links to themselves."""
    bare = re.sub(r'<a class="photo-open"[^>]*>(.*?)</a>', r"\1", markup, flags=re.DOTALL)
    return bare.replace('href="/', f'href="{settings.SITE_URL}/')


def _mark_wide_tables(markup: str) -> str:
    """Give tables of many columns a sheet of their own that lies on its side: paper cannot scroll."""
    return re.sub(r"<table>(?=(.*?)</tr>)", _mark_table, markup, flags=re.DOTALL)


def _mark_table(found: re.Match[str]) -> str:
    columns = sum(int(span or 1) for span in re.findall(r'<t[dh]\b(?:[^>]*colspan="(\d+)")?', found[1]))
    return '<table class="sideways">' if columns >= WIDE_TABLE else "<table>"
