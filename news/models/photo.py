"""Pictures, and the markup in which readers get them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NotRequired, Self, TypedDict

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.models.checks import days_check
from portal.models.unit import unit_scope
from portal.permissions import Permission

#: How wide a photo is drawn: the whole screen of a phone, the column of text elsewhere.
SIZES_IN_TEXT = "(max-width: 48rem) calc(100vw - 2rem), 43rem"
#: The same in a photo story, whose photos are as wide as the page.
SIZES_IN_PHOTO_STORY = "(max-width: 66rem) calc(100vw - 2rem), 64rem"
#: The same beside a headline, by the story's place in `components/_story.html`.
SIZES_IN_LISTS = {
    "lead": "(min-width: 960px) 44rem, calc(100vw - 2rem)",
    "card": "(min-width: 700px) 24rem, calc(100vw - 2rem)",
    "large": "(min-width: 700px) 15rem, 7.25rem",
    "row": "7.25rem",
}


#: Where in a photo what matters lies, in hundredths of its sides: copies of other shapes are cut around it.
FOCUS_STEPS = (0, 25, 50, 75, 100)


def count_photos(body_html: str) -> int:
    """Return how many photos (`Photo.figure`) a text holds."""
    return body_html.count('<figure class="article-photo"')


class Rendition(TypedDict):
    """One smaller copy of a photo: `path` is a name in the media storage."""

    width: int
    format: str
    path: str


class PhotoWords(TypedDict):
    """What an article says of a photo: under it, to people who cannot see it, and whose it is."""

    caption: str
    alt: str
    credit: str
    decorative: NotRequired[bool]  # nothing is lost by who cannot see it: it has no description


def alt_of(words: PhotoWords) -> str:
    """Return what people who cannot see the photo are told of it: nothing where it is decorative."""
    return "" if words.get("decorative") else words["alt"]


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos."""

    def usable_in(self, article_id: int, actor: User) -> Self:
        """Return what the actor may put into the article: its own, those of articles they may see, and public ones."""
        if actor.is_system:
            return self
        now = timezone.now()
        public = Q(
            Q(revisions__article__expires_at__isnull=True) | Q(revisions__article__expires_at__gt=now),
            revisions__pk=F("revisions__article__published_revision"),
            revisions__article__published_at__lte=now,
            revisions__article__withdrawn_at__isnull=True,
        )
        own = Q(article__isnull=True, uploaded_by=actor) | Q(article_id=article_id)
        own |= Q(unit_id__in=unit_scope(actor, Permission.VIEW_NEWSROOM))
        own |= Q(revisions__article_id=article_id)
        return self.filter(own | _of_their_units(actor) | public).distinct()

    def of_units(self, person: User, permission: Permission = Permission.VIEW_NEWSROOM) -> Self:
        """Return the photos of the units on which the person holds the right."""
        return self.filter(unit_id__in=unit_scope(person, permission))

    def in_library(self, person: User) -> Self:
        """Return the photos of the person's units that were not replaced by others."""
        return self.of_units(person).filter(replaced_by__isnull=True)

    def with_uses(self) -> Self:
        """Annotate `uses`: in how many articles it stands, before readers or in the working text.

        And `told_uses`: in how many of them not as decoration alone.
        """
        counts = [
            _uses(OuterRef("pk")).filter(only).order_by().values("photo_id")
            .annotate(count=models.Count("articlerevision__article", distinct=True)).values("count")
            for only in (Q(), Q(decorative=False))
        ]  # fmt: skip
        uses, told_uses = (Coalesce(Subquery(count), 0) for count in counts)
        return self.annotate(uses=uses, told_uses=told_uses)

    def undescribed(self) -> Self:
        """Of those `with_uses`: without a description, though it is more than decoration or stands in no article."""
        return self.filter(Q(uses=0) | Q(told_uses__gt=0), alt="")

    def keep_still(self, ids: Iterable[int]) -> None:
        """Let these photos get no other copies until what is written now is kept: it is then found by those who do.

        Many may do so at once, and whoever puts another file in its place neither waits for them nor lets them wait.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM news_photo WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(ids)])

    def live(self, now: dt.datetime | None = None) -> Self:
        """Return those that readers see at this moment, or will at a time that is set."""
        moment = now or timezone.now()
        shown = apps.get_model("news", "Article").objects.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=moment), withdrawn_at__isnull=True,
            published_revision__photos=OuterRef("pk"),
        )  # fmt: skip
        return self.filter(Exists(shown))

    def seen_by(self, person: User) -> Self:
        """Return what a person of the newsroom sees: brought in by them, or shown in an article of their units."""
        return self.filter(Q(uploaded_by=person) | _of_their_units(person)).distinct()


def _uses(photo: Any) -> Any:
    """Return where the photo stands in a text that readers have or that is worked on, and whether as decoration."""
    places = apps.get_model("news", "ArticleRevision").photos.through.objects.filter(
        Q(articlerevision__article__working_revision=F("articlerevision"))
        | Q(articlerevision__article__published_revision=F("articlerevision")),
        photo_id=photo,
    )
    said = Func(
        F("articlerevision__photo_words"), Cast("photo_id", models.TextField()), Value("decorative"),
        function="jsonb_extract_path_text", output_field=models.TextField(),
    )  # fmt: skip
    return places.alias(decorative=Coalesce(Cast(said, models.BooleanField()), False))


def _of_their_units(person: User) -> Q:
    scope = unit_scope(person, Permission.VIEW_NEWSROOM)
    return Q(unit_id__in=scope) | Q(article__unit_id__in=scope) | Q(revisions__article__unit_id__in=scope)


class Photo(models.Model):
    """A picture; its renditions are made in the background.

    What readers are told of it stands in each article's revision. The words here are where the next article begins.
    """

    file = models.ImageField(upload_to="photos/%Y/%m/", max_length=200, unique=True)  # a name nobody guesses
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    original_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)  # of the stored file
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    alt = models.CharField(_("description for people who cannot see it"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    article = models.ForeignKey(  # for which it was brought in; others may show it too
        "Article", on_delete=models.PROTECT, null=True, blank=True, related_name="photos"
    )
    unit = models.ForeignKey(  # whose library it is in; none as long as it stands in the form of a new article alone
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    focus_x = models.PositiveSmallIntegerField(_("what matters, across"), default=50)  # hundredths from the left
    focus_y = models.PositiveSmallIntegerField(_("what matters, down"), default=50)  # and from the top
    rights = models.CharField(_("rights"), max_length=300, blank=True)
    shows_children = models.BooleanField(_("children can be recognised"), default=False)
    consent = models.CharField(_("consent"), max_length=300, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replaced by")
    )
    form_key = models.CharField(max_length=36, blank=True)  # of a new article's form that has not been saved yet
    renditions = models.JSONField(default=list)  # [Rendition, ...], empty until made
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    UNVERSIONED = ("renditions",)  # they are made while somebody describes it

    was_known = False  # brought in once more: it is the one that the library had
    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index("unit", F("id").desc(), name="photo_library", condition=Q(replaced_by__isnull=True)),
        ]
        constraints = [
            days_check("photo_days", moments=("uploaded_at",)),
            models.CheckConstraint(
                name="photo_focus_in_steps",
                condition=Q(focus_x__in=FOCUS_STEPS, focus_y__in=FOCUS_STEPS),
            ),
            models.CheckConstraint(
                name="photo_replaced_by_another",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.original_name or f"photo {self.pk}"

    def expand_texts(self) -> None:
        """Put the copies that the photo has now into every saved text that shows it."""
        with transaction.atomic():
            for revision in self.revisions.select_for_update(of=("self",), no_key=True).order_by("pk"):
                revision.show_copies(self)
                revision.save(update_fields=["body_html"])

    def url_for(self, width: int, kind: str = "jpeg") -> str:
        """Return the address of the smallest copy at least `width` wide; the stored file itself where there is none."""
        copies: list[Rendition] = sorted(self.renditions, key=lambda copy: copy["width"])
        fitting = [copy for copy in copies if copy["format"] == kind and copy["width"] >= width]
        return default_storage.url(fitting[0]["path"]) if fitting else self.file.url

    @property
    def thumb_url(self) -> str:
        """Return the address of a small copy, for lists of the newsroom."""
        return self.url_for(320)

    @property
    def share_url(self) -> str:
        """Return the address of the copy of 1200 x 630 for social networks; the whole photo until it is made."""
        cut = next((copy["path"] for copy in self.renditions if copy["format"] == "share"), None)
        return default_storage.url(cut) if cut else self.url_for(1200)

    @property
    def has_share_copy(self) -> bool:
        """Whether the copy of 1200 x 630 has been made."""
        return any(copy["format"] == "share" for copy in self.renditions)

    @property
    def card(self) -> dict[str, Any]:
        """Return the photo beside a headline, which already says what it shows: what `components/_story.html` takes."""
        return {
            "src": self.url_for(480),
            "avif": self.srcset("avif"),
            "srcset": self.srcset("webp"),
            "sizes": SIZES_IN_LISTS,
            "alt": "",
            "focus_x": self.focus_x,
            "focus_y": self.focus_y,
            "width": self.width,
            "height": self.height,
        }

    @property
    def used_in(self) -> Any:
        """The articles that show it, before readers or in the working text; `is_decorative`: as decoration alone."""
        places, articles = _uses(self.pk), apps.get_model("news", "Article").objects
        told = places.filter(decorative=False, articlerevision__article=OuterRef("pk"))
        found = articles.filter(pk__in=places.values("articlerevision__article"))
        return found.annotate(is_decorative=~Exists(told))

    def srcset(self, kind: str) -> str:
        """Return the copies of one format with their widths, narrow first."""
        copies = sorted((copy for copy in self.renditions if copy["format"] == kind), key=lambda copy: copy["width"])
        return ", ".join(f"{default_storage.url(copy['path'])} {copy['width']}w" for copy in copies)

    @property
    def words(self) -> PhotoWords:
        """Return what was said of it last, for an article that has said nothing yet."""
        return PhotoWords(caption=self.caption, alt=self.alt, credit=self.credit, decorative=False)

    def picture(self, alt: str, *, lazy: bool = True, sizes: str = SIZES_IN_TEXT) -> SafeString:
        """Return `<picture>` with every copy and its true proportions, so that nothing jumps while it loads."""
        sources = format_html_join(
            "",
            '<source type="image/{}" srcset="{}" sizes="{}">',
            [(kind, srcset, sizes) for kind in ("avif", "webp") if (srcset := self.srcset(kind))],
        )
        jpegs = self.srcset("jpeg")
        return format_html(
            '<picture>{}<img src="{}"{} width="{}" height="{}" alt="{}"{} decoding="async"></picture>',
            sources, self.url_for(960), format_html(' srcset="{}" sizes="{}"', jpegs, sizes) if jpegs else "",
            self.width, self.height, alt, mark_safe(' loading="lazy"') if lazy else "",  # nosec B308 - a fixed word
        )  # fmt: skip

    def figure(
        self, words: PhotoWords, *, lazy: bool = True, sizes: str = SIZES_IN_TEXT, number: str = ""
    ) -> SafeString:
        """Return the photo as it stands in a text: picture, caption, credit; `number`: which of how many it is.

        A decorative one leads nowhere: a link must have a name, and it has none to give.
        """
        credit = format_html(' <span class="photo-credit">{}</span>', words["credit"]) if words["credit"] else ""
        caption = (
            format_html("<figcaption>{}{}</figcaption>", words["caption"], credit) if words["caption"] or credit else ""
        )
        picture = self.picture(alt_of(words), lazy=lazy, sizes=sizes)
        if not words.get("decorative"):
            picture = format_html('<a class="photo-open" href="{}">{}</a>', self.file.url, picture)
        return format_html(
            '<figure class="article-photo" id="photo-{}">{}{}{}</figure>', self.pk, picture,
            format_html('<span class="photo-number">{}</span>', number) if number else "", caption,
        )  # fmt: skip
