"""Money that passes from a fund to another: an ended unit's to its heirs, or between funds of one unit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import ProposedChange, User
from portal.models.checks import days_check, seen_check
from portal.models.period import half_check, half_field
from scholarships.models.fund import Fund


class HandOver(models.Model):
    """Append-only: by which decision how much passed on which day. Its two lines in the books have one half-year.

    It is neither income nor spending. A mistake is mended by handing back.
    """

    from_fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="passed_on", verbose_name=_("from"))
    to_fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("to"))
    amount = models.BigIntegerField(_("amount"))
    on_date = models.DateField(_("date of hand-over"))
    half = half_field()
    decision = models.CharField(_("decision"), max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    proposal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "hand_over_two_persons": _("A hand-over is proposed by one person and agreed to by another."),
        "hand_over_to_heir": _("Money is handed over to the units that succeed an ended one, or within one unit."),
        "hand_over_in_its_days": _("On this day one of the funds was not open yet, or the unit had not ended."),
        "hand_over_both_lines": _("A hand-over stands in both books."),
    }

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("hand_over_days", days=("on_date",), moments=("recorded_at",)),
            half_check("hand_over_half"),
            seen_check("hand_over_decision_seen", "decision"),
            models.CheckConstraint(name="hand_over_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="hand_over_two_funds", condition=~Q(from_fund=F("to_fund"))),
        ]

    def __str__(self) -> str:
        return f"{self.from_fund_id} -> {self.to_fund_id} {self.amount}"
