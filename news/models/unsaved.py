"""What somebody is writing and has not saved: kept on the server, for them alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from news.models.article import Article
from portal.models import User
from portal.models.checks import days_check


class UnsavedText(models.Model):
    """The newest copy of one person's form of one article, or of a new one, and the state that it began with."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    form_key = models.CharField(max_length=36, blank=True)  # of a new article's form
    base = models.PositiveIntegerField(_("state it began with"), default=0)  # number of the revision; 0: a new article
    values = models.JSONField(_("text"))  # by the form's fields
    kept_at = models.DateTimeField(_("kept"), auto_now=True)

    class Meta:
        ordering = ("-kept_at",)
        constraints = [
            days_check("unsaved_text_days", moments=("kept_at",)),
            models.UniqueConstraint(
                fields=["person", "article", "form_key"], name="unsaved_text_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="unsaved_text_of_one_form",
                condition=models.Q(article__isnull=True) ^ models.Q(form_key=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.values.get("title", "")) or f"unsaved {self.pk}"
