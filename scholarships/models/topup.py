"""Whether a unit's local budget tops its fund up each year, by which decision and with how much."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.permissions import Permission
from portal.vocabulary import DonorKind, TopUpAnswer
from scholarships.models.donation import Donation


class TopUpQuerySet(UnitScopedQuerySet["TopUp"]):
    """Answers."""

    view_permission = Permission.VIEW_FUND

    def current(self) -> Self:
        """The last answer of each unit and year."""
        newer = self.model.objects.filter(unit=OuterRef("unit"), year=OuterRef("year"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(newer))

    def counting_in(self, half: HalfYear, as_of: dt.datetime | None = None) -> Self:
        """The answers that a half-year counts: of each unit the last one of its year that began in it or before.

        `as_of`: of those entered by that moment.
        """
        known = Q(year=half.year, half__lte=half.code) & (Q() if as_of is None else Q(entered_at__lte=as_of))
        mine = self.model.objects.filter(known, unit=OuterRef("unit"))
        newer = mine.filter(Q(half__gt=OuterRef("half")) | Q(half=OuterRef("half"), pk__gt=OuterRef("pk")))
        found = self.filter(~Exists(newer) & known)
        return found.exclude(answer=TopUpAnswer.UNSAID)

    def with_received(self) -> Self:
        """Annotate `received`: what the local budget gave the unit's funds in the year, gifts taken back left out."""
        given = Donation.objects.filter(
            unit=OuterRef("unit"), receipt_year=OuterRef("year"), source=DonorKind.LOCAL_BUDGET,
            reversed_at__isnull=True,
        )  # fmt: skip
        summed = given.order_by().values("unit").annotate(total=Sum("amount")).values("total")
        return self.annotate(received=Coalesce(Subquery(summed), 0, output_field=models.BigIntegerField()))


class TopUp(models.Model):
    """Append-only: an answer for a unit and year, and from which half-year of it on it counts; the last one stands."""

    Answer = TopUpAnswer

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="top_ups", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    half = half_field()
    answer = entry_field(_("top-up policy"), TopUpAnswer, max_length=8)
    decision = models.CharField(_("decision"), max_length=120, blank=True)
    amount = models.BigIntegerField(_("amount of a year"), default=0)
    is_declared = models.BooleanField(default=False)  # with a half-year, which asks for no decision
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "top_up_of_its_year": _("The answer counts in another year than it is for. Enter it for its own year."),
    }

    objects = TopUpQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "unit", "-id")
        indexes = (models.Index(fields=["unit", "year"], name="top_up_unit_year"),)
        constraints = [
            days_check("top_up_days", moments=("entered_at",)),
            half_check("top_up_half"),
            entry_check("top_up_answer", "answer", TopUpAnswer),
            models.CheckConstraint(
                name="top_up_amount",
                condition=Q(answer=TopUpAnswer.YES.value, amount__gte=0) | Q(amount=0),
                violation_error_message=_("An amount belongs to a policy only."),
            ),
            models.CheckConstraint(
                name="top_up_decision",
                condition=~Q(answer=TopUpAnswer.YES.value) | Q(is_declared=True) | (~Q(decision="") & Q(amount__gt=0)),
                violation_error_message=_("Write the decision and its amount."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.answer}"
