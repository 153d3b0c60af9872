"""Taking in photos: made anew by `portal.services.pictures`, stored, described."""

from __future__ import annotations

import hashlib
import secrets
from typing import IO, NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, Photo, PhotoWords
from news.services.writers import find_desk
from news.tasks import make_renditions
from portal import audit
from portal.lib.vietnamese import fold, normalize
from portal.models import User
from portal.permissions import Permission
from portal.services import pictures
from portal.services.refusals import needs
from portal.services.texts import fitting, longest, shorten_file_name


@needs(Permission.WRITE_ARTICLE, Permission.ISSUE_REPORT, on=("article.unit", find_desk))
def add_photo(
    *,
    file: IO[bytes],
    caption: str = "",
    alt: str = "",
    credit: str = "",
    article: Article | None = None,
    form_key: str = "",
    name: str = "",
    actor: User,
) -> Photo:
    """Store a picture as an upright JPEG of at most 2400 pixels a side, made anew, and return it.

    The same picture brought in twice for one article (or for the form of one that is not saved yet) is the one that is
    there. Raises ValidationError with a sentence
    that names the file when this is no picture, is damaged, or is too large. Smaller copies are made in the background.
    """
    name = normalize(name or str(getattr(file, "name", "") or "")).rpartition("/")[2]
    picture = pictures.take_in(file, name=name, shape=pictures.Shape.PHOTO)
    digest = hashlib.sha256(picture.content).hexdigest()
    own = Q(article=article) if article is not None else Q(article=None, form_key=form_key, uploaded_by=actor)
    if article is not None or form_key:
        known = Photo.objects.filter(own, sha256=digest).first()
        if known is not None:
            return known
    photo = Photo(
        **_words(caption, alt, credit), article=article, form_key="" if article else form_key, sha256=digest,
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
    """Change the words with which the next article that takes the photo begins; nothing changed: nothing is written."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    values = _words(caption, alt, credit)
    changed = [field for field, value in values.items() if getattr(photo, field) != value]
    if not changed:
        return photo
    for field in changed:
        setattr(photo, field, values[field])
    photo.save(update_fields=changed)
    audit.record(
        actor=actor, action=audit.Action.PHOTO_DESCRIBE, target=photo,
        unit=photo.article.unit if photo.article else None, fields=changed,
    )  # fmt: skip
    return photo


class PhotoProblem(NamedTuple):
    """What is missing of a photo before readers may have it, and the field where it is written."""

    photo: Photo
    field: str  # of PhotoWords
    sentence: str


def photo_problems(revision: ArticleRevision) -> list[PhotoProblem]:
    """Return what the photos of a state still lack, in the order of the text."""
    order = revision.shown_photo_ids
    photos = {photo.pk: photo for photo in revision.photos.all()}
    in_text, problems = set(revision.photo_ids_in_text), []
    for number in order:
        if (photo := photos.get(number)) is None:
            continue
        words, name = revision.words_of(number), photo.original_name or str(photo)
        if not words["caption"].strip() and number in in_text:
            problems.append(PhotoProblem(photo, "caption", _("Photo “%(name)s”: write the caption.") % {"name": name}))
        if sentence := _alt_problem(words, photo.original_name):
            problems.append(PhotoProblem(photo, "alt", sentence % {"name": name}))
    return problems


def _alt_problem(words: PhotoWords, file_name: str) -> str:
    said = fold(words["alt"].strip(" \"'.-"))
    if not said:
        return _("Photo “%(name)s”: describe it for people who cannot see it.")
    if said in (fold(file_name), fold(file_name.rpartition(".")[0])):
        return _("Photo “%(name)s”: the name of a file describes nothing.")
    if said == fold(words["caption"].strip(" \"'.-")):
        return _("Photo “%(name)s”: say what the picture shows, not the caption once more.")
    return ""


def check_words(photo_id: int, words: PhotoWords) -> PhotoWords:
    """Return the words tidied; ValidationError at the photo's field ("photo-12-caption") for what is too long."""
    names = {field: f"photo-{photo_id}-{field}" for field in ("caption", "alt", "credit")}
    return PhotoWords(
        caption=fitting(Photo, "caption", words["caption"], name=names["caption"]),
        alt=fitting(Photo, "alt", words["alt"], name=names["alt"]),
        credit=fitting(Photo, "credit", words["credit"], name=names["credit"]),
    )


def _words(caption: str, alt: str, credit: str) -> dict[str, str]:
    words = {"caption": caption, "alt": alt, "credit": credit}
    return {field: fitting(Photo, field, text) for field, text in words.items()}
