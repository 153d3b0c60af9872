"""Putting another file in a photo's place, in every article at once, without changing what readers have."""

from __future__ import annotations

import hashlib
from typing import IO, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, Photo, ReviewStep, Tag
from news.services.articles import ArticleText, keep_revision, make_revision
from news.services.locking import lock_article
from news.services.photos import store_photo
from news.services.review import keep_waiting, review_kind
from portal import audit
from portal.lib.language import official_language
from portal.lib.vietnamese import normalize
from portal.models import User
from portal.permissions import Permission
from portal.services import pictures
from portal.services.refusals import holds, needs
from portal.services.texts import longest, shorten, shorten_file_name
from portal.services.versions import lock_row


class Replaced(NamedTuple):
    """What became of a replacement: the photo that stands now, the articles that show it, and those that do not."""

    photo: Photo
    changed: list[Article]
    untouched: list[Article]  # of units where the person does not write
    waiting: list[Article]  # of those changed: they wait for approval, or do so again


@needs(Permission.WRITE_ARTICLE, on="photo.unit")
def replace_photo(*, photo: Photo, file: IO[bytes], version: str | None = None, actor: User) -> Replaced:
    """Put another picture in a photo's place, with all that is said of it, in the working text of each article.

    Readers of a live article have the old one until its text is published again: a new file is a new photo with an
    address of its own. A text that waited for approval, or had it, waits in its new state. Raises ValidationError for
    a file that is not taken, and for one that was replaced already.
    """
    # whoever saves an article that shows it holds the article, for which this waits: they must not wait for the photo
    photo = lock_row(Photo.objects.select_related("unit", "article"), photo, version, is_named=True)
    if photo.replaced_by_id is not None:
        raise ValidationError(_("This photo has been replaced already."))
    name = normalize(str(getattr(file, "name", "") or "")).rpartition("/")[2]
    try:
        picture = pictures.take_in(file, name=name, shape=pictures.Shape.PHOTO)
    except ValidationError as error:
        raise ValidationError({"file": error.messages})
    digest = hashlib.sha256(picture.content).hexdigest()
    if digest == photo.sha256:
        raise ValidationError({"file": _("“%(name)s” is the picture that is there.") % {"name": name}})
    new = Photo(
        caption=photo.caption, alt=photo.alt, credit=photo.credit, rights=photo.rights,
        shows_children=photo.shows_children, consent=photo.consent, article=photo.article, unit=photo.unit,
        sha256=digest, width=picture.width, height=picture.height,
        original_name=shorten_file_name(name, longest(Photo, "original_name")), uploaded_by=actor,
    )  # fmt: skip
    store_photo(new, picture.content)
    photo.replaced_by = new
    photo.save(update_fields=["replaced_by"])
    audit.record(
        actor=actor, action=audit.Action.PHOTO_REPLACE, target=photo, unit=photo.unit, detail={"photo": new.pk}
    )
    changed: list[Article] = []
    untouched: list[Article] = []
    waiting: list[Article] = []
    shows = Q(working_revision__photos=photo) | Q(working_revision__photo_words__has_key=str(photo.pk))
    for article in Article.objects.filter(shows).select_related("unit").order_by("pk").distinct():
        may = holds(actor, Permission.WRITE_ARTICLE, article.unit)
        (changed if may else untouched).append(article)
        if may and _exchange(article, photo, new, actor):
            waiting.append(article)
    return Replaced(new, changed, untouched, waiting)


def _exchange(article: Article, old: Photo, new: Photo, actor: User) -> bool:
    """Save a state of the article in which the new photo stands where the old one stood; return whether it waits."""
    article = lock_article(article, None)
    kind = review_kind(article)
    before = article.working_revision or ArticleRevision(article=article)
    words = {int(number): said for number, said in before.photo_words.items() if int(number) != old.pk}
    values = ArticleText(
        category=before.category, title=before.title, lead=before.lead, byline=before.byline, source=before.source,
        body=before.body.replace(f'data-photo="{old.pk}"', f'data-photo="{new.pk}"'),
        cover=new if before.cover_id == old.pk else before.cover,
        photo_words=words | {new.pk: before.words_of(old.pk)},
        tags=list(Tag.objects.filter(pk__in=before.tag_ids)),
    )  # fmt: skip
    revision = make_revision(article, actor, values)
    keep_revision(article, revision)
    article.save(update_fields=["working_revision"])
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_SAVE, target=article, unit=article.unit, fields=["photos"],
        detail={"revision": revision.number},
    )  # fmt: skip
    with official_language():
        reason = _("The file of the photo “%(photo)s” was replaced.") % {"photo": old}
    reason = shorten(reason, longest(ReviewStep, "reason"))
    return keep_waiting(article=article, kind=kind, reason=reason, actor=actor)
