"""What machines read of an article: JSON-LD after schema.org's NewsArticle, times with Vietnam's offset."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from news.models import Reading
from news.views.caching import absolute
from portal.models import SiteProfile

_NO_MARKUP = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
LONGEST_HEADLINE = 110  # signs that search engines take


def iso(moment: dt.datetime) -> str:
    """Return "2023-07-21T13:25:00+07:00"."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def as_json_ld(data: dict[str, Any]) -> SafeString:
    """Return the data as text for a script element; no value can end the element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_NO_MARKUP))  # noqa: S308 - signs of markup are escaped # nosec B308 B703


def news_article(article: Reading, site: SiteProfile) -> dict[str, Any]:
    """Return the article in schema.org's terms. `datePublished` is the first publishing and never moves."""
    publisher: dict[str, Any] = {"@type": "Organization", "name": site.name, "url": absolute("/"), "logo": logo(site)}
    author = {"@type": "Person", "name": article.byline} if article.byline else publisher
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.address},
        "url": article.address,
        "headline": article.title[:LONGEST_HEADLINE],
        "description": article.lead,
        "datePublished": iso(article.published_at),
        "dateModified": iso(article.modified_at),
        "articleSection": article.category_name,
        "inLanguage": "vi",
        "isAccessibleForFree": True,
        "author": author,
        "publisher": publisher,
        "image": article.cover_images or [absolute(share_image())],
    }
    if article.source:
        data["sourceOrganization"] = {"@type": "Organization", "name": article.source}
    return data


def share_image() -> str:
    """Return the designed picture of 1200 x 630 for articles that have none of their own."""
    return staticfiles_storage.url("img/share.jpg")


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Return where the page stands; steps are (name, path)."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(steps, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def logo(site: SiteProfile) -> dict[str, Any]:
    """Return the association's mark as an image object."""
    url = site.logo.url if site.logo else staticfiles_storage.url("img/mark.svg")
    return {"@type": "ImageObject", "url": absolute(url)}
