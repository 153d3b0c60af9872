"""Which half-years of which unit are closed. On the ground floor, since entering and reporting both ask."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import CODE_PATTERN, HalfYear
from portal.models.account import User
from portal.models.checks import days_check
from portal.models.unit import Unit


def half_field(**options: Any) -> models.CharField:
    """Return a column for a half-year's code ("2023-H1"), which sorts as time does."""
    return models.CharField(_("half-year"), max_length=7, **options)


def half_check(name: str, field: str = "half") -> models.CheckConstraint:
    """Return the constraint that a column made by `half_field` holds a half-year's code."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__regex": CODE_PATTERN}))


class PeriodLockQuerySet(models.QuerySet["PeriodLock"]):
    """Locks of half-years."""

    def closed(self) -> Self:
        """Locks that hold now: never reopened, or the reopening has run out (it relocks itself)."""
        return self.filter(Q(open_until__isnull=True) | Q(open_until__lte=timezone.now()))


class PeriodLock(models.Model):
    """A half-year of one unit that takes no more facts; reopened for a person, a reason and a time, it relocks itself.

    A trigger on the tables of facts reads this table, so that a closed half-year refuses rows also by raw SQL.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="period_locks", verbose_name=_("unit"))
    half = half_field()
    reason = models.CharField(_("reason"), max_length=300)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(auto_now_add=True)
    open_until = models.DateTimeField(_("open until"), null=True, blank=True)
    open_for = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    open_reason = models.CharField(_("reason of reopening"), max_length=300, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "period_closed": _(
            "This half-year is closed for the unit. Ask for it to be opened again, or enter the batch in the next one."
        )
    }

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        ordering = ("half", "unit")
        constraints = [
            days_check("period_lock_days", moments=("locked_at", "open_until")),
            models.UniqueConstraint(fields=["unit", "half"], name="period_lock_once"),
            half_check("period_lock_half"),
            models.CheckConstraint(name="period_lock_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="period_lock_reopened_whole",
                condition=Q(open_until__isnull=True, open_for__isnull=True, open_reason="")
                | (Q(open_until__isnull=False, open_for__isnull=False) & ~Q(open_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"

    @property
    def half_year(self) -> HalfYear:
        """The half-year as a value with its days."""
        return HalfYear.parse(self.half)
