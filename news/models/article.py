"""Articles and their revisions. Whether the public sees an article is a question of time, asked by a query."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from itertools import count
from typing import ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models.attachment import Attachment
from news.models.photo import SIZES_IN_PHOTO_STORY, SIZES_IN_TEXT, Photo, PhotoWords, alt_of, count_photos
from portal.lib import videos
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.permissions import Permission
from portal.vocabulary import ArticleState, ReviewKind

_FOR_HOME = """
WITH shown AS NOT MATERIALIZED (
  SELECT id, category_id, published_at, pinned_until, pinned_order FROM news_article
  WHERE withdrawn_at IS NULL AND published_revision_id IS NOT NULL AND published_at <= %s
    AND (expires_at IS NULL OR expires_at > %s)
)
(SELECT id FROM shown ORDER BY published_at DESC, id DESC LIMIT %s)
UNION (SELECT id FROM shown WHERE pinned_until > %s ORDER BY pinned_order, id LIMIT %s)
UNION (SELECT l.id FROM news_category c CROSS JOIN LATERAL (
  SELECT s.id FROM shown s WHERE s.category_id = c.id ORDER BY s.published_at DESC, s.id DESC LIMIT %s) l)
"""
# Only what readers have may replace another, so no way leads in a circle; it is walked some steps all the same.
_WAY_ON = """
WITH RECURSIVE way AS (
  SELECT replacement_id AS id, is_merged AS is_one, 1 AS far FROM news_article WHERE id = %s
  UNION ALL SELECT a.replacement_id, way.is_one AND a.is_merged, far + 1 FROM way JOIN news_article a ON a.id = way.id
  WHERE a.replacement_id IS NOT NULL AND far < 20
) SELECT id, is_one FROM way ORDER BY far DESC LIMIT 1
"""
NEW_FOR = dt.timedelta(days=2)  # as long as the news site map lists it
PHOTO_PLACE = re.compile(r'<figure data-photo="(\d*)"></figure>')
FILE_PLACE = re.compile(r'<figure data-file="(\d+)"></figure>')
VIDEO_PLACE = re.compile(r'<figure data-video="([a-z]+:[\w-]+)"(?: title="([^"]*)")?></figure>')


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories of the news."""

    def with_articles(self, now: dt.datetime | None = None) -> Self:
        """Sections in which the public finds something at this moment."""
        return self.filter(pk__in=Article.objects.published(now).values("category"))


class Category(models.Model):
    """A section of the news."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_notice = models.BooleanField(_("shown as notices on the home page"), default=False)
    recheck_months = models.PositiveSmallIntegerField(  # none: only articles that were given a day of their own
        _("its articles are checked again after so many months"), null=True, blank=True
    )
    editors = models.ManyToManyField(  # none: every editor of the article's unit
        User, blank=True, related_name="+", verbose_name=_("only these people publish in it")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = [
            seen_check("category_name_seen", "name"),
            models.CheckConstraint(
                name="category_recheck_months",
                condition=Q(recheck_months__isnull=True) | Q(recheck_months__range=(1, 60)),
                violation_error_message=_("Articles are checked again after 1 to 60 months."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the section's page."""
        return reverse("category_detail", args=[self.slug])

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what its page shows besides its columns: who alone publishes in it (one query)."""
        people = list(self.editors.order_by("pk").values_list("pk", "full_name"))
        yield str(_("only these people publish in it")), people, ", ".join(name for _pk, name in people)


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags and series."""

    def with_articles(self, now: dt.datetime | None = None) -> Self:
        """Annotate `stories`: how many articles the public finds under each at this moment; those with none are out."""
        public = Article.objects.published(now).filter(published_revision__tags=OuterRef("pk")).order_by()
        counted = public.values("published_revision__tags").annotate(count=models.Count("pk")).values("count")
        return self.filter(Exists(public)).annotate(stories=Subquery(counted))


class Tag(models.Model):
    """What articles are about across sections; a series is a run of articles of one matter, told on."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    is_series = models.BooleanField(_("a series"), default=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = [
            seen_check("tag_name_seen", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the page with its articles."""
        return reverse("tag_detail", args=[self.slug])


class ArticleQuerySet(UnitScopedQuerySet["Article"]):
    """Articles."""

    view_permission = Permission.VIEW_NEWSROOM

    def published(self, now: dt.datetime | None = None) -> Self:
        """Return what the public may read at this moment: the same question for page, feed, sitemap and search."""
        return self._shown_at(now or timezone.now()).filter(withdrawn_at__isnull=True)

    def _shown_at(self, moment: dt.datetime) -> Self:
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=moment),
            published_revision__isnull=False,
            published_at__lte=moment,
        )

    def published_in(self, half: HalfYear, as_of: dt.datetime | None = None) -> Self:
        """Articles first published in the half-year and still public, now or at a moment."""
        public = self.published()
        if as_of is not None:
            public = self._shown_at(as_of).filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of))
        return public.first_published_in(half)

    def first_published_in(self, half: HalfYear) -> Self:
        """Articles first published in the half-year, whether or not they still are public."""
        return self.filter(published_at__date__gte=half.first_day, published_at__date__lt=half.end)

    def counted_by_unit(self) -> models.QuerySet[Article, tuple[int, int]]:
        """Tuples of (unit id, articles)."""
        return self.order_by().values_list("unit_id").annotate(stories=models.Count("pk"))

    def published_on(self, day: dt.date) -> Self:
        """Articles that carry this day (Vietnam time)."""
        begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        return self.filter(published_at__gte=begins, published_at__lt=begins + dt.timedelta(days=1))

    def days_beside(self, day: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """Return the nearest days with articles before and after this one (one query)."""
        begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        found = self.aggregate(
            before=models.Max("published_at", filter=Q(published_at__lt=begins)),
            after=models.Min("published_at", filter=Q(published_at__gte=begins + dt.timedelta(days=1))),
        )
        return tuple(found[name] and timezone.localdate(found[name]) for name in ("before", "after"))  # type: ignore[return-value]  # two of them

    def read_instead_of(self, article_id: int, now: dt.datetime | None = None) -> Article | None:
        """Return the public article to which a withdrawn one leads, over others that were withdrawn since (one query).

        Its `is_one` says whether every one on the way was merged into the next.
        """
        parts = [f"(SELECT {what} FROM ({_WAY_ON}) o)" for what in ("id", "is_one")]  # noqa: S608 - fixed words # nosec B608
        last, is_one = (RawSQL(part, [article_id]) for part in parts)  # noqa: S611 - the same # nosec B611
        related = self.select_related("category", "published_revision")
        return related.published(now).filter(pk=last).annotate(is_one=is_one).first()

    def newest_first(self) -> Self:
        """In the order of lists."""
        return self.order_by("-published_at", "-id")

    def for_home(self, now: dt.datetime, count: int) -> Self:
        """Return what the home page chooses from: the newest `count` of all, of each section, and what is pinned."""
        return self.filter(pk__in=RawSQL(_FOR_HOME, [now, now, count, now, count, count]))  # noqa: S611 - fixed words # nosec B611

    def leading(self, now: dt.datetime | None = None) -> Self:
        """Return the articles that editors let lead the home page, in their order; readers may not have all of them."""
        moment = now or timezone.now()
        return self.filter(pinned_until__gt=moment, withdrawn_at__isnull=True).order_by("pinned_order", "id")

    def as_cards(self) -> Self:
        """With what a headline in a list shows, without the text, in the same query."""
        return self.select_related("category", "published_revision__cover").defer(
            "figures", "published_revision__body", "published_revision__body_html"
        )

    def with_state(self, now: dt.datetime | None = None) -> Self:
        """Annotate `state` (a value of Article.State) at this moment."""
        moment = now or timezone.now()
        state = Article.State
        return self.annotate(
            state=Case(
                When(withdrawn_at__isnull=False, then=Value(state.WITHDRAWN.value)),
                When(published_revision__isnull=True, then=Value(state.DRAFT.value)),
                When(expires_at__lte=moment, then=Value(state.EXPIRED.value)),
                When(published_at__gt=moment, then=Value(state.SCHEDULED.value)),
                default=Value(state.PUBLISHED.value),
                output_field=models.CharField(),
            )
        )

    def with_review(self) -> Self:
        """Annotate `review` (the last step of the working text), since when, and whether an urgent one waits."""
        steps = apps.get_model("news", "ReviewStep").objects
        last = steps.filter(revision=OuterRef("working_revision")).order_by("-id")
        urgent = steps.filter(revision__article=OuterRef("pk"), kind=ReviewKind.URGENT.value).exclude(
            revision__review_steps__kind=ReviewKind.CONFIRMED.value
        )
        return self.annotate(
            review=Subquery(last.values("kind")[:1]), review_at=Subquery(last.values("made_at")[:1]),
            is_urgent=Exists(urgent),
        )  # fmt: skip

    def with_reads(self, today: dt.date) -> Self:
        """Annotate `reads`: how often each was read in the last 30 days, today included."""
        counts = apps.get_model("news", "ReadCount").objects.all()
        counts = counts.filter(article=OuterRef("pk"), day__gt=today - dt.timedelta(days=30)).order_by()
        summed = counts.values("article").annotate(sum=models.Sum("count")).values("sum")
        return self.annotate(reads=Coalesce(Subquery(summed), 0))

    def awaiting_somebody(self) -> Self:
        """Of those `with_review`: sent, returned, approved and not published yet, or urgent and not confirmed."""
        moving = [ReviewKind.SENT.value, ReviewKind.RETURNED.value, ReviewKind.APPROVED.value]
        ahead = Q(published_revision__isnull=True) | ~Q(published_revision=F("working_revision"))
        return self.filter(Q(review__in=moving) & ahead | Q(is_urgent=True))

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """Return the next moment at which something becomes visible or ceases to be; None when nothing is planned."""
        live = self.filter(published_revision__isnull=False, withdrawn_at__isnull=True)
        begins = live.filter(published_at__gt=now).order_by("published_at").values_list("published_at")[:1]
        ends = live.filter(expires_at__gt=now).order_by("expires_at").values_list("expires_at")[:1]
        moments = [moment for (moment,) in begins.union(ends, all=True) if moment is not None]
        return min(moments, default=None)


class Article(models.Model):
    """An article with its address; readers see the published revision while editors change the working one."""

    State = ArticleState  # at a moment; computed, never stored

    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    slug = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=250)  # of the working revision, for lists of the newsroom
    published_revision = models.ForeignKey(
        "ArticleRevision", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("text that readers have"),
    )  # fmt: skip
    working_revision = models.ForeignKey(
        "ArticleRevision", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)  # of the first publishing; never moves
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)  # of the last change that readers see
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    pinned_until = models.DateTimeField(_("leads the home page until"), null=True, blank=True)
    pinned_order = models.PositiveIntegerField(_("place on the home page"), default=0)  # among those that lead it
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True)
    replacement = models.ForeignKey(  # of a withdrawn one: what its readers are led to
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("read instead")
    )
    is_merged = models.BooleanField(_("one with the article that is read instead"), default=False)  # leads on at once
    figures = models.JSONField(default=list)  # of a draft made from a report: [{"label", "said", "exact", "link"}]
    form_key = models.CharField(max_length=36, blank=True)  # of the form it began in: sent twice, it is one article
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()
    guards: ClassVar[dict[str, Promise]] = {
        "article_shows_its_revision": _("What readers see of an article changes only by publishing it."),
        "article_change_is_told": _("A change that readers see carries its time."),
        "article_second_person": _("Nobody else has approved this text yet."),
        "article_replacement_is_read": _("An article is replaced by one that readers have."),
    }

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                F("published_at").desc(), F("id").desc(), name="article_newest",
                condition=Q(withdrawn_at__isnull=True, published_revision__isnull=False),
            ),
            models.Index(
                F("category"), F("published_at").desc(), F("id").desc(), name="article_newest_in_category",
                condition=Q(withdrawn_at__isnull=True, published_revision__isnull=False),
            ),
            models.Index(F("pinned_until"), name="article_pinned", condition=Q(pinned_until__isnull=False)),
            models.Index(F("expires_at"), name="article_expiry", condition=Q(expires_at__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "form_key"], name="article_form_once", condition=~Q(form_key="")
            ),
            days_check(
                "article_days",
                moments=("published_at", "changed_at", "expires_at", "pinned_until", "withdrawn_at", "created_at"),
            ),
            models.CheckConstraint(
                name="article_published_has_time",
                condition=Q(published_revision__isnull=True) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_withdrawn_has_reason", condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason="")
            ),
            models.CheckConstraint(
                name="article_replaced_is_withdrawn",
                condition=Q(replacement__isnull=True) | Q(withdrawn_at__isnull=False) & ~Q(replacement=F("pk")),
            ),
            models.CheckConstraint(
                name="article_merged_into_another", condition=Q(is_merged=False) | Q(replacement__isnull=False)
            ),
            models.CheckConstraint(
                name="article_expires_after_publishing",
                condition=Q(expires_at=None) | Q(published_at=None) | Q(expires_at__gt=F("published_at")),
                violation_error_message=_("The end must lie after the time of publishing."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address that stays: the id in it decides, the rest is for people."""
        return reverse("article_detail", args=[self.category.slug, self.slug, self.pk])

    def tell_change(self) -> None:
        """Say that readers see something else from now on; of two changes within a second the later tells the next."""
        now = timezone.now().replace(microsecond=0)  # pages and feeds show whole seconds
        self.changed_at = max(now, self.changed_at + dt.timedelta(seconds=1)) if self.changed_at else now

    @property
    def state_now(self) -> ArticleState:
        """The state at this moment, of an article that is already at hand (lists ask `with_state`)."""
        now, state = timezone.now(), Article.State
        if self.withdrawn_at is not None:
            return state.WITHDRAWN
        if self.published_revision_id is None or self.published_at is None:
            return state.DRAFT
        if self.expires_at is not None and self.expires_at <= now:
            return state.EXPIRED
        return state.SCHEDULED if self.published_at > now else state.PUBLISHED

    @property
    def is_new(self) -> bool:
        """Whether it first came out so lately that lists mark it; a page that says so is asked for again by then."""
        return self.published_at is not None and timezone.now() - self.published_at < NEW_FOR

    @property
    def shown(self) -> ArticleRevision:
        """Return the text that readers have; only a published article has one."""
        if self.published_revision is None:
            raise ValueError(f"article {self.pk} is not published")
        return self.published_revision

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what its pages show besides its columns: the last step towards its readers (one query)."""
        steps = apps.get_model("news", "ReviewStep").objects.filter(revision__article=self)
        last = steps.order_by("-id").values_list("pk", "kind").first()
        yield str(_("step")), last, str(ReviewKind(last[1]).label) if last else ""

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether the working text is another than the one that readers have or will have."""
        return self.published_revision_id is not None and self.published_revision_id != self.working_revision_id


class RevisionQuerySet(models.QuerySet["ArticleRevision"]):
    """Saved states of articles."""


class ArticleRevision(models.Model):
    """One saved state of all that readers see of an article; never changed afterwards.

    `body_html` follows from the rest and from the copies of its photos. A trigger refuses any other change.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=250)
    lead = models.TextField(_("lead"))
    body = models.TextField(_("text"), blank=True)  # clean HTML, photos by id: <figure data-photo="12"></figure>
    body_html = models.TextField(blank=True)  # the same with the photos expanded: what readers get
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("category"))
    slug = models.CharField(max_length=100)
    cover = models.ForeignKey(
        Photo, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cover photo")
    )
    share_photo = models.ForeignKey(  # the cover, or else the first photo of the text: what a shared link shows
        Photo, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo_words = models.JSONField(
        _("words of the photos"), default=dict
    )  # {"12": PhotoWords}: of the photos it shows and of those beside it
    photos = models.ManyToManyField(Photo, related_name="revisions")  # all it shows: in the text and as cover
    attachments = models.ManyToManyField(Attachment, related_name="revisions")  # all that its text offers
    tag_ids = models.JSONField(default=list)  # of `tags`, in the order of their names
    tags = models.ManyToManyField(Tag, related_name="revisions", verbose_name=_("tags"))
    byline = models.CharField(_("byline"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=160, blank=True)
    is_photo_story = models.BooleanField(_("photo story"), default=False)  # told by its photos, shown large
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RevisionQuerySet.as_manager()
    guards: ClassVar[dict[str, Promise]] = {
        "article_revision_frozen": _("A saved state of an article is never changed: save another one."),
    }

    class Meta:
        ordering = ("article", "-number")
        constraints = [
            days_check("article_revision_days", moments=("created_at",)),
            models.UniqueConstraint(fields=["article", "number"], name="article_revision_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def photo_ids_in_text(self) -> list[int]:
        """Ids of the photos in the text, in its order; places left empty for a photo are passed over."""
        return [int(number) for number in PHOTO_PLACE.findall(self.body) if number]

    @property
    def attachment_ids_in_text(self) -> list[int]:
        """Ids of the files that the text offers, in its order."""
        return [int(number) for number in FILE_PLACE.findall(self.body)]

    @property
    def shown_photo_ids(self) -> list[int]:
        """Ids of the photos in the text, in its order, and of the cover where it stands apart from them."""
        return list(dict.fromkeys([*self.photo_ids_in_text, *([self.cover_id] if self.cover_id else [])]))

    def words_of(self, photo_id: int) -> PhotoWords:
        """Return what this state says of a photo."""
        words: PhotoWords = self.photo_words.get(str(photo_id)) or Photo().words
        return words

    def expand(self) -> None:
        """Set `body_html`: photos and files in place of their ids, videos as cards. An empty place is nothing."""
        photos = {photo.pk: photo for photo in Photo.objects.filter(pk__in=self.photo_ids_in_text)}
        shown, total = count(1), sum(number in photos for number in self.photo_ids_in_text)

        def figure(place: re.Match[str]) -> str:
            photo = photos.get(int(place[1])) if place[1] else None
            if photo is None:
                return ""
            number = f"{next(shown)}/{total}" if self.is_photo_story else ""
            return photo.figure(self.words_of(photo.pk), sizes=self._photo_sizes, number=number)

        files = Attachment.objects.in_bulk(self.attachment_ids_in_text)

        def file(place: re.Match[str]) -> str:
            return files[int(place[1])].card() if int(place[1]) in files else ""

        with official_language():
            with_photos = PHOTO_PLACE.sub(figure, self.body)
            self.body_html = VIDEO_PLACE.sub(_show_video, FILE_PLACE.sub(file, with_photos))

    @property
    def _photo_sizes(self) -> str:
        return SIZES_IN_PHOTO_STORY if self.is_photo_story else SIZES_IN_TEXT

    def show_copies(self, photo: Photo) -> None:
        """Put the copies that a photo has now into `body_html`; all else stays, in whatever words it was saved."""
        picture = photo.picture(alt_of(self.words_of(photo.pk)), sizes=self._photo_sizes)
        place = rf'(<figure class="article-photo" id="photo-{photo.pk}">(?:<a [^>]*>)?)<picture>.*?</picture>'
        self.body_html = re.sub(place, lambda found: f"{found[1]}{picture}", self.body_html, flags=re.DOTALL)

    @property
    def photo_count(self) -> int:
        """How many photos its readers find in the text."""
        return count_photos(self.body_html)

    @property
    def reading(self) -> SafeString:
        """`body_html` for a template: cleaned and expanded when it was saved."""
        return mark_safe(self.body_html)  # noqa: S308 - cleaned when it was saved # nosec B308 B703


def _show_video(place: re.Match[str]) -> str:
    """Return a video as a card: its host is asked for nothing before a press; without scripts it is a link."""
    video = videos.read_key(place[1])
    if video is None:
        return ""
    title = html.unescape(place[2] or "")
    return format_html(
        '<figure class="article-video"><a class="video-card" href="{}" rel="noopener" data-player="{}">'
        '<span class="video-title">{}</span> <span class="video-host">{}</span></a></figure>',
        video.watch, video.player, title or gettext("Video"),
        gettext("Watch the video; it comes from %(host)s") % {"host": video.host.label},
    )  # fmt: skip
