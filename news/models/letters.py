"""What readers write to the editors, and drafts that are shown to somebody without an account."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.models.article import Article, ArticleRevision
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.permissions import Permission


class DraftLinkQuerySet(models.QuerySet["DraftLink"]):
    """Links to drafts."""

    def open(self, now: dt.datetime | None = None) -> Self:
        """Links that still lead to their draft."""
        return self.filter(revoked_at__isnull=True, ends_at__gt=now or timezone.now())


class DraftLink(models.Model):
    """An address that nobody can guess, at which one state of a draft may be read until it ends or is revoked."""

    revision = models.ForeignKey(ArticleRevision, on_delete=models.PROTECT, related_name="draft_links")
    key = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = DraftLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("draft_link_days", moments=("made_at", "ends_at", "revoked_at")),
        ]

    def __str__(self) -> str:
        return f"draft link {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it leads to its draft at this moment."""
        return self.revoked_at is None and self.ends_at > timezone.now()


class ReaderNoteQuerySet(UnitScopedQuerySet["ReaderNote"]):
    """What readers wrote."""

    view_permission = Permission.PUBLISH_ARTICLE


class ReaderNote(models.Model):
    """A mistake that a reader saw in an article, a remark on a draft, or (of no article) a question."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="reader_notes", verbose_name=_("article")
    )
    draft_link = models.ForeignKey(  # at which the writer read a draft
        DraftLink, on_delete=models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("draft")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("your name"), max_length=120, blank=True)
    contact = models.CharField(_("your phone or e-mail"), max_length=120, blank=True)
    text = models.TextField(_("what you want to say"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReaderNoteQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("reader_note_days", moments=("sent_at", "settled_at")),
            models.CheckConstraint(
                name="reader_note_on_draft_is_named",
                condition=Q(draft_link__isnull=True) | Q(article__isnull=False) & ~Q(name=""),
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class DraftOpening(models.Model):
    """One time that a draft was opened by its link."""

    link = models.ForeignKey(DraftLink, on_delete=models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("draft_opening_days", moments=("opened_at",)),
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"
