"""How often articles are read: one row of an article and a day, and nothing of the readers."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.models.article import Article
from portal.models.checks import days_check

WEEK, MONTH = dt.timedelta(days=7), dt.timedelta(days=30)


class ReadCountQuerySet(models.QuerySet["ReadCount"]):
    """Reads by article and day."""

    def summed(self, today: dt.date) -> dict[str, int]:
        """Return the reads of the last 7 and 30 days, today included, and of all days (one query)."""
        found = self.aggregate(
            week=Sum("count", filter=Q(day__gt=today - WEEK), default=0),
            month=Sum("count", filter=Q(day__gt=today - MONTH), default=0),
            all=Sum("count", default=0),
        )
        return {name: int(found[name]) for name in ("week", "month", "all")}


class ReadCount(models.Model):
    """How often an article was read on one day of Vietnam."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="read_counts")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("reads"))

    objects = ReadCountQuerySet.as_manager()
    guards: ClassVar[dict[str, Promise]] = {
        "read_count_day_has_come": _("Nobody has read on a day that is still to come."),
    }

    class Meta:
        ordering = ("-day", "-id")
        constraints = [
            days_check("read_count_days", days=("day",)),
            models.UniqueConstraint(fields=["article", "day"], name="read_count_once_a_day"),
            models.CheckConstraint(name="read_count_above_zero", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, {self.day}: {self.count}"
