"""The span of days each member belongs to a unit, and what offices members hold."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models.joining import MemberConsent
from members.models.member import Member
from portal.lib.periods import CODE_PATTERN, HalfYear
from portal.models import Before, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.models.unit import same_value
from portal.permissions import Permission
from portal.vocabulary import LeavingReason, PositionTitle


def joins_in(half: HalfYear) -> Q:
    """Return whether a membership's joining counts in the half-year; a transfer is not a joining."""
    return Q(half=half.code, is_transfer=False) & _counts_by_itself_in(half)


def counts_at_end_of(half: HalfYear) -> Q:
    """Return whether a membership counts at the end of the half-year: begun in it or before, not left by then."""
    return Q(half__lte=half.code) & (Q(left_half="") | Q(left_half__gt=half.code)) & _counts_by_itself_in(half)


def _counts_by_itself_in(half: HalfYear) -> Q:
    """All but those of entries that were found to be another one by then, whose memberships count."""
    return Q(merged_half="") | Q(merged_half__gt=half.code)


class MembershipQuerySet(UnitScopedQuerySet):
    """Memberships, dated."""

    view_permission = Permission.VIEW_MEMBERS

    def visible_to(self, user: Any) -> Self:
        """Memberships of the units on which the user may view them; on the root unit that is all (at most one query).

        The units are named one by one: the planner then knows how many members they have, and begins with them or with
        the names, whichever are fewer.
        """
        units = self.units_seen_by(user)
        return self if units is None else self.of_units(units)

    def units_seen_by(self, user: Any) -> list[int] | None:
        """Return the ids of the units whose members the user may view; None for all (at most one query)."""
        if user.may_at_root(self.view_permission):
            return None
        units = Unit.objects.covered_by(user, self.view_permission)
        return list(units.order_by().values_list("pk", flat=True))

    def of_units(self, units: Collection[int]) -> Self:
        """Memberships in the units, by their ids."""
        return self.filter(unit_id__in=units)

    def of_people(self) -> Self:
        """Memberships of people whose data stand: neither erased nor found to be another one."""
        return self.filter(member__erased_at__isnull=True, member__merged_into__isnull=True)

    def in_force(self, on: object) -> Self:
        """Memberships that hold on a day."""
        return self.filter(valid__contains=on)

    def with_consent(self) -> Self:
        """Memberships of people who have not taken their consent back."""
        given = MemberConsent.objects.filter(member=OuterRef("member"))
        open_one = given.filter(withdrawn_on__isnull=True)
        return self.exclude(Exists(given.filter(withdrawn_on__isnull=False)) & ~Exists(open_one))

    def kept_by(self, user: Any) -> Self:
        """The last membership of each person whose data the user keeps: a member is kept by the unit they belong to.

        Or belonged to last. Where they were before nobody has a right on them any more.
        """
        return self.within(user, Permission.MANAGE_MEMBERS).of_people().last_of_each()

    def last_ended(self, on: datetime.date) -> Self:
        """The last membership of people who belong to no unit on the day."""
        return self.filter(valid__endswith__lte=on).last_of_each()

    def last_of_each(self) -> Self:
        """The last membership of each person."""
        later = Membership.objects.filter(
            member=OuterRef("member"), valid__startswith__gt=OuterRef("valid__startswith")
        )
        return self.exclude(Exists(later))

    def with_unit_code(self) -> Self:
        """Annotate `unit_code`."""
        return self.annotate(unit_code=F("unit__code"))

    def joined_in(self, half: HalfYear) -> Self:
        """Memberships whose joining counts in the half-year; a transfer is not a joining."""
        return self.filter(joins_in(half))

    def counted_at_end_of(self, half: HalfYear) -> Self:
        """Memberships that count at the end of the half-year: begun in it or before, not left by then."""
        return self.filter(counts_at_end_of(half))

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
    # From this half-year on it counts no more: its member was found to be another one (`Member.merged_into`).
    merged_half = half_field(blank=True, default="", db_default="")
    is_transfer = models.BooleanField(_("moved here from another unit"), default=False, db_default=False)
    from_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("moved from")
    )
    left_reason = entry_field(_("reason for leaving"), LeavingReason, max_length=10, blank=True, db_default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    # The member's sort_key and search_text, kept by the database beside the unit, so that one index holds what a list
    # asks. Both are empty for who is listed no more: erased, or found to be another one.
    list_key = models.CharField(max_length=400, editable=False, default="", db_default="")
    list_words = models.CharField(max_length=300, editable=False, default="", db_default="")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("-valid",)
        indexes = [
            models.Index(
                fields=["unit", "list_key", "member"],
                include=["id", "valid", "list_words"],
                name="membership_unit_order",
            ),
            models.Index(
                fields=["list_key", "member"], include=["id", "unit", "valid", "list_words"], name="membership_order"
            ),
            models.Index(fields=["unit", "joined_on"], name="membership_unit_joined"),
            models.Index(fields=["half", "unit"], name="membership_half_unit"),
            models.Index(fields=["recorded_at"], name="membership_moved", condition=Q(is_transfer=True)),
        ]
        constraints = [
            half_check("membership_half"),
            models.CheckConstraint(
                name="membership_merged_half",
                condition=Q(merged_half="") | Q(merged_half__regex=CODE_PATTERN),
            ),
            models.CheckConstraint(
                name="membership_left_whole",
                condition=Q(valid__upper_inf=True, left_half="")
                | Q(valid__upper_inf=False, left_half__regex=CODE_PATTERN),
            ),
            days_check("membership_days", days=("joined_on",), moments=("recorded_at",), spans=("valid",)),
            entry_check("membership_left_reason", "left_reason", LeavingReason, blank=True),
            models.CheckConstraint(
                name="membership_reason_left", condition=Q(left_reason="") | Q(valid__upper_inf=False)
            ),
            models.CheckConstraint(
                name="membership_moved_from", condition=Q(from_unit__isnull=True) | Q(is_transfer=True)
            ),
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


class MembershipBefore(Before):
    """A membership as it counted until a closed half-year was changed by exception; a trigger keeps it."""

    row = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    left_half = half_field(blank=True)
    merged_half = half_field(blank=True)
    is_transfer = models.BooleanField()

    class Meta:
        ordering = ("id",)
        constraints = [days_check("membership_before_days", moments=("changed_at",))]

    def __str__(self) -> str:
        return f"{self.row_id} {self.half}"


class PositionQuerySet(UnitScopedQuerySet["Position"]):
    """Positions, dated."""

    view_permission = Permission.VIEW_MEMBERS

    def in_force(self, on: datetime.date) -> Self:
        """Positions held on a day."""
        return self.filter(valid__contains=on)


class Position(models.Model):
    """An office that a member holds in a unit for a span of days, usually a term of five years."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="positions", verbose_name=_("member"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions", verbose_name=_("unit"))
    title = entry_field(_("office"), PositionTitle, max_length=12)
    term = models.CharField(_("term"), max_length=20, blank=True)  # "2021–2026", as the congress calls it
    valid = DateRangeField(_("valid"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ("-valid", "title")
        constraints = [
            days_check("position_days", moments=("recorded_at",), spans=("valid",)),
            entry_check("position_title", "title", PositionTitle),
            models.CheckConstraint(
                name="position_valid_bounded", condition=Q(valid__isempty=False) & Q(valid__lower_inf=False)
            ),
            ExclusionConstraint(
                name="position_once_at_a_time",
                expressions=[
                    (same_value(F("member_id")), RangeOperators.OVERLAPS),
                    (same_value(F("unit_id")), RangeOperators.OVERLAPS),
                    (same_value(Func(F("title"), function="hashtext")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already holds this office for some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.title} @ {self.unit_id}"
