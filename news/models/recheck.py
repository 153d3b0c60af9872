"""By when somebody looks whether what readers have of an article or document is still true."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from news.models.article import Article, Category
from news.models.document import Document
from portal.models import User
from portal.models.checks import days_check
from portal.models.unit import unit_name, unit_scope
from portal.permissions import Permission


class RecheckQuerySet(models.QuerySet["Recheck"]):
    """Days by which something is checked again."""

    def visible_to(self, user: User) -> Self:
        """Those of the units whose newsroom the user may see."""
        return self.within(user, Permission.VIEW_NEWSROOM)

    def within(self, user: User, permission: Permission) -> Self:
        """Those of the units on which the user holds a right."""
        scope = unit_scope(user, permission)
        return self.filter(Q(article__unit_id__in=scope) | Q(document__unit_id__in=scope))

    def read_now(self, now: dt.datetime | None = None) -> Self:
        """Those of what readers have at this moment."""
        public = Article.objects.published(now)
        return self.filter(Q(article__in=public) | Q(document__isnull=False, document__withdrawn_at__isnull=True))

    def decided_by(self, user: User) -> Self:
        """Those on which the user may decide: of their units, and not of sections that others alone publish in.

        Such a section counts where readers have the article in it and where its working text would put it.
        """
        theirs = Category.objects.filter(editors__isnull=False).exclude(editors=user)
        others = Article.objects.filter(Q(category__in=theirs) | Q(working_revision__category__in=theirs))
        return self.within(user, Permission.PUBLISH_ARTICLE).exclude(article__in=others)

    def with_decides(self, user: User) -> Self:
        """Annotate `decides`: whether the user may decide on it."""
        return self.annotate(decides=Exists(Recheck.objects.decided_by(user).filter(pk=OuterRef("pk"))))

    def with_unit_names(self) -> Self:
        """Annotate `article_unit` and `document_unit`: the name of the unit whose it is, "" in the other."""
        return self.annotate(article_unit=unit_name("article__unit"), document_unit=unit_name("document__unit"))


class Recheck(models.Model):
    """The day by which an article or a document is looked at again, and who last found it right."""

    article = models.OneToOneField(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="recheck", verbose_name=_("article")
    )
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="recheck", verbose_name=_("document")
    )
    due_on = models.DateField(_("check again by"))
    reminded_of = models.DateField(null=True, blank=True)  # the day of which its editors had a letter
    checked_at = models.DateTimeField(_("found right"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("found right by")
    )

    UNVERSIONED = ("reminded_of",)
    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "id")
        indexes = [models.Index(fields=["due_on", "id"], name="recheck_first_due")]
        constraints = [
            days_check("recheck_days", days=("due_on", "reminded_of"), moments=("checked_at",)),
            models.CheckConstraint(
                name="recheck_of_one_thing", condition=Q(article__isnull=True) ^ Q(document__isnull=True)
            ),
            models.CheckConstraint(
                name="recheck_checked_by_somebody",
                condition=~(Q(checked_at__isnull=True) ^ Q(checked_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.document)
