"""Public pages: the same for every reader, kept by the version of what they show, 304 where unchanged."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Generic, TypedDict, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from news import models
from portal.models import Fanpage, SiteProfile
from portal.views.downloads import LONGEST_IN_SHARED_CACHE

T = TypeVar("T")


class Memo(Generic[T]):
    """The last `size` results of costly work by key; a key holds the version, so that nothing in it grows old."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[object, T] = OrderedDict()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """Return what is kept under the key, made now where it is not."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = self._kept[key] = make()
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value


class Frame(TypedDict):
    """What stands around every page."""

    site: SiteProfile
    fanpages: list[Fanpage]


_frames: Memo[Frame] = Memo(2)


def frame(version: str) -> Frame:
    """Return the association's facts and fanpages, read anew only when their version is another."""
    return _frames.get(
        version,
        lambda: {"site": SiteProfile.objects.first() or SiteProfile(name=""), "fanpages": list(Fanpage.objects.all())},
    )


def render_public(template: str, context: dict[str, Any], *, path: str, frame_version: str = "") -> bytes:
    """Render a page that is the same for everybody who reads `path` in this language: no session and no person.

    The template gets a request of its own, so that nothing of the reader's request can find its way into a shared page.
    """
    request = HttpRequest()
    request.method = "GET"
    request.path, request.META["QUERY_STRING"] = urlsplit(path).path, urlsplit(path).query
    around = frame(frame_version or models.frame_version())
    return render_to_string(template, {**context, **around}, request).encode()


def etag_of(*parts: object) -> str:
    """Return a strong ETag for a page made of these parts."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12)
    return quote_etag(digest.hexdigest())


def public_response(
    request: HttpRequest,
    content: Callable[[], bytes] | bytes,
    *,
    etag: str = "",
    modified: dt.datetime | None = None,
    until: dt.datetime | None = None,
    now: dt.datetime,
    content_type: str = "text/html; charset=utf-8",
) -> HttpResponseBase:
    """Answer with `content`, or 304 without making it.

    `until` is when the page changes by itself; no cache keeps it longer.
    """
    seconds = LONGEST_IN_SHARED_CACHE
    if until is not None:
        seconds = max(0, min(seconds, int((until - now).total_seconds())))
    body = content if isinstance(content, bytes) else None
    if body is not None and not etag:
        etag = etag_of(body.decode("utf-8", "replace"))
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag) if etag else None
    if answer is None:
        answer = HttpResponse(body if body is not None else content(), content_type=content_type)  # type: ignore[operator]  # one of both is given
    elif answer.status_code != HTTPStatus.NOT_MODIFIED:
        return answer  # asked for with If-Match: no answer for others
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    if modified is not None:
        answer.headers["Last-Modified"] = http_date(modified.timestamp())
    return answer


def absolute(path: str) -> str:
    """Return the address with the site in front."""
    return f"{settings.SITE_URL}{path}"
