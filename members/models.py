"""Members as named people, and the span of days each belongs to a unit."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from portal.lib import identifiers
from portal.lib.periods import CODE_PATTERN, HalfYear
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.period import half_check, half_field
from portal.models.person import Person
from portal.models.unit import same_value
from portal.permissions import Permission


class Member(Person):
    """A named person of the association. Declared head counts stand elsewhere and are never added to these."""

    search_text = models.CharField(max_length=300, editable=False)  # lib.vietnamese.search_key
    phone = models.CharField(_("phone"), max_length=16, blank=True)  # E.164
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Person.Meta):
        indexes = [
            models.Index(fields=["name_key"], name="member_name_key"),
            models.Index(fields=["sort_key", "id"], name="member_sort_key"),  # pages of the members' list begin here
        ]
        constraints = (
            *Person.Meta.constraints,
            models.CheckConstraint(
                name="member_phone_written",
                condition=Q(phone="") | Q(phone__regex=f"^{identifiers.PHONE}$"),
                violation_error_message=_("This is not a Vietnamese phone number."),
            ),
            days_check("member_days", moments=("created_at",)),
        )


class MembershipQuerySet(UnitScopedQuerySet):
    """Memberships, dated."""

    view_permission = Permission.VIEW_MEMBERS

    def in_force(self, on: object) -> Self:
        """Memberships that hold on a day."""
        return self.filter(valid__contains=on)

    def joined_in(self, half: HalfYear) -> Self:
        """Memberships whose joining counts in the half-year; a transfer is not a joining."""
        return self.filter(half=half.code, is_transfer=False)

    def counted_at_end_of(self, half: HalfYear) -> Self:
        """Memberships that count at the end of the half-year: begun in it or before, not left by then."""
        return self.filter(half__lte=half.code).filter(Q(left_half="") | Q(left_half__gt=half.code))

    def counted_by_unit(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of {"unit_id", "people"}."""
        rows: models.QuerySet[Any, Any]
        rows = self.order_by().values("unit_id").annotate(people=Count("member_id", distinct=True))
        return rows


class Membership(models.Model):
    """A member belonging to one unit for a span of days; at most one unit at a time, held by the database."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("member"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    joined_on = models.DateField(_("joined on"))
    valid = DateRangeField(_("valid"))
    # In which the beginning and the end count: their own half-year, or the first open one for what is learned late. The
    # database fills in their own where none is said.
    half = half_field(blank=True, db_default="")
    left_half = half_field(blank=True, default="", db_default="")
    is_transfer = models.BooleanField(_("moved here from another unit"), default=False, db_default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("-valid",)
        indexes = [
            models.Index(fields=["unit", "joined_on"], name="membership_unit_joined"),
            models.Index(fields=["half", "unit"], name="membership_half_unit"),
        ]
        constraints = [
            half_check("membership_half"),
            models.CheckConstraint(
                name="membership_left_whole",
                condition=Q(valid__upper_inf=True, left_half="")
                | Q(valid__upper_inf=False, left_half__regex=CODE_PATTERN),
            ),
            days_check("membership_days", days=("joined_on",), spans=("valid",)),
            ExclusionConstraint(
                name="membership_one_unit_at_a_time",
                expressions=[
                    (same_value(F("member_id")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This member already belongs to a unit for some of these days."),
            ),
            models.CheckConstraint(
                name="membership_valid_bounded", condition=Q(valid__isempty=False) & Q(valid__lower_inf=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} @ {self.unit_id}"
