"""What somebody decided of two rows that look like one person: taken back at most once, and never changed."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.models.account import User
from portal.models.checks import days_check, seen_check


class VerdictQuerySet(models.QuerySet[Any]):
    """Decisions on two rows."""

    def standing(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(undone_at__isnull=True)


class Verdict(models.Model):
    """A decision on two rows, `kept` and `other`, which the model names: why, by whom, and whether it was taken back.

    No fact moves by it. A trigger of the model keeps all but the taking back as it is.
    """

    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-id",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            days_check("%(class)s_days", moments=("decided_at", "undone_at")),
            seen_check("%(class)s_reason_seen", "reason"),
            models.CheckConstraint(name="%(class)s_two", condition=~Q(kept=F("other"))),
            models.CheckConstraint(
                name="%(class)s_undone_whole",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        )
