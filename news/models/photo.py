"""Pictures, and the markup in which readers get them."""

from __future__ import annotations

from collections import defaultdict
from typing import TypedDict

from django.core.files.storage import default_storage
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.models import User

MIME_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg"}
#: How wide a photo is drawn: the whole screen of a phone, the column of text elsewhere.
SIZES_IN_TEXT = "(max-width: 48rem) calc(100vw - 2rem), 43rem"
SIZES_IN_LIST = "(max-width: 40rem) calc(100vw - 2rem), 24rem"


class Rendition(TypedDict):
    """One smaller copy of a photo: `path` is a name in the media storage."""

    width: int
    format: str
    path: str


class Photo(models.Model):
    """A picture with its caption, alternative text and credit; its renditions are made in the background."""

    file = models.ImageField(upload_to="photos/%Y/%m/", width_field="width", height_field="height", max_length=200)
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
    renditions = models.JSONField(default=list)  # [Rendition, ...], empty until made
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.caption or self.original_name or self.file.name

    def expand_texts(self) -> None:
        """Bring every saved text that shows the photo up to what the photo is now."""
        for revision in self.revisions.all():
            revision.expand()
            revision.save(update_fields=["body_html"])

    def url_for(self, width: int, kind: str = "jpeg") -> str:
        """Address of the smallest copy at least `width` wide; the stored file itself where there is none."""
        copies: list[Rendition] = sorted(self.renditions, key=lambda copy: copy["width"])
        fitting = [copy for copy in copies if copy["format"] == kind and copy["width"] >= width]
        return default_storage.url(fitting[0]["path"]) if fitting else self.file.url

    @property
    def thumb_url(self) -> str:
        """Address of a small copy, for lists of the newsroom."""
        return self.url_for(320)

    @property
    def share_url(self) -> str:
        """Address of the copy that social networks and search engines are given."""
        return self.url_for(1200)

    def picture(self, *, alt: str | None = None, sizes: str = SIZES_IN_TEXT, lazy: bool = True) -> SafeString:
        """`<picture>` with every copy there is and its true proportions, so that nothing jumps while it loads."""
        sets: dict[str, list[str]] = defaultdict(list)
        for copy in sorted(self.renditions, key=lambda one: one["width"]):
            sets[copy["format"]].append(f"{default_storage.url(copy['path'])} {copy['width']}w")
        sources = format_html_join(
            "",
            '<source type="{}" srcset="{}" sizes="{}">',
            [(MIME_TYPES[kind], ", ".join(sets[kind]), sizes) for kind in ("avif", "webp") if sets[kind]],
        )
        srcset = format_html(' srcset="{}" sizes="{}"', ", ".join(sets["jpeg"]), sizes) if sets["jpeg"] else ""
        image = format_html(
            '<img src="{}"{} width="{}" height="{}" alt="{}"{} decoding="async">',
            self.url_for(960), srcset, self.width, self.height, self.alt if alt is None else alt,
            mark_safe(' loading="lazy"' if lazy else ' fetchpriority="high"'),  # noqa: S308 - our own words
        )  # fmt: skip
        return format_html("<picture>{}{}</picture>", sources, image)

    def figure(self, *, lazy: bool = True) -> SafeString:
        """The photo as it stands in a text: picture, caption, credit."""
        credit = format_html(' <span class="photo-credit">{}</span>', self.credit) if self.credit else ""
        caption = format_html("<figcaption>{}{}</figcaption>", self.caption, credit) if self.caption or credit else ""
        return format_html(
            '<figure class="article-photo" id="photo-{}">{}{}</figure>', self.pk, self.picture(lazy=lazy), caption
        )

    def card(self) -> SafeString:
        """The photo beside a headline that already says what it shows."""
        return self.picture(alt="", sizes=SIZES_IN_LIST)

    def card_eager(self) -> SafeString:
        """The same for the first headline of a page, which is fetched at once."""
        return self.picture(alt="", sizes=SIZES_IN_TEXT, lazy=False)
