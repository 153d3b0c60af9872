"""Addresses of links as people type and paste them, made into ones that lead somewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"[^\s/\\?#@:.]+(?:\.[^\s/\\?#@:.]+)*\.([a-z]{2,})(?::\d+)?([/?#]\S*)?", re.IGNORECASE)
#: What follows the dot of a file's name.
_ENDINGS = re.compile(
    r"docx?|xlsx?|pptx?|pdf|odt|ods|rtf|txt|csv|html?|php|aspx?|jsp|jpe?g|png|gif|webp|heic|mp[34]|zip|rar"
)
_MAIL = re.compile(r"[^\s@:/<>]+@[^\s@/<>]+\.[a-z]{2,}", re.IGNORECASE)
#: Places inside a Word or Google document: its notes, comments and bookmarks, which are not in the article.
_INSIDE_A_DOCUMENT = re.compile(r"#(?:_|cmnt|ftnt|sdfootnote|h\.)")


def clean_href(href: str) -> str:
    """Return the address as it is kept; "" for one that leads nowhere or may not be kept.

    A host without a scheme gets https, an e-mail address mailto. An address of this site begins with / or #, without
    the host; one that goes on from // or from the page's own address is none, nor one that names a person before its
    host.
    """
    href = re.sub(r"[\t\n\r]", "", href.strip())
    if re.match("tel:", href, re.IGNORECASE):
        href = re.sub(r"\s", "", href)
    href = re.sub(r"\s", "%20", href)
    if _MAIL.fullmatch(href):
        return f"mailto:{href}"
    host = _HOST.fullmatch(href)
    if host and not _ENDINGS.fullmatch(host[1].lower()):
        href = f"https://{href}"
    if _SCHEME.match(href):
        scheme = href.partition(":")[0].lower()
        if scheme not in SCHEMES or not _leads_somewhere(href, scheme):
            return ""
        href = f"{scheme}{href[len(scheme) :]}"
        return _within(href) if scheme in {"http", "https"} and not is_outside(href) else href
    if href.startswith(("//", "/\\", "\\")) or _INSIDE_A_DOCUMENT.match(href):
        return ""
    return href if href.startswith(("/", "#")) and len(href) > 1 else "/" if href == "/" else ""


def is_outside(href: str) -> bool:
    """Whether a kept address leads to another site."""
    return href.startswith(("http://", "https://")) and _host_of(href) != settings.SITE_HOST.partition(":")[0]


def _leads_somewhere(href: str, scheme: str) -> bool:
    if scheme in {"http", "https"}:
        return bool(re.match(r"https?://[^/?#@\s]+(?:[/?#]|$)", href, re.IGNORECASE)) and bool(_host_of(href))
    return bool(re.match(r"tel:\+?[\d(]" if scheme == "tel" else r"mailto:(?:[^@]+@|\?)", href, re.IGNORECASE))


def _within(href: str) -> str:
    """Return an address of this site without its host, so that it leads there whatever the host becomes."""
    rest = re.sub(r"^https?://[^/?#]*", "", href)
    return "/" + rest.lstrip("/\\")


def _host_of(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""
