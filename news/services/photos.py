"""Taking in photos: made anew by `portal.services.pictures`, stored, described."""

from __future__ import annotations

import hashlib
import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction

from news.models import Article, Photo
from news.tasks import make_renditions
from portal import audit
from portal.lib.vietnamese import normalize
from portal.models import User
from portal.permissions import Permission
from portal.services import pictures
from portal.services.refusals import needs
from portal.services.texts import fitting, longest, shorten_file_name


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
    """Store a picture as an upright JPEG of at most 2400 pixels a side, made anew, and return it.

    The same picture brought in twice for one article is the one that is there. Raises ValidationError with a sentence
    that names the file when this is no picture, is damaged, or is too large. Smaller copies are made in the background.
    """
    name = normalize(name or str(getattr(file, "name", "") or "")).rpartition("/")[2]
    picture = pictures.take_in(file, name=name, shape=pictures.Shape.PHOTO)
    digest = hashlib.sha256(picture.content).hexdigest()
    if article is not None:
        known = Photo.objects.filter(article=article, sha256=digest).first()
        if known is not None:
            return known
    photo = Photo(
        **_words(caption, alt, credit), article=article, sha256=digest,
        original_name=shorten_file_name(name, longest(Photo, "original_name")),
        width=picture.width, height=picture.height, uploaded_by=actor,
    )  # fmt: skip
    photo.file.save(f"{secrets.token_hex(8)}{pictures.Shape.PHOTO.ending}", ContentFile(picture.content), save=False)
    photo.save()
    unit = article.unit if article is not None else None
    audit.record(actor=actor, action=audit.Action.PHOTO_ADD, target=photo, unit=unit)
    transaction.on_commit(lambda: make_renditions.enqueue(photo.pk))
    return photo


@needs(Permission.WRITE_ARTICLE, on="photo.article.unit")
def describe_photo(*, photo: Photo, caption: str, alt: str, credit: str, actor: User) -> Photo:
    """Change what is said about a photo, everywhere it stands; nothing changed: nothing is written."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    values = _words(caption, alt, credit)
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


def _words(caption: str, alt: str, credit: str) -> dict[str, str]:
    words = {"caption": caption, "alt": alt, "credit": credit}
    return {field: fitting(Photo, field, text) for field, text in words.items()}
