"""Articles and what they are made of. Whether the public sees one is a question of time, asked by a query."""

from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, UnitScopedQuerySet, User
from portal.permissions import Permission


class Category(models.Model):
    """A section of the news."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """A picture with its caption, alternative text and credit; its renditions are made in the background."""

    file = models.ImageField(upload_to="photos/%Y/%m/", width_field="width", height_field="height")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    alt = models.CharField(_("description for people who cannot see it"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    renditions = models.JSONField(default=list)  # [{"width": 640, "format": "webp", "path": ...}], empty until made
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-uploaded_at", "-id")

    def __str__(self) -> str:
        return self.caption or self.file.name


class ArticleQuerySet(UnitScopedQuerySet):
    """Articles."""

    view_permission = Permission.VIEW_NEWSROOM

    def published(self, now: datetime.datetime | None = None) -> Self:
        """What the public may read at this moment; the same question for page, feed, sitemap and search."""
        moment = now or timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=moment),
            published_revision__isnull=False,
            published_at__lte=moment,
            withdrawn_at__isnull=True,
        )

    def newest_first(self) -> Self:
        """In the order of lists."""
        return self.order_by("-published_at", "-id")


class Article(models.Model):
    """A story with its address; readers see the published revision while editors change the working one."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("section"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    slug = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=250)  # of the working revision, for lists of the newsroom
    published_revision = models.ForeignKey("ArticleRevision", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    working_revision = models.ForeignKey("ArticleRevision", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True)
    figures = models.JSONField(default=list)  # of a draft made from a report: [{"label", "said", "exact", "link"}]
    lock_version = models.PositiveIntegerField(default=1)  # compared at save: nobody overwrites unseen changes
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()

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
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="article_published_has_time",
                condition=Q(published_revision__isnull=True) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_withdrawn_has_reason", condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason="")
            ),
            models.CheckConstraint(
                name="article_expires_after_publishing",
                condition=Q(expires_at__isnull=True) | Q(published_at__isnull=True) | Q(expires_at__gt=F("published_at")),
                violation_error_message=_("The end must lie after the time of publishing."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleRevision(models.Model):
    """One saved state of an article's text; never changed afterwards."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=250)
    lead = models.TextField(_("lead"))
    body = models.TextField(_("text"), blank=True)  # clean HTML; photos stand in it as <figure data-photo="id">
    body_html = models.TextField(blank=True)  # the same with the photos expanded: what readers get
    cover = models.ForeignKey(Photo, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    byline = models.CharField(_("byline"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=160, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("article", "-number")
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_revision_number")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
