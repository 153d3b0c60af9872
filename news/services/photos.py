"""Taking in photos: made anew by `portal.services.pictures`, stored, described."""

from __future__ import annotations

import hashlib
import secrets
from typing import IO, NamedTuple, NotRequired, TypedDict, Unpack

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, Photo, PhotoWords
from news.services.locking import wait_for_others
from news.services.writers import find_desk
from news.tasks import make_renditions
from portal import audit
from portal.lib.vietnamese import fold, normalize
from portal.models import Unit, User
from portal.permissions import ROOT, Permission
from portal.services import pictures
from portal.services.refusals import ForbiddenError, holds, needs
from portal.services.texts import fitting, longest, shorten_file_name
from portal.services.versions import lock_row


class PhotoFacts(TypedDict):
    """What the library knows of a photo besides its words."""

    focus_x: NotRequired[int]  # hundredths of the sides: copies of other shapes are cut around it
    focus_y: NotRequired[int]
    rights: NotRequired[str]
    shows_children: NotRequired[bool]
    consent: NotRequired[str]


@needs(Permission.WRITE_ARTICLE, Permission.ISSUE_REPORT, on=("article.unit", "unit", find_desk))
def add_photo(
    *,
    file: IO[bytes],
    caption: str = "",
    alt: str = "",
    credit: str = "",
    article: Article | None = None,
    unit: Unit | None = None,
    form_key: str = "",
    name: str = "",
    reuse: bool = False,
    actor: User,
) -> Photo:
    """Store a picture as an upright JPEG of at most 2400 pixels a side, made anew, and return it.

    The same picture brought in twice for one article (or for the form of one that is not saved yet) is the one that is
    there; with `reuse`, so is one of the library. `unit`: into its library, for no article. Raises ValidationError with
    a sentence that names the file when this is no picture, is damaged, or is too large. Smaller copies are made in the
    background.
    """
    name = normalize(name or str(getattr(file, "name", "") or "")).rpartition("/")[2]
    picture = pictures.take_in(file, name=name, shape=pictures.Shape.PHOTO)
    digest = hashlib.sha256(picture.content).hexdigest()
    own = Q(article=article) if article is not None else Q(article=None, form_key=form_key, uploaded_by=actor)
    wait_for_others(article, actor)
    same = Photo.objects.filter(sha256=digest, replaced_by=None)
    if (article is not None or form_key) and (known := same.filter(own).first()) is not None:
        return known
    if reuse and (known := same.in_library(actor).first()) is not None:
        known.was_known = True
        return known
    photo = Photo(
        **_words(caption, alt, credit), article=article, form_key="" if article else form_key, sha256=digest,
        unit=article.unit if article is not None else unit,
        original_name=shorten_file_name(name, longest(Photo, "original_name")),
        width=picture.width, height=picture.height, uploaded_by=actor,
    )  # fmt: skip
    store_photo(photo, picture.content)
    audit.record(actor=actor, action=audit.Action.PHOTO_ADD, target=photo, unit=photo.unit)
    return photo


#: What the library says of a photo that readers meet, or may ask for.
_OF_WHO_PUBLISHES = frozenset({"focus_x", "focus_y", "shows_children", "consent", "rights"})


@needs(Permission.WRITE_ARTICLE, on="photo.unit")
def describe_photo(
    *, photo: Photo, caption: str, alt: str, credit: str, version: str | None = None, actor: User,
    **facts: Unpack[PhotoFacts],
) -> Photo:  # fmt: skip
    """Change what the library says of a photo; nothing changed: nothing is written.

    Its words are those with which the next article begins. Readers see where it is cut at once, and may ask who agreed
    to it: of a photo that they have, only who may publish says either. Raises ConflictError when it is another than
    the page showed.
    """
    photo = lock_row(Photo.objects.select_related("unit"), photo, version)
    values: dict[str, object] = {**_words(caption, alt, credit), **facts}
    for field in ("rights", "consent"):
        if field in values:
            values[field] = fitting(Photo, field, str(values[field]))
    changed = [field for field, value in values.items() if getattr(photo, field) != value]
    if not changed:
        return photo
    is_cut_anew = {"focus_x", "focus_y"} & set(changed)
    publishing = [field for field in changed if field in _OF_WHO_PUBLISHES]
    may_publish = not publishing or holds(actor, Permission.PUBLISH_ARTICLE, photo.unit or ROOT)
    if not may_publish and Photo.objects.filter(pk=photo.pk).live().exists():
        sentence = _("Readers have this photo: whoever may publish changes this. Put it back as it was, or ask them.")
        raise ForbiddenError(dict.fromkeys(publishing, sentence))
    for field in changed:
        setattr(photo, field, values[field])
    photo.save(update_fields=changed)
    audit.record(actor=actor, action=audit.Action.PHOTO_DESCRIBE, target=photo, unit=photo.unit, fields=changed)
    if is_cut_anew:
        transaction.on_commit(lambda: make_renditions.enqueue(photo.pk))
    return photo


class PhotoProblem(NamedTuple):
    """What is missing of a photo before readers may have it, and the field where it is written."""

    photo: Photo
    field: str  # of PhotoWords, or "consent", which the library has
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
        if photo.shows_children and not photo.consent.strip():
            sentence = _("Photo “%(name)s” shows children: write in the library of photos who agreed to it.")
            problems.append(PhotoProblem(photo, "consent", sentence % {"name": name}))
        if sentence := _alt_problem(words, photo.original_name):
            problems.append(PhotoProblem(photo, "alt", sentence % {"name": name}))
    return problems


def _alt_problem(words: PhotoWords, file_name: str) -> str:
    if words.get("decorative"):
        return ""
    said = fold(words["alt"].strip(" \"'.-"))
    if not said:
        return _("Photo “%(name)s”: describe it for people who cannot see it, or tick that it is decorative.")
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
        decorative=bool(words.get("decorative")),
    )


def store_photo(photo: Photo, content: bytes) -> None:
    """Save a photo with its file, under a name that nobody guesses; its copies follow."""
    photo.file.save(f"{secrets.token_hex(8)}{pictures.Shape.PHOTO.ending}", ContentFile(content), save=False)
    photo.save()
    transaction.on_commit(lambda: make_renditions.enqueue(photo.pk))


def _words(caption: str, alt: str, credit: str) -> dict[str, str]:
    words = {"caption": caption, "alt": alt, "credit": credit}
    return {field: fitting(Photo, field, text) for field, text in words.items()}
