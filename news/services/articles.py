"""Writing and publishing articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, Attachment, Category, Photo, PhotoWords, Tag, UnsavedText
from news.models.article import FILE_PLACE, PHOTO_PLACE
from news.services.leading import set_pin
from news.services.locking import lock_article
from news.services.markup import clean_body, plain_text
from news.services.photos import check_words, photo_problems
from news.services.rechecking import recheck_published
from news.services.review import check_second_person, demand_section
from news.services.tags import find_tags
from portal import audit
from portal.lib.vietnamese import normalize, slugify
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import ConflictError, needs
from portal.services.search import keep_search_entry
from portal.services.texts import fitting

LONGEST_TITLE = 250
FEWEST_IN_PHOTO_STORY = 3  # photos; with fewer it is an article with photos


class ArticleFigure(TypedDict, total=False):
    """A figure that a draft brings along from a report: what the text says, the exact figure, where it is proven."""

    label: str  # "lượt học sinh"
    said: str  # "gần 15.000"
    exact: str  # "14.936"
    link: str  # address of the report


class ArticleText(TypedDict):
    """What an editor writes of an article; all of it is kept in its revisions."""

    category: Category
    title: str
    lead: str
    body: str
    byline: NotRequired[str]
    source: NotRequired[str]
    cover: NotRequired[Photo | None]
    photo_words: NotRequired[Mapping[int, PhotoWords]]  # by the photo's id; of others: as before
    tags: NotRequired[Iterable[Tag | str]]  # tags, or their names; not given: as before
    is_photo_story: NotRequired[bool]  # told by its photos; not given: as before


@needs(Permission.WRITE_ARTICLE, Permission.ISSUE_REPORT, on="unit")
def create_article(
    *, unit: Unit, figures: Iterable[ArticleFigure] = (), form_key: str = "", actor: User, **values: Unpack[ArticleText]
) -> Article:
    """Make a draft and return it. `body` is HTML and is cleaned here.

    Photos stand in it as `<figure data-photo="12"></figure>`; with an empty number (`data-photo=""`) the figure is a
    place left for a photo, which readers never see. The photos brought in with the form `form_key` become the
    article's. The same form sent twice is one article: what was written on in between is its next state. Raises
    ValidationError naming the field, ConflictError where the article was also changed elsewhere meanwhile.
    """
    if form_key and (known := Article.objects.filter(created_by=actor, form_key=form_key).first()):
        return _save_from_its_form(known, actor, values)
    title = _check_title(values["title"])
    article = Article.objects.create(
        category=values["category"], unit=unit, title=title, slug=_slug(title), figures=list(figures),
        form_key=form_key, created_by=actor,
    )  # fmt: skip
    _take_what_its_form_brought(article, actor)
    revision = make_revision(article, actor, values)
    keep_revision(article, revision)
    article.save(update_fields=["working_revision"])
    UnsavedText.objects.filter(person=actor, article=None, form_key=form_key).delete()
    audit.record(actor=actor, action=audit.Action.ARTICLE_CREATE, target=article, unit=unit)
    return article


def _take_what_its_form_brought(article: Article, actor: User) -> None:
    """Make the photos and files that came with the form in which the article began the article's own."""
    if not article.form_key:
        return
    for kind in (Photo, Attachment):
        brought = kind.objects.filter(form_key=article.form_key, uploaded_by=actor, article=None)
        brought.update(article=article, unit=article.unit, form_key="")


def _save_from_its_form(article: Article, actor: User, values: ArticleText) -> Article:
    """Return the article with what the form in which it began holds now: pressed on a slow line, it is sent again.

    Raises ConflictError when the article has gone on elsewhere, since this form never showed that.
    """
    article = lock_article(article, None)
    _take_what_its_form_brought(article, actor)
    UnsavedText.objects.filter(person=actor, article=None, form_key=article.form_key).delete()
    if article.working_revision is not None and article.working_revision.number > 1:
        if compare_fields(article.working_revision, make_revision(article, actor, values)):
            raise ConflictError(_("This article has been saved in the meantime"), current=article)
        return article
    return save_article(article=article, actor=actor, **values)


@needs(Permission.WRITE_ARTICLE, on="article.unit")
def save_article(
    *, article: Article, version: str | None = None, actor: User, **values: Unpack[ArticleText]
) -> Article:
    """Add a working revision; readers go on seeing the published one. Nothing changed: no revision is added.

    `version` is the state the editor started from. Raises ConflictError when another one has been saved since. Section,
    address and what is said of the photos belong to the revision: a live article has them when it is published again.
    """
    article = lock_article(article, version)
    revision = make_revision(article, actor, values)
    changed = compare_fields(article.working_revision, revision)
    UnsavedText.objects.filter(person=actor, article=article).delete()
    if not changed:
        return article
    keep_revision(article, revision)
    article.title = revision.title
    if article.published_revision_id is None:
        article.category, article.slug = revision.category, revision.slug
    article.save(update_fields=["category", "title", "slug", "working_revision"])
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_SAVE, target=article, unit=article.unit, fields=changed,
        detail={"revision": revision.number},
    )  # fmt: skip
    return article


class TextProblem(NamedTuple):
    """What the text of a state lacks before readers may have it, and the field of its form where it is put right."""

    field: str
    sentence: str


def text_problems(revision: ArticleRevision) -> list[TextProblem]:
    """Return what a state lacks besides the words of its photos (`photo_problems` has those)."""
    problems = []
    if not revision.lead:
        sentence = _("Write the lead: it is shown in bold above the text and in every list.")
        problems.append(TextProblem("lead", sentence))
    if revision.is_photo_story and (shown := len(set(revision.photo_ids_in_text))) < FEWEST_IN_PHOTO_STORY:
        sentence = _("A photo story shows at least %(least)d photos in its text; this one has %(count)d.")
        problems.append(TextProblem("new_photos", sentence % {"least": FEWEST_IN_PHOTO_STORY, "count": shown}))
    return problems


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def publish_article(
    *,
    article: Article,
    version: str | None = None,
    at: dt.datetime | None = None,
    until: dt.datetime | None = None,
    pinned_until: dt.datetime | None = None,
    urgent_reason: str = "",
    actor: User,
) -> Article:
    """Give readers the working revision, now or from `at` on (earlier for an article of earlier days), until `until`.

    A live article keeps the time of its first publishing. Raises ValidationError when a photo lacks caption or
    description, when the lead is missing, when the times contradict each other, or when a second person's approval is
    needed and neither there nor (`urgent_reason`) put off.
    """
    article = lock_article(article, version)
    demand_section(actor, article)
    revision = article.working_revision
    if revision is None:
        raise ValidationError(_("There is no text to publish."))
    problems = [one.sentence for one in text_problems(revision)] + [one.sentence for one in photo_problems(revision)]
    if problems:
        raise ValidationError(problems)
    now = timezone.now().replace(microsecond=0)  # pages and feeds show whole seconds
    at, until = (moment and moment.replace(microsecond=0) for moment in (at, until))
    first = article.published_at if article.published_revision_id is not None else None
    taken_back = article.withdrawn_at is not None and first is not None and article.withdrawn_at < first
    was_public = first is not None and first <= now and not taken_back  # of one taken back before, nobody read it
    if was_public and at is not None and at != article.published_at:
        raise ValidationError({"at": _("This article is already public; the time of its first publication stays.")})
    if not was_public:
        article.published_at = at or now
    elif article.published_revision_id != revision.pk or article.withdrawn_at is not None:
        article.tell_change()
    urgent = check_second_person(article, urgent_reason, actor)
    if until is not None and article.published_at is not None and until <= article.published_at:
        raise ValidationError({"until": _("The end must lie after the time of publishing.")})
    if pinned_until != article.pinned_until:
        set_pin(article, pinned_until, actor)
    is_new_text = article.published_revision_id != revision.pk
    article.published_revision, article.expires_at = revision, until
    article.withdrawn_at, article.replacement, article.is_merged = None, None, False  # its reason stays for the audit
    article.category, article.slug = revision.category, revision.slug
    article.save()
    keep_findable(article)
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_PUBLISH, target=article, unit=article.unit,
        detail={
            "revision": revision.number,
            "at": article.published_at.isoformat() if article.published_at else "",
            "back_dated": bool(at and at < now and not was_public),
        },
        reason_in=(urgent, "reason") if urgent else None,
    )  # fmt: skip
    recheck_published(article=article, is_new_text=is_new_text, actor=actor)
    return article


def search_ref(article: Article) -> str:
    """Return the name of the article's search entry."""
    return f"news.article:{article.pk}"


def _check_title(title: str) -> str:
    title = normalize(title)
    if not title:
        raise ValidationError({"title": _("Give the article a title.")})
    if len(title) > LONGEST_TITLE:
        raise ValidationError(
            {"title": _("The title has %(count)d characters; at most 250 fit.") % {"count": len(title)}}
        )
    return title


def _slug(title: str) -> str:
    return slugify(title) or "bai-viet"


def make_revision(article: Article, person: User, values: ArticleText) -> ArticleRevision:
    """Return the next state of the article, not yet saved."""
    values = _without_replaced(article, person, values | {"body": clean_body(values["body"]).html})
    title, cover = _check_title(values["title"]), values.get("cover")
    newest = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    body = _with_usable_files(_with_usable_photos(values["body"], article, person), article, person)
    revision = ArticleRevision(
        article=article, number=newest + 1, title=title, lead=normalize(values["lead"]), body=body, cover=cover,
        byline=fitting(ArticleRevision, "byline", values.get("byline", "")),
        source=fitting(ArticleRevision, "source", values.get("source", "")),
        category=values["category"], slug=_slug(title), created_by=person,
    )  # fmt: skip
    in_text = revision.photo_ids_in_text
    revision.share_photo_id = cover.pk if cover else in_text[0] if in_text else None
    revision.photo_words = _photo_words(article, revision, values.get("photo_words", {}))
    before = article.working_revision or ArticleRevision()
    revision.tag_ids = find_tags(values["tags"], person) if "tags" in values else before.tag_ids
    revision.is_photo_story = values.get("is_photo_story", before.is_photo_story)
    return revision


def _photo_words(article: Article, revision: ArticleRevision, given: Mapping[int, PhotoWords]) -> dict[str, PhotoWords]:
    """Return what the state says of its photos and of those beside it: as given, as before, as was said of them last.

    A photo of the library that is given stays beside the article though nothing is said of it. Raises ValidationError
    naming the photo's field ("photo-12-caption") for words that are too long.
    """
    own = set(Photo.objects.filter(article=article, replaced_by=None).values_list("pk", flat=True)) | set(
        revision.shown_photo_ids
    )
    lent = Photo.objects.filter(pk__in=set(given) - own)
    lent_ids = set(lent.usable_in(article.pk, revision.created_by).values_list("pk", flat=True)) if given else set()
    photos = Photo.objects.filter(pk__in=own | lent_ids).order_by("pk")
    before = article.working_revision.photo_words if article.working_revision else {}
    said = {
        str(photo.pk): check_words(photo.pk, given.get(photo.pk) or before.get(str(photo.pk)) or photo.words)
        for photo in photos
    }
    return {number: words for number, words in said.items() if any(words.values()) or int(number) in lent_ids}


def keep_revision(article: Article, revision: ArticleRevision) -> None:
    """Save a state and make it the working one."""
    Photo.objects.keep_still(revision.photo_ids_in_text)
    revision.expand()
    revision.save()
    shown = Photo.objects.filter(pk__in=revision.shown_photo_ids)
    revision.photos.set(shown)
    shown.filter(unit=None, form_key="").update(unit=article.unit)  # brought in for no article yet: now it is for one
    revision.attachments.set(Attachment.objects.filter(pk__in=revision.attachment_ids_in_text))
    revision.tags.set(revision.tag_ids)
    article.working_revision = revision


def _without_replaced(article: Article, actor: User, values: ArticleText) -> ArticleText:
    """Return the text with each photo that was replaced while it was written, or since a state that comes back.

    What the article shows already stays: whoever replaced it was told so. A new photo that the actor cannot know is
    none. Those that come in are locked: whoever replaces one at this moment waits, and then finds it in this article.
    """
    cover, given = values.get("cover"), values.get("photo_words", {})
    named = {int(number) for number in PHOTO_PLACE.findall(values["body"]) if number}
    named |= {cover.pk} if cover is not None else set()
    if article.working_revision is not None:
        named -= set(article.working_revision.shown_photo_ids)
    new: dict[int, Photo] = {}
    coming = Photo.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=named).order_by("pk")
    for photo in [one for one in coming if one.replaced_by_id is not None]:
        last = photo
        while last.replaced_by is not None:
            last = last.replaced_by
        if Photo.objects.filter(pk=last.pk).usable_in(article.pk, actor).exists():
            new[photo.pk] = last
    if not new:
        return values
    ids = {str(old): str(photo.pk) for old, photo in new.items()}
    body = PHOTO_PLACE.sub(
        lambda place: place[0].replace(f'"{place[1]}"', f'"{ids.get(place[1], place[1])}"'), values["body"]
    )
    words = {new[number].pk: said for number, said in given.items() if number in new}
    kept = {number: said for number, said in given.items() if number not in new}
    cover = new.get(cover.pk, cover) if cover is not None else None
    return values | {"body": body, "cover": cover, "photo_words": words | kept}


def _with_usable_photos(body: str, article: Article, actor: User) -> str:
    """Return the text without photos that the actor cannot know.

    An id typed into the markup opens no other unit's draft.
    """
    wanted = {int(number) for number in PHOTO_PLACE.findall(body) if number}
    if not wanted:
        return body
    usable = set(Photo.objects.filter(pk__in=wanted).usable_in(article.pk, actor).values_list("pk", flat=True))
    return PHOTO_PLACE.sub(lambda place: place[0] if not place[1] or int(place[1]) in usable else "", body)


def _with_usable_files(body: str, article: Article, actor: User) -> str:
    """Return the text without files that the actor cannot know."""
    wanted = {int(number) for number in FILE_PLACE.findall(body)}
    if not wanted:
        return body
    usable = set(Attachment.objects.filter(pk__in=wanted).usable_in(article.pk, actor).values_list("pk", flat=True))
    return FILE_PLACE.sub(lambda place: place[0] if int(place[1]) in usable else "", body)


def compare_fields(before: ArticleRevision | None, after: ArticleRevision) -> list[str]:
    """Return the names of what differs between two states."""
    names = (
        "category_id", "title", "lead", "body", "byline", "source", "cover_id", "photo_words", "tag_ids",
        "is_photo_story",
    )  # fmt: skip
    changed = [name for name in names if before is None or getattr(before, name) != getattr(after, name)]
    return ["tags" if name == "tag_ids" else name.removesuffix("_id") for name in changed]


def keep_findable(article: Article) -> None:
    """Let the search find what readers have."""
    revision = article.published_revision
    if revision is None or article.published_at is None:
        return
    words = [revision.words_of(number) for number in revision.shown_photo_ids]
    captions = "\n".join(f"{one['caption']} {one['credit']}" for one in words)
    tags = " · ".join(revision.tags.values_list("name", flat=True))
    files = "\n".join(revision.attachments.values_list("file_name", flat=True))
    texts = [revision.lead, plain_text(revision.body), captions, files, revision.byline, revision.source, tags]
    keep_search_entry(
        kind="article",
        ref=search_ref(article),
        title=revision.title,
        text="\n".join(texts).strip(),
        link=article.get_absolute_url(),
        visible_from=article.published_at,
        visible_until=article.expires_at,
        unit=article.unit,
        section=article.category.name,
    )
