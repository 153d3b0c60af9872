"""What rows counted as before a closed half-year was changed by exception, so that its figures keep their rows.

A half-year that is closed changes through an exception alone, and such a change overwrites no trace: a trigger keeps
the row as it stood (columns of the same names as the row's, none of them personal).
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q


class BeforeQuerySet(models.QuerySet[Any]):
    """Rows as they stood."""

    def standing_at(self, moment: dt.datetime) -> Self:
        """Of each row that was changed after the moment, how it stood then."""
        later = self.filter(changed_at__gt=moment)
        earlier = later.filter(row=OuterRef("row"), pk__lt=OuterRef("pk"))
        return later.filter(~Exists(earlier))


class Before(models.Model):
    """A row (`row`: a foreign key of the model that inherits this) as it stood until it was changed."""

    changed_at = models.DateTimeField(editable=False)

    objects = BeforeQuerySet.as_manager()

    class Meta:
        abstract = True


def counting_at(
    rows: models.QuerySet[Any], before: type[Before], moment: dt.datetime, counts: Q
) -> models.QuerySet[Any]:
    """Return the rows that counted at a moment; the condition is asked of rows and of what was kept of them alike."""
    then = before._default_manager.standing_at(moment)
    unchanged = Q(~Q(pk__in=then.values("row")), counts)
    return rows.filter(unchanged | Q(pk__in=then.filter(counts).values("row")))
