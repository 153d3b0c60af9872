"""The files of photos: for everybody while a public article shows them, else for those who may see its draft."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve

from news.models import Article, Attachment, DraftLink, Photo
from portal.lib.vietnamese import slugify
from portal.models import User
from portal.views.downloads import ASKED_AGAIN, CONTENT_TYPES, LONGEST_IN_SHARED_CACHE, name_file

#: A stored photo or one of its smaller copies: what stands before the first hyphen names the photo.
_NAME = re.compile(r"(?P<stem>\d{4}/\d{2}/\w+)(?:-[\w.-]+)?\.\w+")
_LONGEST_IN_BROWSER = 3600  # seconds; a photo never changes under its address


@require_safe
def photo_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a photo or a copy of it to whoever may see an article that shows it; to others there is none (one query)."""
    named = _NAME.fullmatch(path)
    if named is None:
        raise Http404
    now = timezone.now()
    stored = f"photos/{named['stem']}.jpg"
    shown = Article.objects.published(now).filter(published_revision__photos__file=stored)
    ends = list(shown.values_list("expires_at", flat=True))
    if not ends and not _may_see_draft(request, stored):
        raise Http404
    try:
        answer: HttpResponseBase = serve(request, path, document_root=str(settings.MEDIA_ROOT / "photos"))
    except OSError:
        raise Http404
    answer.headers["Cache-Control"] = _say_how_long(ends, now) if ends else "private, no-cache"
    return answer


@require_safe
def attachment_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file to whoever may see an article that offers it; to others there is none."""
    now = timezone.now()
    attachment = get_object_or_404(Attachment, pk=pk)
    shown = Article.objects.published(now).filter(published_revision__attachments=attachment)
    ends = list(shown.values_list("expires_at", flat=True))
    if not ends and not _may_see_file(request, attachment):
        raise Http404
    answer = FileResponse(attachment.file.open("rb"))
    answer.headers["Content-Type"] = CONTENT_TYPES[attachment.kind]
    answer.headers["Cache-Control"] = ASKED_AGAIN if ends else "private, no-store"
    if not ends:
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    stem = slugify(attachment.file_name.rpartition(".")[0]) or "tep"
    name_file(answer, f"{stem}-{attachment.pk}.{attachment.kind}", inline=attachment.kind == "pdf")
    return answer


def _may_see_file(request: HttpRequest, attachment: Attachment) -> bool:
    person, key = request.user, request.GET.get("key", "")
    if isinstance(person, User) and Attachment.objects.seen_by(person).filter(pk=attachment.pk).exists():
        return True
    return bool(key) and DraftLink.objects.open().filter(key=key, revision__attachments=attachment).exists()


def link_photos(markup: str, key: str) -> str:
    """Return the HTML of a text whose photos and files are opened by the key of a link to its draft."""
    photos = re.escape(f"{settings.MEDIA_URL}photos/")
    markup = re.sub(r'(<p class="article-file"><a href="[^"?]+)"', rf'\1?key={key}"', markup)
    return re.sub(rf"{photos}[\w./-]+", lambda found: f"{found[0]}?key={key}", markup)


def _may_see_draft(request: HttpRequest, stored: str) -> bool:
    photos = Photo.objects.filter(file=stored)
    if isinstance(request.user, User) and photos.seen_by(request.user).exists():
        return True
    key = request.GET.get("key", "")
    return bool(key) and DraftLink.objects.open().filter(key=key, revision__photos__file=stored).exists()


def _say_how_long(ends: list[dt.datetime | None], now: dt.datetime) -> str:
    """Return the caching of a photo that articles with these ends show."""
    left = _LONGEST_IN_BROWSER
    if None not in ends:
        left = min(left, max(int((end - now).total_seconds()) for end in ends if end is not None))
    return f"public, max-age={left}, s-maxage={min(left, LONGEST_IN_SHARED_CACHE)}"
