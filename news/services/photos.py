"""Taking in photos: decoded by content, turned upright, freed of everything that is no picture."""

from __future__ import annotations

import hashlib
import io
import secrets
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from news.models import Article, Photo
from news.tasks import make_renditions
from portal import audit
from portal.lib.vietnamese import normalize
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2400
QUALITY = 88
_pillow_flag = threading.Lock()


@needs(Permission.WRITE_ARTICLE, on="article.unit")
def add_photo(
    *,
    file: IO[bytes],
    caption: str = "",
    alt: str = "",
    credit: str = "",
    article: Article | None = None,
    name: str = "",
    actor: User,
) -> Photo:
    """Store a picture as an upright JPEG of at most 2400 pixels a side, without EXIF and place, and return it.

    The same picture brought in twice for one article is the one that is there. Raises ValidationError with a sentence
    that names the file when this is no picture, is damaged, or is too large. Smaller copies are made in the background.
    """
    name = normalize(name or str(getattr(file, "name", "") or "")).rpartition("/")[2][:120]
    data, size = _jpeg(file, name)
    digest = hashlib.sha256(data).hexdigest()
    if article is not None:
        known = Photo.objects.filter(article=article, sha256=digest).first()
        if known is not None:
            return known
    photo = Photo(
        caption=normalize(caption)[:300], alt=normalize(alt)[:300], credit=normalize(credit)[:120], article=article,
        sha256=digest, original_name=name, width=size[0], height=size[1], uploaded_by=actor,
    )  # fmt: skip
    photo.file.save(f"{secrets.token_hex(8)}.jpg", ContentFile(data), save=False)
    photo.save()
    unit = article.unit if article is not None else None
    audit.record(actor=actor, action=audit.Action.PHOTO_ADD, target=photo, unit=unit)
    transaction.on_commit(lambda: make_renditions.enqueue(photo.pk))
    return photo


@needs(Permission.WRITE_ARTICLE, on="photo.article.unit")
def describe_photo(*, photo: Photo, caption: str, alt: str, credit: str, actor: User) -> Photo:
    """Change what is said about a photo, everywhere it stands; nothing changed: nothing is written."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    values = {"caption": normalize(caption)[:300], "alt": normalize(alt)[:300], "credit": normalize(credit)[:120]}
    changed = [field for field, value in values.items() if getattr(photo, field) != value]
    if not changed:
        return photo
    for field in changed:
        setattr(photo, field, values[field])
    photo.save(update_fields=changed)
    photo.expand_texts()
    audit.record(
        actor=actor, action=audit.Action.PHOTO_DESCRIBE, target=photo,
        unit=photo.article.unit if photo.article else None, fields=changed,
    )  # fmt: skip
    return photo


def _jpeg(file: IO[bytes], name: str) -> tuple[bytes, tuple[int, int]]:
    """Return the picture anew, pixel by pixel: whatever else the file carried stays behind."""
    data = file.read(settings.UPLOAD_LIMIT + 1)
    if len(data) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(_("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": limit})
    image = _opened(data, name)
    if image.width * image.height > MOST_PIXELS:
        _refuse(_("“%(name)s” has more than 60 million pixels. Save it smaller and bring it in again."), name)
    try:
        if image.format in ("JPEG", "MPO"):
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        with _whole_files_only():
            image.load()
        upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, IndexError, Image.DecompressionBombError):
        _refuse(_("“%(name)s” is damaged or incomplete. Copy it from the camera or phone once more."), name)
    flat = _on_white(upright)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    extra: dict[str, Any] = (
        {"icc_profile": profile} if (profile := upright.info.get("icc_profile")) and flat.mode == "RGB" else {}
    )
    flat.save(stream, "JPEG", quality=QUALITY, optimize=True, progressive=True, **extra)
    return stream.getvalue(), flat.size


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """Refuse half a picture, whatever WeasyPrint has told Pillow for the whole process."""
    with _pillow_flag:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _opened(data: bytes, name: str) -> Image.Image:
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        _refuse(
            _("“%(name)s” is a HEIC photo. Choose “Most compatible” in the phone's camera settings, or send a JPEG."),
            name,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        _refuse(_("“%(name)s” has more than 60 million pixels. Save it smaller and bring it in again."), name)
    except (OSError, SyntaxError, ValueError):
        _refuse(_("“%(name)s” is not a photo that can be read here. Bring in a JPEG, PNG or WebP file."), name)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = Image.new("RGB", rgba.size, "white")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        return ground
    return image.convert("RGB")


def _refuse(sentence: str, name: str) -> NoReturn:
    raise ValidationError(sentence % {"name": name})
