"""Addresses of links as people type and paste them, made into ones that lead somewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(
    r"(?:www\.[^\s/?#]+|[^\s/?#@:]+\.(?:vn|com|org|net|edu|gov|info|io))(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_MAIL = re.compile(r"[^\s@:/<>]+@[^\s@/<>]+\.[a-z]{2,}", re.IGNORECASE)
#: Places inside a Word or Google document: its notes, comments and bookmarks, which are not in the article.
_INSIDE_A_DOCUMENT = re.compile(r"#(?:_|cmnt|ftnt|sdfootnote|h\.)")


def clean_href(href: str) -> str:
    """Return the address as it is kept; "" for one that leads nowhere or may not be kept.

    A host without a scheme gets https, an e-mail address mailto. An address of this site begins with / or #; one that
    goes on from // or from the page's own address is none, nor one that names a person before its host.
    """
    href = re.sub(r"\s+", "", href)
    if _MAIL.fullmatch(href):
        return f"mailto:{href}"
    if _HOST.fullmatch(href):
        return f"https://{href}"
    if _SCHEME.match(href):
        scheme = href.partition(":")[0].lower()
        return f"{scheme}{href[len(scheme) :]}" if scheme in SCHEMES and _leads_somewhere(href, scheme) else ""
    if href.startswith(("//", "/\\", "\\")) or _INSIDE_A_DOCUMENT.match(href):
        return ""
    return href if href.startswith(("/", "#")) and len(href) > 1 else "/" if href == "/" else ""


def is_outside(href: str) -> bool:
    """Whether a kept address leads to another site."""
    return href.startswith(("http://", "https://")) and _host_of(href) != settings.SITE_HOST.partition(":")[0]


def _leads_somewhere(href: str, scheme: str) -> bool:
    if scheme in {"http", "https"}:
        return bool(re.match(r"https?://[^/?#@\s]+(?:[/?#]|$)", href, re.IGNORECASE)) and bool(_host_of(href))
    return len(href) > len(scheme) + 1


def _host_of(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""
