"""One article: its page, its QR code, its PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models import Reading
from news.views.caching import Memo, etag_of, frame, public_response, render_public
from news.views.metadata import as_json_ld, breadcrumbs, iso, news_article
from portal.lib.language import official_language
from portal.lib.pdf import render_pdf
from portal.lib.qr import qr_data_uri, qr_png, qr_svg
from portal.views.downloads import CONTENT_TYPES, name_file
from portal.views.errors import gone

_pages: Memo[bytes] = Memo(256)
_papers: Memo[bytes] = Memo(32)


@require_safe
def article_detail(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """The article as readers see it, by one query. A wrong slug or category with the right id is redirected once."""
    now = timezone.now()
    article = _find_public(pk, now)
    if article.withdrawn_at is not None:
        return _say_withdrawn(request, article)
    if article.url != request.path:
        return _redirect_moved(request, article.url)
    language = translation.get_language()
    key = (article.version, article.frame_version, article.other, language)
    return public_response(
        request,
        lambda: _pages.get(key, lambda: _render_page(article)),
        etag=etag_of(*key),
        modified=article.modified_at,
        until=article.expires_at,
        now=now,
    )


@require_safe
def article_qr_svg(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Return the QR code of the article's address as SVG."""
    return _send_file(
        request, pk, "article_qr_svg", "image/svg+xml", lambda one: qr_svg(one.address, title=one.title).encode()
    )


@require_safe
def article_qr_png(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Send the QR code of the article's address as a picture."""
    return _send_file(request, pk, "article_qr_png", "image/png", lambda one: qr_png(one.address, scale=12))


@require_safe
@official_language()
def article_pdf(request: HttpRequest, category: str, slug: str, pk: int) -> HttpResponseBase:
    """Send the article as a document to print and keep."""

    def make(one: Reading) -> bytes:
        return _papers.get((one.version, one.frame_version), lambda: _render_paper(one))

    response = _send_file(request, pk, "article_pdf", CONTENT_TYPES["pdf"], make)
    if response.status_code == 200:
        name_file(response, f"{slug}-{pk}.pdf", inline=True)
    return response


def _find_public(pk: int, now: dt.datetime) -> Reading:
    """Return what readers may know of the article: public, or taken back from them. Anything else does not exist."""
    article = Reading.find(pk, now)
    if article is None or not (article.is_public or article.was_withdrawn_from_readers):
        raise Http404
    return article


def _say_withdrawn(request: HttpRequest, article: Reading) -> HttpResponse:
    response = gone(request, reason=article.withdrawn_reason, withdrawn_at=article.withdrawn_at)
    response.headers["Cache-Control"] = "no-store"
    return response


def _redirect_moved(request: HttpRequest, url: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)


def _send_file(
    request: HttpRequest, pk: int, name: str, content_type: str, make: Callable[[Reading], bytes]
) -> HttpResponseBase:
    now = timezone.now()
    article = _find_public(pk, now)
    if article.withdrawn_at is not None:
        return _say_withdrawn(request, article)
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
    context: dict[str, Any] = {
        "article": article,
        "crumbs": [*steps[1:2], (article.title, "")],
        "published_iso": iso(article.published_at),
        "modified_iso": iso(article.modified_at),
        "json_ld": [as_json_ld(news_article(article, site)), as_json_ld(breadcrumbs(steps))],
        "other_news": article.other_news,
    }
    return render_public("news/article_detail.html", context, path=article.url, frame_version=article.frame_version)


def _render_paper(article: Reading) -> bytes:
    context = {
        "article": article,
        "title": article.title,
        "lang": "vi",
        **frame(article.frame_version),
        "qr": qr_data_uri(article.address, title=article.title),
    }
    return render_pdf(render_to_string("news/article_pdf.html", context), title=article.title, lang="vi")
