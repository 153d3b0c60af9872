"""Programmes: what money is given for, to whom and within which limits."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import vocabulary
from portal.models import ProposedChange, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.unit import unit_scope
from portal.permissions import Permission
from portal.vocabulary import ProgrammeKind
from scholarships.models.fund import Fund


class ProgrammeQuerySet(UnitScopedQuerySet["Programme"]):
    """Programmes."""

    view_permission = Permission.MANAGE_PROGRAMME

    def open_on(self, day: datetime.date) -> Self:
        """Public programmes that take applications on a day."""
        return self.filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=day),
            Q(closes_on__isnull=True) | Q(closes_on__gte=day),
            is_public=True,
        )

    def usable_by(self, unit: Unit, on: datetime.date) -> Self:
        """Active programmes of the unit itself or of any unit above it on the day."""
        return self.filter(is_active=True, unit_id__in=RawSQL("SELECT unit_ancestors(%s, %s)", [unit.pk, on]))


class Programme(models.Model):
    """A programme of one kind; the kind column of an officer's list names it."""

    Kind = ProgrammeKind
    Recurrence = vocabulary.Recurrence

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=160)
    kind = entry_field(_("kind"), ProgrammeKind, max_length=12)
    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, related_name="programmes", null=True, blank=True, verbose_name=_("fund"),
        help_text=_("Left empty, each unit pays from its own main fund."),
    )  # fmt: skip
    min_amount = models.BigIntegerField(_("least amount"), default=50_000)
    max_amount = models.BigIntegerField(_("greatest amount"), default=50_000_000)
    recurrence = entry_field(
        _("how often"), vocabulary.Recurrence, max_length=12, default=vocabulary.Recurrence.UNLIMITED
    )
    is_default = models.BooleanField(_("meant when a list only names the kind"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    is_public = models.BooleanField(_("shown to the public"), default=False)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    hands_over_on = models.DateField(_("handing-over day"), null=True, blank=True)
    places = models.PositiveIntegerField(
        _("places of each unit"), null=True, blank=True,
        help_text=_("How many turns a unit may give under it in a half-year; left empty, as many as are needed."),
    )  # fmt: skip
    purpose = models.TextField(_("purpose"), blank=True)
    eligibility = models.TextField(_("who may apply"), blank=True)
    how_to_apply = models.TextField(_("how to apply"), blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "name")
        constraints = [
            days_check("programme_days", days=("opens_on", "closes_on", "hands_over_on")),
            seen_check("programme_name_seen", "name"),
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="programme_name_once",
                violation_error_message=_("The unit has a programme of this name already."),
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"],
                condition=Q(is_default=True),
                name="programme_one_default",
                violation_error_message=_(
                    "The unit has another programme already that is meant when a list only names the kind."
                ),
            ),
            entry_check("programme_kind", "kind", ProgrammeKind),
            entry_check("programme_recurrence", "recurrence", vocabulary.Recurrence),
            models.CheckConstraint(
                name="programme_amounts",
                condition=Q(min_amount__gt=0, max_amount__gte=F("min_amount")),
                violation_error_message=_("The greatest amount must not be below the least."),
            ),
            models.CheckConstraint(
                name="programme_dates",
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("The closing day must not lie before the opening day."),
            ),
            models.CheckConstraint(
                name="programme_hands_over",
                condition=Q(hands_over_on__isnull=True)
                | Q(hands_over_on__gte=Coalesce(F("closes_on"), F("opens_on"), F("hands_over_on"))),
                violation_error_message=_("The handing-over day must not lie before the last day to apply."),
            ),
            models.CheckConstraint(
                name="programme_places",
                condition=Q(places__isnull=True) | Q(places__gt=0),
                violation_error_message=_("Write how many places there are, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AllotmentQuerySet(UnitScopedQuerySet["Allotment"]):
    """Allotments."""

    view_permission = Permission.VIEW_FUND

    def seen_by(self, user: User) -> Self:
        """Allotments to units of the person's scope, and of programmes of such units."""
        mine = unit_scope(user, self.view_permission)
        return self.filter(Q(unit_id__in=mine) | Q(programme__unit_id__in=mine))

    def with_given(self) -> Self:
        """Annotate `given`: what the unit has given under the programme out of funds, reversals left out."""
        rows = self.model.programme.field.related_model.disbursements.rel.related_model.objects.standing()  # type: ignore[attr-defined]  # rows know programmes
        mine = rows.filter(
            programme_id=OuterRef("programme_id"),
            unit_id=OuterRef("unit_id"),
            fund__isnull=False,
            paid_at__isnull=False,
        )  # fmt: skip
        summed = mine.order_by().values("unit_id").annotate(total=Sum("amount")).values("total")
        return self.annotate(given=Coalesce(Subquery(summed), 0, output_field=models.BigIntegerField()))


class Allotment(models.Model):
    """How much of a programme's money a unit may give by its own approver; beyond it the fund's unit decides.

    Of one (programme, unit) there is one; its amount is all that may ever be given under it, not what is left. It is
    granted, changed and ended (0) by two persons; the database holds it to the proposal that they agreed to.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="allotments", verbose_name=_("programme")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="allotments", verbose_name=_("unit"))
    amount = models.BigIntegerField(_("amount"))
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    proposal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    granted_at = models.DateTimeField(auto_now=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "allotment_two_persons": _("An allotment is granted, changed and ended by two persons.")
    }

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        ordering = ("programme", "unit")
        constraints = [
            days_check("allotment_days", moments=("granted_at",)),
            models.UniqueConstraint(fields=["programme", "unit"], name="allotment_once"),
            models.CheckConstraint(name="allotment_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="allotment_agreed",
                condition=Q(agreed_by__isnull=True, proposal__isnull=True)
                | (Q(agreed_by__isnull=False, proposal__isnull=False) & ~Q(agreed_by=F("granted_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.unit_id} {self.amount}"
