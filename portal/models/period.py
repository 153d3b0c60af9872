"""Through which half-year the books of a unit are closed. On the ground floor, since entering and reporting both ask.

Closed is a rule, not a list: a closing of a unit closes for everything whose facts count in it, whether it existed
then or is created later, and one through a half-year closes all before it. The database asks the same rule
(`period_is_closed`), so that facts of a closed half-year are refused by raw SQL too.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import CODE_PATTERN, PERIOD_PATTERN, HalfYear
from portal.models.account import User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.proposal import ProposedChange
from portal.models.unit import Unit, UnitScopedQuerySet
from portal.permissions import Permission
from portal.vocabulary import ClosingScope

LONGEST_EXCEPTION = datetime.timedelta(days=30)


def half_field(**options: Any) -> models.CharField:
    """Return a column for a half-year's code ("2023-H1"), which sorts as time does."""
    return models.CharField(_("half-year"), max_length=7, **options)


def half_check(name: str, field: str = "half") -> models.CheckConstraint:
    """Return the constraint that a column made by `half_field` holds a half-year's code."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__regex": CODE_PATTERN}))


def period_field(**options: Any) -> models.CharField:
    """Return a column for the code of what a report is about: a half-year's ("2023-H1") or a year's ("2023")."""
    return models.CharField(_("period"), max_length=7, **options)


def period_check(name: str, field: str = "period") -> models.CheckConstraint:
    """Return the constraint that a column made by `period_field` holds the code of a half-year or a year."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__regex": PERIOD_PATTERN}))


class Closing(models.Model):
    """Append-only: who closed which half-year of a unit (or everything through it), when and why."""

    Scope = ClosingScope

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closings", verbose_name=_("unit"))
    half = half_field()
    scope = entry_field(_("scope"), ClosingScope, max_length=7)
    reason = models.CharField(_("reason"), max_length=300)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)  # set anew by the trigger once payments under way have ended
    from_day = models.DateField(null=True, blank=True)  # on which it begins to hold; None: at once

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "period_closed": _(
            "This half-year is closed for the unit. What is learned late is entered with its own day and counts in the "
            "first open half-year."
        ),
    }

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["half", "unit"], name="closing_half_unit")]
        constraints = [
            days_check("closing_days", days=("from_day",), moments=("closed_at",)),
            half_check("closing_half"),
            entry_check("closing_scope", "scope", ClosingScope),
            models.CheckConstraint(name="closing_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="closing_later_of_one_half", condition=Q(from_day__isnull=True) | Q(scope=ClosingScope.HALF.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.scope} {self.half}"


class ClosingExceptionQuerySet(UnitScopedQuerySet["ClosingException"]):
    """Exceptions from closed half-years."""

    view_permission = Permission.VIEW_SUBMISSION

    def running(self) -> Self:
        """Those that hold now: neither run out nor ended early."""
        return self.filter(until__gt=Now(), ended_at__isnull=True)


class ClosingException(models.Model):
    """One person may enter facts into one closed half-year of a unit (and of what counts in it) until a moment.

    It expires by itself; the figures that were approved and issued stand while it runs. Nothing of it is changed, but
    that it is ended early, once. `agreed_by` is empty only for what the server itself opened.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closing_exceptions", verbose_name=_("unit"))
    half = half_field()
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateTimeField(_("open until"))
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    proposal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "closing_exception_two_persons": _("A closed half-year is opened by two persons: one proposes, another agrees.")
    }

    objects = ClosingExceptionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["half", "person"], name="closing_exception_person")]
        constraints = [
            days_check("closing_exception_days", moments=("until", "granted_at", "ended_at")),
            half_check("closing_exception_half"),
            models.CheckConstraint(name="closing_exception_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="closing_exception_for_another",
                condition=~Q(person=F("granted_by")) & (Q(agreed_by__isnull=True) | ~Q(person=F("agreed_by"))),
                violation_error_message=_("You cannot open a closed half-year for yourself."),
            ),
            models.CheckConstraint(
                name="closing_exception_agreed",
                condition=Q(agreed_by__isnull=True, proposal__isnull=True)
                | (Q(agreed_by__isnull=False, proposal__isnull=False) & ~Q(agreed_by=F("granted_by"))),
            ),
            models.CheckConstraint(
                name="closing_exception_short",
                condition=Q(until__gt=F("granted_at"), until__lte=F("granted_at") + LONGEST_EXCEPTION),
                violation_error_message=_("Choose an end within the next 30 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half} {self.person_id}"

    @property
    def half_year(self) -> HalfYear:
        """The half-year as a value with its days."""
        return HalfYear.parse(self.half)

    @property
    def is_running(self) -> bool:
        """Whether it holds now: neither run out nor ended early."""
        return self.ended_at is None and self.until > timezone.now()
