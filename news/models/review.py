"""What became of an article's texts on their way to readers: sent for approval, returned, approved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.models.article import ArticleRevision
from portal.models import User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.vocabulary import ReviewKind


class ReviewStep(models.Model):
    """One step of one saved text; append-only, so an approval never reaches a text that was saved after it."""

    Kind = ReviewKind

    revision = models.ForeignKey(
        ArticleRevision, on_delete=models.PROTECT, related_name="review_steps", verbose_name=_("text")
    )
    kind = entry_field(_("step"), ReviewKind, max_length=10)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    guards: ClassVar[dict[str, Promise]] = {
        "review_by_another": _("Somebody else than the person who wrote the text must approve it."),
    }

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("review_step_days", moments=("made_at",)),
            entry_check("review_step_kind", "kind", ReviewKind),
            models.CheckConstraint(
                name="review_step_has_reason",
                condition=~models.Q(kind__in=["returned", "urgent"]) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.revision_id}"
